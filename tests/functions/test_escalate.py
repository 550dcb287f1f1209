"""POST /alerts/<id>/escalate."""

from tests.apps import error


def test_the_next_level_is_paged_now(app):
    alert = app.fires()
    app.passes(60)
    shown = app.post(f"/alerts/{alert}/escalate", json={"by": "user2"}).json
    assert (shown["status"], shown["level"], shown["level_name"]) == ("escalated", 1, "secondary")
    app.rung.dispatcher(None, 8).drain(60)
    assert "user5" in {m["responder"] for m in app.get("/outbox").json["messages"]}


def test_whoever_had_it_has_it_no_more(app):
    alert = app.fires()
    app.post(f"/alerts/{alert}/ack", json={"by": "user2"})
    shown = app.post(f"/alerts/{alert}/escalate", json={"by": "user2"}).json
    assert (shown["acknowledged_by"], shown["acknowledged_at"]) == (None, None)
    assert shown["wake_at"] is not None


def test_at_the_end_of_the_ladder_it_is_refused_with_what_to_do(app):
    alert = app.fires(severity="low")
    answers = [app.post(f"/alerts/{alert}/escalate") for _ in range(3)]
    codes = [answer.status_code for answer in answers]
    assert codes[-1] == 409
    assert "Acknowledge it, or reassign it" in error(answers[-1])
    assert app.get(f"/alerts/{alert}").json["exhausted"]


def test_each_press_is_one_step(app):
    alert = app.fires()
    levels = [app.post(f"/alerts/{alert}/escalate").json["level"] for _ in range(3)]
    assert levels == [1, 2, 3]
    again = app.post(f"/alerts/{alert}/escalate").json
    assert (again["round"], again["level"]) == (1, 0)
