"""Shifts: who is on call from when to when, overrides and gaps with them.

A shift is one turn, what its restrictions and the layers and overrides above leave of it, or one override; or a gap,
in which nobody is on call. Shifts follow each other without hole or overlap. All instants are aware UTC.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.overrides import Override, latest_first
from core.rotations.clock import checked
from core.rotations.plan import HORIZON, Duty, Plan, Search

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """`member` is on call from `starts_at` until just before `ends_at`, by `override` if there is one.

    A shift without a member is a gap. Only a gap has no `starts_at` or `ends_at`: then nobody was on call for at least
    two years before, or will be for at least two years after, the instants that were asked about.
    """

    member: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    override: Override | None = None


def on_call(plan: Plan, now: datetime, overrides: Sequence[Override] = ()) -> str | None:
    """Give who is on call at `now`, None for nobody. Overrides of other rotations are passed over.

    ValueError for a naive `now`, or one of years far beyond reason.
    """
    now = checked(now)
    planned = plan.on_duty(now)
    holding = [each for each in overrides if each.starts_at <= now < each.ends_at]
    if not holding:
        return planned
    return next((each.member for each in latest_first(holding, plan.name) if each.replaces(planned)), planned)


def shift_at(plan: Plan, now: datetime, overrides: Iterable[Override] = ()) -> Shift:
    """Give the shift that covers `now`. Work is bounded: see Shift about gaps. ValueError as for `on_call`."""
    now = checked(now)
    return _Walk(plan, overrides, now, now).shift_around(now)


def shifts(plan: Plan, start: datetime, end: datetime, overrides: Iterable[Override] = ()) -> Iterator[Shift]:
    """Give the shifts that touch the time from `start` until just before `end`, whole, in order.

    ValueError as for `on_call`.
    """
    start, end = checked(start), checked(end)
    if start >= end:
        return
    walk = _Walk(plan, overrides, start, end)
    shift = walk.shift_around(start)
    yield shift
    while shift.ends_at is not None and shift.ends_at < end:
        shift = walk.shift_from(shift.ends_at)
        yield shift


class _Walk:
    """Looks at a plan and its overrides from one change to the next, and puts together what belongs together."""

    def __init__(self, plan: Plan, overrides: Iterable[Override], start: datetime, end: datetime) -> None:
        self._plan = plan
        self._search = Search(start - HORIZON, end + HORIZON)
        self._overrides = latest_first(overrides, plan.name)
        self._cuts = sorted({edge for each in self._overrides for edge in (each.starts_at, each.ends_at)})
        self._last: tuple[datetime, _Look] | None = None

    def shift_around(self, now: datetime) -> Shift:
        """Give the shift that covers `now`."""
        look = self._look(now)
        starts_at = self._since(look.duty.starts_at)
        while starts_at is not None:
            before = self._look(starts_at - _MOMENT)
            if not before.is_same_as(look):
                break
            starts_at = self._since(before.duty.starts_at)
        return self._shift(look, starts_at)

    def shift_from(self, starts_at: datetime) -> Shift:
        """Give the shift that begins at an instant."""
        # Where one shift ended was looked at already, to see that it did.
        look = self._last[1] if self._last and self._last[0] == starts_at else self._look(starts_at)
        return self._shift(look, starts_at)

    def _shift(self, look: "_Look", starts_at: datetime | None) -> Shift:
        ends_at = self._until(look.duty.ends_at)
        while ends_at is not None:
            after = self._look(ends_at)
            self._last = ends_at, after
            if not after.is_same_as(look):
                break
            ends_at = self._until(after.duty.ends_at)
        return Shift(look.member, starts_at, ends_at, look.override)

    def _since(self, instant: datetime | None) -> datetime | None:
        return instant if instant and instant >= self._search.since else None

    def _until(self, instant: datetime | None) -> datetime | None:
        return instant if instant and instant <= self._search.until else None

    def _look(self, now: datetime) -> "_Look":
        duty = self._plan.duty_at(now, self._search)
        holding = (each for each in self._overrides if each.holds_at(now) and each.replaces(duty.member))
        index = bisect_right(self._cuts, now)
        starts = (*self._cuts[max(0, index - 1) : index], duty.starts_at)
        ends = (*self._cuts[index : index + 1], duty.ends_at)
        span = replace(
            duty, starts_at=max(filter(None, starts), default=None), ends_at=min(filter(None, ends), default=None)
        )
        return _Look(span, next(holding, None))


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look finds: the duty, cut where an override begins or ends, and the override that holds."""

    duty: Duty
    override: Override | None

    @property
    def member(self) -> str | None:
        return self.override.member if self.override else self.duty.member

    def is_same_as(self, other: "_Look") -> bool:
        """Say whether both belong to one shift when they touch."""
        if self.override or other.override:
            return self.override is other.override
        return self.duty.turn == other.duty.turn
