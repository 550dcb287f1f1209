"""The alerts that a report names: those opened, answered, resolved or breached in its window, or the worst of them."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.facts import Facts, Instant, Life, from_ms, to_ms
from core.times import rfc3339

_Weight = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Named:
    """One alert as a report names it: the last of its lives that the window saw, and what was breached in it."""

    row: Facts
    life: Life
    breached: tuple[str, ...]
    pages: int
    is_exhausted: bool

    def view(self) -> dict[str, Any]:
        """Give it as JSON, times in RFC 3339 UTC, spans in seconds."""
        row, life = self.row, self.life
        return {
            "id": row.id,
            "title": row.title,
            "severity": row.severity,
            "source": row.source,
            "labels": row.labels,
            "opened_at": _said(life.opened_at),
            "acknowledged_at": _said(life.answered_at),
            "acknowledged_by": life.answered_by or None,
            "acknowledged_at_level": life.answered_level or None,
            "acknowledged_after": _span(life.opened_at, life.answered_at),
            "resolved_at": _said(life.resolved_at),
            "resolved_by": life.resolved_by or None,
            "resolved_after": _span(life.opened_at, life.resolved_at),
            "pages": self.pages,
            "exhausted": self.is_exhausted,
            "breached": list(self.breached),
        }


class Notable:
    """Keeps the worst alerts of a window, so many at most, and counts all."""

    def __init__(self, start: datetime, end: datetime, limit: int) -> None:
        """Take the window."""
        self._start, self._end, self._limit = to_ms(start), to_ms(end), limit
        self._heap: list[tuple[_Weight, Facts]] = []
        self.total = 0

    def add(self, row: Facts) -> None:
        """Take in an alert, if the window saw anything of it."""
        weight = _weight(row, self._start, self._end)
        if weight is None:
            return
        self.total += 1
        if len(self._heap) < self._limit:
            heapq.heappush(self._heap, (weight, row))
        elif self._heap and weight > self._heap[0][0]:
            heapq.heapreplace(self._heap, (weight, row))

    def worst_first(self) -> Iterator[Named]:
        """Give those that were kept: the most breaches first, then those nobody answered, then the longest wait."""
        rows = (row for _, row in sorted(self._heap, key=lambda each: each[0], reverse=True))
        return (named for row in rows if (named := named_in(row, self._start, self._end)))


def named_in(row: Facts, start: Instant, end: Instant) -> Named | None:
    """Give the alert as this window saw it, None when it saw nothing of it."""
    seen = [life for life in row.lives if _is_seen(life, start, end) or _breaches(life, start, end)]
    if not seen:
        return None
    breached = tuple(
        clock.name
        for life in row.lives
        for clock in life.clocks
        if clock.breached_at is not None and start <= clock.breached_at < end
    )
    pages = sum(sent.delivered and sent.kind == "page" and start <= sent.settled_at < end for sent in row.sent)
    return Named(row, seen[-1], breached, pages, any(start <= at < end for at in row.exhausted))


def _weight(row: Facts, start: Instant, end: Instant) -> _Weight | None:
    """Give how much an alert deserves to be named, None when the window saw nothing of it.

    Its last member is the alert's number, so that no two weigh the same.
    """
    last, breaches = None, 0
    for life in row.lives:
        broken = _breaches(life, start, end)
        if broken or _is_seen(life, start, end):
            last, breaches = life, breaches + broken
    if last is None:
        return None
    waited = -1 if last.answered_at is None else last.answered_at - last.opened_at
    is_waiting = last.answered_at is None and last.resolved_at is None
    is_exhausted = any(start <= at < end for at in row.exhausted) if row.exhausted else False
    return breaches, is_exhausted, is_waiting, waited, -row.id


def _breaches(life: Life, start: Instant, end: Instant) -> int:
    breaches = 0
    for _, _, _, breached_at in life.clocks:
        if breached_at is not None and start <= breached_at < end:
            breaches += 1
    return breaches


def _is_seen(life: Life, start: Instant, end: Instant) -> bool:
    return (
        start <= life.opened_at < end
        or (life.answered_at is not None and start <= life.answered_at < end)
        or (life.resolved_at is not None and start <= life.resolved_at < end)
    )


def _said(at: Instant | None) -> str | None:
    return rfc3339(from_ms(at)) if at is not None else None


def _span(start: Instant, end: Instant | None) -> float | None:
    return (end - start) / 1000 if end is not None else None
