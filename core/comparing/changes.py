"""What a comparison is made of: a change in words, where it was seen, and all that differs at one instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Kind(IntEnum):
    """What a change is about, the most telling first."""

    NOBODY = 0
    SILENCE = 1
    WHO = 2
    LEVEL = 3  # it is new, or gone
    POLICY = 4
    TIME = 5
    CHANNELS = 6
    CATCH_ALL = 7
    ROUNDS = 8
    RESOLVING = 9
    SLA = 10
    REMINDERS = 11
    NAME = 12


People = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: `what`, in words that follow those of `where`; `detail` is what can be left out of them.

    Levels count from 0, as the new policy has them; None: of no level, and `where` is empty. `reason` is the silence
    for which pages wait, `lasts` that they wait for it in both, but longer or less long. `people` are who is paged
    instead of whom, where somebody else is.
    """

    kind: Kind
    what: str
    level: int | None = None
    where: str = ""
    detail: str = ""
    reason: str = ""
    lasts: bool = False
    people: People = ((), ())

    @property
    def text(self) -> str:
        """The words."""
        return f"{self.where}{self.what}{self.detail}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A change as it is seen at an instant: how long after the start its level fires in the old and the new ladder.

    `freed` is until when the old and the new one wait for a silence; None: they do not.
    """

    change: Change
    offsets: tuple[timedelta | None, timedelta | None] = (None, None)
    freed: tuple[datetime | None, datetime | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two ladders. From the level `hidden_from` on, a silence leaves nothing to compare."""

    seen: tuple[Seen, ...]
    hidden_from: int | None = None
