"""GET /alerts/<id>/timeline."""

from core.commands import Acknowledge
from tests.apps import error


def test_the_events_stand_in_their_order(app):
    alert = app.fires()
    app.rung.dispatcher(None, 8).drain(60)
    app.passes(600)
    app.does(alert, Acknowledge("user5", "link"))
    events = app.get(f"/alerts/{alert}/timeline").json["events"]
    kinds = [event["event"] for event in events if event["event"] not in {"notified", "delivered"}]
    assert kinds == ["routed", "triggered", "escalated", "acknowledged"]
    assert events[0] == {
        "at": "2026-11-23T10:00:00Z",
        "event": "routed",
        "n": 1,
        "severity": "critical",
        "policy": "critical",
    }
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    numbers = [event["n"] for event in events if "n" in event]
    assert numbers == list(range(1, len(numbers) + 1))


def test_an_alert_that_does_not_exist_has_none(app):
    answer = app.get("/alerts/99/timeline")
    assert (answer.status_code, error(answer)) == (404, "there is no alert 99")


def test_without_an_api_token_nothing_is_shown(app):
    app.fires()
    assert app.get("/alerts/1/timeline", headers={}).status_code == 401
