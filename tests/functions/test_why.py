"""GET /alerts/<id>/why."""

import pytest

from core.commands import Acknowledge, Resolve
from core.store import StoreUnavailableError
from tests.apps import bearer, error
from tests.functions.browsers import Browser, signed_in, text


def lived(app):
    """Alert 1 was paged at two levels, acknowledged, and not resolved."""
    alert = app.fires()
    app.rung.dispatcher(None, 8).drain(60)
    app.passes(600)
    app.rung.dispatcher(None, 8).drain(60)
    app.does(alert, Acknowledge("user5", "sms", note="on my way"))
    return alert


def test_it_tells_the_story_step_by_step_with_who_was_told_and_why(app):
    view = app.get(f"/alerts/{lived(app)}/why").json
    assert [view["alert"]] == app.get("/alerts").json["alerts"]
    assert (view["timezone"], view["person"]) == ("UTC", None)
    assert view["what_happens_next"] == "user5 has it; the ladder waits."
    assert [step["event"] for step in view["steps"]] == ["routed", "triggered", "escalated", "acknowledged"]
    assert view["steps"][2] == {
        "at": "2026-11-23T10:10:00Z",
        "event": "escalated",
        "number": 6,
        "level": 1,
        "level_name": "secondary",
        "round": 0,
        "text": "Level 2 (secondary) fired because nobody had answered for 10 min: its delay of 10 min had passed, "
        "which is later than level 1's timeout of 5 min (until 10:05:00 UTC). Its channels: email, slack, sms "
        "and phone.",
        "told": [
            {
                "person": "user5",
                "why": "on call in oncall_secondary, Mon 23 Nov 09:00 to Mon 30 Nov 09:00 UTC",
                "messages": [
                    {"channel": channel, "state": "sent", "page": True, "became": "sent"}
                    for channel in ("email", "slack", "sms", "phone")
                ],
                "not_on": [],
            }
        ],
        "changed": None,
    }


def test_about_a_person_there_is_a_verdict_with_reasons_beside_the_story(app):
    alert = lived(app)
    view = app.get(f"/alerts/{alert}/why?person=team_manager").json
    assert view["person"] == {
        "person": "team_manager",
        "name": "team_manager",
        "was_paged": False,
        "verdict": "team_manager was not paged: user5 acknowledged before it came to team_manager.",
        "reasons": [
            {
                "code": "answered_before",
                "at": "2026-11-23T10:10:00Z",
                "text": "Level 3 (manager) would have paged team_manager at 10:30:00 UTC, but user5 acknowledged "
                "before, at 10:10:00 UTC.",
                "told": [],
            }
        ],
    }
    assert view["steps"] == app.get(f"/alerts/{alert}/why").json["steps"]


def test_times_are_said_in_the_zone_of_the_config(app):
    app.rung.engine.rules.config = app.rung.config.model_copy(update={"timezone": "Europe/Berlin"})
    view = app.get(f"/alerts/{lived(app)}/why").json
    assert view["timezone"] == "Europe/Berlin"
    assert "(until 11:05:00 CET)" in view["steps"][2]["text"]
    assert view["steps"][2]["at"] == "2026-11-23T10:10:00Z"


def test_a_life_before_the_alert_opened_again_is_told_by_the_policy_of_that_time(app):
    fields = {"severity": "high", "dedup_key": "d"}
    app.fires(**fields)
    app.passes(1800)
    app.does(1, Resolve("user5", "api"))
    app.passes(60)
    app.fires(**fields | {"severity": "low"})
    steps = app.get("/alerts/1/why").json["steps"]
    assert "which is later than level 1's timeout of 15 min" in steps[2]["text"]
    app.redis.rpush("rung:before:1", "{")
    assert app.get("/alerts/1/why").json["steps"] == steps


def test_overrides_are_those_of_this_moment(app):
    order = {"member": "vp", "from": "2026-11-23T10:00:00Z", "to": "2026-11-23T12:00:00Z", "note": "dentist"}
    assert app.post("/oncall/oncall_primary/overrides", json=order).status_code == 201
    app.fires()
    reason = app.get("/alerts/1/why?person=user2").json["person"]["reasons"][0]
    assert reason["code"] == "override"
    assert "vp had it through override 1 by operator: dentist" in reason["text"]


