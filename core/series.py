"""A series: alerts opened by severity, hour by hour or day by day through a window, for a chart."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.facts import Facts, to_ms
from core.local_time import instant_of
from core.times import rfc3339

_BY_HOUR_UP_TO = timedelta(hours=50)  # a day of 25 hours, and the next
_BY_DAY_UP_TO = timedelta(days=93)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Series:
    """Step `n` begins at `starts[n]`; `opened` has a count a step for each severity."""

    step: str
    starts: tuple[datetime, ...]
    opened: dict[str, tuple[int, ...]]

    def view(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "step": self.step,
            "starts": [rfc3339(start) for start in self.starts],
            "opened": {severity: list(counts) for severity, counts in self.opened.items()},
        }


class SeriesTally:
    """A series in the making."""

    def __init__(self, start: datetime, end: datetime, zone: ZoneInfo) -> None:
        """Take the window; days and weeks begin at midnight by the clock of `zone`."""
        self._step, self._starts = _steps(start, end, zone)
        self._edges = [to_ms(edge) for edge in self._starts]
        self._end = to_ms(end)
        self._opened: dict[str, list[int]] = {}

    def add(self, row: Facts) -> None:
        """Count an alert that was opened in the window."""
        at = row.lives[0].opened_at
        if self._edges and self._edges[0] <= at < self._end:
            counts = self._opened.setdefault(row.severity, [0] * len(self._edges))
            counts[bisect_right(self._edges, at) - 1] += 1

    def series(self) -> Series:
        """Give what was counted."""
        return Series(self._step, tuple(self._starts), {name: tuple(each) for name, each in self._opened.items()})


def _steps(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[str, Sequence[datetime]]:
    if end - start <= _BY_HOUR_UP_TO:
        hours = -(-(end - start) // timedelta(hours=1))
        return "hour", [start + timedelta(hours=n) for n in range(hours)]
    step = 1 if end - start <= _BY_DAY_UP_TO else _WEEK
    day = start.astimezone(zone).date() + timedelta(days=step)
    starts = [start]
    while (at := instant_of(datetime.combine(day, time(0)), zone)) < end:
        starts.append(at)
        day += timedelta(days=step)
    return ("day" if step == 1 else "week"), starts
