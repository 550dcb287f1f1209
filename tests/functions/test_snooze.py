"""POST /alerts/<id>/snooze."""

import pytest

from tests.apps import error


@pytest.mark.parametrize(
    ("body", "until"),
    [
        ({"for": "2h"}, "2026-11-23T12:00:00Z"),
        ({"for": 90}, "2026-11-23T10:01:30Z"),
        ({"for": "1d12h"}, "2026-11-24T22:00:00Z"),
        ({"until": "2026-11-23T12:00:00Z"}, "2026-11-23T12:00:00Z"),
        ({"until": "2026-11-23T14:00:00.5+02:00"}, "2026-11-23T12:00:00.500Z"),
        ({"for": "30d"}, "2026-12-23T10:00:00Z"),
    ],
)
def test_it_is_quiet_until_then_and_then_the_same_level_fires_again(app, body, until):
    alert = app.fires()
    shown = app.post(f"/alerts/{alert}/snooze", json=body | {"by": "user2"}).json
    assert (shown["status"], shown["snoozed_until"], shown["wake_at"]) == ("acknowledged", until, until)
    app.passes(31 * 86400)
    kinds = [event["event"] for event in app.events(alert)]
    assert kinds.count("unsnoozed") == 1
    assert "unsnoozed" in kinds[: kinds.index("escalated")]


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"by": "user2"},
        {"for": "soon"},
        {"for": ""},
        {"for": 0},
        {"for": "0s"},
        {"for": -1},
        {"for": 1.5},
        {"for": True},
        {"for": "31d"},
        {"for": "99999d"},
        {"until": "tomorrow"},
        {"until": "2026-11-23T12:00:00"},
        {"until": "2027-11-23T12:00:00Z"},
        {"until": "9999-12-31T23:59:59Z"},
        {"until": "9999-12-31T23:59:59-14:00"},
        {"until": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_when_until_is_not_said_so_that_it_can_be_done_it_says_what_is_wrong(app, body):
    alert = app.fires()
    before = app.record(alert)
    answer = app.post(f"/alerts/{alert}/snooze", json=body)
    assert answer.status_code == 400
    assert "until" in error(answer) or "for" in error(answer)
    assert app.record(alert) == before


@pytest.mark.parametrize("until", ["2026-11-23T10:00:00Z", "2026-11-23T09:59:59Z", "1970-01-01T00:00:00Z"])
def test_an_instant_that_has_passed_is_refused(app, until):
    alert = app.fires()
    answer = app.post(f"/alerts/{alert}/snooze", json={"until": until})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "not_in_the_future")


def test_until_and_for_that_disagree_are_not_guessed_about(app):
    alert = app.fires()
    answer = app.post(f"/alerts/{alert}/snooze", json={"until": "2026-11-23T12:00:00Z", "for": "5m"})
    assert answer.status_code == 400


def test_a_far_snooze_can_be_shown_in_every_zone(app):
    app.rung.engine.rules.config = app.rung.config.model_copy(update={"timezone": "Pacific/Kiritimati"})
    alert = app.fires()
    app.post(f"/alerts/{alert}/snooze", json={"for": "30d"})
    assert "Snoozed" in app.get(f"/alerts/{alert}").json["what_happens_next"]