def test_a_line_of_the_ledger_that_cannot_be_read_hides_nothing_else(app):
    alert = lived(app)
    app.redis.hset(f"rung:ledger:{alert}", "2/user2/sms", "{")
    [told] = app.get(f"/alerts/{alert}/why").json["steps"][1]["told"]
    assert [(each["channel"], each["state"]) for each in told["messages"]] == [
        ("email", "sent"),
        ("slack", "sent"),
        ("sms", "sent"),
    ]


@pytest.mark.parametrize("number", ["99", "0", "9" * 23])
def test_an_alert_that_does_not_exist_is_not_found(app, number):
    answer = app.get(f"/alerts/{number}/why")
    assert (answer.status_code, error(answer)) == (404, f"there is no alert {int(number)}")


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("usr2", "config has no person 'usr2' (did you mean user2?)"),
        ("oncall_primary", "'oncall_primary' is a rotation; ask about a person: one of user1,"),
    ],
)
def test_a_person_whom_nobody_knows_is_not_found_and_the_nearest_is_named(app, person, said):
    answer = app.get(f"/alerts/{lived(app)}/why?person={person}")
    assert answer.status_code == 404
    assert error(answer).startswith(said)


def test_an_empty_name_asks_about_nobody(app):
    assert app.get(f"/alerts/{lived(app)}/why?person=").json["person"] is None


@pytest.mark.parametrize("headers", [{}, bearer("wrong"), bearer("source-token")])
def test_without_an_api_token_nothing_is_shown(app, headers):
    app.fires()
    assert app.get("/alerts/1/why", headers=headers).status_code == 401
    assert app.get("/alerts/99/why", headers=headers).status_code == 401


def test_a_record_that_cannot_be_read_says_so(app):
    alert = app.fires()
    app.redis.hset(f"rung:alert:{alert}", "d", '{"record_version":2,"id":1}')
    answer = app.get(f"/alerts/{alert}/why")
    assert (answer.status_code, answer.json["error"]["code"]) == (500, "unreadable_record")


def test_without_redis_it_says_so(app, monkeypatch):
    def away(*_):
        raise StoreUnavailableError("away")

    alert = app.fires()
    monkeypatch.setattr(app.rung.facts, "before", away)
    assert app.get(f"/alerts/{alert}/why").status_code == 503


def test_the_page_tells_the_same_and_is_linked_from_the_alert(app):
    alert = lived(app)
    browser = signed_in(app)
    assert 'href="../alerts/1/why"' in browser.get(f"/alerts/{alert}").text
    shown = browser.get(f"/alerts/{alert}/why?person=team_manager")
    said = text(shown)
    assert "team_manager was not paged: user5 acknowledged before it came to team_manager." in said
    assert "Level 2 (secondary) fired because nobody had answered for 10 min" in said
    assert "user5 on email, slack, sms and phone: sent" in said
    assert "on call in oncall_secondary, Mon 23 Nov 09:00 to Mon 30 Nov 09:00 UTC" in said
    assert "Pages go to the built-in outbox and to nobody's phone or mailbox: no channel has credentials." in said
    assert '<option value="team_manager" selected>' in shown.text
    assert "was not paged" not in text(browser.get(f"/alerts/{alert}/why"))


def test_the_page_escapes_what_people_and_senders_say(app):
    app.fires("<b>Disk</b>")
    app.does(1, Acknowledge("user2", "api", note="<script>alert(1)</script>"))
    shown = signed_in(app).get("/alerts/1/why").text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<b>Disk" not in shown


def test_the_page_says_in_red_what_did_not_come_through(app):
    app.fires(severity="low")
    app.redis.delete("rung:ledger:1")
    assert (
        '<li class="hot" dir="auto">user2 on email: the ledger has no line' in signed_in(app).get("/alerts/1/why").text
    )


def test_a_person_whom_nobody_knows_is_a_page_that_says_so(app):
    alert = lived(app)
    shown = signed_in(app).get(f"/alerts/{alert}/why?person=usr2")
    assert (shown.status_code, "config has no person 'usr2' (did you mean user2?)" in text(shown)) == (404, True)


def test_whoever_has_to_sign_in_first_comes_back_to_the_question(app):
    alert = lived(app)
    browser = Browser(app)
    asked = browser.get(f"/alerts/{alert}/why?person=team_manager")
    assert asked.status_code == 401
    assert f'value="/alerts/{alert}/why?person=team_manager"' in asked.text
    answer = browser.sign_in(next=f"/alerts/{alert}/why?person=team_manager")
    assert answer.headers["Location"].endswith(f"/alerts/{alert}/why?person=team_manager")
