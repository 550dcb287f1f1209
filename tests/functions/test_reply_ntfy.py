"""POST /reply/ntfy/<signed>/<action>: an address is good for one press, one alert, a day, and for ntfy alone."""

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.commands import Acknowledge, Resolve
from core.engine import Engine
from core.ledger import Key
from core.ways import ways_of
from tests.apps import PUBLIC_URL, App, error
from tests.functions.other_ways import changes, who_has

PENDING = ("pending", None)
TAKEN = ("acknowledged", "user2")
DAY = 86_400


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, **changes())
    yield app
    app.redis.close()


def key_of(app, alert_id=1, person="user2", channel="ntfy"):
    keys = [Key.parse(alert_id, field) for field in app.rung.ledger.entries(alert_id)]
    return next(key for key in keys if (key.responder, key.channel) == (person, channel))


def button(app, action="acknowledge", **of):
    """Where the phone goes, as the page told it."""
    ways = ways_of(key_of(app, **of), "ntfy", app.rung.config.replies, app.rung.links)
    return f"{ways.act_at}/{action}".removeprefix(PUBLIC_URL)


def press(app, path, **options):
    return app.http.post(path, **options)


@pytest.mark.parametrize(
    ("action", "status"), [("acknowledge", "acknowledged"), ("resolve", "resolved"), ("escalate", "escalated")]
)
def test_each_button_does_what_it_says(app, action, status):
    app.fires()
    answer = press(app, button(app, action))
    assert (answer.status_code, answer.text.startswith("1 is ")) == (200, True)
    assert who_has(app, 1)[0] == status
    [event] = [each for each in app.events(1) if each["event"] == status and each.get("by")]
    assert (event["by"], event["via"]) == ("user2", "ntfy")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"data": b'{"action": "ack"}'},
        {"data": b"\xff\x00", "content_type": "application/octet-stream"},
        {"json": {"action": "resolve"}},
        {"data": {"action": "resolve"}},
        {"data": b"x", "headers": {"Authorization": "Bearer not-a-real-one-time-token"}},
    ],
)
def test_the_body_does_not_matter_nor_does_what_it_says_it_is(app, options):
    app.fires()
    assert press(app, button(app), **options).status_code == 200
    assert who_has(app, 1) == TAKEN


def test_a_second_press_does_no_harm(app):
    app.fires()
    for _ in range(3):
        assert press(app, button(app, "escalate")).status_code == 200
    assert [event["event"] for event in app.events(1)].count("escalated") == 1


@pytest.mark.parametrize("spelled", ["{}****", "{}%21%21%21%21", "{}%C3%A9"])
def test_the_same_address_spelled_otherwise_is_the_same_press(app, spelled):
    app.fires()
    path, _, action = button(app, "escalate").rpartition("/")
    assert press(app, f"{path}/{action}").status_code == 200
    assert press(app, f"{spelled.format(path)}/{action}").text == "this button was pressed before"
    assert [event["event"] for event in app.events(1)].count("escalated") == 1


def test_every_button_of_a_notification_can_be_pressed(app):
    app.fires()
    assert press(app, button(app, "acknowledge")).status_code == 200
    assert press(app, button(app, "resolve")).status_code == 200
    assert who_has(app, 1)[0] == "resolved"


def test_the_next_page_about_it_has_buttons_of_its_own(app):
    app.fires()
    first = button(app, "escalate")
    press(app, first)
    second = button(app, "escalate", person="user5")
    assert second != first
    assert press(app, second).status_code == 200


def test_what_somebody_else_has_is_told_with_409_and_may_be_pressed_again(app):
    app.fires()
    path = button(app)
    app.does(1, Acknowledge("user5", "sms"))
    for _ in range(2):
        answer = press(app, path)
        assert answer.status_code == 409
        assert "user5" in error(answer)
    assert who_has(app, 1) == ("acknowledged", "user5")


def test_what_is_over_is_told_with_409(app):
    app.fires()
    path = button(app)
    app.does(1, Resolve("user5", "sms"))
    assert press(app, path).status_code == 409


