"""Counting figures from facts. Pure, exact, and the same in any order.

Each thing counts at one instant: an answer when it was given, a notification when it was settled, a breach at its
deadline. So two adjacent windows add up, and the figures of a day that is over do not change any more.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.facts import OWED, Facts, Life, Sent, from_ms, to_ms
from core.figures import (
    HOURS,
    ChannelFigures,
    Figures,
    Kept,
    LevelFigures,
    PersonFigures,
    SeverityFigures,
    SourceFigures,
    is_night,
)
from core.spread import Spread, spread

_PAGE = "page"
_TOLD_BY = ("sla_by_clock", "sla_by_severity", "sla_by_source", "sla_by_label")
# Every zone's clock is a whole number of these away from UTC, so all instants in one show the same hour.
_SLOT = 15 * 60 * 1000


def figures(facts: Iterable[Facts], start: datetime, end: datetime, zone: ZoneInfo) -> Figures:
    """Count what happened from `start` until just before `end`; hours of the day are those of `zone`."""
    tally = Tally(start, end, zone)
    for row in facts:
        tally.add(row)
    return tally.figures()


class Tally:
    """Figures in the making, so that several windows can be counted in one pass."""

    def __init__(self, start: datetime, end: datetime, zone: ZoneInfo) -> None:
        """Take the window, and the zone of hours of the day."""
        self._window = (start, end)
        self._start, self._end, self._zone = to_ms(start), to_ms(end), zone
        self._counts: Counter[str] = Counter()
        self._opened: Counter[str] = Counter()
        self._to_acknowledge: dict[str, list[int]] = defaultdict(list)
        self._to_resolve: dict[str, list[int]] = defaultdict(list)
        self._fired: Counter[str] = Counter()
        self._answered_at: Counter[str] = Counter()
        self._answered_by: Counter[str] = Counter()
        self._stays: dict[str, list[int]] = defaultdict(list)
        self._latencies: dict[str, list[int]] = defaultdict(list)
        self._failed: Counter[str] = Counter()
        self._pages: Counter[tuple[str, int]] = Counter()
        self._sources: Counter[str] = Counter()
        self._signals: Counter[str] = Counter()
        self._sla: dict[tuple[str, str, tuple[tuple[str, str], ...]], Counter[tuple[str, bool]]] = defaultdict(Counter)

    def add(self, row: Facts) -> None:
        """Count what of an alert falls into the window."""
        start, end = self._start, self._end
        if start <= row.lives[0].opened_at < end:
            self._opened[row.severity] += 1
            self._sources[row.source] += 1
            self._signals[row.source] += row.signals
        for life in row.lives:
            self._add_life(row, life)
        for life in row.lives[1:]:
            self._counts["reopened"] += start <= life.opened_at < end
        self._add_sent(row.sent)
        self._add_climb(row)

    def _add_climb(self, row: Facts) -> None:
        start, end = self._start, self._end
        for level, since, until in row.stays:
            if start <= until < end:
                self._stays[level].append(until - since)
        for level, at in row.fired:
            if start <= at < end:
                self._fired[level] += 1
        for what, instants in (("repeats", row.rounds), ("exhausted", row.exhausted), ("reminders", row.reminders)):
            if instants:
                self._counts[what] += sum(start <= at < end for at in instants)

    def _add_life(self, row: Facts, life: Life) -> None:
        start, end = self._start, self._end
        # Unpacked, because to ask for members by name a million times takes longer than all the rest.
        opened_at, answered_at, answered_by, _, level, resolved_at, _, clocks = life
        if answered_at is not None and start <= answered_at < end:
            self._to_acknowledge[row.severity].append(answered_at - opened_at)
            self._answered_at[level] += 1
            self._answered_by[answered_by] += 1
        if resolved_at is not None and start <= resolved_at < end:
            self._to_resolve[row.severity].append(resolved_at - opened_at)
            self._counts["cleared"] += answered_at is None
        if not clocks:
            return
        clocks_of = self._sla[row.severity, row.source, tuple(row.labels.items())]
        for name, _, met_at, breached_at in clocks:
            decided_at = met_at if breached_at is None else breached_at
            if decided_at is not None and start <= decided_at < end and name in OWED:
                clocks_of[name, breached_at is None] += 1

    def _add_sent(self, sent: Iterable[Sent]) -> None:
        start, end = self._start, self._end
        for responder, channel, kind, queued_at, settled_at, is_delivered in sent:
            if not start <= settled_at < end:
                continue
            if not is_delivered:
                self._failed[channel] += 1
                continue
            self._latencies[channel].append(settled_at - queued_at)
            if kind == _PAGE:
                self._pages[responder, settled_at // _SLOT] += 1

    def figures(self) -> Figures:
        """Give what was counted."""
        counts = self._counts
        return Figures(
            *self._window,
            opened=self._opened.total(),
            reopened=counts["reopened"],
            answered=sum(map(len, self._to_acknowledge.values())),
            resolved=sum(map(len, self._to_resolve.values())),
            cleared_unanswered=counts["cleared"],
            exhausted=counts["exhausted"],
            repeats=counts["repeats"],
            reminders=counts["reminders"],
            time_to_acknowledge=_all(self._to_acknowledge),
            time_to_resolve=_all(self._to_resolve),
            severities=self._severities(),
            levels=self._levels(),
            channels=self._channels(),
            people=self._people(),
            pages_by_hour=self._by_hour(),
            sources={
                source: SourceFigures(opened, self._signals[source])
                for source, opened in sorted(self._sources.items(), key=lambda each: (-self._signals[each[0]], each))
            },
            **self._compliance(),
        )

    def _severities(self) -> dict[str, SeverityFigures]:
        names = sorted({*self._opened, *self._to_acknowledge, *self._to_resolve})
        return {
            name: SeverityFigures(
                self._opened[name], spread(self._to_acknowledge.get(name, [])), spread(self._to_resolve.get(name, []))
            )
            for name in names
        }

    def _levels(self) -> dict[str, LevelFigures]:
        names = sorted({*self._fired, *self._answered_at, *self._stays})
        return {
            name: LevelFigures(self._fired[name], self._answered_at[name], spread(self._stays.get(name, [])))
            for name in names
        }

    def _channels(self) -> dict[str, ChannelFigures]:
        found = {
            name: ChannelFigures(len(sent), self._failed[name], spread(sent))
            for name in {*self._latencies, *self._failed}
            for sent in [self._latencies.get(name, [])]
        }
        return dict(sorted(found.items(), key=lambda each: (-each[1].sent - each[1].failed, each[0])))

    def _people(self) -> dict[str, PersonFigures]:
        pages, at_night = Counter[str](), Counter[str]()
        for (name, slot), number in self._pages.items():
            pages[name] += number
            at_night[name] += number * is_night(self._hour(slot))
        found = {
            name: PersonFigures(pages[name], at_night[name], self._answered_by[name])
            for name in {*pages, *self._answered_by}
        }
        return dict(sorted(found.items(), key=lambda each: (-each[1].pages, -each[1].answered, each[0])))

    def _by_hour(self) -> tuple[int, ...]:
        hours = Counter[int]()
        for (_, slot), number in self._pages.items():
            hours[self._hour(slot)] += number
        return tuple(hours[hour] for hour in range(HOURS))

    def _hour(self, slot: int) -> int:
        return from_ms(slot * _SLOT).astimezone(self._zone).hour

    def _compliance(self) -> dict[str, Any]:
        found: dict[str, dict[str, Counter[bool]]] = {what: defaultdict(Counter) for what in _TOLD_BY}
        together: Counter[bool] = Counter()
        for (severity, source, labels), clocks in self._sla.items():
            for (clock, was_kept), number in clocks.items():
                together[was_kept] += number
                for what, name in zip(_TOLD_BY, (clock, severity, source), strict=False):
                    found[what][name][was_kept] += number
                for label, value in labels:
                    found["sla_by_label"][f"{label}={value}"][was_kept] += number
        return {"sla": _kept(together)} | {what: _worst_first(each) for what, each in found.items()}


def _all(samples: dict[str, list[int]]) -> Spread:
    return spread([each for some in samples.values() for each in some])


def _kept(counted: Counter[bool]) -> Kept:
    return Kept(counted[True], counted[False])


def _worst_first(found: dict[str, Counter[bool]]) -> dict[str, Kept]:
    kept = {name: _kept(counted) for name, counted in found.items()}
    return dict(sorted(kept.items(), key=lambda each: (-each[1].breached, each[0])))
