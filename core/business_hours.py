"""Business hours: how much of a span of time is open, and when so much open time has passed.

They open on the weekdays of config that are no holidays, by the local clock; the rule of the edges is that of
core/windows.py. What begins on Friday at 22:00 is Friday's, also after midnight. Open time is real time: an opening in
which the clock changes is as much longer or shorter as really passes.

Every year is made into a table when it is first asked for, in about a millisecond; after that a span of any length
costs two look-ups and an addition a year. Nothing is stepped through.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from core.config.sla import BusinessHours
from core.holidays import HolidayCalendar
from core.windows import Window

NOTHING = timedelta(0)

# How far a deadline is looked for. A config whose durations take more than ten years of hours without holidays is at
# fault, so only holidays without end come so far.
_HORIZON = 50
_YEARS = range(10, 9900)  # so that no search runs out of the calendar

# In UTC an opening ends within so long of the local day on which it begins: zones are up to a day away from it.
_REACH = timedelta(days=3)


class NeverOpenError(ValueError):
    """So much open time does not come."""


@dataclass(frozen=True, slots=True)
class _Year:
    """The openings that begin on a local day of one year, in order, and the open time of the year before each."""

    begins: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    before: tuple[timedelta, ...]
    total: timedelta

    def open_until(self, instant: datetime) -> timedelta:
        """Give how much of the year's open time has passed at an instant."""
        index = bisect_right(self.begins, instant) - 1
        if index < 0:
            return NOTHING
        return self.before[index] + min(instant, self.ends[index]) - self.begins[index]

    def instant_after(self, passed: timedelta) -> datetime:
        """Give the first instant at which so much of it has passed: above zero, and no more than there is."""
        index = bisect_left(self.before, passed) - 1  # the end of an opening, not the beginning of the next
        return self.begins[index] + (passed - self.before[index])


class Hours:
    """When it is open. Made once from config and kept: it remembers the tables of the years it was asked about."""

    __slots__ = ("_calendar", "_tables", "_window")

    def __init__(self, window: Window, calendar: HolidayCalendar) -> None:
        """Take the times of the week and the days that are holidays. ValueError when no weekday is one of them."""
        if not window.weekdays:
            raise ValueError("business hours need at least one weekday, or they never come")
        self._window = window
        self._calendar = calendar
        self._tables: dict[int, _Year] = {}

    @classmethod
    def of(cls, written: BusinessHours, timezone: str, calendar: HolidayCalendar) -> "Hours":
        """Give the hours that config describes, by the clock of `timezone` unless they name their own."""
        zone = ZoneInfo(written.timezone or timezone)
        return cls(Window(written.weekdays, written.start_time, written.end_time, zone), calendar)

    def year(self, number: int) -> _Year:
        """Give the table of a year."""
        table = self._tables.get(number)
        if table is None:  # two threads may both work it out: the same
            table = self._tables[number] = self._table(number)
        return table

    def _table(self, number: int) -> _Year:
        days = range(date(number, 1, 1).toordinal(), date(number + 1, 1, 1).toordinal())
        openings = [self._window.occurrence(date.fromordinal(day)) for day in days if self._opens_on(day)]
        passed = tuple(accumulate((end - begin for begin, end in openings), initial=NOTHING))
        return _Year(tuple(begin for begin, _ in openings), tuple(end for _, end in openings), passed[:-1], passed[-1])

    def _opens_on(self, ordinal: int) -> bool:
        weekday = (ordinal - 1) % 7  # ordinal 1 is a Monday
        return weekday in self._window.weekdays and not self._calendar.has(ordinal)


def elapsed(start: datetime, end: datetime, hours: Hours | None) -> timedelta:
    """Give the open time between two aware instants, none when `end` is not later. Hours None: around the clock.

    ValueError for a naive instant, or one of years far beyond reason.
    """
    start, end = _checked(start), _checked(end)
    if end <= start:
        return NOTHING
    if hours is None:
        return end - start
    tables = map(hours.year, range((start - _REACH).year, (end + _REACH).year + 1))
    return sum((table.open_until(end) - table.open_until(start) for table in tables), NOTHING)


def deadline(start: datetime, duration: timedelta, hours: Hours | None) -> datetime:
    """Give the first instant, in UTC, at which so much open time has passed since `start`. Hours None: always open.

    ValueError as for `elapsed` and for a negative duration; its NeverOpenError when not so much comes in fifty years.
    """
    start = _checked(start)
    if duration < NOTHING:
        raise ValueError(f"a duration is not negative, and this is {duration}")
    if hours is None or not duration:
        return start + duration
    first, left = (start - _REACH).year, duration
    for table in map(hours.year, range(first, first + _HORIZON)):
        passed = table.open_until(start)
        if left <= table.total - passed:
            return table.instant_after(passed + left)
        left -= table.total - passed
    raise NeverOpenError(f"business hours have not {duration} of open time in {_HORIZON} years from {start:%Y-%m-%d}")


def _checked(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant must be aware, or nobody knows which one it is")
    if instant.year not in _YEARS:
        raise ValueError(f"an instant must lie in the years {_YEARS[0]} to {_YEARS[-1]}, not in {instant.year}")
    return instant.astimezone(UTC)
