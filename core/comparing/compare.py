"""Compare two configs over some weeks: each case is simulated at every instant at which its ladder may change."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from core.comparing.cases import Case, cases_of
from core.comparing.ladders import Ladders
from core.comparing.words import Change, course_changes, ladder_changes
from core.config import Config
from core.config.routes import Route

Span = tuple[datetime, datetime]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes for alerts of these cases, and when they come in; `spans` empty: whenever they do."""

    cases: tuple[str, ...]
    changes: tuple[str, ...]
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A time for which a change holds, and its first and last place among the pieces that were compared."""

    first: int
    last: int
    begins: datetime
    ends: datetime


def compare(
    old: Config, new: Config, start: datetime, end: datetime, progress: Progress = lambda _done, _of: None
) -> list[Difference]:
    """Give what differs between two configs for alerts that come in from `start` until just before `end`.

    Cases that change alike are told together. `progress` hears how many cases are done.
    """
    cases = cases_of(old, new)
    found: dict[tuple[tuple[str, ...], tuple[Span, ...]], list[str]] = {}
    for number, case in enumerate(cases):
        progress(number, len(cases))
        for changes, spans in _case_changes(old, new, case, start, end):
            found.setdefault((changes, spans), []).append(case.name)
    progress(len(cases), len(cases))
    return [
        *(Difference(tuple(names), *key) for key, names in found.items()),
        *(Difference((name,), (change,)) for name, change in _route_changes(old, new)),
    ]


def _case_changes(
    old: Config, new: Config, case: Case, start: datetime, end: datetime
) -> Iterator[tuple[tuple[str, ...], tuple[Span, ...]]]:
    before, after = Ladders(old, case), Ladders(new, case)
    together: dict[tuple[Span, ...], list[str]] = {}
    for change, spans in _ladder_changes(before, after, start, end).items():
        together.setdefault(spans, []).append(change.text)
    for spans, texts in together.items():
        yield tuple(texts), spans
    if course := course_changes(before.course(start), after.course(start)):
        yield course, ()


def _ladder_changes(before: Ladders, after: Ladders, start: datetime, end: datetime) -> dict[Change, tuple[Span, ...]]:
    """Give each change with when it holds; no spans: always, but for when a silence hides the ladder."""
    found: dict[Change, list[_Stretch]] = {}
    place = 0  # among the pieces that no silence hides, so that no silence cuts what holds before and after it
    for begins, ends in pairwise(_edges(before, after, start, end)):
        old, new = before.at(begins), after.at(begins)
        is_hidden = bool(old.silenced or new.silenced)
        place += not is_hidden
        for change in ladder_changes(old, new):
            _add(found.setdefault(change, []), _Stretch(place, place, begins, ends), joins=not is_hidden)
    shifts = {change.level: abs(change.shift) for change in found if change.shift}
    return {
        change: () if _holds_always(stretches, start, end, place) else tuple((s.begins, s.ends) for s in stretches)
        for change, stretches in found.items()
        if not (change.is_who and _follows_from_a_shift(stretches, shifts.get(change.level)))
    }


def _add(stretches: list[_Stretch], new: _Stretch, *, joins: bool) -> None:
    last = stretches[-1] if stretches else None
    if last is not None and (last.ends == new.begins or (joins and last.last == new.first - 1)):
        stretches[-1] = _Stretch(last.first, new.last, last.begins, new.ends)
    else:
        stretches.append(new)


def _holds_always(stretches: Sequence[_Stretch], start: datetime, end: datetime, last: int) -> bool:
    only = stretches[0]
    return len(stretches) == 1 and ((only.first, only.last) == (1, last) or (only.begins, only.ends) == (start, end))


def _follows_from_a_shift(stretches: Sequence[_Stretch], shift: timedelta | None) -> bool:
    """Say whether others are asked only because the level fires on the other side of a handoff."""
    return shift is not None and all(each.ends - each.begins <= shift for each in stretches)


def _edges(before: Ladders, after: Ladders, start: datetime, end: datetime) -> list[datetime]:
    offsets = {firing.after for each in (before, after) for firing in each.at(start).firings}
    inside = (
        edge for each in (before, after) for edge in each.edges(start, end, sorted(offsets)) if start < edge < end
    )
    return sorted({start, end, *inside})


def _route_changes(old: Config, new: Config) -> Iterator[tuple[str, str]]:
    """Tell of routes that come, go, match otherwise or stand elsewhere: no simulation of one route shows that."""
    before, after = ({route.name: route for route in config.routes} for config in (old, new))
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield f"route {name}", "is gone"
        elif name not in before:
            yield f"route {name}", "is new"
        elif (change := _match_change(before[name], after[name])) is not None:
            yield f"route {name}", change
    if (order := _order(before, after)) is not None:
        yield "routes", order


def _match_change(old: Route, new: Route) -> str | None:
    what = ("match", "goes_on", "dedup_key", "group_by", "auto_resolve")
    names = {"goes_on": "continue"}
    changed = [names.get(field, field) for field in what if getattr(old, field) != getattr(new, field)]
    return f"has another {', '.join(changed)}" if changed else None


def _order(before: dict[str, Route], after: dict[str, Route]) -> str | None:
    both = [name for name in before if name in after]
    now: Sequence[str] = [name for name in after if name in before]
    return f"are asked in another order: {', '.join(now)}" if both != now else None
