"""GET /alerts/<id>."""

import pytest

from core.commands import Acknowledge, Resolve
from tests.apps import bearer, error


def test_it_says_who_was_told_what_with_what_outcome_and_what_comes_next(app):
    alert = app.fires()
    app.rung.dispatcher(None, 8).drain(60)
    shown = app.get(f"/alerts/{alert}").json
    assert [(n["responder"], n["channel"], n["state"], n["kind"]) for n in shown["notifications"]] == [
        ("user2", "email", "sent", "page"),
        ("user2", "slack", "sent", "page"),
        ("user2", "sms", "sent", "page"),
    ]
    first = shown["notifications"][0]
    assert (first["attempts"], first["level_name"], first["error"]) == (1, "primary", None)
    assert first["queued_at"] == first["settled_at"] == "2026-11-23T10:00:00Z"
    assert shown["what_happens_next"] == (
        "If nobody answers, level 2 (secondary) is paged at 10:10:00 UTC (in 10 min)."
    )
    assert "token" not in first


def test_what_comes_next_is_told_in_every_state(app):
    alert = app.fires()
    app.does(alert, Acknowledge("user2", "api"))
    assert app.get(f"/alerts/{alert}").json["what_happens_next"] == "user2 has it; the ladder waits."
    app.does(alert, Resolve("user2", "api"))
    assert app.get(f"/alerts/{alert}").json["what_happens_next"] == "Nothing: it is resolved."


def test_times_are_said_in_the_zone_of_the_config(app):
    app.rung.engine.rules.config = app.rung.config.model_copy(update={"timezone": "Europe/Berlin"})
    alert = app.fires()
    assert "at 11:10:00 CET" in app.get(f"/alerts/{alert}").json["what_happens_next"]


def test_an_entry_of_the_ledger_that_cannot_be_read_does_not_hide_the_alert(app):
    alert = app.fires()
    app.redis.hset(f"rung:ledger:{alert}", "2/user2/sms", "{")
    shown = app.get(f"/alerts/{alert}")
    assert shown.status_code == 200
    assert len(shown.json["notifications"]) == 2


@pytest.mark.parametrize("number", ["99", "0", "9" * 23])
def test_an_alert_that_does_not_exist_is_not_found(app, number):
    answer = app.get(f"/alerts/{number}")
    assert (answer.status_code, error(answer)) == (404, f"there is no alert {int(number)}")


def test_a_record_that_cannot_be_read_says_so_and_is_not_taken_for_missing(app):
    alert = app.fires()
    app.redis.hset(f"rung:alert:{alert}", "d", '{"record_version":2,"id":1}')
    for answer in (app.get(f"/alerts/{alert}"), app.post(f"/alerts/{alert}/ack")):
        assert (answer.status_code, answer.json["error"]["code"]) == (500, "unreadable_record")
        assert "the record of alert 1 cannot be read" in error(answer)


@pytest.mark.parametrize("headers", [{}, bearer("wrong"), bearer("source-token")])
def test_without_an_api_token_nothing_is_shown(app, headers):
    app.fires()
    assert app.get("/alerts/1", headers=headers).status_code == 401
    assert app.get("/alerts/99", headers=headers).status_code == 401
