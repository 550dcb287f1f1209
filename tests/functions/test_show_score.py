"""What the API and the pages show of the score: SLA clocks with what is left, in words, and every response."""

import pytest

from core.commands import Acknowledge, Escalate, Resolve, Update
from tests.apps import App, bearer
from tests.functions.browsers import text
from tests.tracked import TRACKING

HTML = bearer("api-token-of-the-tests") | {"Accept": "text/html"}


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, **TRACKING | {"timezone": "Europe/Berlin"})
    yield app
    app.redis.close()


def test_the_clocks_are_shown_with_their_deadlines_and_how_they_stand_now(app):
    alert = app.fires()
    app.passes(250)
    sla = app.get(f"/alerts/{alert}").json["sla"]
    assert (sla["status"], sla["acknowledgment"]["status"], sla["resolution"]["status"]) == (
        "at_risk",
        "at_risk",
        "compliant",
    )
    assert sla["resolution"]["deadline"] == "2026-11-23T11:00:00Z"
    assert app.get("/alerts").json["alerts"][0]["sla"] == sla


def test_a_breach_is_shown_though_no_timer_has_gone_off(app):
    alert = app.fires()
    app.now = app.now.replace(minute=6)
    assert app.get(f"/alerts/{alert}").json["sla"]["status"] == "breached"


def test_the_clocks_are_said_in_words_in_the_zone_of_the_config(app):
    alert = app.fires()
    app.passes(310)
    said = app.get(f"/alerts/{alert}").json["sla_in_words"]
    assert [(each["clock"], each["status"], each["said"]) for each in said] == [
        ("acknowledgment", "breached", "breached: was due 11:05:00 CET, 10 s ago"),
        ("resolution", "compliant", "in time: due 12:00:00 CET, 54 min left"),
        ("policy timeout", "compliant", "in time: due 12:00:00 CET, 54 min left"),
    ]


def test_every_response_is_shown_with_who_when_which_way_note_and_id(app):
    alert = app.fires()
    app.passes(60)
    app.does(alert, Acknowledge("user2", "sms"))
    app.does(alert, Update("user2", "api", note="looking"))
    app.does(alert, Escalate("user2", "link", note="help"))
    app.does(alert, Resolve("user5", "terminal"))
    found = app.get(f"/alerts/{alert}").json["responses"]
    assert [(each["response"], each["by"], each["via"], each["note"]) for each in found] == [
        ("acknowledgment", "user2", "sms", None),
        ("update", "user2", "api", "looking"),
        ("escalation", "user2", "link", "help"),
        ("resolution", "user5", "terminal", None),
    ]
    assert {each["at"] for each in found} == {"2026-11-23T10:01:00Z"}
    ids = [each["id"] for each in found]
    assert len(set(ids)) == 4
    assert all(each.startswith(f"{alert}-") for each in ids)


def test_what_the_source_says_is_no_response(app):
    alert = app.fires(dedup_key="d")
    app.ingest({"title": "Disk is full", "dedup_key": "d", "status": "resolved"})
    shown = app.get(f"/alerts/{alert}").json
    assert (shown["status"], shown["responses"]) == ("resolved", [])


def test_the_page_says_it_in_words_and_lists_the_responses(app):
    alert = app.fires()
    app.passes(310)
    app.does(alert, Acknowledge("user2", "sms"))
    said = text(app.get(f"/alerts/{alert}", headers=HTML))
    assert "SLA acknowledgment breached: was due 11:05:00 CET, done 10 s late" in said
    assert "SLA resolution in time: due 12:00:00 CET, 54 min left" in said
    assert "acknowledgment by user2 via sms" in said


def test_the_list_says_the_worst_of_each_alert(app):
    app.fires()
    app.passes(250)
    said = text(app.get("/alerts", headers=HTML))
    assert "SLA: acknowledgment at risk: due 11:05:00 CET, 50 s left" in said


def test_an_alert_that_owes_nothing_says_nothing_about_it(client, redis_server, tmp_path):
    plain = App(tmp_path, redis_server.url)
    alert = plain.fires()
    shown = plain.get(f"/alerts/{alert}").json
    assert (shown["sla"], shown["sla_in_words"]) == (None, [])
    assert "SLA" not in text(plain.get(f"/alerts/{alert}", headers=HTML))
    plain.redis.close()
