"""POST /alerts/ack: many at once, a line for each."""

import pytest

from core.commands import Acknowledge, Resolve
from tests.apps import error


def ack(app, **body):
    return app.post("/alerts/ack", json=body)


def lines(answer) -> list[tuple[int, str]]:
    assert answer.status_code == 200, answer.text
    return [(each["id"], _became(each)) for each in answer.json["answers"]]


def _became(line) -> str:
    return line["alert"]["status"] if "alert" in line else line["error"]["message"]


def statuses(app, *ids: int) -> list[str]:
    return [app.get(f"/alerts/{number}").json["status"] for number in ids]


def test_these_are_acknowledged_in_the_order_given_each_once(app):
    for title in "abc":
        app.fires(title)
    answer = ack(app, ids=[3, 1, 3], by="user2", note="on it")
    assert lines(answer) == [(3, "acknowledged"), (1, "acknowledged")]
    assert answer.json["next"] is None
    assert statuses(app, 1, 2, 3) == ["acknowledged", "pending", "acknowledged"]
    (event,) = [each for each in app.events(3) if each["event"] == "acknowledged"]
    assert (event["by"], event["via"], event["note"]) == ("user2", "api", "on it")


def test_one_that_is_refused_says_why_and_does_not_stop_the_rest(app):
    for title in "abc":
        app.fires(title)
    app.does(1, Acknowledge("bob", "api"))
    app.does(2, Resolve("carol", "api"))
    answer = ack(app, ids=[1, 2, 99, 3], by="user2")
    assert lines(answer) == [
        (1, "alert 1 was acknowledged by bob 0 s ago"),
        (2, "alert 2 was resolved by carol 0 s ago"),
        (99, "there is no alert 99"),
        (3, "acknowledged"),
    ]
    assert [each.get("error", {}).get("code") for each in answer.json["answers"]] == [
        "acknowledged",
        "resolved",
        "no_such_alert",
        None,
    ]


def test_a_record_that_cannot_be_read_does_not_stop_the_rest(app):
    for title in "ab":
        app.fires(title)
    app.redis.hset("rung:alert:1", "d", '{"record_version": 99}')
    (first, second) = ack(app, ids=[1, 2]).json["answers"]
    assert first["error"]["code"] == "unreadable_record"
    assert second["alert"]["acknowledged_by"] == "operator"


def test_all_are_those_that_nobody_has_answered(app):
    for title in "abcd":
        app.fires(title)
    app.does(2, Acknowledge("bob", "api"))
    app.does(3, Resolve("bob", "api"))
    assert lines(ack(app, all=True, by="user2")) == [(4, "acknowledged"), (1, "acknowledged")]
    assert lines(ack(app, all=True, by="user2")) == []


def test_all_of_one_person_are_those_they_were_paged_about(app):
    app.fires("first")
    app.passes(600)  # level two pages user5
    app.fires("second")
    answer = ack(app, all=True, paged="user5", by="user5")
    assert lines(answer) == [(1, "acknowledged")]
    assert statuses(app, 1, 2) == ["acknowledged", "pending"]


def test_all_come_in_parts_and_each_says_where_to_go_on(app, monkeypatch):
    monkeypatch.setattr("functions.acknowledge_many._AT_ONCE", 2)
    for title in "abcde":
        app.fires(title)
    first = ack(app, all=True)
    assert (lines(first), first.json["next"]) == ([(5, "acknowledged"), (4, "acknowledged")], 4)
    second = ack(app, all=True, after=4)
    assert (lines(second), second.json["next"]) == ([(3, "acknowledged"), (2, "acknowledged")], 2)
    assert (lines(ack(app, all=True, after=2)), ack(app, all=True).json["next"]) == ([(1, "acknowledged")], None)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({}, "say which alerts"),
        ({"all": False}, "say which alerts"),
        ({"ids": [1], "all": True}, "stand by themselves"),
        ({"ids": [1], "paged": "user1"}, "stand by themselves"),
        ({"ids": []}, "ids:"),
        ({"ids": [0]}, "ids.0:"),
        ({"ids": ["x"]}, "ids.0:"),
        ({"ids": [1] * 1001}, "ids:"),
        ({"all": True, "after": -1}, "after:"),
        ({"all": True, "paged": "user22"}, "there is no person 'user22' in the config (did you mean user2?)"),
        ({"all": True, "mine": True}, "mine"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_done(app, body, wanted):
    app.fires()
    answer = ack(app, **body)
    assert answer.status_code == 400
    assert wanted in error(answer)
    assert statuses(app, 1) == ["pending"]


def test_it_wants_a_token(app):
    app.fires()
    assert app.post("/alerts/ack", headers={}, json={"all": True}).status_code == 401
    assert statuses(app, 1) == ["pending"]


def test_while_redis_is_away_it_says_so(tmp_path):
    from tests.apps import App

    dead = App(tmp_path, f"unix://{tmp_path}/nothing-here.sock")
    assert ack(dead, all=True).status_code == 503
