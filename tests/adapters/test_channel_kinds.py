"""Each kind of channel as config/channels.yaml shows it: what its provider is told, and what its answers mean."""

import re
import shutil

import pytest

from core.adapters.config_files import load
from core.adapters.sender import check_url, send
from core.channel_text import BODY_LIMITS, defuse, fit
from core.config import outbox_mode
from core.outcomes import Message, OutcomeKind
from tests.adapters.channel_examples import CONTACTS, FILE, URLS, credentialed, example, provider, seen, uncommented
from tests.adapters.servers import Answer, SmtpSink

KINDS = (
    *("email", "slack", "sms", "phone", "ntfy", "telegram", "discord"),
    *("teams", "pushover", "gotify", "matrix", "signal", "webhook"),
)
OVER_HTTP = tuple(kind for kind in KINDS if kind != "email")

LINK = "https://rung.example.com/a/WzEsInVzZXIxIl0.TIogXa_4gcL-ihTI_L8GTZZQhaA"
SPOKEN = "This is Rung. Alert 7, critical: <Disk> & more. Please acknowledge alert 7."
PAGE = Message("CRITICAL: alert 7: <Disk> & more", f"db1 is full @everyone <!channel> <at>all</at>\n\nAnswer: {LINK}")

# What a provider answers when it takes a message, and the id it gives.
TAKEN = {
    "slack": (Answer.of({"ok": True, "channel": "D024", "ts": "1503435956.000247"}), "D024:1503435956.000247"),
    "sms": (Answer.of({"sid": "SM0123456789", "status": "queued", "error_code": None}, 201), "SM0123456789"),
    "phone": (Answer.of({"sid": "CA0123456789", "status": "queued"}, 201), "CA0123456789"),
    "ntfy": (Answer.of({"id": "hwQ2YpKdmg", "event": "message"}), "hwQ2YpKdmg"),
    "telegram": (Answer.of({"ok": True, "result": {"message_id": 4711}}), "4711"),
    "discord": (Answer(204), None),
    "teams": (Answer(202), None),
    "pushover": (Answer.of({"status": 1, "request": "647d2300-702c", "receipt": "r5k"}), "647d2300-702c"),
    "gotify": (Answer.of({"id": 25, "appid": 5}), "25"),
    "matrix": (
        Answer.of({"user_id": "@rung:example.com", "room_id": "!AbCdEfGhIjKl:example.com", "event_id": "$Zx_1-a"}),
        "$Zx_1-a",
    ),
    "signal": (Answer.of({"timestamp": "1763894400000"}, 201), "1763894400000"),
    "webhook": (Answer(204), None),
}
RECIPIENTS = {
    "slack": "U000000001",
    "sms": "+15550100001",
    "phone": "+15550100001",
    "ntfy": "oncall-user1-f3k9",
    "telegram": "987654321",
    "discord": "👉 <@80351110224678912>",
    "teams": "",
    "pushover": "uQiRzpo4DXghDmr9QzzfQu27cmVRsG",
    "gotify": "AbCdEfGhIjKlMn1",
    "matrix": "!AbCdEfGhIjKl:example.com",
    "signal": "+15550100001",
    "webhook": "user1@example.com",
}


def page_for(kind, message=PAGE):
    message = Message("", SPOKEN) if kind == "phone" else message
    return fit(Message(defuse(message.title), defuse(message.body)), kind)


def test_there_is_an_example_and_a_length_for_every_kind():
    assert set(URLS) == set(KINDS)
    assert set(KINDS) <= set(BODY_LIMITS)


