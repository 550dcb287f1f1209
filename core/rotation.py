"""Who is on call: a rotation's shifts, each from one handoff to the next by the local clock.

Week 0 starts with the first handoff on or after the start date (1970-01-01 without one); weeks before it
count backwards. A handoff time that the local clock skips is the first instant after the gap; one that it
shows twice is the first of the two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from core.config import WEEKDAYS, Rotation

_EPOCH = date(1970, 1, 1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shift:
    """One member's turn, in UTC: from `starts_at` until just before `ends_at`."""

    member: str
    starts_at: datetime
    ends_at: datetime


def shift_at(rotation: Rotation, zone: tzinfo, now: datetime) -> Shift:
    """Give the shift that covers `now`, an aware instant, with handoffs by the clock of `zone`."""
    return _shift(rotation, zone, _handoff_before(rotation, zone, now))


def next_shifts(rotation: Rotation, zone: tzinfo, now: datetime) -> Iterator[Shift]:
    """Give the shifts after the one that covers `now`, without end."""
    day = _handoff_before(rotation, zone, now)
    while True:
        day += _WEEK
        yield _shift(rotation, zone, day)


def _shift(rotation: Rotation, zone: tzinfo, day: date) -> Shift:
    first = _on_or_after(rotation.start_date or _EPOCH, rotation)
    week = (day - first) // _WEEK
    return Shift(
        member=rotation.members[week % len(rotation.members)],
        starts_at=_handoff(rotation, zone, day),
        ends_at=_handoff(rotation, zone, day + _WEEK),
    )


def _handoff_before(rotation: Rotation, zone: tzinfo, now: datetime) -> date:
    """Give the day of the last handoff at or before `now`."""
    if now.tzinfo is None:
        raise ValueError("now must be aware, or nobody knows which instant it is")
    day = _on_or_after(now.astimezone(zone).date() + timedelta(days=1), rotation)
    while _handoff(rotation, zone, day) > now:  # at most twice: the day lies within a week and a gap
        day -= _WEEK
    return day


def _on_or_after(day: date, rotation: Rotation) -> date:
    return day + timedelta(days=(WEEKDAYS.index(rotation.handoff_day) - day.weekday()) % 7)


def _handoff(rotation: Rotation, zone: tzinfo, day: date) -> datetime:
    wall = datetime.combine(day, rotation.start_time)
    instant = wall.replace(tzinfo=zone).astimezone(UTC)  # of two, fold=0 is the first
    if _wall(instant, zone) == wall:
        return instant
    return _gap_end(wall, zone, instant)


def _gap_end(wall: datetime, zone: tzinfo, after: datetime) -> datetime:
    """Give the first instant whose local clock is past `wall`, a time that the clock skips."""
    low = int(wall.replace(tzinfo=zone, fold=1).timestamp())
    high = int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if _wall(datetime.fromtimestamp(middle, UTC), zone) > wall:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


def _wall(instant: datetime, zone: tzinfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)
