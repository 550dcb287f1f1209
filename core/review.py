"""The review: once silences have changed, every open alert shows what covers it now, and one uncovered goes on.

Whether a level fires never depends on it: that is asked when the level is due. But an alert under a silence that was
ended before its time sleeps until that time, unless somebody wakes it. So it is known in the store how far the review
of which state of things has come, and whoever looks next goes on from there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from core.engine import Engine
from core.rules import Rules

_BATCH = 100
_TRIES = 50  # as often as somebody else may be quicker


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a review has come: what it is about, the last alert it has seen to, and whether it has seen all."""

    about: str = ""
    after: int = 0
    is_done: bool = False


class Marks(Protocol):
    """Where the mark is kept. Every call raises StoreUnavailableError when it cannot be done."""

    def read(self) -> Mark:
        """Give the mark."""

    def write(self, mark: Mark) -> None:
        """Keep it."""


def review(engine: Engine, marks: Marks, at_most: int, between: Callable[[], object] = lambda: None) -> bool:
    """Review so many open alerts at most; say whether there is more to review.

    `between` is called after every hundred, so that nobody has to wait for all of them.
    """
    seen = 0
    while True:
        mark = _at(*engine.present(), marks.read())
        if mark.is_done or seen >= at_most:
            return not mark.is_done
        ids = engine.store.open_ids(mark.after, _BATCH)
        _review(engine, ids)
        marks.write(replace(mark, after=ids[-1] if ids else mark.after, is_done=len(ids) < _BATCH))
        seen += len(ids)
        between()


def _at(rules: Rules, now: datetime, mark: Mark) -> Mark:
    """Give the mark, or that of a new review when it is about something else than what is so now."""
    about = f"{rules.standing.version}:{rules.silences.digest(now)}"
    return mark if mark.about == about else Mark(about)


def _review(engine: Engine, ids: list[int]) -> None:
    for _ in range(_TRIES):
        if not ids:
            return
        ids = engine.review(ids)
