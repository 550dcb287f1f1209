"""Business hours against the obvious: looking at the clock minute by minute. And what must hold of any hours."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.business_hours import Hours, deadline, elapsed
from core.windows import Window
from tests.duties import MOMENT, ZONES, holidays

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
CALENDAR = 9 * 24 * 60  # minutes that the oracle looks at

# Days around which clocks change in one zone or another, the day that Samoa had not, the turn of a year, another day.
MIDDLES = [
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2010, 11, 7),
    date(2011, 12, 30),
    date(2018, 11, 4),
    date(2027, 1, 1),
    date(2026, 7, 15),
]

times = st.sampled_from([time(hour, minute) for hour in (0, 1, 2, 3, 6, 9, 17, 22, 23) for minute in (0, 15, 59)])
windows = st.builds(
    Window, st.frozensets(st.integers(0, 6), min_size=1), times, times, st.sampled_from(ZONES).map(ZoneInfo)
)
minutes = st.integers(0, CALENDAR - 1)
closed = st.frozensets(st.integers(-4, 4), max_size=3)


@lru_cache(200)
def clock(zone, middle):
    """The instants of nine days, minute by minute, and for each the latest time that the local clock has shown."""
    first = datetime.combine(middle, time(), UTC) - timedelta(minutes=CALENDAR // 2)
    instants = [first + n * MINUTE for n in range(-24 * 60, CALENDAR)]
    shown = list(accumulate((now.astimezone(zone).replace(tzinfo=None) for now in instants), max))
    return instants[24 * 60 :], shown[24 * 60 :]


def is_open(window, free, wall):
    """Whether an opening that began on this day, or the one before, covers what the clock shows."""
    for begins in (wall.date(), wall.date() - DAY):
        ends_on = begins if window.start < window.end else begins + DAY
        is_day = begins.weekday() in window.weekdays and begins not in free
        if is_day and datetime.combine(begins, window.start) <= wall < datetime.combine(ends_on, window.end):
            return True
    return False


@settings(deadline=None, max_examples=80)
@given(windows, st.sampled_from(MIDDLES), closed, minutes, minutes)
def test_hours_are_what_the_clock_shows_minute_by_minute(window, middle, closed, one, other):
    free = {middle + n * DAY for n in closed}
    hours = Hours(window, holidays(dates=[day.isoformat() for day in free]))
    instants, shown = clock(window.zone, middle)
    opened = list(accumulate((is_open(window, free, wall) for wall in shown), initial=0))
    start, end = sorted((one, other))
    count = opened[end] - opened[start]
    assert elapsed(instants[start], instants[end], hours) == count * MINUTE
    first = next(n for n in range(start, CALENDAR) if opened[n] - opened[start] == count)
    assert deadline(instants[start], count * MINUTE, hours) == instants[first]


instants = st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
durations = st.timedeltas(timedelta(0), timedelta(days=8)) | st.timedeltas(timedelta(0), timedelta(hours=20))
free_days = st.lists(st.dates(date(1990, 1, 1), date(2050, 1, 1)).map(date.isoformat), max_size=5)


def at_least_an_hour(window):
    """Eight days of one minute a week would take centuries."""
    start, end = (at.hour * 60 + at.minute for at in (window.start, window.end))
    return ((end - start) % (24 * 60) or 24 * 60) >= 60


some_hours = st.builds(
    lambda window, free: Hours(window, holidays(dates=free)), windows.filter(at_least_an_hour), free_days
)


@settings(deadline=None)
@given(some_hours, instants, durations)
def test_as_much_time_has_passed_at_a_deadline_as_was_given_and_not_a_moment_before(hours, start, duration):
    end = deadline(start, duration, hours)
    assert elapsed(start, end, hours) == duration
    if duration:
        assert elapsed(start, end - MOMENT, hours) == duration - MOMENT
    else:
        assert end == start


@settings(deadline=None)
@given(some_hours, instants, durations)
def test_what_passed_until_an_instant_is_over_by_then(hours, start, later):
    end = start + later
    assert start <= deadline(start, elapsed(start, end, hours), hours) <= end


@settings(deadline=None)
@given(some_hours, instants, instants, durations, durations)
def test_who_begins_later_or_has_more_time_is_never_done_before(hours, one, other, short, more):
    first, second = sorted((one, other))
    assert deadline(first, short, hours) <= deadline(second, short, hours)
    assert deadline(first, short, hours) <= deadline(first, short + more, hours)


@settings(deadline=None)
@given(some_hours, st.tuples(instants, instants, instants).map(sorted))
def test_a_span_is_the_sum_of_its_parts_and_no_longer_than_it_lasts(hours, three):
    start, middle, end = three
    assert elapsed(start, middle, hours) + elapsed(middle, end, hours) == elapsed(start, end, hours)
    assert elapsed(start, end, hours) <= end - start


@settings(deadline=None)
@given(some_hours, instants, durations, durations)
def test_a_deadline_is_reached_in_two_steps_as_in_one(hours, start, one, other):
    in_one = deadline(start, one + other, hours)
    assert deadline(deadline(start, one, hours), other, hours) == in_one
