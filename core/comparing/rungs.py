"""The levels of two ladders side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher

from core.comparing.ladder import Asked, Firing, Ladder
from core.config.policy import Level

_NO_ONE = Asked((), {})


@dataclass(frozen=True, slots=True)
class Side:
    """A level as one of the two has it. `firing` is None where that ladder did not come so far."""

    level: Level | None
    asked: Asked = _NO_ONE
    firing: Firing | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of either policy or of both, and its place in the new one, else in the old."""

    place: int
    old: Side
    new: Side

    @property
    def where(self) -> str:
        """The level as people count: `level 2 (secondary)`."""
        level = self.new.level or self.old.level
        return f"level {self.place + 1} ({level.level if level else ''})"

    @property
    def later(self) -> timedelta | None:
        """How much later it fires; None when it does not fire, or only one of them counts from the end of a silence."""
        old, new = self.old.firing, self.new.firing
        if old is None or new is None:
            return None
        if old.after is not None and new.after is not None:
            return new.after - old.after
        return new.at - old.at if old.at is not None and new.at is not None else None


def rungs(old: Ladder, new: Ladder) -> Iterator[Rung]:
    """Give the levels side by side: those of the same name are the same one, if they follow each other alike."""
    before, after = ([level.level for level in each.way.policy.levels] for each in (old, new))
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        both = min(j - i, m - k) if tag in {"equal", "replace"} else 0
        yield from (Rung(k + n, _side(old, i + n), _side(new, k + n)) for n in range(both))
        yield from (Rung(n, _side(old, n), Side(None)) for n in range(i + both, j))
        yield from (Rung(n, Side(None), _side(new, n)) for n in range(k + both, m))


def _side(ladder: Ladder, place: int) -> Side:
    firing = next((each for each in ladder.firings if each.level == place), None)
    return Side(ladder.way.policy.levels[place], ladder.way.levels[place], firing)
