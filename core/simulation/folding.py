"""A course folded for people: what is told as one is one. A course is the steps of one alert."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from core.simulation.steps import Step
from core.timeline import EventKind

FIRED = frozenset({EventKind.TRIGGERED, EventKind.ESCALATED})
SLA = frozenset({EventKind.SLA_AT_RISK, EventKind.SLA_BREACHED})
FAILED = frozenset({EventKind.NOTIFICATION_FAILED, EventKind.FAILED_OVER})

_NOT_OF_A_PATTERN = frozenset({"n", "cause", "retry_at", "response_id"})


@dataclass(frozen=True, slots=True)
class Fold:
    """Steps told as one, oldest first: the marks of one message, reminders in a row.

    `failures` are of the first of them: what did not arrive of what it had told, and where that went instead.
    `is_left`: the level was left in the same instant, because nothing of it arrived.
    """

    steps: tuple[Step, ...]
    failures: tuple[Step, ...] = ()
    is_left: bool = False

    @property
    def first(self) -> Step:
        """Give the first of them, at whose instant they are told."""
        return self.steps[0]

    @property
    def kind(self) -> EventKind:
        """Give what kind they are of."""
        return self.first.kind


def by_alert(steps: Iterable[Step]) -> dict[int, list[Step]]:
    """Give each alert's course."""
    courses: dict[int, list[Step]] = {}
    for step in steps:
        courses.setdefault(step.alert, []).append(step)
    return courses


def alike(courses: Mapping[int, Sequence[Step]]) -> list[tuple[int, ...]]:
    """Give the numbers of the alerts, those whose courses are the same together."""
    groups: dict[str, list[int]] = {}
    for alert, course in courses.items():
        pattern = [[step.at.timestamp(), step.place.round, *patterns([step], step.at)] for step in course]
        groups.setdefault(json.dumps(pattern), []).append(alert)
    return [tuple(alerts) for alerts in groups.values()]


def folded(course: Sequence[Step]) -> list[Fold]:
    """Fold what is told as one; what failed goes to what it is of."""
    found: list[Fold] = []
    failures = _failures(course)
    for step in course:
        if step.kind in FAILED:
            continue
        last = found[-1] if found else None
        fold = Fold((step,), tuple(failures.get(step.details.get("n"), ())))
        if last is not None and _goes_with(fold, last):
            found[-1] = replace(last, steps=(*last.steps, step))
        elif last is not None and _leaves(step, last.first):
            found[-1] = replace(last, is_left=True)
        else:
            found.append(fold)
    return found


def spacing(fold: Fold) -> timedelta | None:
    """Give how far apart the steps are; None when they are not evenly spaced."""
    times = [step.at for step in fold.steps]
    gaps = {after - before for before, after in pairwise(times)}
    return gaps.pop() if len(gaps) == 1 else None


def _failures(course: Sequence[Step]) -> dict[object, list[Step]]:
    """Give what failed, by the number of the event that it is of."""
    failures: dict[object, list[Step]] = {}
    for step in course:
        if step.kind in FAILED:
            failures.setdefault(step.details["cause"], []).append(step)
    return failures


def _goes_with(fold: Fold, before: Fold) -> bool:
    step, last = fold.first, before.steps[-1]
    if step.kind is not last.kind:
        return False
    if step.kind in SLA:  # a message about several marks stands with the first of them
        return step.at == last.at and not step.told
    if step.kind is not EventKind.REMINDED:
        return False
    is_alike = (step.place, step.told, step.details["of"]) == (last.place, last.told, last.details["of"])
    is_in_turn = len(before.steps) == 1 or step.at - last.at == last.at - before.steps[-2].at
    return is_alike and is_in_turn and patterns(fold.failures, step.at) == patterns(before.failures, before.first.at)


def _leaves(step: Step, fired: Step) -> bool:
    """Say whether it says only that the level that just fired was left at once, which its failures say, too."""
    is_same = (step.at, step.place) == (fired.at, fired.place)
    return step.kind is EventKind.SKIPPED and fired.kind in FIRED and is_same and not step.told


def patterns(steps: Iterable[Step], begun: datetime) -> list[list[object]]:
    """Give steps as they would be of any alert and any round that begins at that instant."""
    return [_told_of_any(step, begun) for step in steps]


def _told_of_any(step: Step, begun: datetime) -> list[object]:
    kind = "fired" if step.kind in FIRED else step.kind.value
    details = sorted((name, value) for name, value in step.details.items() if name not in _NOT_OF_A_PATTERN)
    return [(step.at - begun).total_seconds(), kind, step.place.level, step.told, details]
