"""Telegram, ntfy and mail: pages go out with their ways to be answered, and notices change what stands in a chat."""

import json

import pytest

from core.adapters.sender import send
from core.channel_text import defuse, fit
from core.outcomes import Message, Outcome, OutcomeKind, Picture, Ways
from tests.adapters.channel_examples import provider, seen
from tests.adapters.fake_telegram import BOT_TOKEN, FakeTelegram
from tests.adapters.servers import Answer, SmtpSink

LINK = "https://rung.example.com/a/WzEsInVzZXIxIl0.TIogXa44gcL_ihTIgL8GTZZQhaA"
BODY = f"db1 <is> at 99 % & more.\n\nAnswer: {LINK}"
TITLE = "CRITICAL: alert 7: Disk is full"
CHAT = 987654321
URL = f"tgram://{BOT_TOKEN}/{CHAT}"
FIRST = (CHAT, 173)
NOTICE = Message("alice has it: alert 7: Disk is full", "Nobody else is paged about alert 7 meanwhile.")
BUTTONS = {"Acknowledge": "ack:7", "Resolve": "resolve:7", "Escalate": "escalate:7", "Snooze 1 h": "snooze:7"}
PIXEL = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


@pytest.fixture
def telegram(monkeypatch):
    with FakeTelegram() as telegram:
        for name, value in telegram.environment.items():
            monkeypatch.setenv(name, value)
        yield telegram


def page(kind, title=TITLE, body=BODY, **ways):
    """A page as the dispatcher makes it."""
    return fit(Message(defuse(title), defuse(body), ways=Ways(7, **ways)), kind)


def changing(*pages):
    last, *older = pages
    return Message(NOTICE.title, NOTICE.body, ways=Ways(7, changes=last, older=tuple(older)))


def place(where):
    return f"{where[0]}:{where[1]}"


# Telegram


def test_a_page_has_a_keyboard_under_the_message_that_apprise_makes(telegram):
    assert send(URL, page("telegram", buttons=True)) == Outcome(OutcomeKind.SENT, provider_id=place(FIRST))
    message = telegram.messages[FIRST]
    assert message["buttons"] == BUTTONS
    assert TITLE in message["text"]
    assert "db1 <is> at 99 % & more." in message["text"]
    assert LINK in message["text"]


def test_without_ways_it_is_the_plain_message_that_it_always_was(telegram):
    assert send(URL, page("telegram")).kind is OutcomeKind.SENT
    assert telegram.messages[FIRST]["buttons"] == {}


@pytest.mark.parametrize("alert", [0, 7, 10**15 - 1, 2**63])
def test_what_is_behind_a_button_is_never_too_long_for_telegram(telegram, alert):
    message = page("telegram")
    send(URL, Message(message.title, message.body, ways=Ways(alert, buttons=True)))
    assert next(iter(telegram.messages[FIRST]["buttons"].values())) == f"ack:{alert}"


@pytest.mark.parametrize("letter", ["x", "&", "<", "界", "🔥"])
@pytest.mark.parametrize("length", [10, 40_000])
def test_a_page_of_any_length_is_taken_and_has_its_link_and_buttons(telegram, letter, length):
    assert (
        send(URL, page("telegram", letter * length, f"{letter * length}\nAnswer: {LINK}", buttons=True)).kind
        is OutcomeKind.SENT
    )
    assert LINK in telegram.messages[FIRST]["text"]
    assert telegram.messages[FIRST]["buttons"] == BUTTONS


def test_a_page_in_a_topic_of_a_group_has_buttons_too(telegram):
    group = -1001760329920
    assert send(f"tgram://{BOT_TOKEN}/{group}:12", page("telegram", buttons=True)).provider_id == f"{group}:173"
    assert telegram.calls[-1][1]["message_thread_id"] in {12, "12"}


def test_a_notice_changes_the_page_where_it_stands_and_takes_its_keyboard_away(telegram):
    send(URL, page("telegram", buttons=True))
    assert send(URL, changing(place(FIRST))) == Outcome(OutcomeKind.SENT, provider_id=place(FIRST))
    assert telegram.messages == {FIRST: {"text": f"{NOTICE.title}\n{NOTICE.body}", "buttons": {}}}


def test_older_pages_about_the_alert_lose_their_keyboards_too(telegram):
    ids = [send(URL, page("telegram", buttons=True)).provider_id for _ in range(3)]
    assert send(URL, changing(*reversed(ids))).provider_id == ids[-1]
    assert [each["buttons"] for each in telegram.messages.values()] == [{}, {}, {}]


def test_a_change_that_was_made_already_is_a_change(telegram):
    """An attempt whose answer was lost is made again, and Telegram says that nothing is new."""
    send(URL, page("telegram", buttons=True))
    for _ in range(2):
        assert send(URL, changing(place(FIRST))).kind is OutcomeKind.SENT
    assert len(telegram.messages) == 1
    telegram.complaints.clear()


