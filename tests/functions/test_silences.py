"""GET and POST /silences, DELETE /silences/<id>: what they silence, what they say, and what they refuse."""

import re

import pytest

from tests.apps import TEAM_TOKEN, App, bearer, error
from tests.functions.browsers import signed_in, text

DB = {"labels": {"team": "db"}}


@pytest.fixture
def browser(app):
    return signed_in(app)


@pytest.fixture
def planned(client, redis_server, tmp_path):
    """A Rung whose config plans a silence and a maintenance window."""
    app = App(
        tmp_path,
        redis_server.url,
        timezone="Europe/Berlin",
        silences=[
            {"name": "move", "match": DB, "from": "2026-11-23T12:00", "to": "2026-11-23T14:00", "reason": "new rack"},
            {"name": "old", "match": DB, "from": "2026-11-22T12:00", "to": "2026-11-22T14:00"},
        ],
        maintenance=[{"name": "backup", "match": {"source": "generic"}, "from": "22:00", "to": "04:00"}],
    )
    yield app
    app.redis.close()


def add(app, **body):
    answer = app.post("/silences", json={"for": "2h"} | body)
    assert answer.status_code == 201, answer.text
    return answer.json


def listed(app, query=""):
    return app.get(f"/silences{query}").json["silences"]


def test_a_silence_is_given_back_with_the_open_alerts_that_it_covers(app):
    app.fires("a", labels={"team": "db"})
    app.fires("b", labels={"team": "web"})
    added = add(app, match=DB, reason="new disks", by="alice")
    assert added == {
        "id": 1,
        "kind": "silence",
        "name": None,
        "match": {"labels": {"team": "db"}},
        "words": "team=db",
        "state": "active",
        "from": "2026-11-23T10:00:00Z",
        "to": "2026-11-23T12:00:00Z",
        "recurs": None,
        "reason": "new disks",
        "by": "alice",
        "created_at": "2026-11-23T10:00:00Z",
        "ended_by": "",
        "covers": {"count": 1, "is_all": True, "alerts": [1]},
    }
    assert listed(app) == [added]


def test_it_silences(app):
    add(app, match=DB)
    alert = app.fires("a", labels={"team": "db"})
    shown = app.get(f"/alerts/{alert}").json
    assert (shown["suppressed"], shown["suppressed_until"]) == (True, "2026-11-23T12:00:00Z")
    assert shown["suppressed_reason"] == "silence 1 (by operator)"
    assert shown["what_happens_next"] == (
        "It is silenced until 12:00:00 UTC (in 2 h): silence 1 (by operator). The ladder waits."
    )
    app.passes(7200)
    assert [event["event"] for event in app.events(alert)][:4] == ["routed", "suppressed", "unsuppressed", "triggered"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"match": "source=grafana team=db"}, "source=grafana team=db"),
        ({"match": ["title=/disk is/", "severity!=low"]}, 'severity!=low title="/disk is/"'),
        ({"match": {"source": ["a", "b"]}}, "source=a source=b"),
        ({"everything": True}, "everything"),
        ({"like": 1}, "source=generic team=db host=db-1"),
        ({"like": 2}, "source=generic title=bare"),
    ],
)
def test_what_is_silenced_can_be_said_in_several_ways(app, body, words):
    app.fires("full", labels={"team": "db", "host": "db-1"})
    app.fires("bare")
    assert add(app, **body)["words"] == words


