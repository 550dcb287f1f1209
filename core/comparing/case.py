"""Compare two configs for the alerts of one case."""

from collections.abc import Iterator
from datetime import datetime

from core.comparing.cases import Case
from core.comparing.changes import Differences, Seen
from core.comparing.differing import ladder_differences
from core.comparing.ladder import Ladder
from core.comparing.ladders import Known, Ladders
from core.comparing.side import Side, are_alike
from core.comparing.stretches import Clock, Piece, found_in
from core.comparing.ways import way_changes
from core.lint.spans import Span

Sides = tuple[Side, Side]


class CaseComparison:
    """What differs for the alerts of one case: `found`."""

    def __init__(self, sides: Sides, case: Case, window: Span) -> None:
        """Compare."""
        self._sides, self._case = sides, case
        self._covers = [side.covers(case, place) for side, place in zip(sides, case.places, strict=True)]
        self._ladders = self._made_ready()
        self._of_ways: dict[tuple[int, int], tuple[Seen, ...]] = {}
        pieces = list(self._pieces(window))
        handoffs = {each for side in sides for each in side.duties.handoffs()}
        self.found = tuple(found_in(pieces, Clock(handoffs, self._waited)))

    def used(self) -> set[str]:
        """Give the policies, rotations and teams on which these alerts depend, such as `rotations.oncall`."""
        found = set[str]()
        for side, place, ladders in zip(self._sides, self._case.places, self._ladders, strict=True):
            if place is not None:
                found.add(f"teams.{side.config.routes[place].team}")
            names = set(side.config.escalation.catch_all)
            for way in ladders.ways():
                found.add(f"escalation.policies.{way.policy_name}")
                names |= {name for level in way.policy.levels for name in level.responders}
            found |= {f"rotations.{name}" for name in names}
        return found

    def _made_ready(self) -> list[Ladders]:
        """Give the ladders of both sides; they know each other's where these depend on who is on call only."""
        case, known = self._case, (Known(), Known())
        rules = [side.rules_for(case, place) for side, place in zip(self._sides, case.places, strict=True)]
        shared = (known[0], known[0]) if are_alike(*rules) else known
        sides = zip(self._sides, case.places, self._covers, shared, strict=True)
        return [side.ladders(case, place, covers, of) for side, place, covers, of in sides]

    def _pieces(self, window: Span) -> Iterator[Piece]:
        """Give, from one instant at which either ladder may be another to the next, what differs."""
        known: dict[tuple[int, int], Differences] = {}
        kept: list[Ladder] = []  # so that no other gets the id of one that is known
        at, end = window
        while at < end:
            (old, old_until), (new, new_until) = (ladders.at(at) for ladders in self._ladders)
            until = min(end, old_until or end, new_until or end)
            key = (id(old), id(new))
            if key not in known:
                kept += [old, new]
                known[key] = self._differences(old, new)
            yield Piece(at, until, known[key])
            at = until

    def _differences(self, old: Ladder, new: Ladder) -> Differences:
        of_ladder = ladder_differences(old, new)
        key = (id(old.way), id(new.way))
        if key not in self._of_ways:
            ways = ((old.way, self._sides[0].rules), (new.way, self._sides[1].rules))
            self._of_ways[key] = tuple(map(Seen, way_changes(*ways)))
        return Differences((*self._of_ways[key], *of_ladder.seen), of_ladder.hidden_from)

    def _waited(self, freed: tuple[datetime | None, datetime | None]) -> Span | None:
        """Give for which time something waited that was freed then, under either config."""
        pairs = zip(self._covers, freed, strict=True)
        held = [covers.around(end) for covers, end in pairs if end is not None]
        spans = [span for span in held if span is not None]
        return (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None
