"""Local time: the instant at which the clock of a zone shows a time.

A time that the clock skips is the first instant after the gap; one that it shows twice is the first of the two.
"""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache


def aware(moment: datetime, zone: tzinfo) -> datetime:
    """Give the instant in UTC; one without an offset is read by the clock of `zone`."""
    return instant_of(moment, zone) if moment.tzinfo is None else moment.astimezone(UTC)


@lru_cache(4096)  # every alert asks for the edges of the same windows
def instant_of(wall: datetime, zone: tzinfo) -> datetime:
    """Give the first instant, in UTC, at which the clock of `zone` shows `wall`, or is past it when it skips it."""
    instant = wall.replace(tzinfo=zone).astimezone(UTC)  # of two, fold=0 is the first
    return instant if _shown(instant, zone) == wall else _end_of_gap(wall, zone, instant)


def _end_of_gap(wall: datetime, zone: tzinfo, after: datetime) -> datetime:
    low = int(wall.replace(tzinfo=zone, fold=1).timestamp())
    high = int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if _shown(datetime.fromtimestamp(middle, UTC), zone) > wall:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


def _shown(instant: datetime, zone: tzinfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)
