"""Repeats: rounds that go as an earlier one did are one, and so are walks of a round that nothing arrived of.

Nothing is left out but what is repeated; the marks of clocks stand between, each at its time.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from core.simulation.folding import FIRED, SLA, Fold, patterns
from core.timeline import EventKind

# What a round is made of. Anything else but the marks of clocks, and the end, is somebody's doing.
_OF_A_ROUND = FIRED | {EventKind.SKIPPED, EventKind.REMINDED}
_BESIDE = SLA | {EventKind.EXHAUSTED}


@dataclass(frozen=True, slots=True)
class Rounds:
    """Rounds in a row that go as the round `like` went: each by its number, with when it began."""

    like: int
    begun: tuple[tuple[int, datetime], ...]


@dataclass(frozen=True, slots=True)
class Walks:
    """The round is walked again as just before, at these instants: the network broke, not the people."""

    begun: tuple[datetime, ...]


@dataclass(slots=True)
class _Block:
    """The folds of one round, as long as nobody interferes; only one that nobody interfered with is whole."""

    round: int
    is_whole: bool
    folds: list[Fold] = field(default_factory=list)


def without_repeats(folds: Sequence[Fold]) -> list[Fold | Rounds | Walks]:
    """Put one `Rounds` where rounds go as an earlier one did, one `Walks` where a round is walked as just before."""
    blocks = _blocks(folds)
    repeats = {id(fold): (like, block) for block, like in _likes(blocks) for fold in block.folds}
    walked = {id(fold): walk for block in blocks for walk in _repeated_walks(block) for fold in walk}
    found: list[Fold | Rounds | Walks] = []
    for fold in folds:
        if id(fold) in repeats:
            like, block = repeats[id(fold)]
            if fold is block.folds[0]:
                _add_round(found, like, (block.round, fold.first.at))
        elif id(fold) not in walked:
            found.append(fold)
        elif fold is walked[id(fold)][0]:
            _add_walk(found, fold.first.at)
    return found


def _blocks(folds: Sequence[Fold]) -> list[_Block]:
    blocks: list[_Block] = []
    is_cut = False
    for fold in folds:
        if fold.kind not in _OF_A_ROUND:
            is_cut = is_cut or fold.kind not in _BESIDE
            continue
        number = fold.first.place.round or 0
        if not blocks or blocks[-1].round != number:
            is_next = number == (blocks[-1].round + 1 if blocks else 0)
            blocks.append(_Block(number, is_next))
        elif is_cut:
            blocks[-1].is_whole = False
        is_cut = False
        blocks[-1].folds.append(fold)
    return blocks


def _likes(blocks: Iterable[_Block]) -> Iterator[tuple[_Block, int]]:
    """Give each round that goes as an earlier one did, with that one."""
    shown: dict[str, int] = {}
    for block in blocks:
        if not block.is_whole:
            continue
        pattern = _pattern(block.folds)
        if pattern in shown:
            yield block, shown[pattern]
        else:
            shown[pattern] = block.round


def _repeated_walks(block: _Block) -> Iterator[list[Fold]]:
    """Give the walks of a round that go as the one just before."""
    walks: list[list[Fold]] = []
    for fold in block.folds if block.is_whole else ():
        if not walks or _is_foot(fold, walks[-1][-1]):
            walks.append([])
        walks[-1].append(fold)
    return (walk for before, walk in pairwise(walks) if _pattern(walk) == _pattern(before))


def _is_foot(fold: Fold, before: Fold) -> bool:
    """Say whether the first level has its turn: it fires, or nobody is on it."""
    if fold.kind is EventKind.SKIPPED and (fold.first.told or fold.first.place == before.first.place):
        return False  # the catch-all is paged, or the level is left
    return fold.kind is not EventKind.REMINDED and fold.first.place.level == 0


def _pattern(folds: Sequence[Fold]) -> str:
    """Give what a round is made of, as it would be told of any round."""
    begun = folds[0].first.at
    return json.dumps(patterns((step for fold in folds for step in (*fold.steps, *fold.failures)), begun))


def _add_walk(found: list[Fold | Rounds | Walks], at: datetime) -> None:
    if found and isinstance(found[-1], Walks):
        found[-1] = Walks((*found[-1].begun, at))
    else:
        found.append(Walks((at,)))


def _add_round(found: list[Fold | Rounds | Walks], like: int, begun: tuple[int, datetime]) -> None:
    last = found[-1] if found else None
    if isinstance(last, Rounds) and last.like == like:
        found[-1] = Rounds(like, (*last.begun, begun))
    else:
        found.append(Rounds(like, (begun,)))
