"""Who is on call in the rotations of a config, asked very often: shifts worked out once and then looked up."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.oncall import shifts_of, stretches
from core.rules import Rules


@dataclass(frozen=True, slots=True)
class _Table:
    """`members[n]` is on call until just before `handoffs[n]`; the last one to the end of what was looked at."""

    members: tuple[str | None, ...]
    handoffs: tuple[datetime, ...]


class Duties:
    """Who is on call from `start` until just before `end`, by the rules."""

    def __init__(self, rules: Rules, start: datetime, end: datetime) -> None:
        """Take the rules; a rotation is looked at when it is first asked for."""
        self._rules = rules
        self._window = start, end
        self._tables: dict[str, _Table] = {}

    def at(self, rotation: str, instant: datetime) -> tuple[str | None, datetime | None]:
        """Give who is on call at an instant, and until when; None: to the end of what is looked at."""
        table = self._table(rotation)
        place = bisect_right(table.handoffs, instant)
        return table.members[place], table.handoffs[place] if place < len(table.handoffs) else None

    def handoffs(self) -> Iterator[datetime]:
        """Give every instant at which somebody else is on call in a rotation that was asked for."""
        for table in self._tables.values():
            yield from table.handoffs

    def _table(self, rotation: str) -> _Table:
        if rotation not in self._tables:
            start, end = self._window
            found = list(stretches(shifts_of(self._rules, rotation, start, end), end))
            handoffs = tuple(each.ends_at for each in found[:-1] if each.ends_at is not None)
            self._tables[rotation] = _Table(tuple(each.member for each in found), handoffs)
        return self._tables[rotation]
