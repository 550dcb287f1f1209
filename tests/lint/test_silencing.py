"""Silences that hide everything, and those that only look large."""

import pytest

from tests.lint.sound import changed, findings, put, sound, told

NIGHTS = {"weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"], "from": "17:00", "to": "09:00"}
EVERYTHING = {"everything": True}
WEEK = {"from": "2026-11-26T00:00:00Z", "to": "2026-12-03T00:00:00Z"}


def once(scope, **span):
    return changed("silences", [{**WEEK, **span, **scope}])


def weekly(scope, **window):
    return changed("maintenance", [{**NIGHTS, **window, **scope}])


HIDES = [("silence-hides-everything", "silences[0]")]


@pytest.mark.parametrize(
    "scope",
    [
        EVERYTHING,
        {"match": {"source": "grafana"}},  # the only source there is
        {"match": {"source": "/.*/"}},
        {"match": {"source": "!prometheus"}},
        {"match": {"title": "/.*/"}},
        {"match": {"title": "/./"}},
        {"match": {"title": "/(?i)[a-z]*/", "source": "grafana"}},
        {"match": {"severity": ["critical", "high", "medium", "low"]}},
        {"match": {"severity": "/./"}},
        {"match": {"labels": {"team": "/.*/"}}},
        {"match": {"labels": {"team": ["", "/./"]}}},
    ],
)
def test_a_week_in_which_nothing_gets_through(scope):
    assert told(once(scope)) == HIDES


@pytest.mark.parametrize(
    "match",
    [
        {"title": "/disk/"},
        {"title": "!Watchdog"},
        {"title": "/^$/"},
        {"labels": {"team": "db"}},
        {"labels": {"team": "!db"}},
        {"labels": {"team": "!/db/"}},
        {"labels": {"team": ""}},
        {"labels": {"team": "!"}},
        {"source": "grafana", "labels": {"team": "/^db/"}},
        {"source": "!grafana"},
    ],
)
def test_a_match_about_something_in_particular_hides_not_everything(match):
    assert told(once({"match": match}, to="2099-01-01T00:00:00Z")) == []


def test_a_source_among_others_is_not_everything():
    written = put(once({"match": {"source": "grafana"}}), "sources.generic", {"token": "s3cret"})
    assert told(written) == []
    put(written, "silences.0.match.source", ["grafana", "generic"])
    assert told(written) == HIDES
    put(written, "heartbeats", {"backup": {"interval": "5m"}})
    assert told(written) == []
    put(written, "silences.0.match.source", ["grafana", "generic", "heartbeat"])
    assert told(written) == HIDES


def test_a_night_of_everything_is_maintenance():
    assert told(once(EVERYTHING, to="2026-11-26T06:00:00Z")) == []
    assert told(once(EVERYTHING, to="2026-12-02T23:59:00Z")) == []


def test_what_is_over_or_begins_beyond_the_days_that_are_looked_at():
    assert told(once(EVERYTHING, **{"from": "2026-01-01T00:00:00Z", "to": "2026-11-25T11:59:00Z"})) == []
    assert told(once(EVERYTHING, **{"from": "2027-03-01T00:00:00Z", "to": "2027-12-01T00:00:00Z"})) == []


def test_of_one_that_runs_only_what_is_left_counts():
    assert told(once(EVERYTHING, **{"from": "2026-01-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"})) == []


def test_one_without_an_end_in_sight_says_until_when():
    [finding] = findings(once(EVERYTHING, to="2099-01-01T00:00:00Z"))
    assert finding.found == 'silence "silence 1" hides everything until Thu 2099-01-01 00:00 UTC'


def test_two_silences_that_follow_each_other_are_one():
    half = {**WEEK, **EVERYTHING, "to": "2026-11-30T00:00:00Z"}
    other = {**WEEK, **EVERYTHING, "from": "2026-11-30T00:00:00Z"}
    [finding] = findings(changed("silences", [half, other]))
    assert 'silence "silence 1" and silence "silence 2" hide everything' in finding.found


def test_a_window_that_recurs_for_most_of_the_week():
    assert told(weekly(EVERYTHING, weekdays=["monday"])) == []
    assert told(weekly(EVERYTHING)) == []  # five nights of 16 hours are 48 % of a week
    assert told(weekly(EVERYTHING, to="10:00")) == [("silence-hides-everything", "maintenance[0]")]


def test_windows_that_only_together_cover_most_of_the_week():
    weekend = {"weekdays": ["saturday", "sunday"], "from": "00:00", "to": "00:00"}
    assert told(changed("maintenance", [{**weekend, **EVERYTHING}])) == []
    assert told(changed("maintenance", [{**NIGHTS, **EVERYTHING}, {**weekend, **EVERYTHING}])) == [
        ("silence-hides-everything", "maintenance[0]")
    ]


def test_a_window_that_never_ends():
    assert told(weekly(EVERYTHING, weekdays=[*NIGHTS["weekdays"], "saturday", "sunday"], to="17:00")) == [
        ("silence-hides-everything", "maintenance[0]")
    ]


def test_a_whole_severity():
    [finding] = findings(weekly({"match": {"severity": "critical"}}, to="10:00"))
    assert (finding.severity, finding.code) == ("warning", "silence-hides-severity")
    assert finding.found.startswith('maintenance window "maintenance window 1" hides every critical alert for ')
    assert told(once({"match": {"severity": ["critical", "low"]}})) == [("silence-hides-severity", "silences[0]")]
    assert told(once({"match": {"severity": "!medium"}})) == [("silence-hides-severity", "silences[0]")]


def test_small_things_that_wait_for_the_morning_are_nothing_unusual_and_those_that_wait_for_ever_are():
    low = {"match": {"severity": ["medium", "low"]}}
    always = [*NIGHTS["weekdays"], "saturday", "sunday"]
    assert told(weekly(low, weekdays=always, to="16:00")) == []
    assert told(weekly(low, weekdays=always, to="17:00")) == [("silence-hides-severity", "maintenance[0]")]


def test_the_sound_config_silences_nothing():
    assert told(sound()) == []
