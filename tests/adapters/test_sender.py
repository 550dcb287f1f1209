"""One message through Apprise to a real server, and what the outcome says about it."""

import logging
import socket
import threading
from unittest.mock import patch

import pytest
from apprise.manager_plugins import NotificationManager

from core.adapters import sender, wire
from core.adapters.sender import check_url, send
from core.outcomes import Message, OutcomeKind
from tests.adapters.servers import Answer, HttpSink, SilentServer, SmtpSink, refusing_port, reset

MESSAGE = Message("Disk full", "db1 has no space left.\nAnswer: https://rung.example.com/a/x")
TWILIO = f"twilio://AC{'a' * 32}:{'b' * 32}@15551230000"


@pytest.fixture
def no_network(monkeypatch):
    """Fail the test when anything connects anywhere."""

    def refuse(*_arguments, **_options):
        pytest.fail("a connection was made")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def slack(monkeypatch):
    """Point Slack's plugin at a local sink."""
    with HttpSink(Answer(200, b"ok")) as sink:
        monkeypatch.setattr(NotificationManager()["slack"], "webhook_url", f"http://127.0.0.1:{sink.port}/services")
        yield sink


@pytest.mark.parametrize("scheme", ["json", "form", "xml"])
def test_a_message_that_arrives_is_sent(scheme):
    with HttpSink() as sink:
        outcome = send(sink.url(scheme, "hook"), MESSAGE)
    assert outcome.kind is OutcomeKind.SENT
    assert [request.path for request in sink.requests] == ["/hook"]
    assert b"Disk" in sink.requests[0].body


def test_title_and_body_arrive_as_they_are():
    message = Message("<b> & :smile:", "a\\nb <!channel> & &amp; :100:\nÄ ✓")
    with HttpSink() as sink:
        send(sink.url(), message)
    payload = sink.requests[0].json()
    assert (payload["title"], payload["message"]) == (message.title, message.body)


def test_a_message_without_a_body_sends_its_title():
    with HttpSink() as sink:
        assert send(sink.url(), Message("Disk full", "")).kind is OutcomeKind.SENT
    assert sink.requests[0].json()["message"] == "Disk full"


def test_ntfy_gives_its_message_id():
    with HttpSink(Answer.of({"id": "hwQ2YpKdmg", "event": "message"})) as sink:
        outcome = send(sink.url("ntfy", "topic"), MESSAGE)
    assert outcome.provider_id == "hwQ2YpKdmg"


def test_slack_gets_no_live_mention(slack):
    outcome = send("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#ops", Message("t", "<!channel> down"))
    assert outcome.kind is OutcomeKind.SENT
    assert b"<!channel>" not in slack.requests[0].body


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, OutcomeKind.MISCONFIGURED),
        (401, OutcomeKind.MISCONFIGURED),
        (404, OutcomeKind.REJECTED),
        (500, OutcomeKind.UNAVAILABLE),
    ],
)
def test_an_error_status_is_told_and_sent_once(status, kind):
    with HttpSink(Answer(status, b"secret detail", {"Location": "/again"})) as sink:
        outcome = send(sink.url() + "?retry=3&redirect=yes&optional=yes", MESSAGE)
    assert (outcome.kind, len(sink.requests)) == (kind, 1)
    assert outcome.reason.startswith(f"HTTP {status}")
    assert "secret detail" not in outcome.reason


def test_a_rate_limit_says_when_to_come_again():
    with HttpSink(Answer(429, headers={"Retry-After": "17"})) as sink:
        outcome = send(sink.url(), MESSAGE)
    assert (outcome.kind, outcome.retry_after) == (OutcomeKind.RATE_LIMITED, 17.0)


def test_a_refused_connection_is_unavailable():
    with refusing_port() as port:
        outcome = send(f"json://127.0.0.1:{port}", MESSAGE)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNAVAILABLE, "connection refused")


def test_a_reset_connection_is_unavailable():
    with HttpSink(reset) as sink:
        outcome = send(sink.url(), MESSAGE)
    assert outcome.reason == "the connection was closed in the middle"


def test_an_unknown_host_is_unavailable():
    with patch.object(socket, "getaddrinfo", side_effect=socket.gaierror(-2, "Name or service not known")):
        outcome = send("json://nowhere.example.com", MESSAGE)
    assert (outcome.kind, outcome.reason) == (
        OutcomeKind.UNAVAILABLE,
        "the provider's host name was not found",
    )


def test_broken_tls_is_unavailable():
    with HttpSink() as sink:
        outcome = send(sink.url("jsons"), MESSAGE)
    assert (outcome.kind, outcome.reason) == (
        OutcomeKind.UNAVAILABLE,
        "no secure connection (TLS) to the provider",
    )