@pytest.mark.parametrize(
    ("body", "start", "end"),
    [
        ({"for": "90m"}, "10:00:00", "11:30:00"),
        ({"for": 60}, "10:00:00", "10:01:00"),
        ({"to": "2026-11-23T12:00:00Z"}, "10:00:00", "12:00:00"),
        ({"to": "2026-11-23 13:30"}, "10:00:00", "12:30:00"),
        ({"from": "2026-11-23T15:00", "to": "2026-11-23T16:00"}, "14:00:00", "15:00:00"),
        ({"from": "2026-11-23T12:00:00Z", "for": "1h"}, "12:00:00", "13:00:00"),
        ({"from": "2026-11-23T09:00:00Z", "for": "2h"}, "10:00:00", "11:00:00"),
    ],
)
def test_until_when_can_be_said_in_several_ways_and_without_an_offset_the_configs_clock_counts(
    planned, body, start, end
):
    added = planned.post("/silences", json={"everything": True} | body).json
    assert (added["from"], added["to"]) == (f"2026-11-23T{start}Z", f"2026-11-23T{end}Z")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (None, "say what is silenced"),
        ({}, "say what is silenced"),
        ({"for": "2h"}, "say what is silenced"),
        ({"for": "2h", "match": {}}, "say what is silenced"),
        ({"for": "2h", "match": ""}, "say what is silenced"),
        ({"for": "2h", "match": DB, "everything": True}, "one of these"),
        ({"for": "2h", "match": DB, "like": 1}, "one of these"),
        ({"for": "2h", "match": "grafana"}, "'grafana' is not NAME=VALUE"),
        ({"for": "2h", "match": {"team": "db"}}, "match.team"),
        ({"for": "2h", "match": {"severity": "urgent"}}, "critical, high, medium, low"),
        ({"for": "2h", "match": 7}, "match"),
        ({"match": DB}, "say until when"),
        ({"match": DB, "for": "2h", "to": "2026-11-24T00:00:00Z"}, "say until when"),
        ({"match": DB, "for": "soon"}, "for"),
        ({"match": DB, "for": 0}, "for"),
        ({"match": DB, "for": "500d"}, "at most 366 days"),
        ({"match": DB, "from": "9998-12-31T00:00:00Z", "for": "500d"}, "beyond the year 9999"),
        ({"match": DB, "to": "tomorrow"}, "an instant such as"),
        ({"match": DB, "to": "2026-11-23"}, "an instant such as"),
        ({"match": DB, "to": "2026-11-23T09:59:59Z"}, "lies in the past"),
        ({"match": DB, "from": "2026-11-24T00:00:00Z", "to": "2026-11-23T12:00:00Z"}, "must end after it begins"),
        ({"match": DB, "from": "2026-11-20T00:00:00Z", "for": "1h"}, "lies in the past"),
        ({"match": DB, "for": "2h", "reason": "x" * 301}, "reason"),
        ({"match": DB, "for": "2h", "reason": "a\nb"}, "reason"),
        ({"match": DB, "for": "2h", "by": "a\x1bb"}, "by"),
        ({"match": DB, "for": "2h", "until": "x"}, "until"),
        ({"like": 0, "for": "2h"}, "like"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_reason_and_silences_nothing(app, body, said):
    answer = app.post("/silences", json=body)
    assert answer.status_code == 400
    assert said in error(answer)
    assert listed(app, "?ended=true") == []


def test_like_an_alert_that_is_not_there_is_not_found(app):
    answer = app.post("/silences", json={"like": 99, "for": "2h"})
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "no_such_alert")


def test_a_silence_that_is_ended_ends_now_and_stays_on_record(app):
    add(app, match=DB)
    app.passes(600)
    ended = app.http.delete("/silences/1", headers=bearer(TEAM_TOKEN)).json
    assert (ended["state"], ended["to"], ended["ended_by"]) == ("ended", "2026-11-23T10:10:00Z", "team")
    assert listed(app) == []
    assert [each["id"] for each in listed(app, "?ended=true")] == [1]
    again = app.http.delete("/silences/1", headers=bearer(TEAM_TOKEN))
    assert (again.status_code, error(again)) == (409, "silence 1 ended at 2026-11-23T10:10:00Z already, by team")


def test_a_silence_that_has_not_begun_is_taken_back(app):
    add(app, match=DB, **{"from": "2026-11-23T12:00:00Z"})
    taken = app.post("/silences/1/end").json
    assert (taken["state"], taken["from"]) == ("removed", "2026-11-23T12:00:00Z")
    assert listed(app, "?ended=true") == []


@pytest.mark.parametrize("number", [7, 0, 10**30])
def test_a_silence_that_is_not_there_is_not_found(app, number):
    answer = app.http.delete(f"/silences/{number}", headers=bearer(TEAM_TOKEN))
    assert (answer.status_code, f"there is no silence {number}" in error(answer)) == (404, True)


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/silences"), ("post", "/silences"), ("delete", "/silences/1"), ("post", "/silences/1/end")],
)
def test_without_a_token_nothing_is_told_and_nothing_done(app, method, path):
    assert getattr(app.http, method)(path).status_code == 401


def test_planned_silences_and_maintenance_windows_are_listed_with_when_they_hold_next(planned):
    planned.fires("a", labels={"team": "db"})
    move, backup = listed(planned)
    assert (move["kind"], move["name"], move["state"]) == ("planned", "move", "future")
    assert (move["from"], move["to"]) == ("2026-11-23T11:00:00Z", "2026-11-23T13:00:00Z")
    assert (move["id"], move["reason"], move["covers"]["count"]) == (None, "new rack", 1)
    assert (backup["kind"], backup["name"], backup["state"]) == ("maintenance", "backup", "future")
    assert (backup["from"], backup["to"]) == ("2026-11-23T21:00:00Z", "2026-11-24T03:00:00Z")
    assert backup["recurs"]["weekdays"][0] == "monday"
    planned.passes(15 * 3600)  # 02:00 in Berlin
    (backup,) = listed(planned)
    assert (backup["state"], backup["from"], backup["to"]) == ("active", "2026-11-23T21:00:00Z", "2026-11-24T03:00:00Z")
    assert [each["name"] for each in listed(planned, "?ended=yes")] == ["backup", "move", "old"]


