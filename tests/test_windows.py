"""Windows: times of the week by a local clock, over midnight and over the nights on which clocks change."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config.matching import TimeWindow
from core.local_time import aware, instant_of
from core.windows import Window

MOMENT = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def window(days, start, end, zone="UTC"):
    return Window.of(TimeWindow.model_validate({"weekdays": days.split(), "from": start, "to": end}), zone)


# 2026-11-23 is a Monday.


@pytest.mark.parametrize(
    ("days", "start", "end", "now", "inside"),
    [
        ("monday", "09:00", "17:00", "2026-11-23T08:59:59", False),
        ("monday", "09:00", "17:00", "2026-11-23T09:00", True),
        ("monday", "09:00", "17:00", "2026-11-23T16:59:59", True),
        ("monday", "09:00", "17:00", "2026-11-23T17:00", False),
        ("monday", "09:00", "17:00", "2026-11-24T10:00", False),
        ("monday", "22:00", "06:00", "2026-11-23T05:00", False),
        ("monday", "22:00", "06:00", "2026-11-23T22:00", True),
        ("monday", "22:00", "06:00", "2026-11-24T05:59", True),
        ("monday", "22:00", "06:00", "2026-11-24T06:00", False),
        ("monday", "22:00", "06:00", "2026-11-24T22:00", False),
        ("sunday", "22:00", "06:00", "2026-11-23T05:00", True),
        ("sunday monday", "22:00", "06:00", "2026-11-23T12:00", False),
        ("saturday", "00:00", "00:00", "2026-11-28T00:00", True),
        ("saturday", "00:00", "00:00", "2026-11-28T23:59", True),
        ("saturday", "00:00", "00:00", "2026-11-29T00:00", False),
        ("saturday", "12:00", "12:00", "2026-11-29T11:59", True),
        ("saturday", "12:00", "12:00", "2026-11-29T12:00", False),
    ],
)
def test_a_window_begins_on_its_days_and_may_run_past_midnight(days, start, end, now, inside):
    assert window(days, start, end).contains(utc(now)) is inside
    assert (window(days, start, end).ends_at(utc(now)) is not None) is inside


@pytest.mark.parametrize(
    ("zone", "times", "starts_at", "ends_at"),
    [
        # Europe/Berlin: 2026-03-29 skips 02:00 to 03:00; 2026-10-25 shows them twice.
        ("Europe/Berlin", "saturday 22:00 06:00", "2026-03-28T21:00", "2026-03-29T04:00"),  # seven hours
        ("Europe/Berlin", "saturday 22:00 06:00", "2026-10-24T20:00", "2026-10-25T05:00"),  # nine
        ("Europe/Berlin", "sunday 02:30 04:00", "2026-03-29T01:00", "2026-03-29T02:00"),
        ("Europe/Berlin", "sunday 01:00 02:30", "2026-03-29T00:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "sunday 02:30 04:00", "2026-10-25T00:30", "2026-10-25T03:00"),
        ("Europe/Berlin", "sunday 01:00 02:30", "2026-10-24T23:00", "2026-10-25T00:30"),
        ("Europe/Berlin", "sunday 00:00 00:00", "2026-03-28T23:00", "2026-03-29T22:00"),  # a day of 23 hours
        ("Europe/Berlin", "sunday 00:00 00:00", "2026-10-24T22:00", "2026-10-25T23:00"),  # of 25
        # America/New_York: 2026-03-08 skips 02:00 to 03:00; 2026-11-01 shows 01:00 to 02:00 twice.
        ("America/New_York", "saturday 22:00 04:00", "2026-03-08T03:00", "2026-03-08T08:00"),
        ("America/New_York", "saturday 22:00 02:15", "2026-03-08T03:00", "2026-03-08T07:00"),
        ("America/New_York", "sunday 01:30 03:00", "2026-11-01T05:30", "2026-11-01T08:00"),
        # Australia/Lord_Howe: 2026-10-04 skips 02:00 to 02:30; 2026-04-05 shows 01:30 to 02:00 twice.
        ("Australia/Lord_Howe", "sunday 02:15 03:00", "2026-10-03T15:30", "2026-10-03T16:00"),
        ("Australia/Lord_Howe", "sunday 01:45 03:00", "2026-04-04T14:45", "2026-04-04T16:30"),
        ("Australia/Lord_Howe", "saturday 23:00 01:45", "2026-04-04T12:00", "2026-04-04T14:45"),
        # At 00:01 of 2010-11-07 St. John's went back to 23:01 of the day before.
        ("America/St_Johns", "sunday 00:00 01:00", "2010-11-07T02:30", "2010-11-07T04:30"),
        # Samoa had no 30 December 2011, a Friday.
        ("Pacific/Apia", "friday 22:00 06:00", "2011-12-30T10:00", "2011-12-30T16:00"),
    ],
)
def test_both_edges_are_by_the_local_clock(zone, times, starts_at, ends_at):
    each, starts, ends = window(*times.split(), zone), utc(starts_at), utc(ends_at)
    assert not each.contains(starts - MOMENT)
    inside = [starts + n * MINUTE for n in range(int((ends - starts) / MINUTE))]
    assert {each.ends_at(now) for now in (*inside, ends - MOMENT)} == {ends}
    assert not each.contains(ends)


def test_a_window_that_the_clock_skips_is_nothing_that_night():
    skipped = window("sunday", "02:15", "02:45", "America/New_York")
    minutes = [utc("2026-03-08T00:00") + n * MINUTE for n in range(24 * 60)]
    assert not any(skipped.contains(now) for now in minutes)
    assert skipped.contains(utc("2026-03-15T06:15"))


def test_the_second_time_round_of_a_doubled_hour_is_outside_when_both_edges_lie_in_it():
    doubled = window("sunday", "02:15", "02:45", "Europe/Berlin")
    assert doubled.contains(utc("2026-10-25T00:30"))
    assert not doubled.contains(utc("2026-10-25T01:30"))


@pytest.mark.parametrize(
    ("days", "start", "end", "now", "ends_at"),
    [
        ("saturday sunday", "00:00", "00:00", "2026-11-28T10:00", "2026-11-30T00:00"),
        ("friday saturday sunday", "18:00", "18:00", "2026-11-27T18:00", "2026-11-30T18:00"),
        ("saturday sunday", "22:00", "06:00", "2026-11-28T23:00", "2026-11-29T06:00"),
        ("monday tuesday wednesday thursday friday saturday", "00:00", "00:00", "2026-11-25T00:00", "2026-11-29T00:00"),
    ],
)
def test_days_that_touch_end_together(days, start, end, now, ends_at):
    assert window(days, start, end).ends_at(utc(now)) == utc(ends_at)


def test_of_a_window_that_never_ends_an_instant_a_week_ahead_is_told():
    always = Window.of(TimeWindow(), "UTC")
    now = utc("2026-11-23T10:00")
    assert always.contains(now)
    assert always.ends_at(now) == utc("2026-12-02T00:00")
    assert always.contains(utc("2026-12-02T00:00"))


def test_without_weekdays_it_is_every_day_and_its_own_zone_goes_before_the_configs():
    nights = Window.of(TimeWindow.model_validate({"from": "22:00", "to": "06:00"}), "Europe/Berlin")
    tokyo = TimeWindow.model_validate({"from": "22:00", "to": "06:00", "timezone": "Asia/Tokyo"})
    assert [nights.contains(utc(f"2026-11-{day}T21:30")) for day in range(23, 30)] == [True] * 7
    assert Window.of(tokyo, "Europe/Berlin").zone == ZoneInfo("Asia/Tokyo")
    assert not Window.of(tokyo, "Europe/Berlin").contains(utc("2026-11-23T21:30"))


def test_the_instant_counts_whatever_zone_now_is_told_in():
    tokyo = datetime(2026, 11, 23, 18, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert window("monday", "09:00", "17:00").contains(tokyo)


def test_a_naive_now_is_refused():
    with pytest.raises(ValueError, match="aware"):
        window("monday", "09:00", "17:00").contains(datetime(2026, 11, 24, 10))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-25T22:00", "2026-11-25T21:00"),
        ("2026-11-25T22:00:00-05:00", "2026-11-26T03:00"),
        ("2026-03-29T02:30", "2026-03-29T01:00"),
        ("2026-03-29T02:30:15", "2026-03-29T01:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30"),
    ],
)
def test_a_time_without_an_offset_is_by_the_local_clock(text, instant):
    assert aware(datetime.fromisoformat(text), ZoneInfo("Europe/Berlin")) == utc(instant)


# Against the obvious: look at the clock minute by minute.

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"]
CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1), date(2026, 10, 4)]
times = st.sampled_from([time(hour, minute) for hour in (0, 1, 2, 3, 6, 22, 23) for minute in (0, 15, 30, 59)])
windows = st.builds(
    Window, st.frozensets(st.integers(0, 6), min_size=1), times, times, st.sampled_from(ZONES).map(ZoneInfo)
)
days = st.sampled_from([*CHANGES, date(2026, 4, 5), date(2026, 11, 25)]) | st.dates(date(1990, 1, 1), date(2050, 1, 1))


def clock(zone, day):
    """Minutes around a day, and for each the latest time that the clock has shown by then."""
    minutes = [datetime.combine(day, time(), UTC) + n * MINUTE for n in range(-3 * 24 * 60, 3 * 24 * 60)]
    return minutes, list(accumulate((now.astimezone(zone).replace(tzinfo=None) for now in minutes), max))


def oracle(window, day):
    """Each occurrence from the first minute that shows its start, or is past it, to the first that shows its end."""
    minutes, shown = clock(window.zone, day)

    def first(wall):
        return minutes[min(bisect_left(shown, wall), len(minutes) - 1)]

    for begins in (day + n * DAY for n in range(-2, 3)):
        ends_on = begins if window.start < window.end else begins + DAY
        if begins.weekday() in window.weekdays:
            yield first(datetime.combine(begins, window.start)), first(datetime.combine(ends_on, window.end))


@settings(deadline=None, max_examples=60)
@given(windows, days)
def test_a_window_contains_what_the_clock_shows_minute_by_minute(window, day):
    spans = list(oracle(window, day))
    for n in range(-12 * 60, 36 * 60, 7):
        now = datetime.combine(day, time(), UTC) + n * MINUTE
        assert window.contains(now) == any(starts <= now < ends for starts, ends in spans), now


@settings(deadline=None, max_examples=150)
@given(windows, days, st.integers(0, 24 * 60 - 1))
def test_the_end_is_the_first_instant_outside(window, day, minute):
    now = datetime.combine(day, time(), UTC) + minute * MINUTE
    end = window.ends_at(now)
    assert (end is None) != window.contains(now)
    if end is not None:
        minutes = int((end - now) / MINUTE)
        assert all(window.contains(now + n * MINUTE) for n in range(0, minutes, 13))
        assert window.contains(end - MOMENT)
        assert not window.contains(end) or end - now > 7 * DAY


@given(st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1)), st.sampled_from(ZONES).map(ZoneInfo))  # noqa: DTZ001
def test_a_later_time_of_the_clock_is_never_an_earlier_instant(wall, zone):
    wall = wall.replace(second=0, microsecond=0)
    assert instant_of(wall, zone) <= instant_of(wall + 15 * MINUTE, zone)


@settings(deadline=None, max_examples=150)
@given(windows, days, st.integers(0, 24 * 60 - 1))
def test_the_next_time_begins_when_it_first_holds_again(window, day, minute):
    now = datetime.combine(day, time(), UTC) + minute * MINUTE
    begins, end = window.next_at(now)
    if window.contains(now):
        assert (begins <= now, end) == (True, window.ends_at(now))
        return
    assert now < begins < end
    assert not any(window.contains(now + n * MINUTE) for n in range(0, int((begins - now) / MINUTE), 13))
    assert not window.contains(begins - MOMENT)
    assert window.contains(begins)
    assert end == window.ends_at(begins)


@pytest.mark.parametrize(
    ("now", "begins", "ends"),
    [
        ("2026-11-23T20:59:59", "2026-11-23T21:00", "2026-11-24T03:00"),
        ("2026-11-23T23:00:00", "2026-11-23T21:00", "2026-11-24T03:00"),
        ("2026-11-24T03:00:00", "2026-11-30T21:00", "2026-12-01T03:00"),
        ("2026-10-20T12:00:00", "2026-10-26T21:00", "2026-10-27T03:00"),
        ("2026-10-19T12:00:00", "2026-10-19T20:00", "2026-10-20T02:00"),
    ],
)
def test_a_window_on_mondays_from_22_to_4_in_berlin_holds_next_at_these_instants(now, begins, ends):
    mondays = window("monday", "22:00", "04:00", "Europe/Berlin")
    assert mondays.next_at(utc(now)) == (utc(begins), utc(ends))


def test_an_occurrence_that_the_clock_skips_is_none():
    """On 29 March 2026 the clock of Berlin goes from 02:00 to 03:00."""
    skipped = window("sunday", "02:10", "02:50", "Europe/Berlin")
    assert skipped.next_at(utc("2026-03-28T12:00")) == (utc("2026-04-05T00:10"), utc("2026-04-05T00:50"))
