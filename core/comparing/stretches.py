"""From moment to moment two ladders are compared; here what differs is put together to the times for which it does.

A time is told as people mean it. Somebody who is on call instead of somebody else is so from handoff to handoff,
however long after the start a level fires: that time is told, not when an alert must come in to fire then. What waits
for a silence is told by the time of the silence. Everything else is told by when alerts come in.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.comparing.changes import Change, Differences, Kind, Seen
from core.lint.spans import Span, common, united

_WHOM = frozenset({Kind.NOBODY, Kind.WHO, Kind.CHANNELS})
_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Piece:
    """What differs for alerts that come in from `begins` until just before `ends`."""

    begins: datetime
    ends: datetime
    differences: Differences


@dataclass(frozen=True, slots=True)
class Found:
    """A change, and when: `arrivals` are when such alerts come in, `told` is as people mean it; empty: always.

    `is_by_page`: it is told by when pages go out, not by when alerts come in.
    """

    change: Change
    arrivals: tuple[Span, ...]
    told: tuple[Span, ...] = ()
    is_by_page: bool = False


@dataclass(slots=True)
class _Stretch:
    """A change that holds without a break, from the piece `first` to the piece `last`; what hides it breaks nothing."""

    first: int
    last: int
    seen: list[tuple[Piece, Seen]] = field(default_factory=list)


Waited = Callable[[tuple[datetime | None, datetime | None]], Span | None]


@dataclass(frozen=True, slots=True)
class Clock:
    """How times are told: the handoffs there are, and for which time something was held that was freed then."""

    handoffs: Collection[datetime]
    waited: Waited


def found_in(pieces: Sequence[Piece], clock: Clock) -> Iterator[Found]:
    """Give each change with when it holds."""
    stretches: dict[Change, list[_Stretch]] = {}
    for place, piece in enumerate(pieces):
        for seen in piece.differences.seen:
            _add(stretches.setdefault(seen.change, []), place, piece, seen, pieces)
    found = []
    for change, each in stretches.items():
        if kept := [stretch for stretch in each if not _follows_from_a_shift(stretch)]:
            found.append(_found(change, kept, pieces, clock))
    yield from (each for each in found if each.change.kind is not Kind.SILENCE)
    yield from _told_once([each for each in found if each.change.kind is Kind.SILENCE])


def _told_once(waits: Sequence[Found]) -> Iterator[Found]:
    """Tell once of a silence that ends sooner or later than before: of the time in which it is one no more, too."""
    by_time: dict[tuple[str, tuple[Span, ...]], list[Found]] = {}
    for each in waits:
        by_time.setdefault((each.change.reason, each.told), []).append(each)
    for together in by_time.values():
        longer = [each for each in together if each.change.lasts]
        if len(longer) == 1:
            arrivals = united(span for each in together for span in each.arrivals)
            yield replace(longer[0], arrivals=tuple(arrivals))
        else:
            yield from together


def _add(stretches: list[_Stretch], place: int, piece: Piece, seen: Seen, pieces: Sequence[Piece]) -> None:
    if not stretches or not _are_hidden(seen.change, pieces[stretches[-1].last + 1 : place]):
        stretches.append(_Stretch(place, place))
    stretches[-1].last = place
    stretches[-1].seen.append((piece, seen))


def _are_hidden(change: Change, pieces: Iterable[Piece]) -> bool:
    hiding = (piece.differences.hidden_from for piece in pieces)
    return all(change.level is not None and level is not None and level <= change.level for level in hiding)


def _follows_from_a_shift(stretch: _Stretch) -> bool:
    """Say whether others are asked only because the level fires on the other side of a handoff."""
    (first, seen), (last, _) = stretch.seen[0], stretch.seen[-1]
    if seen.change.kind not in _WHOM:
        return False
    shifts = [_shift(each) for _, each in stretch.seen]
    return all(shifts) and last.ends - first.begins <= max(shifts)


def _shift(seen: Seen) -> timedelta:
    old, new = seen.offsets
    return abs(new - old) if old is not None and new is not None else _NOTHING


def _found(change: Change, stretches: Sequence[_Stretch], pieces: Sequence[Piece], clock: Clock) -> Found:
    window = pieces[0].begins, pieces[-1].ends
    arrivals = tuple((each.seen[0][0].begins, each.seen[-1][0].ends) for each in stretches)
    if change.kind is Kind.SILENCE:
        waits = (clock.waited(seen.freed) for each in stretches for _, seen in each.seen)
        told = tuple(common(united(span for span in waits if span is not None), [window])) or arrivals
        return Found(change, arrivals, () if told == (window,) else told, is_by_page=True)
    before, beyond = pieces[: stretches[0].first], pieces[stretches[-1].last + 1 :]
    if len(stretches) == 1 and _are_hidden(change, [*before, *beyond]):
        return Found(change, arrivals)
    by_page = [_by_page(each, window, clock.handoffs) for each in stretches] if change.kind in _WHOM else [None]
    inside = tuple(span for span in by_page if span is not None and span[0] < span[1])
    if None not in by_page and inside:
        return Found(change, arrivals, inside, is_by_page=True)
    return Found(change, arrivals, arrivals)


def _by_page(stretch: _Stretch, window: Span, handoffs: Collection[datetime]) -> Span | None:
    """Give from handoff to handoff when others are paged; None when it is not handoffs that begin and end it."""
    (first, seen_first), (last, seen_last) = stretch.seen[0], stretch.seen[-1]
    begins = first.begins if first.begins == window[0] else _handoff(first.begins, seen_first, handoffs)
    ends = last.ends if last.ends == window[1] else _handoff(last.ends, seen_last, handoffs)
    return (begins, ends) if begins is not None and ends is not None else None


def _handoff(instant: datetime, seen: Seen, handoffs: Collection[datetime]) -> datetime | None:
    paged = (instant + offset for offset in reversed(seen.offsets) if offset is not None)
    return next((each for each in paged if each in handoffs), None)
