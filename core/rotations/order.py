"""Order: whose turn is whose, as members come and go.

A member is there from the first turn whose handoff is on or after `from`, and gone from the first one on or after
`until`: the last turn is finished. While nobody comes or goes, members follow each other in the order of the list.
When somebody does, the turn goes to whoever of those there now follows the last one on duty in the list, and after the
list's end to its first. So a member that comes or goes never shifts a turn before.

Turn 0 is the first one's of those there: that is what a start date fixes, also for members who came before it.
Turns before everything count backwards from there. While nobody is there nobody is on duty.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.config.rotation import Member
from core.rotations.turns import Turns


@dataclass(frozen=True, slots=True)
class _Era:
    """From turn `start` on (None: since ever) these take turns; `anchor` is a turn of the first of them."""

    start: int | None
    names: tuple[str, ...]
    anchor: int


class Order:
    """The eras of a list of members: in each, the same people are there."""

    __slots__ = ("_eras", "_starts")

    def __init__(self, members: Sequence[Member], turns: Turns) -> None:
        """Take the members in their order, and the turns that their dates are read by."""
        self._eras = tuple(_eras(members, turns))
        self._starts = [era.start for era in self._eras if era.start is not None]

    def at(self, turn: int) -> str | None:
        """Give whose turn it is, None when nobody is there."""
        era = self._eras[bisect_right(self._starts, turn)]
        return era.names[(turn - era.anchor) % len(era.names)] if era.names else None

    def era(self, turn: int) -> tuple[int | None, int | None]:
        """Give the first turn with the same people there, None for since ever; and the first one after, if any."""
        index = bisect_right(self._starts, turn)
        return self._eras[index].start, self._starts[index] if index < len(self._starts) else None


def _eras(members: Sequence[Member], turns: Turns) -> Iterator[_Era]:
    spans = [_span(member, turns) for member in members]
    changes = sorted({0, *(turn for span in spans for turn in span if turn is not None)})
    there = [index for index, (start, _) in enumerate(spans) if start is None]
    anchor, last = 0, None
    yield _Era(None, tuple(members[index].name for index in there), anchor)
    for change in changes:
        if there:
            last = there[(change - 1 - anchor) % len(there)]
        there = [index for index, span in enumerate(spans) if _covers(span, change)]
        if change and last is not None:
            there = [index for index in there if index > last] + [index for index in there if index <= last]
        anchor = change
        yield _Era(change, tuple(members[index].name for index in there), anchor)


def _span(member: Member, turns: Turns) -> tuple[int | None, int | None]:
    start, end = (None if day is None else turns.first_on_or_after(day) for day in (member.start, member.end))
    return start, end


def _covers(span: tuple[int | None, int | None], turn: int) -> bool:
    start, end = span
    return (start is None or start <= turn) and (end is None or turn < end)
