"""When silences and maintenance windows of a config may cover the alerts of a case."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from core.lint.spans import Span, united
from core.matching import Facts
from core.silences import Cover, Once, Silences

_MOMENT = timedelta(seconds=1)


class Covers:
    """The times from `start` until `end` at which something silences alerts of any of these facts."""

    def __init__(self, silences: Silences, facts: Sequence[Facts], start: datetime, end: datetime) -> None:
        """Take the silences, and what alerts of the case look like."""
        covers = [each for each in (*silences.once, *silences.recurring) if any(map(each.holds, facts))]
        self._edges = [edge for span in united(_spans(covers, start, end)) for edge in span]

    @property
    def microseconds(self) -> set[int]:
        """The fractions of a second at which any of it begins or ends."""
        return {edge.microsecond for edge in self._edges}

    def at(self, instant: datetime) -> tuple[bool, datetime | None]:
        """Say whether anything may cover an alert at an instant, and until when that stays so; None: to the end."""
        place = bisect_right(self._edges, instant)
        return place % 2 == 1, self._edges[place] if place < len(self._edges) else None

    def around(self, end: datetime) -> Span | None:
        """Give the time, up to an instant, for which whatever waited until then was covered."""
        place = bisect_left(self._edges, end)
        return (self._edges[place - 1], end) if place % 2 == 1 else None


def _spans(covers: Sequence[Cover], start: datetime, end: datetime) -> Iterator[Span]:
    for times in (cover.times for cover in covers):
        if isinstance(times, Once):
            yield times.start, times.end
            continue
        at = start
        while at < end:
            begins, ends = times.next_at(at)
            yield begins, ends
            at = max(ends, at + _MOMENT)
