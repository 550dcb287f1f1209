"""Plan: a rotation made ready to be asked who is on duty, at any instant, at little cost.

Nothing is walked: the zone's clock gives a local minute, arithmetic the turn, and the turn the member. Layers are asked
from the last to the first; the first that has somebody on duty covers the others. `duty_at` also says how long that
stays so, as far as one look goes: core/rotations/shifts.py puts looks together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.config import rotation as written
from core.holidays import HolidayCalendar
from core.rotations.clock import instant_of, minute_at
from core.rotations.order import Order
from core.rotations.turns import Turns, turns_of
from core.rotations.windows import Windows

# How far from an instant is looked for the end of a gap. Every shift with somebody on duty is shorter.
HORIZON = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on duty, at least from `starts_at` until just before `ends_at`; None: as far as was looked.

    `turn` tells one turn from another: the layer and its turn's number, None while nobody is on duty.
    """

    member: str | None
    turn: tuple[int, int] | None
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Search:
    """The instants, in UTC, between which beginnings and ends are looked for."""

    since: datetime
    until: datetime

    def minutes(self, zone: tzinfo) -> tuple[int, int]:
        """Give the same as local minutes of a zone."""
        return _minutes(self, zone)


@lru_cache(64)  # asked at every step of a walk
def _minutes(search: Search, zone: tzinfo) -> tuple[int, int]:
    return minute_at(search.since, zone), minute_at(search.until, zone)


@dataclass(frozen=True, slots=True)
class Layer:
    """A rotation without layers. Times and dates are by the clock of `zone`."""

    zone: tzinfo
    turns: Turns
    order: Order
    windows: Windows | None

    def on_duty(self, now: datetime) -> str | None:
        """Give who is on duty at `now`, an aware instant; None for nobody."""
        minute = minute_at(now, self.zone)
        if self.windows and self.windows.around(minute) is None:
            return None
        return self.order.at(self.turns.at(minute))

    def duty_at(self, now: datetime, search: Search, number: int) -> Duty:
        """Give who is on duty at `now`, and from when to when, in this layer of that number."""
        minute = minute_at(now, self.zone)
        turn = self.turns.at(minute)
        member = self.order.at(turn)
        if member is None:
            first, end = self.order.era(turn)
            return self._duty(None, None, self._begin(first), self._begin(end), search)
        begin: int | None = self.turns.begin(turn)
        until: int | None = self.turns.begin(turn + 1)
        if self.windows:
            bounds = self.windows.around(minute)
            if bounds is None:
                first, last = search.minutes(self.zone)
                begin, until = self.windows.last_end(minute, first), self.windows.next_begin(minute, last)
                return self._duty(None, None, begin, until, search)
            begin, until = max(self.turns.begin(turn), bounds[0]), min(self.turns.begin(turn + 1), bounds[1])
        return self._duty(member, (number, turn), begin, until, search)

    def _begin(self, turn: int | None) -> int | None:
        return None if turn is None else self.turns.begin(turn)

    def _duty(
        self, member: str | None, turn: tuple[int, int] | None, begin: int | None, end: int | None, search: Search
    ) -> Duty:
        return Duty(member, turn, self._instant(begin, search), self._instant(end, search))

    def _instant(self, minute: int | None, search: Search) -> datetime | None:
        """Give the instant of a minute; one out of reach may lie beyond the calendar."""
        if minute is None:
            return None
        first, last = search.minutes(self.zone)
        return instant_of(minute, self.zone) if first <= minute <= last else None


@dataclass(frozen=True, slots=True)
class Plan:
    """A rotation with its layers, the last one first, by the name that overrides know it under."""

    name: str
    layers: tuple[Layer, ...]

    def on_duty(self, now: datetime) -> str | None:
        """Give who is on duty at `now`, an aware instant, overrides not counted; None for nobody."""
        for layer in self.layers:
            member = layer.on_duty(now)
            if member is not None:
                return member
        return None

    def duty_at(self, now: datetime, search: Search) -> Duty:
        """Give who is on duty at `now`, and the span that no layer that matters ends within."""
        looked = list(self._looked(now, search))
        starts = [duty.starts_at for duty in looked if duty.starts_at]
        ends = [duty.ends_at for duty in looked if duty.ends_at]
        return Duty(looked[-1].member, looked[-1].turn, max(starts, default=None), min(ends, default=None))

    def _looked(self, now: datetime, search: Search) -> Iterator[Duty]:
        for number, layer in enumerate(self.layers):
            duty = layer.duty_at(now, search, number)
            yield duty
            if duty.member is not None:
                return


def plan_of(rotation: written.Rotation, zone: tzinfo, calendar: HolidayCalendar, *, name: str) -> Plan:
    """Give the plan of a rotation of the config, by the clock of `zone` unless it names another.

    A layer without a zone goes by the rotation's. Overrides are for the rotation of this `name`.
    """
    zone = ZoneInfo(rotation.timezone) if rotation.timezone else zone
    layers = [_layer(each, zone, calendar) for each in (rotation, *rotation.layers)]
    return Plan(name, tuple(reversed(layers)))


def _layer(layer: written.Layer, zone: tzinfo, calendar: HolidayCalendar) -> Layer:
    turns = turns_of(layer)
    return Layer(
        zone=ZoneInfo(layer.timezone) if layer.timezone else zone,
        turns=turns,
        order=Order(layer.members, turns),
        windows=Windows(layer.restrictions, calendar) if layer.restrictions else None,
    )
