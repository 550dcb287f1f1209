"""When reports are due: by the local clock, through nights in which it is put forward or back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.report import WindowError, window
from core.report_times import Kind, before, enabled, last_due, next_due, running, schedules_of, snapshot_slot
from tests.samples import config

TO = ["manager@example.com"]


def scheduled(kind=Kind.DAILY, zone="Europe/Berlin", interval="monthly", **fields):
    daily = {"enabled": True, "recipients": TO, "time": "00:00"} | (fields if kind is Kind.DAILY else {})
    weekly = {"enabled": True, "recipients": TO} | (fields if kind is Kind.WEEKLY else {})
    given = config(
        timezone=zone,
        reporting={"daily_summary": daily, "weekly_report": weekly},
        sla={"reporting": {"enabled": True, "recipients": TO, "interval": interval}},
    )
    return schedules_of(given)[kind]


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_daily_summary_is_about_what_happened_since_the_one_before():
    due = last_due(scheduled(time="08:30"), utc("2026-11-23T07:30"))
    assert (due.start, due.end) == (utc("2026-11-22T07:30"), utc("2026-11-23T07:30"))
    assert last_due(scheduled(time="08:30"), utc("2026-11-23T07:29:59")).end == utc("2026-11-22T07:30")
    assert next_due(scheduled(time="08:30"), utc("2026-11-23T07:29:59")) == utc("2026-11-23T07:30")
    assert next_due(scheduled(time="08:30"), utc("2026-11-23T07:30")) == utc("2026-11-24T07:30")


def test_the_weekly_report_comes_on_its_day():
    weekly = scheduled(Kind.WEEKLY, day="monday", time="09:00")
    due = last_due(weekly, utc("2026-11-25T12:00"))
    assert (due.start, due.end) == (utc("2026-11-16T08:00"), utc("2026-11-23T08:00"))
    assert next_due(weekly, utc("2026-11-23T08:00")) == utc("2026-11-30T08:00")


@pytest.mark.parametrize(
    ("interval", "start", "end"),
    [
        ("daily", "2026-11-24T00:00", "2026-11-25T00:00"),
        ("weekly", "2026-11-16T00:00", "2026-11-23T00:00"),
        ("monthly", "2026-10-01T00:00", "2026-11-01T00:00"),
    ],
)
def test_the_sla_report_is_about_a_whole_period_and_comes_when_it_is_over(interval, start, end):
    due = last_due(scheduled(Kind.SLA, "UTC", interval), utc("2026-11-25T12:00"))
    assert (due.start, due.end) == (utc(start), utc(end))


@pytest.mark.parametrize(
    ("now", "start", "end", "hours"),
    [
        ("2026-10-26T00:00", "2026-10-24T22:00", "2026-10-25T23:00", 25),  # back at 3 o'clock on Sunday 25 October
        ("2026-03-30T00:00", "2026-03-28T23:00", "2026-03-29T22:00", 23),  # forward at 2 o'clock on Sunday 29 March
    ],
)
def test_the_day_of_a_clock_change_has_its_hours(now, start, end, hours):
    due = last_due(scheduled(), utc(now))
    assert (due.start, due.end) == (utc(start), utc(end))
    assert due.end - due.start == timedelta(hours=hours)


def test_a_time_that_the_clock_skips_is_the_first_instant_after_the_gap():
    assert next_due(scheduled(time="02:30"), utc("2026-03-28T12:00")) == utc("2026-03-29T01:00")
    assert last_due(scheduled(time="02:30"), utc("2026-03-29T01:00")).end == utc("2026-03-29T01:00")


def test_a_time_that_the_clock_shows_twice_is_due_once():
    at = scheduled(time="02:30")
    assert next_due(at, utc("2026-10-25T00:00")) == utc("2026-10-25T00:30")
    assert next_due(at, utc("2026-10-25T00:30")) == utc("2026-10-26T01:30"), "and not an hour later again"
    assert last_due(at, utc("2026-10-25T01:45")).end == utc("2026-10-25T00:30")


zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Chatham", "Australia/Lord_Howe"])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
times = st.times().map(lambda each: f"{each:%H:%M}")
kinds = st.sampled_from([Kind.DAILY, Kind.WEEKLY])


@given(kinds, zones, times, instants)
def test_reports_follow_one_another_without_gap_and_without_overlap(kind, zone, clock, now):
    schedule = scheduled(kind, zone, time=clock)
    due = last_due(schedule, now)
    assert due.start < due.end <= now < next_due(schedule, now)
    following = last_due(schedule, next_due(schedule, now))
    assert following.start == due.end
    assert following.end == next_due(schedule, now)
    assert last_due(schedule, due.end) == due


def test_a_report_is_compared_with_the_one_before_it():
    daily = scheduled(zone="UTC")
    due = last_due(daily, utc("2026-11-23T10:00"))
    assert before(daily, due) == (utc("2026-11-21T00:00"), utc("2026-11-22T00:00"))
    monthly = scheduled(Kind.SLA, "UTC", "monthly")
    due = last_due(monthly, utc("2026-04-10T00:00"))
    assert before(monthly, due) == (utc("2026-02-01T00:00"), utc("2026-03-01T00:00")), "28 days, not 31"


def test_a_window_of_ones_own_is_compared_with_as_long_a_one_before():
    asked = window(scheduled(zone="UTC"), utc("2026-11-23T10:00"), utc("2026-11-20T06:00"), utc("2026-11-20T09:00"))
    assert before(scheduled(zone="UTC"), asked) == (utc("2026-11-20T03:00"), utc("2026-11-20T06:00"))


def test_the_window_that_is_running_goes_from_the_last_report_until_now():
    due = running(scheduled(zone="UTC"), utc("2026-11-23T10:00"))
    assert (due.start, due.end) == (utc("2026-11-23T00:00"), utc("2026-11-23T10:00"))
    assert window(scheduled(zone="UTC"), utc("2026-11-23T10:00"), current=True) == due


def test_a_window_without_an_end_ends_now_and_one_without_a_start_begins_at_the_report_before():
    now, daily = utc("2026-11-23T10:00"), scheduled(zone="UTC")
    assert window(daily, now, utc("2026-11-20T00:00")).end == now
    assert window(daily, now, None, utc("2026-11-20T12:00")).start == utc("2026-11-19T00:00")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-11-23T00:00", "2026-11-23T00:00", "empty"),
        ("2026-11-23T00:00", "2026-11-22T00:00", "empty"),
        ("2026-11-24T00:00", "2026-11-25T00:00", "future"),
        ("2000-01-01T00:00", "2026-11-22T00:00", "longer than ten years"),
        ("0001-01-01T00:00", "0001-01-01T00:01", "between 1970 and ten years from now"),
        ("2026-11-23T00:00", "9999-12-31T23:59", "between 1970 and ten years from now"),
    ],
)
def test_a_window_that_is_none_is_refused_with_the_reason(start, end, words):
    with pytest.raises(WindowError, match=words):
        window(scheduled(), utc("2026-11-23T10:00"), utc(start), utc(end))


def test_only_reports_that_somebody_gets_are_sent():
    off = config(reporting={"daily_summary": {"enabled": False}}, sla={})
    assert list(enabled(schedules_of(off))) == []


def test_snapshots_stand_at_whole_intervals():
    now = utc("2026-11-23T10:59:59")
    assert snapshot_slot(now, 3600) == utc("2026-11-23T10:00").timestamp()
    assert snapshot_slot(now, 60) == utc("2026-11-23T10:59").timestamp()
