"""What all answers share: who may, what the body may say, and that no body makes a failure of ours."""

import json

import pytest

from core.commands import Acknowledge, Resolve
from tests.apps import SOURCE_TOKEN, TEAM_TOKEN, bearer, error

WAYS = ("ack", "resolve", "updates", "escalate", "snooze", "reassign")
NEEDED = {"snooze": {"for": "2h"}, "reassign": {"to": "vp"}}
FIELDS = {"by", "note", "until", "for", "to"}

HOSTILE = {
    "deep list": b"[" * 100_000,
    "deep object": b'{"by":' * 100_000,
    "deep note": b'{"note":' + b"[" * 900 + b"]" * 900 + b"}",
    "NaN": b'{"by": NaN, "note": Infinity, "until": NaN, "for": NaN, "to": NaN}',
    "half characters": json.dumps(dict.fromkeys(FIELDS, "\ud800")).encode(),
    "half a character in by": b'{"by": "\\ud800"}',
    "half a character in note": b'{"note": "\\udfff and more"}',
    "half a character as a name": b'{"\\ud800": 1}',
    "NUL": b'{"by": "a\\u0000b", "note": "\\u0000"}',
    "escapes": b'{"by": "\\u001b[2J", "note": "\\u001b]0;x\\u0007"}',
    "long": json.dumps(dict.fromkeys(FIELDS, "x" * 200_000)).encode(),
    "long name": json.dumps({"x" * 200_000: 1}).encode(),
    "many names": json.dumps({f"n{n}": n for n in range(20_000)}).encode(),
    "huge number": b'{"for": ' + b"9" * 5000 + b"}",
    "large number": b'{"for": ' + b"9" * 300 + b', "until": ' + b"9" * 300 + b"}",
    "negative": b'{"for": -5, "until": -99999999999999}',
    "before all time": b'{"until": "0001-01-01T00:00:00+14:00"}',
    "after all time": b'{"until": "9999-12-31T23:59:59-14:00"}',
    "the end of time": b'{"until": "9999-12-31T23:59:59Z"}',
    "no such day": b'{"until": "2026-02-30T00:00:00Z"}',
    "no offset": b'{"until": "2026-11-23T12:00:00"}',
    "odd durations": '{"for": "٣h"}'.encode(),
    "wrong types": b'{"by": 7, "note": [], "until": {}, "for": [], "to": {"a": 1}}',
    "nothing": b"null",
    "a list": b"[]",
    "a text": b'"by"',
    "no JSON": b"by=me",
    "no UTF-8": b'{"by": "\xff"}',
    "UTF-16": '{"by": "me"}'.encode("utf-16"),
    "broken": b'{"by": "me"',
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("headers", [{}, bearer("wrong"), bearer(SOURCE_TOKEN), {"Authorization": "Basic eDp4"}])
def test_without_an_api_token_nothing_is_done(app, way, headers):
    alert = app.fires()
    before = app.record(alert)
    answer = app.post(f"/alerts/{alert}/{way}", headers=headers, json=NEEDED.get(way))
    assert answer.status_code == 401
    assert "API token" in error(answer)
    assert app.record(alert) == before


@pytest.mark.parametrize("way", WAYS)
def test_without_a_token_nobody_learns_which_alerts_there_are(app, way):
    app.fires()
    answers = [app.post(f"/alerts/{number}/{way}", headers={}) for number in (1, 99)]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json == answers[1].json


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", ["0", "99", "9" * 23, "9" * 400, "007"])
def test_an_alert_that_does_not_exist_is_not_found(app, way, number):
    answer = app.post(f"/alerts/{number}/{way}", json=NEEDED.get(way))
    assert answer.status_code == 404
    assert error(answer).startswith("there is no alert")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", ["-1", "1.0", "x", "%00", "1%2F2", "٣", "1e3", " 1"])
def test_what_is_no_number_is_not_found(app, way, number):
    app.fires()
    answer = app.post(f"/alerts/{number}/{way}", json=NEEDED.get(way))
    assert answer.status_code == 404
    assert error(answer)


@pytest.mark.parametrize("way", WAYS)
def test_a_resolved_alert_refuses_with_a_reason_a_person_can_read(app, way):
    alert = app.fires()
    app.does(alert, Resolve("user1", "api"))
    app.passes(120)
    answer = app.post(f"/alerts/{alert}/{way}", json=NEEDED.get(way))
    assert answer.status_code == 409
    assert answer.json["error"] == {"code": "resolved", "message": "alert 1 was resolved by user1 2 min ago"}


@pytest.mark.parametrize("way", WAYS)
def test_the_name_of_the_token_answers_unless_by_names_somebody(app, way):
    for token, body, by in (
        (TEAM_TOKEN, {}, "team"),
        (TEAM_TOKEN, {"by": "user3"}, "user3"),
        (TEAM_TOKEN, {"by": None}, "team"),
    ):
        alert = app.fires(f"{way}-{by}-{body}")
        answer = app.post(f"/alerts/{alert}/{way}", headers=bearer(token), json=body | NEEDED.get(way, {}))
        assert answer.status_code == 200, answer.text
        assert by in {event.get("by") for event in app.events(alert)}


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_gives_the_alert_after_it(app, way):
    alert = app.fires()
    answer = app.post(f"/alerts/{alert}/{way}", json=NEEDED.get(way))
    shown = app.get(f"/alerts/{alert}").json
    assert answer.json == {name: shown[name] for name in answer.json}
    assert {"id", "status", "level_name", "wake_at", "sla", "labels"} <= set(answer.json)


@pytest.mark.parametrize("way", ["ack", "updates", "resolve", "snooze", "reassign"])
def test_a_note_stands_in_the_timeline(app, way):
    alert = app.fires()
    app.post(f"/alerts/{alert}/{way}", json={"note": "looking\nat it: <b>"} | NEEDED.get(way, {}))
    assert "looking\nat it: <b>" in {event.get("note") for event in app.events(alert)}


@pytest.mark.parametrize("way", WAYS)
def test_every_fault_of_a_body_is_named_at_once(app, way):
    alert = app.fires()
    before = app.record(alert)
    answer = app.post(
        f"/alerts/{alert}/{way}", json={"by": "", "note": 7, "other": 1, "another": 2} | NEEDED.get(way, {})
    )
    assert answer.status_code == 400
    for name in ("by: ", "note: ", "other: ", "another: "):
        assert name in error(answer)
    assert app.record(alert) == before


@pytest.mark.parametrize("by", ["", " ", "x" * 101, "two\nlines", "\x1b[2J", "\x00"])
def test_a_name_is_one_short_line_that_says_something(app, by):
    alert = app.fires()
    answer = app.post(f"/alerts/{alert}/ack", json={"by": by})
    assert answer.status_code == 400
    assert "by: " in error(answer)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_body_whatever_is_answered_with_a_failure_of_ours(app, name):
    for way in WAYS:
        alert = app.fires(way)
        answer = app.post(f"/alerts/{alert}/{way}", data=HOSTILE[name])
        assert answer.status_code in {200, 400, 409}, f"{way}: {answer.status_code} {answer.text}"
        if answer.status_code != 200:
            assert len(error(answer)) < 5000
            assert app.post(f"/alerts/{alert}/{way}", json=NEEDED.get(way)).status_code == 200
        for path in (f"/alerts/{alert}", f"/alerts/{alert}/timeline", "/alerts"):
            assert app.get(path).status_code == 200


@pytest.mark.parametrize("way", WAYS)
def test_a_body_that_is_too_large_is_refused(app, way):
    alert = app.fires()
    assert app.post(f"/alerts/{alert}/{way}", data=b" " * (1024 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_by_get_is_not_allowed(app, way):
    alert = app.fires()
    before = app.record(alert)
    assert app.get(f"/alerts/{alert}/{way}").status_code == 405
    assert app.record(alert) == before


def test_the_second_to_acknowledge_is_told_who_has_it(app):
    alert = app.fires()
    app.does(alert, Acknowledge("user2", "link"))
    app.passes(61)
    answer = app.post(f"/alerts/{alert}/ack", json={"by": "user5"})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "acknowledged")
    assert error(answer) == "alert 1 was acknowledged by user2 1 min 1 s ago"
    assert app.post(f"/alerts/{alert}/ack", json={"by": "user2"}).status_code == 200