def test_a_press_that_redis_lost_can_be_made_again(app, monkeypatch):
    from core.store import StoreUnavailableError

    app.fires()
    act = Engine.act
    monkeypatch.setattr(Engine, "act", lambda *_arguments: (_ for _ in ()).throw(StoreUnavailableError("away")))
    assert press(app, button(app)).status_code == 503
    monkeypatch.setattr(Engine, "act", act)
    assert press(app, button(app)).status_code == 200
    assert who_has(app, 1) == TAKEN


# What opens nothing


def test_the_address_of_one_alert_is_not_that_of_another(app):
    app.fires("one", dedup_key="1")
    app.fires("two", dedup_key="2")
    _, _, _, first, _ = button(app, alert_id=1).split("/")
    _, _, _, second, _ = button(app, alert_id=2).split("/")
    mixed = f"{first.partition('.')[0]}.{second.partition('.')[2]}"
    assert press(app, f"/reply/ntfy/{mixed}/acknowledge").status_code == 403
    assert who_has(app, 1) == who_has(app, 2) == PENDING


@pytest.mark.parametrize("channel", ["sms", "email", "telegram"])
def test_what_was_made_for_another_channel_opens_nothing_here(app, channel):
    app.fires()
    token = app.rung.links.make_for_delivery("ntfy", key_of(app, channel=channel)).rpartition("/")[2]
    assert press(app, f"/reply/ntfy/{token}/acknowledge").status_code == 403
    assert who_has(app, 1) == PENDING


def test_a_link_of_a_message_opens_nothing_here(app):
    app.fires()
    token = app.rung.links.make(1, "user2").rpartition("/")[2]
    assert press(app, f"/reply/ntfy/{token}/acknowledge").status_code == 403


def test_who_left_the_config_is_not_believed_any_more(app):
    app.fires()
    token = app.rung.links.make_for_delivery("ntfy", Key(1, 1, "gone", "ntfy")).rpartition("/")[2]
    assert press(app, f"/reply/ntfy/{token}/acknowledge").status_code == 403


def test_a_notification_that_never_was_has_no_buttons(app):
    app.fires()
    token = app.rung.links.make_for_delivery("ntfy", Key(1, 99, "user2", "ntfy")).rpartition("/")[2]
    assert press(app, f"/reply/ntfy/{token}/acknowledge").status_code == 403


def test_a_button_is_good_for_a_day(app):
    app.fires()
    path = button(app, "resolve")
    app.passes(DAY)
    assert press(app, path).status_code == 200


def test_a_button_of_yesterday_is_too_old(app):
    app.fires()
    path = button(app, "resolve")
    app.passes(DAY + 1)
    answer = press(app, path)
    assert answer.status_code == 403
    assert "too old" in error(answer)
    assert who_has(app, 1)[0] != "resolved"


@pytest.mark.parametrize("action", ["snooze", "", "Acknowledge", "acknowledge/x", "note"])
def test_there_are_three_buttons(app, action):
    app.fires()
    assert press(app, button(app, action)).status_code == 404
    assert who_has(app, 1) == PENDING


def test_to_look_at_the_address_does_nothing(app):
    app.fires()
    assert app.http.get(button(app)).status_code == 405
    assert app.http.head(button(app)).status_code == 405
    assert who_has(app, 1) == PENDING


def test_the_address_is_in_no_log_even_when_the_work_breaks(app, caplog, monkeypatch):
    app.fires()
    path = button(app)
    with caplog.at_level(logging.DEBUG):
        press(app, path)
        press(app, path)
        press(app, f"{path}x")
        monkeypatch.setitem(app.flask.config, "PROPAGATE_EXCEPTIONS", False)
        monkeypatch.setattr(Engine, "act", lambda *_arguments: 1 / 0)
        assert press(app, button(app, "resolve")).status_code == 500
    token = path.split("/")[3]
    said = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    assert "/reply/ntfy/<token>/<action>" in said, "what broke is told"
    assert token not in said
    assert not [key for key in app.redis.keys("*") if token.encode() in key]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1), st.binary(max_size=50))
def test_any_address_is_refused_and_nothing_breaks(app, token, body):
    from urllib.parse import quote

    answer = press(app, f"/reply/ntfy/{quote(token, safe='')}/acknowledge", data=body)
    assert answer.status_code in {403, 404, 405, 308}
