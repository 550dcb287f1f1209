"""A failure: what was expected, and what came instead. In a timeline the one is a `-` line, the other `+` lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.scenarios.course import Course
from core.scenarios.expectation import Expectation
from core.scenarios.times import written

_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that was not met, or one thing that was given and could not be done.

    `what` was expected `when`, and `got` says what came of it. In the timeline it stands at `at`; `steps` are the
    indexes of what came instead, and `state` says how something stood instead.
    """

    line: int
    what: str
    when: str
    got: str
    at: datetime
    steps: tuple[int, ...] = ()
    state: str = ""

    @property
    def expected(self) -> str:
        """Say what was expected, and when."""
        return f"{self.what}{self.when}"


@dataclass(frozen=True, slots=True)
class Window:
    """A time from `first` until `last`, both within it, to the second. None: without an end on that side."""

    first: datetime | None
    last: datetime | None
    words: str

    @classmethod
    def of(cls, expectation: Expectation, course: Course) -> "Window":
        """Give the window that an expectation names; without one, all of the time."""
        if expectation.at:
            at = course.instant(expectation.at)
            return cls(at, at, f" at {expectation.at.text}")
        if expectation.between:
            first, last = expectation.between
            return cls(course.instant(first), course.instant(last), f" between {first.text} and {last.text}")
        if expectation.by:
            return cls(None, course.instant(expectation.by), f" by {expectation.by.text}")
        if expectation.since:
            return cls(course.instant(expectation.since), None, f" from {expectation.since.text} on")
        return cls(None, None, "")

    def holds(self, at: datetime) -> bool:
        """Say whether an instant is within it."""
        return self.away(at.replace(microsecond=0)) == 0

    def away(self, at: datetime) -> float:
        """Give how many seconds an instant lies outside of it."""
        if self.first and at < self.first:
            return (self.first - at).total_seconds()
        return (at - self.last).total_seconds() if self.last and at > self.last else 0.0

    def anchor(self, course: Course, steps: Sequence[int]) -> datetime:
        """Give where in the timeline to say that something did not come; `steps` came instead."""
        came = [course.steps[index].at for index in steps]
        return self.first or self.last or min(came, default=course.end)


def offset(at: datetime, course: Course) -> str:
    """Say an instant as people write it in the scenario: `10m`."""
    return written(at - course.start)


def many(times: int) -> str:
    """Say how many times: `1 time`, `3 times`."""
    return f"{times} {'time' if times == 1 else 'times'}"


def listed(texts: Sequence[str]) -> str:
    """Give some texts as one; of many, the first."""
    more = len(texts) - _MOST_TOLD
    return "; ".join(texts[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")


def is_at_place(level_name: str | None, number: int | None, expectation: Expectation) -> bool:
    """Say whether a level and a round, which counts from 0, are those that an expectation names, if it names any."""
    if expectation.level is not None and level_name != expectation.level:
        return False
    return expectation.round is None or number == expectation.round - 1


def conditions(expectation: Expectation) -> str:
    """Say what narrows an expectation beside its time."""
    said = [
        f" about {expectation.about}" if expectation.about else "",
        f" for {expectation.alert}" if expectation.alert else "",
        f" of level {expectation.level}" if expectation.level else "",
        f" in round {expectation.round}" if expectation.round else "",
        f", {many(expectation.times)}" if expectation.times else "",
    ]
    return "".join(said)
