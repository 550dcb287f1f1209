"""POST /alerts/<id>/ack."""

from core.commands import Escalate
from tests.apps import TEAM_TOKEN, bearer


def test_the_ladder_stops(app):
    alert = app.fires()
    answer = app.post(f"/alerts/{alert}/ack", json={"by": "user2", "note": "on it"})
    assert answer.status_code == 200
    shown = answer.json
    assert (shown["status"], shown["acknowledged_by"], shown["wake_at"]) == ("acknowledged", "user2", None)
    assert shown["acknowledged_at"] == "2026-11-23T10:00:00Z"
    app.passes(100_000)
    assert app.get(f"/alerts/{alert}").json["status"] == "acknowledged"
    last = app.events(alert)[-1]
    assert (last["event"], last["by"], last["via"], last["note"]) == ("acknowledged", "user2", "api", "on it")


def test_no_body_is_needed(app):
    alert = app.fires()
    answer = app.post(f"/alerts/{alert}/ack", headers=bearer(TEAM_TOKEN))
    assert answer.json["acknowledged_by"] == "team"


def test_pages_that_wait_are_not_sent_any_more(app):
    alert = app.fires()
    app.post(f"/alerts/{alert}/ack")
    app.rung.dispatcher(None, 8).drain(60)
    assert app.get("/outbox").json["messages"] == []


def test_what_is_back_on_the_ladder_can_be_acknowledged_by_somebody_else(app):
    alert = app.fires()
    app.post(f"/alerts/{alert}/ack", json={"by": "user2"})
    app.does(alert, Escalate("user2", "api"))
    answer = app.post(f"/alerts/{alert}/ack", json={"by": "user5"})
    assert (answer.status_code, answer.json["acknowledged_by"]) == (200, "user5")
