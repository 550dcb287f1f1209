"""When a silence or a maintenance window begins: live, open alerts are reviewed then, so they are in a simulation."""

from collections.abc import Iterator
from datetime import datetime

from core.silences import Once, Silences


def next_beginning(silences: Silences, now: datetime) -> datetime | None:
    """Give the first instant after `now` at which one begins; None when none ever does."""
    return min((each for each in _beginnings(silences, now) if each > now), default=None)


def _beginnings(silences: Silences, now: datetime) -> Iterator[datetime]:
    for cover in (*silences.once, *silences.recurring):
        times = cover.times
        if isinstance(times, Once):
            yield times.start
            continue
        begins, end = times.next_at(now)
        yield begins if begins > now else times.next_at(end)[0]
