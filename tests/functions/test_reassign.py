"""POST /alerts/<id>/reassign."""

import pytest

from tests.apps import error


@pytest.mark.parametrize(("to", "person"), [("vp", "vp"), ("oncall_secondary", "user5")])
def test_the_new_person_is_paged_now(app, to, person):
    alert = app.fires()
    sender = app.rung.dispatcher(None, 8)
    sender.drain(60)
    shown = app.post(f"/alerts/{alert}/reassign", json={"to": to, "by": "user2"}).json
    assert (shown["status"], shown["acknowledged_by"]) == ("escalated", None)
    sender.drain(60)
    assert {m["responder"] for m in app.get("/outbox").json["messages"][:3]} == {person}


def test_somebody_nobody_knows_is_refused(app):
    alert = app.fires()
    before = app.record(alert)
    answer = app.post(f"/alerts/{alert}/reassign", json={"to": "<b>nobody</b>"})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "unknown_responder")
    assert "no person or rotation named '<b>nobody</b>'" in error(answer)
    assert app.record(alert) == before


@pytest.mark.parametrize("body", [None, {}, {"to": ""}, {"to": None}, {"to": 7}, {"to": "x" * 101}, {"to": ["vp"]}])
def test_without_a_name_it_says_that_one_is_needed(app, body):
    alert = app.fires()
    answer = app.post(f"/alerts/{alert}/reassign", json=body)
    assert answer.status_code == 400
    assert "to: " in error(answer)
