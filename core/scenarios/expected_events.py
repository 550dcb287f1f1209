"""Whether something happened when it was expected to: events of the timeline, SLA clocks at risk and breached."""

from collections.abc import Iterable, Sequence

from core.scenarios.course import Course
from core.scenarios.expectation import Expectation
from core.scenarios.failure import Failure, Window, conditions, is_at_place, listed, many, offset
from core.simulation.steps import Step
from core.sla_clock import ClockKind
from core.timeline import EventKind

_MARKS = {"at_risk": EventKind.SLA_AT_RISK, "breached": EventKind.SLA_BREACHED, "in_time": EventKind.SLA_BREACHED}


def judge_event(expectation: Expectation, line: int, course: Course) -> Failure | None:
    """Give the failure of an expectation about an event, None when it is met."""
    kind: EventKind = getattr(expectation, expectation.kind)
    found = (index for index, step in enumerate(course.steps) if step.kind is kind)
    word = kind.replace("_", " ")
    what = f"{'never ' if expectation.kind == 'no_event' else ''}{word}"
    return _judge(found, expectation, line, course, what=what, word=word)


def judge_clock(expectation: Expectation, line: int, course: Course) -> Failure | None:
    """Give the failure of an expectation about an SLA clock, None when it is met."""
    clock: ClockKind = getattr(expectation, expectation.kind)
    mark = _MARKS[expectation.kind]
    what = f"SLA {clock} {expectation.kind.replace('_', ' ')}"
    if not _has_clock(clock, expectation, course):
        window, none = Window.of(expectation, course), f"no {clock} clock"
        return Failure(line, what + conditions(expectation), window.words, none, window.anchor(course, ()), state=none)
    found = (
        index for index, step in enumerate(course.steps) if step.kind is mark and step.details["clock"] == clock.value
    )
    word = mark.removeprefix("sla_").replace("_", " ")
    return _judge(found, expectation, line, course, what=what, word=word)


def _judge(
    found: Iterable[int], expectation: Expectation, line: int, course: Course, *, what: str, word: str
) -> Failure | None:
    """Judge by the steps that are of the right kind; `word` is what to say of those that came instead."""
    window, times = Window.of(expectation, course), expectation.times
    ever = [index for index in found if _is_meant(course.steps[index], expectation, course)]
    then = [index for index in ever if window.holds(course.steps[index].at)]
    is_unwanted = expectation.kind in {"no_event", "in_time"}
    if (not then) if is_unwanted else (len(then) == times or (then and not times)):
        return None
    came = then or _nearest(ever, window, course)
    at = course.steps[then[0]].at if is_unwanted else window.anchor(course, came)
    number = f"{many(len(then))}: " if then and times else ""
    got = f"{word} {number}{_times(came, course)}" if came else f"never {word}"
    return Failure(line, what + conditions(expectation), window.words, got, at, tuple(came))


def _is_meant(step: Step, expectation: Expectation, course: Course) -> bool:
    is_there = is_at_place(step.place.level_name, step.place.round, expectation)
    return is_there and step.alert in course.numbers(expectation.alert)


def _has_clock(clock: ClockKind, expectation: Expectation, course: Course) -> bool:
    """Say whether there ever was such a clock: what is never owed is neither in time nor late."""
    alerts = course.numbers(expectation.alert)
    states = (each.alert.sla for each in course.happened if each.alert.id in alerts)
    return any(state is not None and state.clock(clock) is not None for state in states)


def _nearest(ever: Sequence[int], window: Window, course: Course) -> list[int]:
    away = {index: window.away(course.steps[index].at) for index in ever}
    return [index for index in ever if away[index] == min(away.values())]


def _times(came: Sequence[int], course: Course) -> str:
    return listed([f"at {offset(course.steps[index].at, course)}" for index in came])