def test_active_ones_come_first_the_next_to_end_before_the_others(app):
    for span in ("3h", "1h", "2h"):
        add(app, match=DB, **{"for": span})
    add(app, match=DB, **{"from": "2026-11-24T00:00:00Z"})
    add(app, match=DB, **{"from": "2026-11-23T23:00:00Z"})
    assert [each["id"] for each in listed(app)] == [2, 3, 1, 5, 4]


def test_of_very_many_open_alerts_only_the_newest_are_looked_at_and_that_is_said(app, monkeypatch):
    monkeypatch.setattr("functions._silences._LOOKED_AT", 2)
    for name in "abc":
        app.fires(name)
    assert add(app, everything=True)["covers"] == {"count": 2, "is_all": False, "alerts": [3, 2]}


def test_a_word_that_is_no_switch_is_refused(app):
    assert "true or false" in error(app.get("/silences?ended=perhaps"))


# The page


def test_the_page_says_that_nothing_is_silenced_and_has_a_form(browser):
    said = text(browser.get("/silences"))
    assert "Nothing is silenced" in said
    assert "Silence matching alerts" in said


def test_a_browser_silences_and_is_told_what_that_covers(app, browser):
    app.fires("a", labels={"team": "db"})
    answer = browser.press("/silences", match="team=db", **{"for": "2h"}, reason="new <disks>")
    assert answer.status_code == 303
    page = browser.get("/silences" + answer.headers["Location"].partition("silences")[2])
    said = text(page)
    assert "Silence 1 covers 1 open alert." in said
    assert "1 active silence" in said
    assert "ends in 2 h" in said
    assert "Until Mon 23 Nov 12:00 UTC · by operator new <disks>" in said
    assert "Covers 1 open alert: 1" in said
    assert "<disks>" not in page.text


def test_a_browser_silences_everything_only_by_ticking_it(app, browser):
    assert browser.press("/silences", **{"for": "2h"}).status_code == 400
    assert browser.press("/silences", everything="true", **{"for": "2h"}).status_code == 303
    assert listed(app)[0]["words"] == "everything"


def test_a_browser_is_told_what_is_wrong_with_its_match(browser):
    answer = browser.press("/silences", match="grafana", **{"for": "2h"})
    assert (answer.status_code, "'grafana' is not NAME=VALUE" in text(answer)) == (400, True)


def test_a_form_without_its_proof_does_nothing(app, browser):
    assert browser.post("/silences", everything="true", **{"for": "2h"}).status_code == 403
    add(app, match=DB)
    assert browser.post("/silences/1/end").status_code == 403
    assert [each["state"] for each in listed(app)] == ["active"]


def test_a_browser_ends_a_silence(app, browser):
    add(app, match=DB)
    app.passes(60)
    assert 'action="./silences/1/end"' in browser.get("/silences").text
    answer = browser.press("/silences/1/end")
    said = text(browser.get("/silences" + answer.headers["Location"].partition("silences")[2]))
    assert "Silence 1 has ended." in said
    assert "Ended Mon 23 Nov 10:01 UTC by operator" in said
    assert "End now" not in said


def test_planned_ones_have_no_button_and_say_when_they_hold(planned):
    said = text(signed_in(planned).get("/silences"))
    assert "move, planned in the config begins in 1 h team=db Mon 23 Nov 12:00 CET to Mon 23 Nov 14:00 CET" in said
    assert "Mon 23 Nov 22:00 CET to Tue 24 Nov 04:00 CET · every day 22:00 to 04:00 Europe/Berlin" in said
    assert "Take back" not in said
    assert "old, planned in the config" in said


def test_the_navigation_leads_there_and_a_sign_in_comes_back_to_it(app):
    browser = signed_in(app)
    assert re.search(r'<a href="[./]+silences">Silences</a>', browser.get("/").text)
    fresh = signed_in(app)
    assert fresh.sign_in(next="/silences").headers["Location"].endswith("silences")


def test_an_alerts_page_says_until_when_it_is_silenced_and_why_and_silences_what_is_like_it(app, browser):
    alert = app.fires("a", labels={"team": "db"})
    answer = browser.press("/silences", like=str(alert), **{"for": "30m"})
    assert answer.status_code == 303
    app.rung.engine.review([alert])
    said = text(browser.get(f"/alerts/{alert}"))
    assert "pending, silenced until Mon 23 Nov 10:30 UTC" in said
    assert "It is silenced until 10:30:00 UTC (in 30 min): silence 1 (by operator). The ladder waits." in said
    assert "silenced until Mon 23 Nov 10:30 UTC" in text(browser.get("/"))
    assert "source=generic team=db" in text(browser.get("/silences"))


def test_a_resolved_alert_is_not_called_silenced(app, browser):
    add(app, match=DB)
    alert = app.fires("a", labels={"team": "db"})
    app.post(f"/alerts/{alert}/resolve")
    assert "silenced until" not in text(browser.get(f"/alerts/{alert}")).partition("Timeline")[0]
