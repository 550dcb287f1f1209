"""Turns: numbered from one handoff to the next, in local minutes, whoever's they are.

Turn 0 begins with the first handoff on or after the start date (1970-01-01 without one); those before it have
negative numbers.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, time

from core.config.base import WEEKDAYS
from core.config.rotation import Layer
from core.rotations.clock import DAY, WEEK, minute_of

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Turns:
    """Handoffs repeat every `period` minutes from `first` on, each time at all of `offsets`, of which 0 is one."""

    first: int
    period: int
    offsets: tuple[int, ...] = (0,)

    def at(self, minute: int) -> int:
        """Give the number of the turn that a local minute belongs to."""
        times, rest = divmod(minute - self.first, self.period)
        return times * len(self.offsets) + bisect_right(self.offsets, rest) - 1

    def begin(self, turn: int) -> int:
        """Give the local minute of the handoff with which a turn begins."""
        times, slot = divmod(turn, len(self.offsets))
        return self.first + times * self.period + self.offsets[slot]

    def first_on_or_after(self, day: date) -> int:
        """Give the first turn whose handoff is on or after a local day."""
        return self.at(minute_of(day, time(0)) - 1) + 1


def turns_of(layer: Layer) -> Turns:
    """Give the turns that config describes."""
    start = layer.start_date or _EPOCH
    midnight = minute_of(start, time(0))
    slots = sorted(_slots(layer, start))
    offsets = tuple(slot - slots[0] for slot in slots)
    return Turns(midnight + slots[0], layer.every * DAY if layer.type == "daily" else layer.every * WEEK, offsets)


def _slots(layer: Layer, start: date) -> list[int]:
    """Give the handoffs of the period that begins with `start`, in minutes after its midnight."""
    if layer.handoffs:
        return [_days_until(handoff.day, start) * DAY + _minutes(handoff.time) for handoff in layer.handoffs]
    days = _days_until(layer.handoff_day, start) if layer.handoff_day else 0
    return [days * DAY + _minutes(layer.start_time or time(0))]


def _days_until(weekday: str, start: date) -> int:
    return (WEEKDAYS.index(weekday) - start.weekday()) % 7


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
