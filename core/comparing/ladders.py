"""The ladder of a case when nobody answers, as a simulation tells it, and the instants at which it may be another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.comparing.cases import Case, with_only
from core.config import Config
from core.config.matching import listed
from core.oncall import shifts_of
from core.rules import Rules
from core.signals import SignalStatus
from core.silences import Once
from core.simulation.run import Simulation
from core.simulation.steps import Pair, Step, steps
from core.sources.making import make
from core.timeline import EventKind
from core.windows import Window

_FIRED = frozenset({EventKind.TRIGGERED, EventKind.ESCALATED})
_STEPS = _FIRED | {EventKind.SKIPPED}
_MARKS = {EventKind.SLA_AT_RISK: "at risk", EventKind.SLA_BREACHED: "breached"}
_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Firing:
    """A level that fired `after` the start; `pages` are whom it paged on what, in order. Of a skipped one nobody."""

    level: int
    name: str
    after: timedelta
    pages: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The first round of an alert that comes in at an instant. `silenced` says why nobody is paged at first."""

    policy: str
    firings: tuple[Firing, ...]
    silenced: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """How it goes on when nobody ever answers: when rounds begin, when it is used up and who is paged then.

    `reminders` are those of the first round, `marks` the SLA's, each after the start.
    """

    rounds: tuple[timedelta, ...]
    exhausted: timedelta | None
    at_the_end: tuple[Pair, ...]
    reminders: tuple[timedelta, ...]
    marks: tuple[tuple[str, timedelta], ...]


class Ladders:
    """The ladders of one case under one config."""

    def __init__(self, config: Config, case: Case) -> None:
        """Take the config as it is written, and the case."""
        self._rules = Rules(with_only(config, case))
        self._case = case

    def at(self, start: datetime) -> Ladder:
        """Give the ladder of an alert that comes in at an instant."""
        simulation = self._simulated(start)
        alert = simulation.alert(1)
        if alert.suppressed:
            return Ladder(alert.policy_name, (), alert.suppressed_reason)
        levels = alert.policy.levels
        longest = sum(level.timeout for level in levels) + max(level.delay for level in levels)
        simulation.run(until=start + timedelta(seconds=longest))
        found = (step for step in steps(simulation.happened) if step.kind in _STEPS and step.place.round == 0)
        return Ladder(alert.policy_name, tuple(_firing(step, start) for step in found))

    def course(self, start: datetime) -> Course:
        """Give how it goes on for an alert that comes in at an instant."""
        simulation = self._simulated(start)
        simulation.run()
        found = steps(simulation.happened)
        rounds: dict[int, timedelta] = {}
        for step in found:
            if step.kind in _STEPS and step.place.round:
                rounds.setdefault(step.place.round, step.at - start)
        ends = [step for step in found if step.kind is EventKind.EXHAUSTED]
        reminded = (s.at - start for s in found if s.kind is EventKind.REMINDED and s.place.round == 0)
        marks = ((f"{s.details['clock']} {_MARKS[s.kind]}", s.at - start) for s in found if s.kind in _MARKS)
        return Course(
            rounds=tuple(rounds.values()),
            exhausted=ends[0].at - start if ends else None,
            at_the_end=tuple(ends[0].told) if ends else (),
            reminders=tuple(reminded),
            marks=tuple(marks),
        )

    def edges(self, start: datetime, end: datetime, offsets: Iterable[timedelta]) -> Iterator[datetime]:
        """Give the instants at which an alert that comes in may begin to take another ladder.

        These are the handoffs of rotations, each so long before as a level fires after the start, and the edges of
        silences, of maintenance windows and of the times of routes.
        """
        rules, ahead = self._rules, (timedelta(), *offsets)
        for rotation in rules.plans:
            for shift in shifts_of(rules, rotation, start, end + max(ahead)):
                edges = (edge for edge in (shift.starts_at, shift.ends_at) if edge is not None)
                yield from (edge - offset for edge in edges for offset in ahead)
        for cover in (*rules.silences.once, *rules.silences.recurring):
            yield from _edges_of(cover.times, start, end)
        for route in rules.config.routes:
            for window in listed(route.match.time):
                yield from _edges_of(Window.of(window, rules.config.timezone), start, end)

    def _simulated(self, start: datetime) -> Simulation:
        simulation = Simulation(self._rules, start)
        signal = make(SignalStatus.FIRING, "compared", "An alert", severity=self._case.severity)
        simulation.receive(self._case.source, [signal])
        return simulation


def _firing(step: Step, start: datetime) -> Firing:
    return Firing(step.place.level or 0, step.place.level_name or "", step.at - start, tuple(step.told))


def _edges_of(times: Once | Window, start: datetime, end: datetime) -> Iterator[datetime]:
    if isinstance(times, Once):
        yield from (times.start, times.end)
        return
    at = start
    while at < end:
        begins, ends = times.next_at(at)
        yield from (begins, ends)
        at = max(ends, at + _MOMENT)
