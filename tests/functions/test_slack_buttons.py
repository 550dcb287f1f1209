"""Buttons in Slack: who presses one has done it, and the message says so; strangers learn how to be known."""

import pytest

from tests.adapters.fake_slack import signed
from tests.apps import App
from tests.functions.slack_side import (
    KNOWN,
    NOBODY,
    REPLIES,
    command,
    post,
    press,
    pressing,
    told,
    who_has,
)

OPEN = ("pending", None)
TITLE = "CRITICAL: alert 1: Disk is full"
ESCALATED = "If nobody answers, level 3 (manager) is paged at 10:30:00 UTC (in 30 min)."
SNOOZED = "Snoozed: the same level fires again at 11:00:00 UTC (in 1 h)."


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, replies=REPLIES, people=KNOWN)
    yield app
    app.redis.close()


@pytest.mark.parametrize(
    ("action", "became", "text"),
    [
        ("acknowledge", ("acknowledged", "user2"), f"User Two has it: {TITLE}"),
        ("ack", ("acknowledged", "user2"), f"User Two has it: {TITLE}"),
        ("resolve", ("resolved", "user2"), f"User Two resolved it: {TITLE}"),
        ("escalate", ("escalated", None), f"User Two escalated it: {TITLE}\n{ESCALATED}"),
        ("snooze", ("acknowledged", "user2"), f"User Two has it: {TITLE}\n{SNOOZED}"),
    ],
)
def test_a_button_does_what_it_says_and_the_message_says_so(app, said, action, became, text):
    app.fires()
    answer = press(app, action, "1", answer_at="https://hooks.slack.com/actions/T111/1/x")
    assert (answer.status_code, answer.data) == (200, b"")
    alert = app.rung.engine.alert(1)[0]
    assert (alert.status, alert.acknowledged_by or alert.resolved_by) == became
    assert said == [("change_pressed", "https://hooks.slack.com/actions/T111/1/x", text)]
    event = next(event for event in app.events(1) if event.get("via") == "slack")
    assert event["by"] == "user2"


@pytest.mark.parametrize(
    ("action", "value"),
    [("a", "click_me_123"), ("open", ""), ("acknowledge", "click_me"), ("acknowledge", "1" * 400), ("acknowledge", "")],
)
def test_a_button_of_somebody_else_is_heard_and_nothing_is_done(app, said, action, value):
    app.fires()
    assert press(app, action, value).status_code == 200
    assert who_has(app, 1) == OPEN
    assert said == []


@pytest.mark.parametrize(
    "fields", [{"actions": []}, {"actions": "x"}, {"actions": [None]}, {"user": None}, {"user": {}}]
)
def test_an_interaction_of_another_shape_is_no_error_and_does_nothing(app, said, fields):
    app.fires()
    assert press(app, "acknowledge", "1", **fields).status_code == 200
    assert who_has(app, 1) == OPEN


def test_who_comes_second_hears_who_was_first_and_the_message_stays(app, said):
    app.fires()
    press(app, "acknowledge", "1")
    app.now = app.now.replace(minute=3)
    press(app, "acknowledge", "1", user="U555", answer_at="https://hooks.slack.com/actions/T111/2/x")
    assert who_has(app, 1) == ("acknowledged", "user2")
    name, where, text = said[-1]
    assert (name, where) == ("tell_presser", "https://hooks.slack.com/actions/T111/2/x")
    assert text.startswith("Alert 1 ")
    assert "user2" in text


def test_an_alert_that_does_not_exist_is_said_to_the_presser(app, said):
    press(app, "acknowledge", "4711")
    [(name, _, text)] = said
    assert (name, "4711" in text) == ("tell_presser", True)


def test_a_stranger_is_told_how_to_be_known_and_nothing_else(app, said):
    app.fires(title="a secret title")
    press(app, "acknowledge", "1", user=NOBODY)
    answers = [said[-1][-1], *(told(command(app, text, user=NOBODY)) for text in ("ack 1", "list", "oncall", "help"))]
    known_by = f"have `slack_id: {NOBODY}` written beside your name in oncall.yaml."
    assert set(answers) == {f"Rung does not know you, and nothing was done: {known_by}"}
    assert who_has(app, 1) == OPEN


def test_of_several_people_with_one_id_it_is_the_one_who_was_paged(client, redis_server, tmp_path, said):
    shared = {name: {**person, "slack": "+W111"} for name, person in KNOWN.items()}
    app = App(tmp_path, redis_server.url, replies=REPLIES, people=shared)
    app.fires()
    press(app, "acknowledge", "1")
    assert who_has(app, 1) == ("acknowledged", "user2")
    assert said[-1][-1].startswith("User Two has it")


def test_who_is_paged_in_a_channel_is_known_by_the_id_beside_it(client, redis_server, tmp_path, said):
    people = {name: {**person, "slack": "#oncall"} for name, person in KNOWN.items()}
    people["user4"]["slack_id"] = "U444"
    app = App(tmp_path, redis_server.url, replies=REPLIES, people=people)
    app.fires()
    for user in ("oncall", "#oncall", "", "U000"):
        press(app, "acknowledge", "1", user=user)
    assert who_has(app, 1) == OPEN
    press(app, "acknowledge", "1", user="U444")
    assert who_has(app, 1) == ("acknowledged", "user4")


def test_when_redis_is_away_nothing_is_claimed_to_be_done(app, said, monkeypatch):
    app.fires()
    body = pressing("acknowledge", "1")
    proof = signed(body, app.now.timestamp())
    app.rung.client.connection_pool.disconnect()
    monkeypatch.setattr(app.rung.client.connection_pool, "get_connection", _refused)
    assert post(app, body, headers=proof).status_code == 503
    assert said == []


def _refused(*_arguments, **_options):
    import redis

    raise redis.ConnectionError("refused")