def test_every_example_is_taken_by_config_once_it_is_uncommented(tmp_path):
    folder = shutil.copytree(FILE.parent, tmp_path / "config")
    (folder / FILE.name).write_text(uncommented())
    people = (folder / "oncall.yaml").read_text()
    fields = "".join(f'    {name}: "{value}"\n' for name, value in CONTACTS.items() if f" {name}: " not in people)
    (folder / "oncall.yaml").write_text(people.replace("    name: User One\n", f"    name: User One\n{fields}"))
    config = load(folder, {f"RUNG_{kind.upper()}_URL": URLS[kind] for kind in KINDS})
    assert set(config.channels) == set(KINDS)
    assert not outbox_mode(config)
    assert all(channel.needs <= config.people["user1"].contacts.keys() for channel in config.channels.values())
    assert config.channels["pushover"].quiet is False


@pytest.mark.parametrize("kind", KINDS)
def test_apprise_can_read_every_example(kind):
    assert check_url(credentialed(kind)) == []


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_the_provider_is_told_whom_and_what_and_its_id_is_kept(kind, monkeypatch):
    answer, provider_id = TAKEN[kind]
    with provider(kind, answer, monkeypatch) as (sink, url):
        outcome = send(url, page_for(kind))
        told = seen(kind, [request for request in sink.requests if not request.path.endswith("/logout")])
    assert (outcome.kind, outcome.provider_id) == (OutcomeKind.SENT, provider_id)
    assert told.recipient == RECIPIENTS[kind]
    if kind == "phone":
        assert told.text == f"<Response><Say>{SPOKEN}</Say></Response>"
        return
    assert "CRITICAL: alert 7: <Disk> & more" in told.text
    assert LINK in re.split(r"[\s()\[\]]", told.text)
    assert not re.search(r"@everyone|<!channel>|<at>", told.text)


def test_a_mail_says_whom_and_what():
    with SmtpSink() as server:
        outcome = send(server.url("user1%40example.com"), page_for("email"))
    assert outcome.kind is OutcomeKind.SENT
    assert server.recipients == ["user1@example.com"]
    [mail] = server.mails
    assert mail["Subject"] == "CRITICAL: alert 7: <Disk> & more"
    text = mail.get_payload(decode=True).decode()
    assert LINK in text.split()
    assert "@everyone" not in text


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("slack", 40_000),
        ("sms", 1600),
        ("telegram", 4096),
        ("discord", 2000),
        ("pushover", 1024 + 250),
        ("signal", 2000),
    ],
)
@pytest.mark.parametrize("letter", ["x", "ж", "界"])
def test_the_longest_page_stays_within_what_the_provider_takes_in_characters(kind, limit, letter, monkeypatch):
    with provider(kind, TAKEN[kind][0], monkeypatch) as (sink, url):
        outcome = send(url, page_for(kind, Message(letter * 300, f"{letter * 40_000}\nAnswer: {LINK}")))
        told = seen(kind, sink.requests)
    assert outcome.kind is OutcomeKind.SENT
    assert len(sink.requests) == 1
    mention = f"\n{told.recipient}" if kind == "discord" else ""
    assert len(told.text + mention) <= limit
    assert LINK in told.text


@pytest.mark.parametrize(("kind", "limit"), [("ntfy", 4096), ("teams", 28_000), ("matrix", 65_536)])
@pytest.mark.parametrize("letter", ["x", "ж", "界"])
def test_the_longest_page_stays_within_what_the_provider_takes_in_bytes(kind, limit, letter, monkeypatch):
    with provider(kind, TAKEN[kind][0], monkeypatch) as (sink, url):
        outcome = send(url, page_for(kind, Message(letter * 300, f"{letter * 40_000}\nAnswer: {LINK}")))
        told = seen(kind, sink.requests)
    assert outcome.kind is OutcomeKind.SENT
    size = len(told.text.encode()) if kind == "ntfy" else len(sink.requests[-1].body)
    assert size <= limit
    assert LINK in told.text


