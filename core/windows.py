"""Windows: recurring times of the week, by a local clock. Both edges follow the rule of core/local_time.py."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from core.config.base import WEEKDAYS
from core.config.matching import TimeWindow
from core.local_time import instant_of

_DAY = timedelta(days=1)
# An occurrence covers instants of the day it begins on, of the next, and of the day before where the clock went back
# over midnight.
_NEARBY = (timedelta(0), -_DAY, _DAY)
_FARTHEST = 8  # days: every weekday once, and the one that is running


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` until just before `end` on the days it begins on; past midnight when `end` is not later.

    Weekdays count from Monday, 0. `end` equal to `start` is a whole day.
    """

    weekdays: frozenset[int]
    start: time
    end: time
    zone: tzinfo

    @classmethod
    def of(cls, written: TimeWindow, timezone: str) -> "Window":
        """Give the window that config describes, by the clock of `timezone` unless it names its own."""
        days = frozenset(WEEKDAYS.index(day) for day in written.weekdays or WEEKDAYS)
        return cls(days, written.start, written.end, ZoneInfo(written.timezone or timezone))

    def contains(self, now: datetime) -> bool:
        """Say whether `now`, an aware instant, is inside. ValueError for one without a zone."""
        return self._day_at(now) is not None

    def ends_at(self, now: datetime) -> datetime | None:
        """Give the first instant from `now` on, in UTC, that is outside; None when `now` itself is.

        Occurrences that touch are one. Of a window that never ends it is an instant inside, a week or more ahead.
        """
        day = self._day_at(now)
        if day is None:
            return None
        _, end = self.occurrence(day)
        for days in range(1, _FARTHEST + 1):
            following = day + days * _DAY
            starts, ends = self.occurrence(following)
            if following.weekday() in self.weekdays and starts <= end:
                end = ends
        return end

    def next_at(self, now: datetime) -> tuple[datetime, datetime]:
        """Give from when until when it holds at `now`, or else next. Of occurrences that touch, from the last."""
        today = self._day_at(now)
        if today is not None:
            begins, _ = self.occurrence(today)
            return begins, self.ends_at(now) or now
        day = now.astimezone(self.zone).date()
        # Twice as far, because an occurrence that lies in a gap of the clock is none.
        days = (day + days * _DAY for days in range(2 * _FARTHEST))
        ahead = (self.occurrence(each) for each in days if each.weekday() in self.weekdays)
        begins, end = min((starts, ends) for starts, ends in ahead if now < starts < ends)
        return begins, self.ends_at(begins) or end

    def _day_at(self, now: datetime) -> date | None:
        """Give the day on which the occurrence began that covers `now`."""
        if now.tzinfo is None:
            raise ValueError("now must be aware, or nobody knows which instant it is")
        today = now.astimezone(self.zone).date()
        for step in _NEARBY:
            day = today + step
            if day.weekday() in self.weekdays:
                starts, ends = self.occurrence(day)
                if starts <= now < ends:
                    return day
        return None

    def occurrence(self, day: date) -> tuple[datetime, datetime]:
        """Give from when until just before when, in UTC, the one that begins on `day` lasts, were `day` its weekday."""
        last = day if self.start < self.end else day + _DAY
        combine = datetime.combine
        return instant_of(combine(day, self.start), self.zone), instant_of(combine(last, self.end), self.zone)
