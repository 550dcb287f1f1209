"""POST /alerts/<id>/resolve."""


def test_it_is_over_and_says_by_whom(app):
    alert = app.fires()
    app.passes(60)
    shown = app.post(f"/alerts/{alert}/resolve", json={"by": "user2", "note": "cleaned up"}).json
    assert (shown["status"], shown["resolved_by"], shown["resolved_at"]) == (
        "resolved",
        "user2",
        "2026-11-23T10:01:00Z",
    )
    assert shown["wake_at"] is None
    assert app.get("/alerts").json["alerts"] == []
    assert [each["id"] for each in app.get("/alerts?status=resolved").json["alerts"]] == [alert]


def test_people_who_were_paged_hear_it_once(app):
    alert = app.fires()
    sender = app.rung.dispatcher(None, 8)
    sender.drain(60)
    app.post(f"/alerts/{alert}/resolve", json={"by": "user9"})
    sender.drain(60)
    titles = [m["title"] for m in app.get("/outbox").json["messages"]]
    assert [title for title in titles if title.startswith("Resolved")] == ["Resolved: alert 1: Disk is full"]


def test_a_second_time_is_refused(app):
    alert = app.fires()
    app.post(f"/alerts/{alert}/resolve", json={"by": "user2"})
    assert app.post(f"/alerts/{alert}/resolve", json={"by": "user2"}).status_code == 409
