"""What is given in a scenario as acts of a simulation: the ways in and the commands that there are live, no others."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from core.commands import Acknowledge, Command, Escalate, Reassign, Resolve, Snooze, Update
from core.scenarios.course import Course, Trouble
from core.scenarios.payloads import Arrival
from core.signals import SignalStatus
from core.simulation.run import Act, Simulation
from core.simulation.script import VIA, paged_last


def acts(course: Course) -> Iterator[Act]:
    """Give everything that is given, each with its instant."""
    for index, given in enumerate(course.ready.scenario.given):
        do = {"alert": _raise, "clear": _clear}.get(given.verb, _answer)
        yield Act(course.instant(given.at), partial(do, course, index))


def _raise(course: Course, index: int, simulation: Simulation) -> None:
    _receive(course, course.ready.arrivals[index], simulation)


def _clear(course: Course, index: int, simulation: Simulation) -> None:
    name = course.ready.scenario.given[index].about
    firing = [
        each
        for arrivals in course.ready.arrivals.values()
        for each in arrivals
        if name in (None, each.name) and each.signal.status is SignalStatus.FIRING
    ]
    if course.number(name, simulation.now) is None or not firing:
        _tell(course, index, simulation, "there is no such alert yet")
        return
    over = replace(firing[0].signal, status=SignalStatus.RESOLVED)
    _receive(course, (replace(firing[0], signal=over),), simulation)


def _receive(course: Course, arrivals: tuple[Arrival, ...], simulation: Simulation) -> None:
    telling = [each for each in arrivals if each.signal.status is not SignalStatus.TEST]
    if not telling:
        return
    received = simulation.receive(telling[0].source, [each.signal for each in telling])
    for each, became in zip(telling, received, strict=True):
        if became.alert_id is not None:
            course.known.append((simulation.now, each.name, became.alert_id))


def _answer(course: Course, index: int, simulation: Simulation) -> None:
    given = course.ready.scenario.given[index]
    answer = getattr(given, given.verb)
    number = course.number(given.about, simulation.now)
    if number is None:
        _tell(course, index, simulation, "there is no such alert yet")
        return
    by = answer.by or paged_last(simulation, number)
    is_done = simulation.act(number, _COMMANDS[given.verb](answer, by, simulation))
    if not is_done and not answer.refused:
        _tell(course, index, simulation, f"refused: {simulation.refusals[-1].reason}")
    elif is_done and answer.refused:
        _tell(course, index, simulation, "it is not refused")


def _tell(course: Course, index: int, simulation: Simulation, got: str) -> None:
    given = course.ready.scenario.given[index]
    deed = getattr(given, given.verb)
    about = f" {given.about}" if given.about else ""
    by = f" by {deed.by}" if getattr(deed, "by", None) else ""
    refused = " is refused" if getattr(deed, "refused", False) else ""
    wanted = f"{given.verb}{about}{by}{refused}"
    course.troubles.append(Trouble(index, simulation.now, wanted, f" at {given.at.text}", got))


def _snooze(answer: Any, by: str, simulation: Simulation) -> Command:
    return Snooze(by, VIA, until=simulation.now + timedelta(seconds=answer.lasts), note=answer.note or None)


_COMMANDS: Mapping[str, Callable[[Any, str, Simulation], Command]] = {
    "acknowledge": lambda answer, by, _: Acknowledge(by, VIA, note=answer.note or None),
    "update": lambda answer, by, _: Update(by, VIA, note=answer.note or None),
    "resolve": lambda answer, by, _: Resolve(by, VIA, note=answer.note or None),
    "escalate": lambda answer, by, _: Escalate(by, VIA, note=answer.note or None),
    "snooze": _snooze,
    "reassign": lambda answer, by, _: Reassign(by, VIA, to=answer.to, note=answer.note or None),
}
