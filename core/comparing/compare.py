"""Compare two configs over some weeks: what changes for which alerts, and when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.comparing.asked import AskedRules
from core.comparing.beside import told_beside
from core.comparing.cases import Case, cases_of, with_only
from core.comparing.changes import Change, Differences, Seen
from core.comparing.covers import Covers
from core.comparing.differing import ladder_differences
from core.comparing.duties import Duties
from core.comparing.keys import all_changed_keys, changed_keys, simulated_keys
from core.comparing.ladder import Ladder
from core.comparing.ladders import Ladders, longest
from core.comparing.stretches import Clock, Piece, found_in
from core.comparing.ways import way_changes
from core.config import Config
from core.config.routes import Route
from core.config.sla import Sla
from core.config.tracking import ResponseTracking
from core.lint.spans import Span
from core.rules import Rules

Progress = Callable[[int, int], None]
Sides = tuple["Side", "Side"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One change, for alerts of these cases; `when` it holds, empty: always. `is_by_page`: by when pages go out."""

    cases: tuple[Case, ...]
    change: Change
    when: tuple[Span, ...] = ()
    is_by_page: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two configs for alerts of this time, and the cases that were compared.

    `beside` is told without a simulation; `keys` are what else was changed, `unseen` what shows nothing in this time.
    """

    window: Span
    cases: tuple[Case, ...]
    differences: tuple[Difference, ...]
    beside: tuple[str, ...]
    keys: tuple[str, ...]
    unseen: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both configs mean the same."""
        return not (self.differences or self.beside or self.keys or self.unseen)


class Side:
    """One of the two configs, made ready to be asked about a time."""

    def __init__(self, config: Config, window: Span) -> None:
        """Take a validated config."""
        self.config = config
        self.rules = Rules(config)
        start, end = window
        self._until = end + max(map(longest, config.escalation.policies.values()))
        self._start = start
        self.duties = Duties(self.rules, start, self._until)
        self._asked: dict[tuple[str, int | None], AskedRules] = {}

    def ladders(self, case: Case, place: int | None) -> tuple[Ladders, Covers]:
        """Give the ladders of a case, by the route at a place if any; and when silences may cover its alerts."""
        route = None if place is None else self.config.routes[place]
        rules = self._rules_for(case.source, place, route)
        severities = dict.fromkeys([case.severity, *([route.severity] if route and route.severity else [])])
        covers = Covers(rules.silences, [case.facts(each) for each in severities], self._start, self._until)
        return Ladders(rules, case, route, self.duties, covers), covers

    def _rules_for(self, source: str, place: int | None, route: Route | None) -> AskedRules:
        """Give the rules for what takes a way. Without reminders and SLA, on which no ladder depends."""
        key = (source, place)
        if key not in self._asked:
            plain = {"response_tracking": ResponseTracking(), "sla": Sla()}
            self._asked[key] = AskedRules(with_only(self.config, source, route).model_copy(update=plain))
        return self._asked[key]


def compare(
    old: Config, new: Config, start: datetime, end: datetime, progress: Progress = lambda _done, _of: None
) -> Comparison:
    """Give what differs between two configs for alerts that come in from `start` until just before `end`.

    Both are whole seconds. `progress` hears how many cases are done.
    """
    window = (start, end)
    sides = Side(old, window), Side(new, window)
    cases = cases_of(old, new)
    found: dict[tuple[Change, tuple[Span, ...], bool], list[Case]] = {}
    shown: set[str] = set()
    for number, case in enumerate(cases):
        progress(number, len(cases))
        of_case = CaseComparison(sides, case, window)
        for each in of_case.found:
            found.setdefault((each.change, each.told, each.is_by_page), []).append(case)
        shown |= of_case.used() if of_case.found else set()
    progress(len(cases), len(cases))
    differences = tuple(Difference(tuple(of), *key) for key, of in found.items())
    beside, keys = told_beside(old, new, cases), tuple(changed_keys(old, new))
    unseen = tuple(key for key in simulated_keys(old, new) if key not in shown)
    if old != new and not (differences or beside or keys or unseen):
        unseen = tuple(all_changed_keys(old, new))
    return Comparison(window, tuple(cases), differences, beside, keys, unseen)


class CaseComparison:
    """What differs for the alerts of one case: `found`."""

    def __init__(self, sides: Sides, case: Case, window: Span) -> None:
        """Compare."""
        self._sides, self._case = sides, case
        self._ladders = [side.ladders(case, place) for side, place in zip(sides, case.places, strict=True)]
        self._of_ways: dict[tuple[int, int], tuple[Seen, ...]] = {}
        pieces = list(self._pieces(window))
        handoffs = {each for side in sides for each in side.duties.handoffs()}
        self.found = tuple(found_in(pieces, Clock(handoffs, self._waited)))

    def used(self) -> set[str]:
        """Give the policies, rotations and teams on which these alerts depend, such as `rotations.oncall`."""
        found = set[str]()
        for side, place, (ladders, _) in zip(self._sides, self._case.places, self._ladders, strict=True):
            if place is not None:
                found.add(f"teams.{side.config.routes[place].team}")
            names = set(side.config.escalation.catch_all)
            for way in ladders.ways():
                found.add(f"escalation.policies.{way.policy_name}")
                names |= {name for level in way.policy.levels for name in level.responders}
            found |= {f"rotations.{name}" for name in names}
        return found

    def _pieces(self, window: Span) -> Iterator[Piece]:
        """Give, from one instant at which either ladder may be another to the next, what differs."""
        known: dict[tuple[int, int], Differences] = {}
        kept: list[Ladder] = []  # so that no other gets the id of one that is known
        at, end = window
        while at < end:
            (old, old_until), (new, new_until) = (ladders.at(at) for ladders, _ in self._ladders)
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
        pairs = zip(self._ladders, freed, strict=True)
        held = [covers.around(end) for (_, covers), end in pairs if end is not None]
        spans = [span for span in held if span is not None]
        return (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None