@pytest.mark.parametrize("timeouts", ["", "?cto=60&rto=60"])
def test_a_silent_server_runs_into_the_timeout_of_the_socket(monkeypatch, timeouts):
    monkeypatch.setattr(wire, "READ_TIMEOUT", 0.2)
    with SilentServer() as server:
        outcome = send(f"json://127.0.0.1:{server.port}/{timeouts}", MESSAGE)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNAVAILABLE, "no answer in time")


def test_a_plugin_that_refuses_without_a_request_is_rejected(monkeypatch, no_network):
    monkeypatch.setattr(NotificationManager()["json"], "send", lambda *_arguments, **_options: False)
    assert send("json://127.0.0.1", MESSAGE).kind is OutcomeKind.REJECTED


def test_success_without_a_request_is_not_sent(monkeypatch, no_network):
    monkeypatch.setattr(NotificationManager()["json"], "send", lambda *_arguments, **_options: True)
    outcome = send("json://127.0.0.1", MESSAGE)
    assert outcome.kind is OutcomeKind.REJECTED
    assert outcome.reason.startswith("nothing was sent")


def test_slack_that_answers_no_with_a_200_is_rejected(slack, monkeypatch):
    slack.behaviour = Answer.of({"ok": False, "error": "channel_not_found"})
    monkeypatch.setattr(NotificationManager()["slack"], "api_url", f"http://127.0.0.1:{slack.port}/api/{{}}")
    outcome = send(f"slack://xoxb-{'1' * 12}-{'2' * 12}-{'a' * 24}/#ops", MESSAGE)
    assert (outcome.kind, outcome.provider_id) == (OutcomeKind.REJECTED, None)


def test_sending_starts_no_thread():
    before = threading.enumerate()
    with patch.object(threading.Thread, "start", side_effect=AssertionError("a thread was started")):
        send("json://127.0.0.1:1", MESSAGE)
    assert set(threading.enumerate()) <= set(before)


@pytest.mark.parametrize("url", ["", "nonsense", "nosuch://x", "twilio://broken", "json://", "tgram://no-token/1"])
def test_a_url_that_apprise_cannot_read_is_misconfigured(url, no_network):
    assert send(url, MESSAGE).kind is OutcomeKind.MISCONFIGURED


@pytest.mark.parametrize("address", ["", "/", "/123", "/abc", "/+", "/?to=", "/?to=123", "/15551230000x"])
@pytest.mark.parametrize("method", ["method=sms", "method=call"])
def test_a_bad_phone_number_makes_no_request_at_all(address, method, no_network):
    url = TWILIO + address + ("&" if "?" in address else "?") + method
    outcome = send(url, MESSAGE)
    assert outcome.kind is OutcomeKind.REJECTED
    assert "15551230000" not in outcome.reason


@pytest.mark.parametrize(
    "url",
    [
        f"vonage://{'a' * 8}:{'b' * 16}@15551230000/{{}}",
        f"plivo://{'A' * 25}@{'b' * 40}/15551230000/{{}}",
        f"msgbird://{'a' * 25}/15551230000/{{}}",
        f"sinch://{'a' * 32}:{'b' * 32}@15551230000/{{}}",
        "46elks://user:pass@15551230000/{}",
        "bulkvs://user:pass@15551230000/{}",
        f"clickatell://15551230000@{'a' * 32}/{{}}",
        "signal://127.0.0.1:1/15551230000/{}",
        f"httpsms://{'k' * 20}@15551230000/{{}}",
        f"whatsapp://{'t' * 20}@15551230000/{{}}",
        "threema://*THEGWID@secret/{}",
    ],
)
def test_no_provider_texts_the_senders_own_number(url, no_network):
    assert send(url.format("123"), MESSAGE).kind is OutcomeKind.REJECTED
    assert send(url.format(""), MESSAGE).kind is OutcomeKind.REJECTED


@pytest.mark.parametrize("address", ["/15551239999", "/+15551239999", "/%2B15551239999", "/?to=%2B15551239999"])
def test_a_good_phone_number_is_texted(address, monkeypatch):
    with HttpSink(Answer.of({"sid": "SM1"}, 201)) as sink:
        monkeypatch.setattr(NotificationManager()["twilio"], "notify_sms_url", f"http://127.0.0.1:{sink.port}/{{sid}}")
        outcome = send(TWILIO + address, MESSAGE)
    assert (outcome.kind, outcome.provider_id) == (OutcomeKind.SENT, "SM1")
    assert b"To=%2B15551239999" in sink.requests[0].body


def test_a_call_passes_its_twiml_untouched(monkeypatch):
    with HttpSink(Answer.of({"sid": "CA1"}, 201)) as sink:
        monkeypatch.setattr(NotificationManager()["twilio"], "notify_call_url", f"http://127.0.0.1:{sink.port}/{{sid}}")
        body = "<Response><Gather><Say>A &amp; B</Say></Gather></Response>"
        outcome = send(TWILIO + "/+15551239999?method=call", Message("t", body))
    assert outcome.kind is OutcomeKind.SENT
    assert b"Twiml=%3CResponse%3E%3CGather%3E%3CSay%3EA+%26amp%3B+B" in sink.requests[0].body


