"""A report as mail, as a mail server gets it: HTML that shows its pictures, and a plain-text part of our own."""

import pytest

from core.adapters.sender import send
from core.outcomes import Message, OutcomeKind, Picture
from tests.adapters.servers import Answer, HttpSink, SmtpSink

PNG = b"\x89PNG\r\n\x1a\n not really a picture"
REPORT = Message(
    "Daily summary: Monday 23 November 2026",
    "Daily summary\n\nseverity  new\ncritical    3\n",
    "<html><body><h1>Daily</h1><table><tr><td>critical</td><td>3</td></tr></table>"
    '<img src="cid:alerts.png" alt="Chart">'
    "</body></html>",
    (Picture("alerts.png", PNG),),
)


@pytest.fixture
def sent():
    with SmtpSink() as server:
        outcome = send(server.url("manager@example.com"), REPORT)
        assert outcome.kind is OutcomeKind.SENT, outcome
        [mail] = server.mails
        yield mail


def part(mail, kind):
    [found] = [each for each in mail.walk() if each.get_content_type() == kind]
    return found


def test_the_mail_has_the_html_as_it_was_made_and_the_text_of_ours(sent):
    assert sent["Subject"] == REPORT.title
    assert sent["To"] == "manager@example.com"
    assert part(sent, "text/html").get_payload(decode=True).decode().splitlines() == REPORT.html.splitlines()
    assert part(sent, "text/plain").get_payload(decode=True).decode().splitlines() == REPORT.body.splitlines()


def test_the_pictures_are_parts_of_the_mail_that_its_html_shows(sent):
    picture = part(sent, "image/png")
    assert picture["Content-ID"] == "<alerts.png>"
    assert picture["Content-Disposition"].startswith("inline")
    assert picture.get_payload(decode=True) == PNG
    assert sent.get_content_type() == "multipart/related"


def test_readers_of_plain_text_come_first_and_html_is_preferred(sent):
    alternative = part(sent, "multipart/alternative")
    assert [each.get_content_type() for each in alternative.get_payload()] == ["text/plain", "text/html"]


def test_a_page_after_a_report_is_plain_text_again():
    with SmtpSink() as server:
        send(server.url("manager@example.com"), REPORT)
        send(server.url("manager@example.com"), Message("CRITICAL: alert 1", "Disk is <b>full</b>\nAnswer: x"))
        page = server.mails[-1]
    assert page.get_content_type() == "text/plain"
    assert page.get_payload(decode=True).decode().splitlines()[0] == "Disk is <b>full</b>"


def test_a_channel_that_is_no_mail_gets_the_text():
    with HttpSink(Answer(200)) as sink:
        outcome = send(sink.url("json"), REPORT)
        [request] = sink.requests
    assert outcome.kind is OutcomeKind.SENT
    assert request.json()["message"].splitlines()[0] == "Daily summary"
    assert request.json()["attachments"] == []


def test_a_mail_server_that_refuses_is_told_as_for_pages():
    with SmtpSink(refused={"manager@example.com": "550 no such user"}) as server:
        outcome = send(server.url("manager@example.com"), REPORT)
    assert (outcome.kind, outcome.reason) == (
        OutcomeKind.REJECTED,
        "SMTP 550: the mail server refused the recipient",
    )
