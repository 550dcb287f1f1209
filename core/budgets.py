"""Breach budgets: how many breaches a severity may have in a reporting period, how many it had, and what is left.

The acknowledgment and the resolution are two clocks: each breach of one uses up one. The policy's own clock
(`sla_timeout`) has no budget. A breach counts in the period in which its deadline passed.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.facts import OWED, Facts, Instant, from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period [start, end); of one that is not over, `end` is how far it has come."""

    start: datetime
    end: datetime
    is_over: bool = True


@dataclass(frozen=True, slots=True)
class Budget:
    """One severity's budget in one period."""

    severity: str
    period: Period
    allowed: int
    used: int
    gone_at: datetime | None = None  # the last one allowed was used up, then
    overdrawn_at: datetime | None = None  # and from then on the period as a whole is not compliant

    @property
    def left(self) -> int:
        """How many more breaches the period can bear."""
        return max(0, self.allowed - self.used)

    @property
    def is_compliant(self) -> bool:
        """Say whether the period as a whole keeps to it, as far as it has come."""
        return self.used <= self.allowed


class BreachTally:
    """Gathers breaches by severity, so that budgets need no pass of their own."""

    def __init__(self, start: datetime, end: datetime) -> None:
        """Take the window outside of which no breach matters."""
        self._start, self._end = to_ms(start), to_ms(end)
        self._breaches: dict[str, list[Instant]] = {}

    def add(self, row: Facts) -> None:
        """Take in the breaches of an alert."""
        for life in row.lives:
            for name, _, _, at in life.clocks:
                if at is not None and self._start <= at < self._end and name in OWED:
                    self._breaches.setdefault(row.severity, []).append(at)

    def budgets(self, periods: Sequence[Period], allowed: Mapping[str, int]) -> list[Budget]:
        """Give the budget of each period and severity that has one, in the order of both."""
        ordered = {severity: sorted(self._breaches.get(severity, ())) for severity in allowed}
        return [
            _budget(severity, period, count, ordered[severity])
            for period in periods
            for severity, count in allowed.items()
        ]


def budgets(facts: Iterable[Facts], periods: Sequence[Period], allowed: Mapping[str, int]) -> list[Budget]:
    """Give the budgets of these periods; `allowed` is by severity."""
    if not periods:
        return []
    tally = BreachTally(periods[0].start, periods[-1].end)
    for row in facts:
        tally.add(row)
    return tally.budgets(periods, allowed)


def _budget(severity: str, period: Period, allowed: int, breaches: Sequence[Instant]) -> Budget:
    first, last = (bisect_left(breaches, to_ms(edge)) for edge in (period.start, period.end))
    within = breaches[first:last]
    return Budget(
        severity,
        period,
        allowed,
        len(within),
        gone_at=from_ms(within[allowed - 1]) if 0 < allowed <= len(within) else None,
        overdrawn_at=from_ms(within[allowed]) if allowed < len(within) else None,
    )
