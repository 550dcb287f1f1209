"""Local times that a clock skips or shows twice; what is said of them is what the engine does."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.config import Config
from core.lint.clock_changes import clock_changes
from core.report_times import Kind, next_due, schedules_of
from core.rotations import shifts
from core.rules import Rules
from tests.lint.sound import changed, findings, put, sound, told, weekly

BERLIN = "Europe/Berlin"
SKIPPED, DOUBLED = "2027-03-28", "2027-10-31"
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def changes(zone, start=NOW, days=366):
    return [each.words for each in clock_changes(ZoneInfo(zone), start, start + timedelta(days=days))]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", []),
        ("Asia/Kathmandu", []),
        (BERLIN, ["skips 02:00 to 03:00 on 2027-03-28", "shows 02:00 to 03:00 twice on 2027-10-31"]),
        ("America/New_York", ["skips 02:00 to 03:00 on 2027-03-14", "shows 01:00 to 02:00 twice on 2027-11-07"]),
        ("Australia/Lord_Howe", ["shows 01:30 to 02:00 twice on 2027-04-04", "skips 02:00 to 02:30 on 2027-10-03"]),
        ("America/Havana", ["skips 00:00 to 01:00 on 2027-03-14", "shows 00:00 to 01:00 twice on 2027-11-07"]),
    ],
)
def test_the_clock_changes_of_a_year(zone, expected):
    assert changes(zone) == expected
    assert changes(zone, NOW + timedelta(microseconds=123_456)) == expected


def test_a_clock_that_went_back_over_midnight_and_one_that_skipped_a_day():
    assert changes("America/St_Johns", datetime(2010, 11, 1, tzinfo=UTC), 30) == [
        "shows 23:01 to 00:01 twice on 2010-11-06"
    ]
    assert changes("Pacific/Apia", datetime(2011, 12, 1, tzinfo=UTC), 60) == ["skips 00:00 to 00:00 on 2011-12-30"]


def rotating(at, day="sunday", **more):
    written = weekly("ada", "bob", timezone=BERLIN, **more) | {"start_time": at, "handoff_day": day}
    return changed("rotations.oncall", written)


def test_a_handoff_in_the_hour_that_is_skipped_and_doubled():
    [finding] = findings(rotating("02:30"))
    assert (finding.severity, finding.code, finding.path) == ("advice", "clock-change", "rotations.oncall.start_time")
    assert finding.found == (
        "the handoff of oncall is at 02:30, and the clock of Europe/Berlin skips 02:00 to 03:00 on 2027-03-28 and "
        "shows 02:00 to 03:00 twice on 2027-10-31"
    )
    assert finding.consequence == (
        "On 2027-03-28 it is at 03:00, the first time that there is. On 2027-10-31 it is at the first 02:30 of the two."
    )


def test_the_handoff_is_when_it_was_said_to_be():
    rules = Rules(Config.model_validate(rotating("02:30")))
    window = datetime(2027, 3, 27, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC)
    handoffs = [shift.starts_at for shift in shifts(rules.plans["oncall"], *window)]
    assert datetime(2027, 3, 28, 1, 0, tzinfo=UTC) in handoffs  # 03:00 CEST
    assert datetime(2027, 10, 31, 0, 30, tzinfo=UTC) in handoffs  # 02:30 CEST, and not 01:30 UTC


@pytest.mark.parametrize(
    ("at", "day"), [("03:00", "sunday"), ("01:59", "sunday"), ("02:30", "monday"), ("02:30", "saturday")]
)
def test_a_handoff_at_another_time_or_on_another_day(at, day):
    assert told(rotating(at, day)) == []


def test_a_handoff_every_other_week_meets_every_other_change():
    one = told(rotating("02:30", every=2, start_date="2027-03-28"))
    other = findings(rotating("02:30", every=2, start_date="2027-03-21"))
    assert one == [("clock-change", "rotations.oncall.start_time")]
    assert SKIPPED not in "".join(finding.found for finding in other)


def test_the_zone_of_the_config_counts_where_a_rotation_has_none():
    written = changed("rotations.oncall", weekly("ada", "bob") | {"start_time": "02:30", "handoff_day": "sunday"})
    assert told(written) == []
    assert told(put(written, "timezone", BERLIN)) == [("clock-change", "rotations.oncall.start_time")]
    assert told(put(written, "rotations.oncall.timezone", "UTC")) == []


def test_handoffs_of_a_layer_and_of_a_custom_rotation():
    custom = {
        "type": "custom",
        "members": ["ada", "bob"],
        "handoffs": [{"day": "sunday", "time": "02:15"}, {"day": "wednesday", "time": "02:15"}],
        "restrictions": [{"from": "08:00", "to": "20:00"}],
        "timezone": BERLIN,
    }
    written = changed("rotations.oncall", weekly("ada", "bob", layers=[custom]))
    assert told(written) == [("clock-change", "rotations.oncall.layers[0].handoffs[0].time")]


def test_edges_of_a_restriction_on_the_days_on_which_they_fall():
    def edges(**window):
        layer = weekly("bob", restrictions=[window], timezone=BERLIN)
        return [path.removeprefix("rotations.oncall.layers[0].restrictions[0].") for code, path in told(
            changed("rotations.oncall", weekly("ada", "bob", layers=[layer])), days=90
        ) if code == "clock-change"]  # fmt: skip

    assert edges(**{"from": "22:00", "to": "02:00"}) == ["to"]
    assert edges(**{"from": "22:00", "to": "02:00", "weekdays": ["saturday"]}) == ["to"]
    assert edges(**{"from": "22:00", "to": "02:00", "weekdays": ["sunday"]}) == []
    assert edges(**{"from": "02:00", "to": "06:00", "weekdays": ["sunday"]}) == ["from"]
    assert edges(**{"from": "03:00", "to": "06:00"}) == []
    assert edges(**{"from": "02:59", "to": "02:58", "weekdays": ["saturday"]}) == ["to"]
    assert edges(weekdays=["sunday"]) == []
    assert edges(**{"from": "02:00", "to": "06:00", "holidays": "only"}) == []


def test_a_window_that_lies_within_the_hour_that_is_skipped_does_not_come():
    window = {"match": {"title": "backup"}, "from": "02:10", "to": "02:50", "timezone": BERLIN}
    first, last = findings(changed("maintenance", [window]))
    assert first.path == "maintenance[0].from"
    assert f"On {SKIPPED} what would begin then is left out" in first.consequence
    assert last.path == "maintenance[0].to"
    cover = Rules(Config.model_validate(changed("maintenance", [window]))).silences.recurring[0]
    minutes = [datetime(2027, 3, 28, 0, 0, tzinfo=UTC) + timedelta(minutes=number) for number in range(180)]
    assert not any(cover.times.ends_at(minute) for minute in minutes)


def test_a_route_that_matches_by_time():
    window = {"from": "02:30", "to": "06:00", "timezone": BERLIN}
    assert told(changed("routes", [{"match": {"time": window}}])) == [("clock-change", "routes[0].match.time.from")]
    later = [{"from": "04:00"}, window]
    assert told(changed("routes", [{"match": {"time": later}}])) == [("clock-change", "routes[0].match.time[1].from")]


def test_business_hours():
    hours = {"start_time": "22:00", "end_time": "02:30", "weekdays": [5], "timezone": BERLIN}
    assert told(changed("sla", {"business_hours": hours})) == [("clock-change", "sla.business_hours.end_time")]
    assert told(changed("sla", {"business_hours": {**hours, "weekdays": [6]}})) == []


def reporting(**more):
    mail = {"enabled": True, "recipients": ["boss@example.com"], "time": "02:30"}
    return put(changed("timezone", BERLIN), "reporting", {"daily_summary": mail, "weekly_report": {**mail, **more}})


def test_reports():
    assert told(reporting(day="sunday")) == [
        ("clock-change", "reporting.daily_summary.time"),
        ("clock-change", "reporting.weekly_report.time"),
    ]
    assert told(reporting(day="monday")) == [("clock-change", "reporting.daily_summary.time")]


def test_a_report_is_due_when_it_was_said_to_be():
    schedule = schedules_of(Config.model_validate(reporting(day="sunday")))[Kind.DAILY]
    assert next_due(schedule, datetime(2027, 3, 27, 12, 0, tzinfo=UTC)) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert next_due(schedule, datetime(2027, 10, 30, 12, 0, tzinfo=UTC)) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_silence_without_an_offset_is_by_the_clock_of_the_config():
    written = put(sound(), "timezone", BERLIN)
    span = {"name": "move", "match": {"title": "x"}, "from": "2027-03-28T02:30:00", "to": "2027-03-28T05:00:00"}
    [finding] = findings(put(written, "silences", [span]))
    assert (finding.path, finding.found[:40]) == ("silences[0].from", 'the beginning of the silence "move" is a')
    assert told(put(written, "silences", [{**span, "from": "2027-03-28T02:30:00+01:00"}])) == []
    assert told(put(written, "silences", [{**span, "from": "2027-03-27T02:30:00"}])) == []


def test_more_than_a_year_ahead_nothing_is_said():
    assert DOUBLED in findings(rotating("02:30"))[0].found
    assert "2028" not in findings(rotating("02:30"))[0].found