@pytest.mark.parametrize("kind", OVER_HTTP)
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(401), OutcomeKind.MISCONFIGURED),
        (Answer(400, b"no"), OutcomeKind.REJECTED),
        (Answer(500), OutcomeKind.UNAVAILABLE),
        (Answer(503, b"{}", {"Content-Type": "application/json"}), OutcomeKind.UNAVAILABLE),
    ],
)
def test_every_kind_reads_a_status_alike(kind, answer, expected, monkeypatch):
    with provider(kind, answer, monkeypatch) as (_, url):
        assert send(url, page_for(kind)).kind is expected


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_every_kind_honours_retry_after_and_does_not_ask_again_by_itself(kind, monkeypatch):
    with provider(kind, Answer.of({}, 429, **{"Retry-After": "17"}), monkeypatch) as (sink, url):
        outcome = send(url, page_for(kind))
    assert (outcome.kind, outcome.retry_after) == (OutcomeKind.RATE_LIMITED, 17.0)
    assert len(sink.requests) == 1


@pytest.mark.parametrize(
    ("kind", "answer", "seconds"),
    [
        ("telegram", {"ok": False, "error_code": 429, "parameters": {"retry_after": 34}}, 34.0),
        ("discord", {"message": "You are being rate limited.", "retry_after": 1.336, "global": False}, 1.336),
        ("matrix", {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2000}, 2.0),
        ("slack", {"ok": False, "error": "ratelimited"}, None),
        ("webhook", {"retry_after": "soon"}, None),
    ],
)
def test_some_say_in_the_body_when_to_come_again(kind, answer, seconds, monkeypatch):
    with provider(kind, Answer.of(answer, 429), monkeypatch) as (_, url):
        outcome = send(url, page_for(kind))
    assert (outcome.kind, outcome.retry_after) == (OutcomeKind.RATE_LIMITED, seconds)


