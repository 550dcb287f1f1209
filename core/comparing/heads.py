"""Which alerts a change is told of, and which changes are told under one head."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from core.comparing.cases import Case
from core.comparing.changes import Kind
from core.comparing.compare import Difference
from core.comparing.phrases import listed, once
from core.lint.spans import Span, united
from core.severity import Severity

_MOST_WAYS = 4
_MOST_TURNS = 3
_KINDS_OF_WAYS = ("from heartbeat ", "from ", "by route ")
# What is about people rather than about a policy is told once for all whom it is about.
_OF_PEOPLE = frozenset({Kind.NOBODY, Kind.SILENCE, Kind.WHO, Kind.CATCH_ALL})


def say_cases(cases: Sequence[Case], everything: Sequence[Case]) -> str:
    """Say which alerts: `every severity`, `critical, high; from demo: every severity`."""
    if set(cases) == set(everything) and len(_ways(everything)) > 1:
        return "every alert"
    alike: dict[tuple[Severity, ...], list[str]] = {}
    for way, severities in _ways(cases).items():
        alike.setdefault(severities, []).append(way)
    said = []
    for severities, ways in alike.items():
        names = "every severity" if len(severities) == len(Severity) else ", ".join(each.value for each in severities)
        said += [names] if "" in ways else []
        said += [f"{way}: {names}" for way in _named(ways)]
    return "; ".join(said)


def _named(ways: Sequence[str]) -> Iterator[str]:
    """Give ways of one kind together: `by route db, web`."""
    left = list(ways)
    for kind in _KINDS_OF_WAYS:
        if names := [way.removeprefix(kind) for way in left if way.startswith(kind)]:
            yield f"{kind}{listed(names, _MOST_WAYS)}"
        left = [way for way in left if not way.startswith(kind)]


def _ways(cases: Sequence[Case]) -> dict[str, tuple[Severity, ...]]:
    found: dict[str, tuple[Severity, ...]] = {}
    for case in cases:
        found[case.way] = (*found.get(case.way, ()), case.severity)
    return found


def by_cases(differences: Sequence[Difference], window: Span) -> list[tuple[tuple[Case, ...], list[Difference]]]:
    """Put what changes for the same alerts together, the most telling first.

    Who is paged is told once for all alerts of which it is so, and so is what changes for all of those of a way that
    change at all. The rest is told of each of them, so that what changes for it is not strewn over many heads; once for
    those for which all of that is the same.
    """
    ordered = sorted(differences, key=rank)
    changing = dict.fromkeys(case for each in ordered for case in each.cases)
    common = [each for each in ordered if _is_common(each, changing)]
    own: dict[Case, list[Difference]] = {}
    for each in ordered:
        for case in each.cases if each not in common else ():
            own.setdefault(case, []).append(each)
    groups: dict[tuple[Case, ...], list[Difference]] = {}
    for each in common:
        groups.setdefault(each.cases, []).append(each)
    for case, of_case in own.items():
        alike = tuple(other for other in changing if own.get(other) == of_case)
        if case == alike[0]:
            groups.setdefault(alike, []).extend(of_case)
    folded = {cases: list(_folded(of, window)) for cases, of in groups.items()}
    return sorted(folded.items(), key=lambda group: (min(each.change.kind for each in group[1]), _rank_of(group[0])))


def _is_common(difference: Difference, changing: Iterable[Case]) -> bool:
    ways = {case.way for case in difference.cases}
    return difference.change.kind in _OF_PEOPLE or all(
        case in difference.cases for case in changing if case.way in ways
    )


def rank(difference: Difference) -> Any:
    """Give the rank of a difference, the most telling first."""
    change = difference.change
    level = -1 if change.level is None else change.level
    return (change.kind, _rank_of(difference.cases), difference.when[:1], level)


def _rank_of(cases: Sequence[Case]) -> tuple[int, int]:
    """Give the rank of alerts: those that are many kinds first, then the worst."""
    return -len(cases), min(list(Severity).index(case.severity) for case in cases)


def _folded(differences: Sequence[Difference], window: Span) -> Iterator[Difference]:
    """Tell once of people who take turns with others in so many ways that nobody would read each."""
    turns: dict[tuple[Kind, str], list[Difference]] = {}
    for each in differences:
        if each.change.people != ((), ()):
            turns.setdefault((each.change.kind, each.change.where), []).append(each)
    many = [together for together in turns.values() if len(together) > _MOST_TURNS]
    yield from (each for each in differences if not any(each in together for together in many))
    for together in many:
        yield _in_turns(together, window)


def _in_turns(together: Sequence[Difference], window: Span) -> Difference:
    come, gone = (once(name for each in together for name in each.change.people[side]) for side in (0, 1))
    what = f"{listed(sorted(come))} by turns instead of {listed(sorted(gone))}"
    if set(come) == set(gone):
        what = f"the same people in another order ({listed(sorted(come))})"
    first = together[0].change
    before = first.what.partition(":")[0]
    spans = united(span for each in together for span in each.when or (window,))
    change = replace(first, what=f"{before}: {what}", people=((), ()))
    return replace(together[0], change=change, when=() if spans == [window] else tuple(spans))
