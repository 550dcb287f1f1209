"""The ladders of a case under one config, for an alert that comes in at any instant, and until when each stays so.

A ladder is the work of the engine that runs live. It depends on time by what it asks: who is on call, and what is
silenced. Two alerts that are answered alike take the same one, so few are simulated. Of what a silence holds up, the
instants at which one thing overtakes another are worked out here, each of them a new simulation.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count

from core.alert import Alert
from core.comparing.asked import AskedRules, Question
from core.comparing.cases import Case
from core.comparing.covers import Covers
from core.comparing.duties import Duties
from core.comparing.ladder import Firing, Ladder, Way, firings_of, fruitless_pages
from core.comparing.paths import Paths, earliest
from core.config.matching import listed
from core.config.policy import Level, Policy
from core.ladder import GRACE
from core.simulation.run import LONGEST, Simulation
from core.timeline import Event, EventKind
from core.windows import Window

_COVERED = "covered"
_NOTHING = timedelta()


class Known:
    """The ladders that are known, and the ways they took, while the times of the route are open and while not."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.paths: dict[bool, Paths[Ladder]] = {True: Paths(), False: Paths()}
        self.ways: dict[bool, Way] = {}


class Ladders:
    """The ladders of one case under one config."""

    def __init__(self, rules: AskedRules, case: Case, duties: Duties, covers: Covers, known: Known) -> None:
        """Take the rules under which everything takes the way of the case, and what they answer about time."""
        self._rules = rules
        self._case = case
        self._duties, self._covers = duties, covers
        times = (each for route in rules.config.routes for each in listed(route.match.time))
        self._windows = [Window.of(each, rules.config.timezone) for each in times]
        self._known = known
        self._mark = next(number for number in count(1) if number not in covers.microseconds)

    def at(self, start: datetime) -> tuple[Ladder, datetime | None]:
        """Give the ladder of an alert that comes in at `start`, and until when it is the same; None: to the end."""
        is_open = not self._windows or any(window.contains(start) for window in self._windows)
        until = earliest(*(_next_edge(window, start) for window in self._windows))
        found = self._known.paths[is_open].find(start, self._answer)
        if found is None:
            found = self._simulated(start + timedelta(microseconds=self._mark), is_open=is_open)
        return found[0], earliest(until, found[1])

    def ways(self) -> list[Way]:
        """Give the ways that alerts of the case took, each once."""
        return list(self._known.ways.values())

    def _answer(self, rotation: str | None, instant: datetime) -> tuple[str | None, datetime | None]:
        if rotation is not None:
            return self._duties.at(rotation, instant)
        is_covered, until = self._covers.at(instant)
        return _COVERED if is_covered else None, until

    def _simulated(self, start: datetime, *, is_open: bool) -> tuple[Ladder, datetime | None]:
        rules = self._rules
        rules.questions.clear()
        alert, events = _run(Simulation(rules, start), self._case)
        ladder = Ladder(
            self._known.ways.setdefault(is_open, Way.of(alert, rules.config)),
            firings_of(events, start),
            fruitless_pages(events),
            rules.catch_all(alert.policy, alert.severity, start).pages,
            alert.suppressed_reason if alert.suppressed and alert.is_open else "",
        )
        asked = list(rules.questions)
        if all(_moves(at, start) for at in (*(each.at for each in events), *(each.at for each in asked))):
            self._known.paths[is_open].add([((each.rotation, each.at - start), each.answer) for each in asked], ladder)
        freed = [event.at for event in events if event.kind is EventKind.UNSUPPRESSED]
        edges = [*self._edges(asked, start), *_overtaken(ladder, start, freed, alert)]
        return ladder, earliest(*(edge for edge in edges if edge > start))

    def _edges(self, asked: Iterable[Question], start: datetime) -> Iterator[datetime]:
        """Give when an answer about an instant that moves with the start will be another."""
        for each in asked:
            if _moves(each.at, start):
                _, until = self._answer(each.rotation, each.at)
                if until is not None:
                    yield until - (each.at - start)


def longest(policy: Policy) -> timedelta:
    """Give how long a round takes at most, unless a silence holds it up."""
    levels = policy.levels
    return timedelta(seconds=sum(level.timeout for level in levels) + max(level.delay for level in levels))


def _run(simulation: Simulation, case: Case) -> tuple[Alert, list[Event]]:
    """Let an alert come in, and time pass until the first round is over."""
    simulation.receive(case.source, [case.signal])
    start, alert = simulation.now, simulation.alert(1)
    until = start + longest(alert.policy)
    simulation.run(until=until)
    while not _is_walked(alert := simulation.alert(1)) and until < start + LONGEST:
        until = max(until, alert.suppressed_until or until) + longest(alert.policy)
        simulation.run(until=until)
    # What became of a message has no number: it is told to the millisecond, and no ladder depends on it.
    return alert, [each.event for each in simulation.happened if each.event.number is not None]


def _is_walked(alert: Alert) -> bool:
    has_fired_last = alert.level + 1 == len(alert.policy.levels) and alert.level_fired_at is not None
    return has_fired_last or alert.round > 0 or alert.exhausted or not alert.is_open


def _overtaken(ladder: Ladder, start: datetime, freed: Sequence[datetime], alert: Alert) -> Iterator[datetime]:
    """Give when what moves with the start will overtake what a silence holds, or the other way round.

    A level that a silence frees within the grace counts from when it was due. A level after it fires at its delay from
    the start, or a timeout after the one before, whichever is later.
    """
    levels, fired = ladder.way.policy.levels, ladder.firings
    ends = [each.at + _timeout(levels, each) for each in fired if each.at is not None]
    yield from (end - _delay(levels, each.level + 1) for each, end in zip(_held(fired), ends, strict=True))
    for instant in freed:
        waiting = sum((each.at or start + (each.after or _NOTHING)) < instant for each in fired)
        for due in _due(levels, fired, waiting):
            yield from (instant - due, instant - due - GRACE)
    if ladder.way.quiet_after is not None:
        silence = [alert.suppressed_until] if alert.suppressed_until else []
        yield from (each - timedelta(seconds=ladder.way.quiet_after) for each in (*freed, *ends, *silence))


def _held(fired: Iterable[Firing]) -> Iterator[Firing]:
    yield from (each for each in fired if each.at is not None)


def _due(levels: Sequence[Level], fired: Sequence[Firing], level: int) -> Iterator[timedelta]:
    """Give how long after the start a level may have been due, but for the silence."""
    yield _delay(levels, level)
    if 0 < level <= len(fired) and (before := fired[level - 1]).after is not None:
        yield before.after + _timeout(levels, before)


def _timeout(levels: Sequence[Level], fired: Firing) -> timedelta:
    return timedelta(seconds=0 if fired.nobody else levels[fired.level].timeout)


def _delay(levels: Sequence[Level], level: int) -> timedelta:
    return timedelta(seconds=levels[min(level, len(levels) - 1)].delay)


def _moves(instant: datetime, start: datetime) -> bool:
    return instant.microsecond == start.microsecond


def _next_edge(window: Window, now: datetime) -> datetime:
    begins, ends = window.next_at(now)
    return begins if begins > now else ends