@pytest.mark.parametrize("gone", ["987654321:9999", "4711", "", "x:y", "987654321:", "1:2:3"])
def test_what_cannot_be_changed_is_said_in_a_message_of_its_own(telegram, gone):
    assert send(URL, changing(gone)).kind is OutcomeKind.SENT
    assert NOTICE.title in telegram.messages[FIRST]["text"]
    telegram.complaints.clear()


@pytest.mark.parametrize(
    ("answer", "kind", "retry_after"),
    [
        (Answer.of({"ok": False, "parameters": {"retry_after": 7}}, 429), OutcomeKind.RATE_LIMITED, 7),
        (Answer(502, b"<html>"), OutcomeKind.UNAVAILABLE, None),
    ],
)
def test_a_change_is_tried_again_when_telegram_is_busy(telegram, answer, kind, retry_after):
    send(URL, page("telegram", buttons=True))
    telegram.fails["editMessageText"] = [answer]
    outcome = send(URL, changing(place(FIRST)))
    assert (outcome.kind, outcome.retry_after) == (kind, retry_after)
    assert len(telegram.messages) == 1


def test_a_telegram_out_of_reach_is_named_without_its_token(telegram, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    outcome = send(URL, changing(place(FIRST)))
    assert outcome.kind is OutcomeKind.UNAVAILABLE
    assert "AAfake" not in outcome.reason


# ntfy

NTFY = Answer.of({"id": "hwQ2YpKdmg", "event": "message"})


def test_a_notification_of_ntfy_has_three_buttons_and_opens_its_page(monkeypatch):
    act_at = "https://rung.example.com/reply/ntfy/token"
    with provider("ntfy", NTFY, monkeypatch) as (sink, url):
        assert send(url, page("ntfy", act_at=act_at, link=LINK)) == Outcome(OutcomeKind.SENT, provider_id="hwQ2YpKdmg")
        [request] = sink.requests
    body = request.json()
    assert body["click"] == LINK
    assert [(each["label"], each["url"].removeprefix(act_at)) for each in body["actions"]] == [
        ("Acknowledge", "/acknowledge"),
        ("Resolve", "/resolve"),
        ("Escalate", "/escalate"),
    ]
    assert {(each["action"], each["method"], each["clear"]) for each in body["actions"]} == {("http", "POST", True)}
    assert (body["topic"], body["title"]) == ("oncall-user1-f3k9", TITLE)
    assert LINK in body["message"]
    assert int(request.headers["Content-Length"]) == len(request.body)


def test_a_notification_of_ntfy_without_ways_has_no_buttons(monkeypatch):
    with provider("ntfy", NTFY, monkeypatch) as (sink, url):
        send(url, page("ntfy"))
    assert not {"actions", "click"} & set(sink.requests[0].json())


# Mail


def test_a_page_by_mail_is_answered_to_its_signed_address():
    with SmtpSink() as sink:
        to = "rung+7-0123456789abcdef0123@inbound.example.com"
        assert send(sink.url("p1@example.com"), page("email", reply_to=to)).kind is OutcomeKind.SENT
        [sent] = sink.mails
    assert sent.get_all("Reply-To") == [to]
    assert sent["From"] == "rung@example.com"
    assert sink.recipients == ["p1@example.com"]


def test_a_mail_without_ways_and_a_report_are_answered_to_nobody():
    with SmtpSink() as sink:
        send(sink.url("p1@example.com"), page("email"))
        send(sink.url("p1@example.com"), Message("Daily", "text", html="<p>x</p>", pictures=(Picture("a.png", PIXEL),)))
    assert [sent["Reply-To"] for sent in sink.mails] == [None, None]


# Those that have no buttons: their pages have the link, where a thumb can press it.

TAKEN = {
    "discord": Answer(204),
    "teams": Answer(202),
    "pushover": Answer.of({"status": 1, "request": "647d2300-702c"}),
    "gotify": Answer.of({"id": 25, "appid": 5}),
    "matrix": Answer.of(
        {"user_id": "@rung:example.com", "room_id": "!AbCdEfGhIjKl:example.com", "event_id": "$Zx_1-a"}
    ),
    "signal": Answer.of({"timestamp": "1763894400000"}, 201),
    "webhook": Answer(204),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_a_page_elsewhere_has_its_link(kind, monkeypatch):
    with provider(kind, TAKEN[kind], monkeypatch) as (sink, url):
        assert send(url, page(kind)).kind is OutcomeKind.SENT
    text = seen(kind, sink.requests).text
    assert LINK in text
    assert f"{LINK}." not in text
    said = text.replace("\\", "")[text.replace("\\", "").index(LINK) + len(LINK) :]
    assert said == "" or said[0] in " \n)]\"'"


def test_whatever_is_sent_is_json_that_the_fake_reads(telegram):
    send(URL, page("telegram", '", "x": {"', '\\ " {{ }} \u2028', buttons=True))
    assert json.dumps(telegram.messages[FIRST])
