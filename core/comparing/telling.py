"""A comparison as people read it in a terminal, and as JSON."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from core.comparing.cases import ANY_SOURCE, Case
from core.comparing.changes import Change, Kind
from core.comparing.compare import Comparison, Difference
from core.comparing.phrases import joined, listed
from core.comparing.spans import say_moment, say_spans
from core.config.heartbeats import HEARTBEAT
from core.severity import Severity
from core.times import rfc3339

_MOST_WAYS = 4
_KINDS_OF_WAYS = ("from heartbeat ", "from ", "by route ")
_MOST_KEYS = 12
_DAY = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_TOGETHER = re.compile(
    rf"(?<=[0-9]) (?=(?:s|min|h|d)\b)|(?<=\b(?:{_DAY})) (?=[0-9])|(?<=[0-9]) (?=(?:{_MONTH})\b)"
    rf"|(?<=\b(?:{_MONTH})) (?=[0-9])|(?<=[0-9]{{4}}) (?=[0-9]{{2}}:)|(?<=level) (?=[0-9])"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text; a head is to stand out."""

    text: str
    is_head: bool = False


def lines(comparison: Comparison, zone: ZoneInfo, width: int) -> Iterator[Line]:
    """Give what differs, the most telling first."""
    if comparison.is_empty:
        yield Line("Nothing changes for anybody: both configs mean the same.")
        return
    start, end = (say_moment(each, zone) for each in comparison.window)
    yield from _wrapped(f"Alerts of {start} to {end}, {zone.key}:", width)
    if not comparison.differences:
        yield Line("  no ladder changes")
    for cases, differences in _by_cases(comparison.differences):
        yield Line("")
        yield from _wrapped(say_cases(cases, comparison.cases), width, is_head=True)
        yield from _blocks(differences, zone, comparison, width)
    if comparison.beside:
        yield from (Line(""), Line("senders, routes and silences", is_head=True))
        yield from (line for each in comparison.beside for line in _wrapped(each, width, "  "))
    for head, keys in (("Also changed", comparison.keys), ("Changed without effect in this time", comparison.unseen)):
        if keys:
            yield Line("")
            yield from _wrapped(f"{head}: {listed(keys, _MOST_KEYS)}", width)


def view(comparison: Comparison) -> dict[str, Any]:
    """Give the same as JSON, in full."""
    start, end = comparison.window
    return {
        "from": rfc3339(start),
        "to": rfc3339(end),
        "differences": [_view(each) for each in sorted(comparison.differences, key=_rank)],
        "which_alerts": list(comparison.beside),
        "also_changed": list(comparison.keys),
        "without_effect": list(comparison.unseen),
    }


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


def _by_cases(differences: Sequence[Difference]) -> list[tuple[tuple[Case, ...], list[Difference]]]:
    """Put what changes for the same alerts together, the most telling first.

    What changes for all of those of a way that change at all is told once for them. The rest is told of each of them,
    so that what changes for it is not strewn over many heads; once for those for which all of that is the same.
    """
    ordered = sorted(differences, key=_rank)
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
    return sorted(groups.items(), key=lambda group: min(_rank(each) for each in group[1]))


def _is_common(difference: Difference, changing: Iterable[Case]) -> bool:
    ways = {case.way for case in difference.cases}
    return all(case in difference.cases for case in changing if case.way in ways)


def _rank(difference: Difference) -> Any:
    change = difference.change
    severity = min(list(Severity).index(case.severity) for case in difference.cases)
    level = -1 if change.level is None else change.level
    return (change.kind, -len(difference.cases), severity, difference.when[:1], level)


def _blocks(differences: Sequence[Difference], zone: ZoneInfo, comparison: Comparison, width: int) -> Iterator[Line]:
    """Give what holds always, and then what holds at the same times under that time."""
    blocks: dict[str, list[Difference]] = {}
    for each in sorted(differences, key=lambda difference: bool(difference.when)):
        when = say_spans(each.when, zone, comparison.window) if each.when else ""
        blocks.setdefault(when, []).append(each)
    for when, block in blocks.items():
        indent = "    " if when else "  "
        if when:
            yield from _wrapped(when, width, "  ")
        for text in _folded([each.change for each in sorted(block, key=_place)]):
            yield from _wrapped(text, width, indent)


def _folded(changes: Sequence[Change]) -> Iterator[str]:
    """Give their words; what is the same of several levels is told once."""
    alike: dict[tuple[Kind, str], list[str]] = {}
    for change in changes:
        alike.setdefault((change.kind, change.what), []).append(change.where)
    yield from (f"{joined(where)}{what}" for (_, what), where in alike.items())


def _place(difference: Difference) -> Any:
    """Give its place below one head: what the alert is given, then level by level, then how it goes on."""
    change = difference.change
    if change.level is not None:
        return (1, change.level, change.kind)
    return (0 if change.kind in {Kind.POLICY, Kind.SILENCE} else 2, 0, change.kind)


def _view(difference: Difference) -> dict[str, Any]:
    change = difference.change
    spans = [{"from": rfc3339(start), "to": rfc3339(end)} for start, end in difference.when]
    return {
        "alerts": [_view_case(case) for case in difference.cases],
        "kind": change.kind.name.lower(),
        "level": change.level,
        "change": change.text,
        "when": spans or None,
        "when_is": ("page" if difference.is_by_page else "arrival") if spans else None,
    }


def _view_case(case: Case) -> dict[str, Any]:
    is_heartbeat = case.source == HEARTBEAT
    return {
        "severity": case.severity.value,
        "source": None if is_heartbeat or case.source == ANY_SOURCE else case.source,
        "heartbeat": case.key if is_heartbeat else None,
        "route": case.route,
    }


def _wrapped(text: str, width: int, indent: str = "", *, is_head: bool = False) -> Iterator[Line]:
    """Give a text as lines, none of which ends inside of a number with its unit or of a date."""
    kept = _TOGETHER.sub("\u00a0", text)
    found = textwrap.wrap(
        kept,
        width,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from (Line(each.replace("\u00a0", " "), is_head=is_head) for each in found)
