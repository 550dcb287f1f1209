"""The times of a scenario: none before its start, none after its end, and what lasts ends after it begins."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.config.faults import Fault, Place
from core.config.raw import Raw, value_at
from core.config.silences import parse_instant
from core.local_time import aware
from core.scenarios.times import parse_when

_LONGEST = timedelta(days=366)
_FAR = f"a time at most {_LONGEST.days} days after the start"
_LAST_YEAR = 2999
_POINTS = ("given.*.at", "expect.*.at", "expect.*.by", "expect.*.from", "expect.*.between.*")


def check_times(raw: Raw, scenario: Place, zone: ZoneInfo) -> Iterator[Fault]:
    """Give what is wrong with the times of a scenario; what is no time at all, the schema tells."""
    start = _start(raw, scenario, zone)
    if start is None:
        return
    if start.year > _LAST_YEAR:
        yield raw.fault((*scenario, "at"), f"an instant before the year {_LAST_YEAR + 1}")
        return
    times = _Times(raw, scenario, start, zone)
    yield from times.outside("until", start + _LONGEST, _FAR)
    end = times.at((*scenario, "until"))
    for pattern in _POINTS:
        yield from times.outside(pattern, end or start + _LONGEST, "a time that is not after until" if end else _FAR)
    yield from times.backward()


def _start(raw: Raw, scenario: Place, zone: ZoneInfo) -> datetime | None:
    try:
        return aware(parse_instant(value_at(raw.values, (*scenario, "at"))), zone)
    except ValueError:
        return None


class _Times:
    """The times of one scenario, as instants."""

    def __init__(self, raw: Raw, scenario: Place, start: datetime, zone: ZoneInfo) -> None:
        self._raw, self._scenario = raw, scenario
        self._start, self._zone = start, zone

    def at(self, place: Place) -> datetime | None:
        """Give the instant at a place, None when there is none."""
        try:
            return parse_when(value_at(self._raw.values, place)).instant(self._start, self._zone)
        except (ValueError, OverflowError):
            return None

    def outside(self, pattern: str, end: datetime, wanted: str) -> Iterator[Fault]:
        """Tell of the times that lie before the start, or after the end, where `wanted` says what belongs there."""
        for place, _ in self._raw.matching(pattern, self._scenario):
            at = self.at(place)
            if at is not None and at < self._start:
                yield self._raw.fault(place, "a time that is not before the start")
            elif at is not None and at > end:
                yield self._raw.fault(place, wanted)

    def backward(self) -> Iterator[Fault]:
        """Tell of what ends before it begins."""
        for place, _ in self._raw.matching("expect.*.between", self._scenario):
            first, last = self.at((*place, 0)), self.at((*place, 1))
            if first and last and last < first:
                yield self._raw.fault((*place, 1), "a time that is not before the other")
        for pattern in ("overrides.*", "silences.*"):
            for place, _ in self._raw.matching(pattern, self._scenario):
                begins, ends = self.at((*place, "from")) or self._start, self.at((*place, "to"))
                if ends and not timedelta(0) < ends - begins <= _LONGEST:
                    yield self._raw.fault((*place, "to"), f"a time after from, at most {_LONGEST.days} days after it")
