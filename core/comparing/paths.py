"""Ladders that are known, found again by what is asked on the way to them: a question, an answer, the next question.

Only of ladders all of whose times count from when the alert comes in: what waits for a silence is simulated each time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")

# A rotation, or None for silences, and how long after the alert comes in.
Asked = tuple[str | None, timedelta]
# Gives the answer at an instant, and until when it is the same; None: for long enough.
Answer = Callable[[str | None, datetime], tuple[str | None, datetime | None]]


@dataclass(slots=True)
class _Fork(Generic[T]):
    """What is asked here, and where each answer leads."""

    asked: Asked
    ways: "dict[str | None, _Fork[T] | _End[T]]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _End(Generic[T]):
    found: T


class Paths(Generic[T]):
    """What is known, by the way to it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._start: _Fork[T] | _End[T] | None = None

    def find(self, start: datetime, answer: Answer) -> tuple[T, datetime | None] | None:
        """Give what is known for an alert that comes in at `start`, and until when that holds; None when unknown."""
        here, until = self._start, None
        while isinstance(here, _Fork):
            rotation, offset = here.asked
            said, ends = answer(rotation, start + offset)
            until = earliest(until, ends and ends - offset)
            here = here.ways.get(said)
        return (here.found, until) if here else None

    def add(self, way: Sequence[tuple[Asked, str | None]], found: T) -> None:
        """Remember what this way leads to."""
        last: _Fork[T] | None = None
        said: str | None = None
        for asked, answer in way:
            fork = self._at(last, said)
            if not isinstance(fork, _Fork):
                fork = _Fork(asked)
                self._put(last, said, fork)
            last, said = fork, answer
        self._put(last, said, _End(found))

    def _at(self, fork: "_Fork[T] | None", said: str | None) -> "_Fork[T] | _End[T] | None":
        return self._start if fork is None else fork.ways.get(said)

    def _put(self, fork: "_Fork[T] | None", said: str | None, what: "_Fork[T] | _End[T]") -> None:
        if fork is None:
            self._start = what
        else:
            fork.ways[said] = what


def earliest(*instants: datetime | None) -> datetime | None:
    """Give the earliest of those that are there."""
    return min((each for each in instants if each is not None), default=None)
