"""A timeline of what happened, with what was expected as `-` lines and what came instead as `+` lines."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.scenarios.course import Course
from core.scenarios.failure import Failure, offset
from core.simulation.script import VIA
from core.simulation.steps import Step
from core.simulation.words import lines

CONTEXT = 2  # steps around a line with a mark
_WAY = ("via", VIA)
_MOST_MARKED = 5  # steps of one failure: of a page that came a hundred times too often they say enough


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `mark` is " ", "-" or "+"; one without `when` says how many steps are left out."""

    mark: str
    when: str
    after: str
    what: str


def diff(course: Course, failures: Sequence[Failure], context: int | None = CONTEXT) -> list[Row]:
    """Give the steps with the failures among them: those around a mark, or all for None."""
    rows = list(_rows(course, failures))
    return rows if context is None else list(_cut(rows, context))


def _rows(course: Course, failures: Sequence[Failure]) -> Iterator[Row]:
    marked = {index for failure in failures for index in failure.steps[:_MOST_MARKED]}
    by_time = sorted(failures, key=lambda failure: failure.at)
    places = [_place(course, failure) for failure in by_time]
    texts = list(_texts(course))
    for index in range(len(course.steps) + 1):
        for place, failure in zip(places, by_time, strict=True):
            if place == index:
                is_exact = failure.when.startswith(" at ")  # which the line says itself
                yield _row("-", failure.at, failure.what if is_exact else failure.expected, course)
                if failure.state:
                    yield _row("+", failure.at, failure.state, course)
        if index < len(texts):
            yield _row("+" if index in marked else " ", course.steps[index].at, texts[index], course)


def _place(course: Course, failure: Failure) -> int:
    """Give before which step a failure stands: before what came instead at that instant, else after all of it."""
    then = [index for index in failure.steps if course.steps[index].at == failure.at]
    return min(then, default=bisect_right(course.steps, failure.at, key=lambda step: step.at))


def _row(mark: str, at: datetime, what: str, course: Course) -> Row:
    return Row(mark, f"{at.astimezone(course.zone):%a %d %b %H:%M:%S}", offset(at, course), what)


def _texts(course: Course) -> Iterator[str]:
    """Say each step and whom it told; of several alerts by the names that the scenario has for them."""
    names = {number: name for _, name, number in course.known}
    steps = [_without_way(step) for step in course.steps]
    for step, line in zip(steps, lines(steps, course.start, course.zone), strict=True):
        number = f"alert {step.alert}: "
        is_numbered = line.what.startswith(number)
        what = f"{names[step.alert]}: {line.what.removeprefix(number)}" if is_numbered else line.what
        yield f"{what} -> {'; '.join(line.told)}" if line.told else what


def _without_way(step: Step) -> Step:
    """Leave out by which way an answer came: here it is always the same."""
    return replace(step, details={name: value for name, value in step.details.items() if (name, value) != _WAY})


def _cut(rows: Sequence[Row], context: int) -> Iterator[Row]:
    marked = [index for index, row in enumerate(rows) if row.mark != " "]
    kept = {0, *(near for index in marked for near in range(index - context, index + context + 1))}
    left_out: list[Row] = []
    for index, row in enumerate(rows):
        if index not in kept:
            left_out.append(row)
            continue
        yield from _gap(left_out)
        left_out = []
        yield row
    yield from _gap(left_out)


def _gap(rows: list[Row]) -> list[Row]:
    """Say how many rows are left out; a single one takes no more room itself."""
    return rows if len(rows) <= 1 else [Row(" ", "", "", f"... {len(rows)} more steps")]
