"""What people write in Slack: behind the slash command, and in the thread under a page."""

import json

import pytest

from tests.adapters.fake_slack import BOT_TOKEN
from tests.apps import App
from tests.functions.slack_side import (
    KNOWN,
    NOBODY,
    REPLIES,
    THREAD,
    command,
    post,
    says,
    stands_at,
    told,
    who_has,
)

OPEN = ("pending", None)


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, replies=REPLIES, people=KNOWN)
    yield app
    app.redis.close()


# The slash command


def test_commands_act_and_are_answered_to_whoever_gave_them(app):
    app.fires()
    app.fires("Net is down", dedup_key="net")
    assert told(command(app, "ack 2 👍")) == "2 is yours: Net is down. Nobody else is paged."
    assert told(command(app, "ack")) == "1 is yours: Disk is full. Nobody else is paged."
    assert told(command(app, "  RESOLVE   1 ")) == "1 is resolved: Disk is full."
    assert told(command(app, "ack 1", user="U555")).startswith("Alert 1 ")
    assert [who_has(app, each)[0] for each in (1, 2)] == ["resolved", "acknowledged"]


@pytest.mark.parametrize("text", ["list", "status", "LIST "])
def test_list_says_what_is_open(app, text):
    assert told(command(app, text)) == "Nothing is open that you were paged about."
    app.fires()
    app.fires("<!channel> & <b>", dedup_key="net")
    listed = told(command(app, text))
    assert listed.startswith("2 are open: 2 critical: ")
    assert "1 critical: Disk is full" in listed
    assert "<" not in listed
    assert who_has(app, 1) == OPEN


@pytest.mark.parametrize("text", ["oncall", "on-call", " OnCall "])
def test_oncall_says_who_is(app, text):
    lines = told(command(app, text)).splitlines()
    assert lines[0].startswith("oncall_primary: User Two (user2) until ")
    assert lines[1].startswith("oncall_secondary: user5 until ")


@pytest.mark.parametrize("text", ["help", "info"])
def test_help_says_what_there_is(app, text):
    assert "ack 42, resolve 42" in told(command(app, text))


@pytest.mark.parametrize(
    "text", ["", "frobnicate", "ack please do the needful 42", "stop", "\0", "x" * 3000, "ack 99999"]
)
def test_nonsense_does_nothing_and_is_answered_in_words(app, text):
    app.fires()
    app.fires("Net is down", dedup_key="net")
    assert len(told(command(app, text))) > 20
    assert [who_has(app, each) for each in (1, 2)] == [OPEN, OPEN]


# Threads


def test_what_is_said_under_a_page_is_about_its_alert(app, slack):
    app.fires()
    app.fires("Net is down", dedup_key="net")
    stands_at(app, 1)
    assert says(app, "ack").status_code == 200
    assert [who_has(app, each) for each in (1, 2)] == [("acknowledged", "user2"), OPEN]
    [answer] = slack.wait_until(lambda: slack.calls("chat.postMessage"))
    assert (answer["channel"], answer["thread_ts"]) == THREAD
    assert answer["text"] == "1 is yours: Disk is full. Nobody else is paged."


def test_a_number_that_was_said_is_the_one_that_is_meant(app, said):
    app.fires()
    app.fires("Net is down", dedup_key="net")
    stands_at(app, 1)
    says(app, "ack 2")
    assert [who_has(app, each) for each in (1, 2)] == [OPEN, ("acknowledged", "user2")]


@pytest.mark.parametrize("text", ["list", "status", "help"])
def test_questions_in_a_thread_are_answered_and_do_nothing(app, said, text):
    app.fires()
    stands_at(app, 1)
    assert says(app, text).status_code == 200
    assert who_has(app, 1) == OPEN
    assert len(said) == 1


def test_the_same_event_again_is_done_once(app, said):
    app.fires()
    stands_at(app, 1)
    for _ in range(3):
        assert says(app, "note looking at it").status_code == 200
    assert len([event for event in app.events(1) if event["event"] == "updated"]) == 1
    assert len(said) == 1
    says(app, "note found it", event_id="Ev112")
    assert len(said) == 2


def test_an_event_that_failed_is_done_when_it_comes_again(app, said, monkeypatch):
    app.fires()
    stands_at(app, 1)
    with monkeypatch.context() as broken:
        broken.setattr(type(app.rung.replies), "act", _unavailable)
        assert says(app, "ack").status_code == 503
    assert says(app, "ack").status_code == 200
    assert who_has(app, 1) == ("acknowledged", "user2")


def _unavailable(*_arguments):
    from core.store import StoreUnavailableError

    raise StoreUnavailableError("away")


@pytest.mark.parametrize(
    "fields",
    [
        {"bot_id": "BZYBOTHED", "subtype": "bot_message"},
        {"bot_id": "BZYBOTHED"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"thread_ts": None},
        {"user": None},
        {"user": {"id": "W111"}},
        {"channel": "C999"},
        {"thread_ts": "1774771100.000201"},
        {"type": "reaction_added"},
    ],
)
def test_what_no_person_said_under_that_page_does_nothing(app, said, fields):
    app.fires()
    stands_at(app, 1)
    assert says(app, "ack", **fields).status_code == 200
    assert who_has(app, 1) == OPEN
    assert said == []


def test_said_in_the_thread_and_shown_in_the_channel_counts(app, said):
    app.fires()
    stands_at(app, 1)
    says(app, "ack", subtype="thread_broadcast")
    assert who_has(app, 1) == ("acknowledged", "user2")


@pytest.mark.parametrize("text", ["is anybody looking at this?", "a", "thanks", "stop", "👍", "I will ack it soon"])
def test_people_may_talk_under_a_page(app, said, text):
    app.fires()
    stands_at(app, 1)
    assert says(app, text).status_code == 200
    assert who_has(app, 1) == OPEN
    assert said == []


def test_a_stranger_in_a_thread_is_told_how_to_be_known(app, said):
    app.fires(title="a secret title")
    stands_at(app, 1)
    says(app, "ack", user=NOBODY)
    [(_, token, *where, text)] = said
    assert (token, tuple(where)) == (BOT_TOKEN, THREAD)
    assert NOBODY in text
    assert "secret" not in text
    assert who_has(app, 1) == OPEN


def test_a_bundle_is_about_all_of_its_alerts(app, said):
    for number in range(3):
        app.fires(f"Disk {number}", dedup_key=str(number))
        stands_at(app, number + 1, bundle="b1")
    says(app, "resolve")
    assert [who_has(app, each) for each in (1, 2, 3)] == [OPEN] * 3
    assert "several alerts" in said[-1][-1]
    says(app, "ack", event_id="Ev2")
    assert [who_has(app, each)[1] for each in (1, 2, 3)] == ["user2"] * 3


@pytest.mark.parametrize(
    "body", [{"type": "app_rate_limited", "minute_rate_limited": 1}, {}, {"type": 7}, {"event": []}]
)
def test_what_is_no_event_is_heard_and_nothing_is_done(app, body):
    assert post(app, json.dumps(body).encode(), "application/json").status_code == 200
