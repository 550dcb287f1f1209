"""POST /alerts/<id>/updates."""

from core.commands import Acknowledge


def test_an_update_on_what_nobody_has_counts_as_the_acknowledgment(app):
    alert = app.fires()
    shown = app.post(f"/alerts/{alert}/updates", json={"by": "user2", "note": "looking"}).json
    assert (shown["status"], shown["acknowledged_by"]) == ("in_progress", "user2")
    app.passes(100_000)
    assert app.get(f"/alerts/{alert}").json["level"] == 0


def test_an_update_by_somebody_else_does_not_take_the_alert_from_whoever_has_it(app):
    alert = app.fires()
    app.does(alert, Acknowledge("user2", "link"))
    shown = app.post(f"/alerts/{alert}/updates", json={"by": "user5", "note": "helping"}).json
    assert (shown["status"], shown["acknowledged_by"]) == ("in_progress", "user2")


def test_many_updates_are_all_in_the_timeline(app):
    alert = app.fires()
    for number in range(30):
        assert app.post(f"/alerts/{alert}/updates", json={"note": f"n{number}"}).status_code == 200
    notes = [event["note"] for event in app.events(alert) if event["event"] == "updated"]
    assert notes == [f"n{number}" for number in range(30)]
