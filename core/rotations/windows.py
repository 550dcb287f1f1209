"""Windows of duty: the local minutes in which a restricted rotation has somebody on duty.

A weekday and a holiday are those of the day on which a window begins: what begins on Friday at 22:00 is Friday's, also
after midnight.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.config.base import WEEKDAYS
from core.config.rotation import Restriction
from core.holidays import HolidayCalendar
from core.rotations.clock import DAY

Bounds = tuple[int, int]  # the first local minute inside, the first one after


@dataclass(frozen=True, slots=True)
class _Window:
    weekdays: frozenset[int]
    begin: int  # minutes after midnight
    length: int
    on_holidays: bool | None  # None: no matter

    @classmethod
    def of(cls, written: Restriction) -> "_Window":
        begin, end = (at.hour * 60 + at.minute for at in (written.start, written.end))
        days = frozenset(WEEKDAYS.index(day) for day in written.weekdays or WEEKDAYS)
        on_holidays = None if written.holidays is None else written.holidays == "only"
        return cls(days, begin, (end - begin) % DAY or DAY, on_holidays)


class Windows:
    """All windows of one rotation. Answers in local minutes."""

    __slots__ = ("_calendar", "_windows")

    def __init__(self, restrictions: Iterable[Restriction], calendar: HolidayCalendar) -> None:
        """Take what config says, and the days that are holidays."""
        self._windows = tuple(_Window.of(restriction) for restriction in restrictions)
        self._calendar = calendar

    def around(self, minute: int) -> Bounds | None:
        """Give from when to when windows cover a minute; None when none does. Those that only touch are left out."""
        day = minute // DAY
        found = [bounds for each in (day, day - 1) for bounds in self._on(each) if bounds[0] <= minute < bounds[1]]
        return (min(begin for begin, _ in found), max(end for _, end in found)) if found else None

    def next_begin(self, minute: int, until: int) -> int | None:
        """Give when the first window after a minute begins, None when that is on no day up to that of `until`."""
        for day in range(minute // DAY, until // DAY + 1):
            begins = [begin for begin, _ in self._on(day) if begin > minute]
            if begins:
                return min(begins)
        return None

    def last_end(self, minute: int, since: int) -> int | None:
        """Give when the last window before a minute outside of all ended, None when none began since `since`."""
        for day in range(minute // DAY, since // DAY - 1, -1):
            # The one of the day before may be the longer one.
            ends = [end for each in (day, day - 1) for _, end in self._on(each) if end <= minute]
            if ends:
                return max(ends)
        return None

    def _on(self, day: int) -> Iterator[Bounds]:
        """Give the windows that begin on the day of this ordinal."""
        weekday = (day - 1) % 7  # ordinal 1 is a Monday
        for window in self._windows:
            if weekday in window.weekdays and self._is_kept(window, day):
                begin = day * DAY + window.begin
                yield begin, begin + window.length

    def _is_kept(self, window: _Window, day: int) -> bool:
        return window.on_holidays is None or window.on_holidays is self._calendar.has(day)
