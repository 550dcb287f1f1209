"""Slack through a server as strict as the real one: pages with buttons, and notices that change them."""

import html
import json

import pytest

from core.adapters import sender_slack
from core.adapters.sender import send
from core.channel_text import defuse, fit
from core.outcomes import Message, Outcome, OutcomeKind, Ways
from tests.adapters.fake_slack import BOT_TOKEN, HOOK, FakeSlack, buttons
from tests.adapters.servers import Answer

LINK = "https://rung.example.com/a/WzEsInVzZXIxIl0.TIogXa44gcL_ihTIgL8GTZZQhaA"
BY_BOT = f"slack://rung@{BOT_TOKEN}/+U000000001"
BY_WEBHOOK = f"slack://rung@{HOOK}/"
WAYS = Ways(7, LINK, buttons=True)
PAGE = Message("CRITICAL: alert 7: Disk is full", f"db1 is at 99 %.\n\nAnswer: {LINK}", ways=WAYS)
NOTICE = Message("alice has it: alert 7: Disk is full", "Nobody else is paged about alert 7 meanwhile.")
FIRST = ("D000000001", "1774771100.000200")

HOSTILE = [
    '<!channel> <@U123> <#C1> <https://evil.example|x> "quoted" \\ back\\slash & &amp; &lt;',
    "{{ app_body }} {{ app_title }} {{ alert }} {{link}} {{ title }} }} {{",
    "*bold* _it_ ~no~ `code` :fire: @here @everyone \u202e rtl \u2028 line",
    '", "blocks": [], "x": "',
    "🔥 界 é 👩‍👩‍👧 \ud83d",
]


@pytest.fixture
def slack(monkeypatch):
    with FakeSlack() as slack:
        for name, value in slack.environment.items():
            monkeypatch.setenv(name, value)
        yield slack


def page(title: str, body: str) -> Message:
    """A page as the dispatcher makes it."""
    return fit(Message(defuse(title), defuse(body), ways=WAYS), "slack")


def changing(page_id: str = ":".join(FIRST), *older: str) -> Message:
    return Message(NOTICE.title, NOTICE.body, ways=Ways(7, changes=page_id, older=older))


def test_a_page_has_buttons_about_its_alert_and_one_that_opens_the_page_behind_the_link(slack):
    assert send(BY_BOT, PAGE) == Outcome(OutcomeKind.SENT, provider_id=":".join(FIRST))
    assert slack.said(FIRST).splitlines() == [
        "CRITICAL: alert 7: Disk is full",
        "db1 is at 99 %.",
        "",
        f"Answer: {LINK}",
        *("[Acknowledge]", "[Resolve]", "[Escalate]", "[Snooze 1 h]", "[Open]"),
    ]
    *acting, opening = buttons(slack.messages[FIRST])
    assert [(each["action_id"], each["value"]) for each in acting] == [
        (action, "7") for action in ("acknowledge", "resolve", "escalate", "snooze")
    ]
    assert opening["url"] == LINK


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_an_alert_says_stays_literal_and_the_template_stays_json(slack, text):
    text = text.encode("utf-16", "ignore").decode("utf-16")
    sent = page(f"CRITICAL: {text}", f"{text}\n{text}\nAnswer: {LINK}")
    assert send(BY_BOT, sent).kind is OutcomeKind.SENT
    [attachment] = slack.messages[FIRST]["attachments"]
    header, section, _ = attachment["blocks"]
    assert html.unescape(header["text"]["text"]) == sent.title
    assert html.unescape(section["text"]["text"]) == sent.body
    assert {header["text"]["type"], section["text"]["type"]} == {"plain_text"}
    assert not header["text"]["emoji"]
    assert [each.get("value") for each in buttons(slack.messages[FIRST])] == ["7", "7", "7", "7", None]


@pytest.mark.parametrize("letter", ["x", "&", "<", "界", "🔥"])
@pytest.mark.parametrize("length", [10, 900, 40_000])
def test_a_page_of_any_length_is_taken_and_has_its_link(slack, letter, length):
    assert send(BY_BOT, page(letter * length, f"{letter * length}\nAnswer: {LINK}")).kind is OutcomeKind.SENT
    assert LINK in slack.said(FIRST)


def test_what_has_no_room_in_blocks_goes_as_a_plain_message_with_the_link(slack):
    assert send(BY_BOT, page("x", f"{'&' * 2500}\nAnswer: {LINK}")).kind is OutcomeKind.SENT
    assert buttons(slack.messages[FIRST]) == []
    assert slack.said(FIRST).endswith(f"Answer: {LINK}")


def test_a_message_without_a_body_has_no_empty_block(slack):
    assert send(BY_BOT, Message("A title", "", ways=WAYS)).kind is OutcomeKind.SENT
    assert slack.said(FIRST) == "A title"


def test_without_ways_it_is_the_plain_message_that_it_always_was(slack):
    assert send(BY_BOT, Message(PAGE.title, PAGE.body)).kind is OutcomeKind.SENT
    assert buttons(slack.messages[FIRST]) == []


def test_the_webhook_of_an_app_takes_the_same_page_and_gives_no_id(slack):
    assert send(BY_WEBHOOK, PAGE) == Outcome(OutcomeKind.SENT)
    assert [each["action_id"] for each in buttons(slack.messages[slack.last()])][-1] == "open"
    assert {host for host, _, _ in slack.asked} == {"hooks.slack.com"}


