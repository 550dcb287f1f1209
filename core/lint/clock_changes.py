"""When the clock of a zone is put forward or back, and which local times it then skips or shows twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """Local times from `start` until just before `end` are skipped, or come twice. Both are naive."""

    start: datetime
    end: datetime
    is_skipped: bool

    @property
    def words(self) -> str:
        """What the clock does, for people."""
        hours = f"{self.start:%H:%M} to {self.end:%H:%M}"
        return f"{f'skips {hours}' if self.is_skipped else f'shows {hours} twice'} on {self.start:%Y-%m-%d}"


def clock_changes(zone: tzinfo, start: datetime, end: datetime) -> Iterator[ClockChange]:
    """Give the changes of a zone's clock between two aware instants, in order. No clock changes twice within a day."""
    at, end = start.replace(microsecond=0), end.replace(microsecond=0)
    before = _offset(at, zone)
    while at < end:
        following = min(at + _DAY, end)
        after = _offset(following, zone)
        if after != before:
            yield _change(_moment(at, following, zone), before, after)
        at, before = following, after


def _moment(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """Give the first second with the offset that holds at `high`."""
    after = _offset(high, zone)
    while high - low > _SECOND:
        middle = low + (high - low) // (2 * _SECOND) * _SECOND
        if _offset(middle, zone) == after:
            high = middle
        else:
            low = middle
    return high


def _change(moment: datetime, before: timedelta, after: timedelta) -> ClockChange:
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    return ClockChange(naive + min(before, after), naive + max(before, after), is_skipped=after > before)


def _offset(instant: datetime, zone: tzinfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or _NOTHING
