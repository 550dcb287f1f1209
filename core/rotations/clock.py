"""Local minutes: what the clock of a zone has shown so far, as one number that never goes back.

With it every question about a rotation is arithmetic. A local minute is reached when the clock first shows it, or is
past it where it is skipped; so while the clock shows an hour the second time, that hour's end stays reached. That is
the rule of core/local_time.py, read from the other side: `instant_of(minute) <= now` when `minute <= minute_at(now)`.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from core import local_time

DAY = 1440  # minutes
WEEK = 7 * DAY

_YEARS = range(10, 9991)  # so that no search runs out of the calendar


def checked(now: datetime) -> datetime:
    """Give `now` in UTC. ValueError when nobody knows which instant it is, or the calendar does not go so far."""
    if now.tzinfo is None:
        raise ValueError("now must be aware, or nobody knows which instant it is")
    if now.year not in _YEARS:
        raise ValueError(f"now must lie in the years {_YEARS[0]} to {_YEARS[-1]}, not in {now.year}")
    return now.astimezone(UTC)


def minute_of(day: date, at: time) -> int:
    """Give the local minute of a day and a time of day, counted from the day before 0001-01-01."""
    return day.toordinal() * DAY + at.hour * 60 + at.minute


def minute_at(now: datetime, zone: tzinfo) -> int:
    """Give the last local minute that has been reached at `now`, an aware instant."""
    local = now.astimezone(zone)
    if local.fold:
        local = _reached_before_going_back(local, now, zone)
    return local.toordinal() * DAY + local.hour * 60 + local.minute


def instant_of(minute: int, zone: tzinfo) -> datetime:
    """Give the instant, in UTC, at which a local minute is reached."""
    day, rest = divmod(minute, DAY)
    wall = datetime.fromordinal(day) + timedelta(minutes=rest)
    return local_time.instant_of(wall, zone)


def _reached_before_going_back(local: datetime, now: datetime, zone: tzinfo) -> datetime:
    """Give the last second that the clock showed before it went back to show `local` again."""
    low, high = int((now - _offset(local, 0) + _offset(local, 1)).timestamp()), int(now.timestamp())
    before = _offset(local, 0)
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(low, zone)


def _offset(local: datetime, fold: int) -> timedelta:
    return local.replace(fold=fold).utcoffset() or timedelta(0)