def test_a_template_that_cannot_be_used_is_no_delivery(slack, monkeypatch, tmp_path):
    broken = tmp_path / "slack.json"
    broken.write_text('{"blocks": [')
    monkeypatch.setattr(sender_slack, "_TEMPLATE", broken)
    assert send(BY_BOT, PAGE).kind is OutcomeKind.REJECTED
    assert slack.asked == []


# What follows an answer


def test_a_notice_changes_the_page_where_it_stands_and_takes_its_buttons(slack):
    send(BY_BOT, PAGE)
    assert send(BY_BOT, changing()) == Outcome(OutcomeKind.SENT, provider_id=":".join(FIRST))
    assert slack.said(FIRST) == f"{NOTICE.title}\n{NOTICE.body}"
    assert list(slack.messages) == [FIRST]


def test_older_pages_about_the_alert_lose_their_buttons_too(slack):
    ids = [send(BY_BOT, PAGE).provider_id for _ in range(3)]
    assert send(BY_BOT, changing(*reversed(ids))).provider_id == ids[-1]
    assert [buttons(message) for message in slack.messages.values()] == [[], [], []]


def test_an_older_page_that_is_gone_changes_nothing_of_the_last(slack):
    send(BY_BOT, PAGE)
    assert send(BY_BOT, changing(":".join(FIRST), "D000000001:1.1", "nonsense")).kind is OutcomeKind.SENT
    assert list(slack.messages) == [FIRST]
    assert slack.said(FIRST).startswith("alice has it")


@pytest.mark.parametrize("word", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_a_page_that_cannot_be_changed_is_followed_by_a_message(slack, word):
    send(BY_BOT, PAGE)
    slack.fails["chat.update"] = [Answer.of({"ok": False, "error": word})]
    outcome = send(BY_BOT, changing())
    second = (FIRST[0], "1774771100.000201")
    assert outcome == Outcome(OutcomeKind.SENT, provider_id=":".join(second))
    assert slack.said(second).startswith("alice has it")


def test_an_id_of_another_form_is_followed_by_a_message_and_nothing_is_asked_of_it(slack):
    assert send(BY_BOT, changing("4711")).kind is OutcomeKind.SENT
    assert slack.calls("chat.update") == []


def test_by_a_webhook_nothing_can_be_changed_and_a_message_follows(slack):
    assert send(BY_WEBHOOK, changing()).kind is OutcomeKind.SENT
    assert slack.said(slack.last()).startswith("alice has it")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            Answer.of({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": "17"}),
            Outcome(OutcomeKind.RATE_LIMITED, "too many messages", retry_after=17.0),
        ),
        (
            Answer.of({"ok": False, "error": "ratelimited"}, 200),
            Outcome(OutcomeKind.RATE_LIMITED, "too many messages"),
        ),
        (
            Answer(429, b"slow down", {"Retry-After": "soon"}),
            Outcome(OutcomeKind.RATE_LIMITED, "too many messages"),
        ),
        (Answer(503, b"<html>"), Outcome(OutcomeKind.UNAVAILABLE, "HTTP 503 from the provider")),
        (
            Answer.of({"ok": False, "error": "internal_error"}),
            Outcome(OutcomeKind.UNAVAILABLE, "HTTP 200 from the provider"),
        ),
    ],
)
def test_what_may_pass_is_tried_again_and_no_second_message_is_sent(slack, answer, expected):
    send(BY_BOT, PAGE)
    slack.fails["chat.update"] = [answer]
    assert send(BY_BOT, changing()) == expected
    assert list(slack.messages) == [FIRST]
    assert send(BY_BOT, changing()).kind is OutcomeKind.SENT


def test_a_slack_that_is_away_is_tried_again(slack, monkeypatch):
    send(BY_BOT, PAGE)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    outcome = send(BY_BOT, changing())
    assert outcome == Outcome(OutcomeKind.UNAVAILABLE, "the provider could not be reached")


def test_a_token_that_is_no_good_any_more_is_the_channels_fault(slack):
    outcome = send(BY_BOT.replace("abcdefghijklmnop", "ponmlkjihgfedcba"), changing())
    assert outcome.kind is OutcomeKind.MISCONFIGURED
    assert "xoxb" not in outcome.reason


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_notice_says_stays_literal(slack, text):
    text = text.encode("utf-16", "ignore").decode("utf-16")
    send(BY_BOT, PAGE)
    notice = Message(f"alice has it: {text}", f"{text * 100}\n{LINK}", ways=changing().ways)
    assert send(BY_BOT, notice).kind is OutcomeKind.SENT
    [attachment] = slack.messages[FIRST]["attachments"]
    said = html.unescape(attachment["blocks"][0]["text"]["text"])
    assert defuse(notice.title) in said
    assert len(json.dumps(attachment)) < 40_000


def test_no_secret_is_said_about_a_change(slack, caplog, capsys):
    caplog.set_level(0)
    send(BY_BOT, PAGE)
    for answer in (None, Answer.of({"ok": False, "error": "not_in_channel"}), Answer(500, b"xoxb")):
        slack.fails["chat.update"] = [answer] if answer else []
        outcome = send(BY_BOT, changing())
        assert "xoxb" not in outcome.reason
    said = caplog.text + "".join(capsys.readouterr())
    assert "xoxb" not in said
