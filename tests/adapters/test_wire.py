"""What was seen on the wire is read into an outcome in words for people."""

import smtplib
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
import requests
import time_machine

from core.adapters import wire
from core.adapters.wire_reading import broken_smtp, http_answer, smtp_refusals
from core.outcomes import OutcomeKind
from tests.adapters.servers import Answer, HttpSink


def response(status=200, body=b"", content_type="application/json", **headers):
    answer = requests.Response()
    answer.status_code = status
    answer._content = body
    answer.headers["Content-Type"] = content_type
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return answer


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, OutcomeKind.MISCONFIGURED),
        (400, OutcomeKind.REJECTED),
        (401, OutcomeKind.MISCONFIGURED),
        (403, OutcomeKind.MISCONFIGURED),
        (404, OutcomeKind.REJECTED),
        (408, OutcomeKind.UNAVAILABLE),
        (410, OutcomeKind.REJECTED),
        (422, OutcomeKind.REJECTED),
        (429, OutcomeKind.RATE_LIMITED),
        (500, OutcomeKind.UNAVAILABLE),
        (503, OutcomeKind.UNAVAILABLE),
        (599, OutcomeKind.UNAVAILABLE),
    ],
)
def test_a_status_means_one_kind_and_is_named(status, kind):
    exchange = http_answer(response(status))
    assert not exchange.delivered
    assert exchange.failure.kind is kind
    assert exchange.failure.reason.startswith(f"HTTP {status}")


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_2xx_is_a_delivery(status):
    assert http_answer(response(status)).delivered


@pytest.mark.parametrize(
    ("body", "provider_id"),
    [
        (b'{"sid": "SM0123456789abcdef", "id": 3}', "SM0123456789abcdef"),
        (b'{"id": "hwQ2YpKdmg"}', "hwQ2YpKdmg"),
        (b'{"ok": true, "ts": "1503435956.000247"}', "1503435956.000247"),
        (b'{"ok": true, "result": {"message_id": 4711}}', "4711"),
        (b'{"id": "two words"}', None),
        (b'{"id": "' + b"x" * 65 + b'"}', None),
        (b'{"id": true}', None),
        (b'{"id": {"id": 1}}', None),
        (b'["id"]', None),
        (b"ok", None),
        (b"", None),
    ],
)
def test_the_providers_id_is_short_and_found_in_its_usual_fields(body, provider_id):
    assert http_answer(response(body=body)).provider_id == provider_id


def test_an_answer_that_is_no_json_is_not_searched():
    assert http_answer(response(body=b'{"id": "x"}', content_type="text/html")).provider_id is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("30", 30.0), ("1.5", 1.5), ("0", 0.0), ("-1", None), ("nan", None), ("soon", None), ("", None)],
)
def test_retry_after_is_read_in_seconds(value, seconds):
    assert http_answer(response(429, Retry_After=value)).failure.retry_after == seconds


@pytest.mark.parametrize(("ahead", "seconds"), [(90, 90.0), (-90, 0.0)])
def test_retry_after_is_read_as_a_date(ahead, seconds):
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        date = format_datetime(now + timedelta(seconds=ahead), usegmt=True)
        assert http_answer(response(503, Retry_After=date)).failure.retry_after == seconds


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (
            smtplib.SMTPAuthenticationError(535, b"no"),
            OutcomeKind.MISCONFIGURED,
            "SMTP 535: the mail server refused",
        ),
        (smtplib.SMTPAuthenticationError(454, b"later"), OutcomeKind.UNAVAILABLE, "SMTP 454"),
        (
            smtplib.SMTPSenderRefused(550, b"no", "me"),
            OutcomeKind.MISCONFIGURED,
            "SMTP 550: the mail server refused",
        ),
        (
            smtplib.SMTPRecipientsRefused({"a@b": (550, b"no")}),
            OutcomeKind.REJECTED,
            "SMTP 550: the mail server",
        ),
        (smtplib.SMTPRecipientsRefused({"a@b": (451, b"grey")}), OutcomeKind.UNAVAILABLE, "SMTP 451"),
        (
            smtplib.SMTPDataError(554, b"spam"),
            OutcomeKind.REJECTED,
            "SMTP 554: the mail server refused the message",
        ),
        (smtplib.SMTPConnectError(421, b"busy"), OutcomeKind.UNAVAILABLE, "SMTP 421"),
        (smtplib.SMTPNotSupportedError("AUTH"), OutcomeKind.MISCONFIGURED, "the mail server does not offer"),
        (
            smtplib.SMTPServerDisconnected("bye"),
            OutcomeKind.UNAVAILABLE,
            "the connection was closed in the middle",
        ),
        (ConnectionRefusedError(111, "refused"), OutcomeKind.UNAVAILABLE, "connection refused"),
        (socket.gaierror(-2, "unknown"), OutcomeKind.UNAVAILABLE, "the provider's host name was not found"),
        (ssl.SSLCertVerificationError("self-signed"), OutcomeKind.UNAVAILABLE, "no secure connection"),
        (TimeoutError("timed out"), OutcomeKind.UNAVAILABLE, "no answer in time"),
        (OSError("odd"), OutcomeKind.UNAVAILABLE, "the connection failed"),
    ],
)
def test_a_broken_mail_step_is_told_apart(error, kind, reason):
    failure = broken_smtp(error).failure
    assert failure.kind is kind
    assert failure.reason.startswith(reason)


def test_one_recipient_that_may_pass_later_makes_the_mail_worth_another_try():
    refused = {"a@example.com": (550, b"no"), "b@example.com": (450, b"later")}
    assert smtp_refusals(refused).failure.kind is OutcomeKind.UNAVAILABLE


def test_a_recording_sees_its_own_requests_only():
    wire.watch()
    with HttpSink(Answer(204)) as sink:
        requests.get(f"http://127.0.0.1:{sink.port}/before", timeout=5)
        with wire.recording() as exchanges:
            requests.get(f"http://127.0.0.1:{sink.port}/within", timeout=5)
        requests.get(f"http://127.0.0.1:{sink.port}/after", timeout=5)
    assert [exchange.status for exchange in exchanges] == [204]


def test_watching_twice_wraps_once():
    wire.watch()
    once = requests.Session.send
    wire.watch()
    assert requests.Session.send is once


def test_a_redirect_is_not_followed_while_recording():
    with HttpSink(Answer(307, headers={"Location": "/elsewhere"})) as sink, wire.recording() as exchanges:
        requests.post(f"http://127.0.0.1:{sink.port}/", timeout=5)
    assert [exchange.status for exchange in exchanges] == [307]
    assert len(sink.requests) == 1


def test_requests_that_nobody_records_keep_their_redirects():
    answers = iter([Answer(307, headers={"Location": "/elsewhere"}), Answer(200)])
    with HttpSink(lambda handler: handler._answer(next(answers))) as sink:
        assert requests.post(f"http://127.0.0.1:{sink.port}/", timeout=5).status_code == 200
    assert all(first.at <= second.at for first, second in pairwise(sink.requests))
    assert [request.path for request in sink.requests] == ["/", "/elsewhere"]
