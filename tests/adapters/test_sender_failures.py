"""Servers that fail while they are spoken to: broken TLS, a mail refused at each of its steps, an answer cut short."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
import time_machine

from core.adapters import wire
from core.adapters.sender import send
from core.outcomes import Message, OutcomeKind
from tests.adapters.servers import CERTIFICATES, Answer, GreetingServer, HttpSink, SmtpSink

MESSAGE = Message("Disk full", "db1 has no space left.\nAnswer: https://rung.example.com/a/x")
NO_TLS = "no secure connection (TLS) to the provider"


def trust(monkeypatch, certificate):
    """Have this certificate vouched for, as if a public authority had made it."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATES / f"{certificate}.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / f"{certificate}.pem"))


def test_a_certificate_that_is_vouched_for_is_taken(monkeypatch):
    trust(monkeypatch, "valid")
    with HttpSink(certificate="valid") as sink:
        assert send(sink.url("jsons"), MESSAGE).kind is OutcomeKind.SENT


@pytest.mark.parametrize(
    ("certificate", "trusted", "host", "why"),
    [
        ("expired", "expired", "127.0.0.1", "its certificate has expired"),
        ("valid", "expired", "127.0.0.1", "nobody vouches for its certificate"),
        ("valid", "valid", "localhost", "its certificate is for another host"),
    ],
)
def test_a_certificate_that_is_not_taken_is_unavailable_and_says_why(certificate, trusted, host, why, monkeypatch):
    trust(monkeypatch, trusted)
    with HttpSink(certificate=certificate) as sink:
        outcome = send(sink.url("jsons").replace("127.0.0.1", host), MESSAGE)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNAVAILABLE, f"{NO_TLS}: {why}")
    assert sink.requests == []


def test_a_mail_goes_over_tls_when_it_is_asked_for(monkeypatch):
    trust(monkeypatch, "valid")
    with SmtpSink(certificate="valid") as server:
        assert send(server.url("ada@example.com", scheme="mailtos"), MESSAGE).kind is OutcomeKind.SENT
    assert server.recipients == ["ada@example.com"]


@pytest.mark.parametrize(
    ("certificate", "trusted", "why"),
    [
        ("expired", "expired", "its certificate has expired"),
        ("valid", "expired", "nobody vouches for its certificate"),
    ],
)
def test_a_mail_server_with_a_broken_certificate_gets_no_password(certificate, trusted, why, monkeypatch):
    trust(monkeypatch, trusted)
    with SmtpSink(certificate=certificate) as server:
        outcome = send(server.url("ada@example.com", scheme="mailtos"), MESSAGE)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNAVAILABLE, f"{NO_TLS}: {why}")
    assert (server.logins, server.mails) == (0, [])


def test_a_mail_server_without_tls_gets_no_password_when_tls_is_asked_for():
    with SmtpSink() as server:
        outcome = send(server.url("ada@example.com", scheme="mailtos"), MESSAGE)
    assert (outcome.kind, outcome.reason) == (
        OutcomeKind.MISCONFIGURED,
        "the mail server does not offer what the URL asks for",
    )
    assert (server.logins, server.mails) == (0, [])


@pytest.mark.parametrize(
    ("behaviour", "kind", "reason"),
    [
        (
            {"sender_answer": "550 not from you"},
            OutcomeKind.MISCONFIGURED,
            "SMTP 550: the mail server refused the sender",
        ),
        ({"sender_answer": "451 busy"}, OutcomeKind.UNAVAILABLE, "SMTP 451: the mail server refused the sender"),
        (
            {"refused": {"ada@example.com": "451 4.7.1 greylisted, come again"}},
            OutcomeKind.UNAVAILABLE,
            "SMTP 451: the mail server refused the recipient",
        ),
        (
            {"refused": {"ada@example.com": "553 mailbox name not allowed"}},
            OutcomeKind.REJECTED,
            "SMTP 553: the mail server refused the recipient",
        ),
        ({"data_answer": "452 disk full"}, OutcomeKind.UNAVAILABLE, "SMTP 452: the mail server refused the message"),
        ({"data_answer": "552 too long"}, OutcomeKind.REJECTED, "SMTP 552: the mail server refused the message"),
        ({"data_answer": ""}, OutcomeKind.UNAVAILABLE, "the connection was closed in the middle"),
    ],
)
def test_a_mail_that_is_refused_at_a_step_says_at_which(behaviour, kind, reason):
    with SmtpSink(**behaviour) as server:
        outcome = send(server.url("ada@example.com"), MESSAGE)
    assert (outcome.kind, outcome.reason) == (kind, reason)
    assert server.mails == []


def test_a_mail_server_that_takes_no_mail_now_is_unavailable():
    with GreetingServer(b"421 too many connections\r\n") as server:
        outcome = send(f"mailto://u:p@127.0.0.1:{server.port}?from=a@example.com&to=b@example.com", MESSAGE)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNAVAILABLE, "SMTP 421: the mail server takes no mail now")


def cut_short(handler):
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b'{"id": "hwQ2')
    handler.close_connection = True


def hang_within_the_body(handler):
    """Begin an answer and say no more."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.sink.closing.wait(5)
    handler.close_connection = True


def test_an_answer_that_is_cut_short_is_not_counted_as_sent():
    with HttpSink(cut_short) as sink:
        outcome = send(sink.url("ntfy", "topic"), MESSAGE)
    assert (outcome.kind, outcome.provider_id) == (OutcomeKind.UNAVAILABLE, None)


def test_an_answer_that_never_ends_runs_into_the_timeout_of_the_socket(monkeypatch):
    monkeypatch.setattr(wire, "READ_TIMEOUT", 0.2)
    with HttpSink(hang_within_the_body) as sink:
        outcome = send(sink.url(), MESSAGE)
    assert outcome.kind is OutcomeKind.UNAVAILABLE


def test_retry_after_may_be_a_date():
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    date = format_datetime(now + timedelta(seconds=90), usegmt=True)
    with time_machine.travel(now, tick=False), HttpSink(Answer(429, headers={"Retry-After": date})) as sink:
        outcome = send(sink.url(), MESSAGE)
    assert (outcome.kind, outcome.retry_after) == (OutcomeKind.RATE_LIMITED, 90.0)


def test_after_a_429_nothing_more_is_asked_of_the_provider():
    with HttpSink(Answer(429)) as sink, wire.recording() as exchanges:
        assert requests.get(sink.url("http"), timeout=5).status_code == 429
        with pytest.raises(requests.ConnectionError, match="asked for patience"):
            requests.get(sink.url("http"), timeout=5)
        assert [exchange.status for exchange in exchanges] == [429]
    assert len(sink.requests) == 1
