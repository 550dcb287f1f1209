"""What differs in whom a level pages and on what, in words: `bob instead of alice`, `by phone too`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.comparing.ladder import Asked, Pair
from core.comparing.phrases import joined, once


@dataclass(frozen=True, slots=True)
class Exchange:
    """Who is paged instead of whom, in words; `come` and `gone` are people where there are some of both."""

    words: str
    come: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def people_change(
    old: Sequence[Pair], new: Sequence[Pair], asked: tuple[Asked, Asked], nobody: str = ""
) -> Exchange | None:
    """Say who is paged instead of whom; None when the same are. `nobody` says why nobody is any more.

    A rotation is named and not whoever is on call in it, when it is new there or gone, and where there is nobody else.
    """
    before, after = once(person for person, _ in old), once(person for person, _ in new)
    if set(before) == set(after):
        return None
    if not after:
        return Exchange(f"nobody instead of {joined(asked[0].names)}{f' ({nobody})' if nobody else ''}")
    if not before:
        return Exchange(f"{joined(asked[1].names)} instead of nobody")
    if _are_others(before, after, asked):
        return _exchange(before, after)
    return replace(_exchange(asked[0].names, asked[1].names), come=(), gone=())


def _are_others(before: Sequence[str], after: Sequence[str], asked: tuple[Asked, Asked]) -> bool:
    """Say whether other people are asked by the same names, or some by other names."""
    old, new = asked
    gone = {person for name in old.names if name not in new.names for person in old.people[name]}
    come = {person for name in new.names if name not in old.names for person in new.people[name]}
    is_told = set(before) - set(after) <= gone and set(after) - set(before) <= come
    return not is_told or not gone.isdisjoint(come)


def _exchange(before: Sequence[str], after: Sequence[str]) -> Exchange:
    gone, come = [name for name in before if name not in after], [name for name in after if name not in before]
    if gone and come:
        return Exchange(f"{joined(come)} instead of {joined(gone)}", tuple(come), tuple(gone))
    return Exchange(f"{joined(come)} too" if come else f"{joined(gone)} no more")


def channel_change(old: Sequence[Pair], new: Sequence[Pair]) -> str:
    """Say on what people are paged now; '' when there is no difference. Of a whole level, where all change alike."""
    before, after = _channels(old), _channels(new)
    if not before or not after:
        return ""
    alike = {frozenset(channels) for channels in before.values()}, {frozenset(channels) for channels in after.values()}
    if len(alike[0]) == len(alike[1]) == 1:
        return _delta(next(iter(before.values())), next(iter(after.values())))
    deltas: dict[str, list[str]] = {}
    for person in (name for name in after if name in before):
        if delta := _delta(before[person], after[person]):
            deltas.setdefault(delta, []).append(person)
    if [*deltas.values()] == [list(after)] and after.keys() == before.keys():
        return next(iter(deltas))
    return ", ".join(f"{joined(people)} {delta}" for delta, people in deltas.items())


def told(pages: Iterable[Pair]) -> str:
    """Say who is told on what: `director and vp by email and sms`; `nobody` for none."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for person, channels in _channels(pages).items():
        alike.setdefault(channels, []).append(person)
    said = [f"{joined(people)} by {joined(channels)}" for channels, people in alike.items()]
    return "; ".join(said) or "nobody"


def _channels(pages: Iterable[Pair]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for person, channel in pages:
        found[person] = (*found.get(person, ()), channel)
    return found


def _delta(old: Sequence[str], new: Sequence[str]) -> str:
    come, gone = [c for c in new if c not in old], [c for c in old if c not in new]
    if come and gone:
        return f"by {joined(come)} instead of {joined(gone)}"
    if come:
        return f"by {joined(come)} too"
    return f"not by {joined(gone, 'or')} any more" if gone else ""