def test_a_mail_that_arrives_is_sent():
    with SmtpSink() as server:
        outcome = send(server.url("ada@example.com"), MESSAGE)
    assert outcome.kind is OutcomeKind.SENT
    assert server.recipients == ["ada@example.com"]
    assert server.mails[0]["Subject"] == "Disk full"


def test_a_mail_with_a_wrong_password_is_misconfigured():
    with SmtpSink() as server:
        outcome = send(server.url("ada@example.com", password="wrong"), MESSAGE)
    assert (outcome.kind, outcome.reason) == (
        OutcomeKind.MISCONFIGURED,
        "SMTP 535: the mail server refused the credentials",
    )


@pytest.mark.parametrize(
    ("answer", "kind"), [("550 no such user", OutcomeKind.REJECTED), ("450 later", OutcomeKind.UNAVAILABLE)]
)
def test_a_mail_to_a_refused_recipient_says_so(answer, kind):
    with SmtpSink(refused={"ada@example.com": answer}) as server:
        outcome = send(server.url("ada@example.com"), MESSAGE)
    assert (outcome.kind, outcome.reason) == (
        kind,
        f"SMTP {answer[:3]}: the mail server refused the recipient",
    )
    assert server.mails == []


def test_a_mail_that_the_server_does_not_take_is_rejected():
    with SmtpSink(data_answer="554 spam") as server:
        outcome = send(server.url("ada@example.com"), MESSAGE)
    assert (outcome.kind, outcome.reason) == (
        OutcomeKind.REJECTED,
        "SMTP 554: the mail server refused the message",
    )


def test_a_mail_server_that_refuses_the_connection_is_unavailable():
    with refusing_port() as port:
        outcome = send(f"mailto://u:p@127.0.0.1:{port}?from=a@example.com&to=b@example.com", MESSAGE)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNAVAILABLE, "connection refused")


def test_a_mail_server_that_stays_silent_is_unavailable(monkeypatch):
    monkeypatch.setattr(wire, "READ_TIMEOUT", 0.2)
    with SilentServer() as server:
        outcome = send(f"mailto://u:p@127.0.0.1:{server.port}?from=a@example.com&to=b@example.com", MESSAGE)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNAVAILABLE, "no answer in time")


@pytest.mark.parametrize("to", ["", "not-an-address"])
def test_a_mail_to_nobody_does_not_go_to_the_sender(to, no_network):
    outcome = send(f"mailto://u:p@127.0.0.1:25?from=a@example.com&to={to}", MESSAGE)
    assert outcome.kind is OutcomeKind.REJECTED


@pytest.mark.parametrize(
    "template",
    [
        "mailto://u:p@example.com?to={email}",
        f"{TWILIO}/{{phone}}?method=call",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/{slack}",
        "ntfy://{topic}",
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    ],
)
def test_a_good_url_has_no_complaint(template):
    assert check_url(template) == []


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("nosuch://host", "knows no scheme 'nosuch'"),
        ("https://example.com/hook", "knows no scheme 'https'"),
        ("{kind}://host", "knows no scheme"),
        ("ada@example.com", "not an Apprise URL"),
        ("", "not an Apprise URL"),
        ("twilio://AC123/{phone}", "cannot read the rest"),
    ],
)
def test_a_bad_url_is_complained_about(template, complaint):
    assert [found for found in check_url(template) if complaint in found]


@pytest.mark.parametrize(
    "url",
    [
        "json://user:s3cr3t-token@127.0.0.1:1/s3cr3t-token?+X-Key=s3cr3t-token",
        "mailto://user:s3cr3t-token@127.0.0.1:1?from=a@example.com&to=s3cr3t-token@example.com",
        "twilio://s3cr3t-token:s3cr3t-token@s3cr3t-token/s3cr3t-token",
        "nosuch://s3cr3t-token",
        "slack://s3cr3t-token",
        "tgram://123456789:s3cr3t-token/s3cr3t-token",
        "dbus:///_]/s3cr3t-token",
    ],
)
def test_nothing_secret_is_logged_printed_or_answered(url, caplog, capfd, monkeypatch):
    caplog.set_level(1)
    for name in ("apprise", "urllib3"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.getLogger(name).level)
    with patch.object(socket, "getaddrinfo", side_effect=socket.gaierror(-2, "unknown")):
        outcome = send(url, MESSAGE)
    complaints = check_url(url)
    seen = (caplog.text, *capfd.readouterr(), repr(outcome), repr(complaints), repr(sender.__dict__))
    assert outcome.kind is not OutcomeKind.SENT
    assert not [text for text in seen if "s3cr3t-token" in text]