def twilio(code, status=400):
    return Answer.of(
        {"code": code, "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status}, status
    )


REJECTED, MISCONFIGURED, UNAVAILABLE = OutcomeKind.REJECTED, OutcomeKind.MISCONFIGURED, OutcomeKind.UNAVAILABLE


@pytest.mark.parametrize(
    ("kind", "answer", "expected", "reason"),
    [
        (
            "slack",
            Answer.of({"ok": False, "error": "channel_not_found"}),
            REJECTED,
            "HTTP 200: the provider says channel_not_found",
        ),
        ("slack", Answer.of({"ok": False, "error": "invalid_auth"}), MISCONFIGURED, "says invalid_auth"),
        ("slack", Answer.of({"ok": False, "error": "internal_error"}), UNAVAILABLE, "says internal_error"),
        ("slack", Answer.of({"ok": False, "error": "+15550100001 is unknown"}), REJECTED, "the provider says no"),
        ("slack", Answer.of({"ok": False}), REJECTED, "did not take the message"),
        ("sms", twilio(21211), REJECTED, "HTTP 400: the phone number is not valid (Twilio error 21211)"),
        ("sms", twilio(21610), REJECTED, "the recipient has unsubscribed"),
        ("sms", twilio(21606), MISCONFIGURED, "the sender's number sends no SMS"),
        ("sms", twilio(20404, 404), MISCONFIGURED, "the account is not known"),
        ("sms", twilio(99999), REJECTED, "did not take the message (Twilio error 99999)"),
        (
            "sms",
            Answer.of({"sid": "SM1", "status": "failed", "error_code": 30005}, 201),
            REJECTED,
            "the provider could not deliver it (Twilio error 30005)",
        ),
        ("phone", twilio(21217), REJECTED, "the phone number is not valid"),
        ("phone", twilio(21215), MISCONFIGURED, "the account may not call this country"),
        (
            "telegram",
            Answer.of({"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}, 403),
            REJECTED,
            "HTTP 403: the recipient has not started the bot, or has blocked it",
        ),
        ("telegram", Answer.of({"ok": False, "error_code": 400}, 400), REJECTED, "HTTP 400"),
        ("telegram", Answer.of({"ok": False, "error_code": 400}), REJECTED, "HTTP 400"),
        ("telegram", Answer.of({"ok": False, "error_code": 404}, 404), MISCONFIGURED, "token is not known"),
        ("telegram", Answer.of({"ok": False, "error_code": 401}, 401), MISCONFIGURED, "token is not known"),
        ("telegram", Answer.of({"ok": False, "error_code": 500}), UNAVAILABLE, "HTTP 500"),
        ("discord", Answer.of({"message": "Unknown Webhook", "code": 10015}, 404), MISCONFIGURED, "webhook is gone"),
        ("discord", Answer.of({"code": 50035}, 400), REJECTED, "HTTP 400"),
        ("teams", Answer.of({"error": {"code": "WorkflowNotFound"}}, 404), MISCONFIGURED, "workflow is gone"),
        ("pushover", Answer.of({"status": 0, "user": "invalid", "errors": ["x"]}, 400), REJECTED, "user key"),
        ("pushover", Answer.of({"status": 0, "token": "invalid", "errors": ["x"]}, 400), MISCONFIGURED, "token"),
        ("pushover", Answer.of({"status": 0, "errors": ["x"], "request": "5042853c"}), REJECTED, "did not take"),
        ("matrix", Answer.of({"errcode": "M_FORBIDDEN"}, 403), REJECTED, "the bot may not write in this room"),
        ("matrix", Answer.of({"errcode": "M_UNKNOWN_TOKEN"}, 401), MISCONFIGURED, "refused the credentials"),
        ("ntfy", Answer.of({"code": 40301, "http": 403, "error": "forbidden"}, 403), MISCONFIGURED, "credentials"),
        ("gotify", Answer.of({"error": "Unauthorized", "errorCode": 401}, 401), MISCONFIGURED, "credentials"),
        ("signal", Answer.of({"error": "Unregistered user"}, 400), REJECTED, "HTTP 400 from the provider"),
        ("webhook", Answer.of({"success": False}), REJECTED, "did not take the message"),
        (
            "webhook",
            Answer.of({"ok": [], "code": {}, "error": {"code": []}, "status": [], "sid": 1}, 404),
            REJECTED,
            "",
        ),
    ],
)
def test_a_refusal_says_whose_fault_it_is_and_is_never_counted_as_sent(kind, answer, expected, reason, monkeypatch):
    with provider(kind, answer, monkeypatch) as (_, url):
        outcome = send(url, page_for(kind))
    assert outcome.kind is expected
    assert reason in outcome.reason
    assert outcome.provider_id is None
    assert "15550100001" not in outcome.reason


def test_a_matrix_login_that_is_refused_is_the_channels_fault(monkeypatch):
    with provider("matrix", Answer.of({"errcode": "M_FORBIDDEN"}, 403), monkeypatch) as (_, url):
        outcome = send(url.replace("ACCESS_TOKEN@", "rung:wrong@"), page_for("matrix"))
    assert outcome.kind is OutcomeKind.MISCONFIGURED


def test_a_pushover_emergency_says_how_often_and_how_long_it_rings(monkeypatch):
    with provider("pushover", TAKEN["pushover"][0], monkeypatch) as (sink, url):
        send(url, page_for("pushover"))
    body = sink.requests[0].body.decode()
    assert {"priority=2", "retry=60", "expire=1800"} <= set(body.split("&"))


@pytest.mark.parametrize(
    ("kind", "contact"), [("slack", "?!"), ("telegram", "?!"), ("signal", "12"), ("sms", "12"), ("phone", "12")]
)
def test_an_address_that_names_nobody_is_rejected_before_anything_is_sent(kind, contact, monkeypatch):
    field = "phone" if kind == "sms" else kind
    with provider(kind, TAKEN[kind][0], monkeypatch) as (sink, _):
        outcome = send(example(kind, {**CONTACTS, field: contact}), page_for(kind))
    assert outcome.kind is OutcomeKind.REJECTED
    assert sink.requests == []
