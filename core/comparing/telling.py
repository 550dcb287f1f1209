"""A comparison as people read it in a terminal, and as JSON."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from core.comparing.cases import ANY_SOURCE, Case
from core.comparing.changes import Change, Kind
from core.comparing.compare import Comparison, Difference
from core.comparing.heads import by_cases, rank, say_cases
from core.comparing.phrases import joined, listed
from core.comparing.spans import say_moment, say_spans
from core.config.heartbeats import HEARTBEAT
from core.times import rfc3339

_MOST_KEYS = 12
_SEVERAL = 2
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
    for cases, differences in by_cases(comparison.differences, comparison.window):
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
        "differences": [_view(each) for each in sorted(comparison.differences, key=rank)],
        "which_alerts": list(comparison.beside),
        "also_changed": list(comparison.keys),
        "without_effect": list(comparison.unseen),
    }


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
    alike: dict[tuple[Kind, str], list[Change]] = {}
    for change in changes:
        alike.setdefault((change.kind, change.what), []).append(change)
    for same in alike.values():
        yield same[0].text if len(same) == 1 else f"{_levels(same)}{same[0].what}"


def _levels(changes: Sequence[Change]) -> str:
    levels, names = [each.level or 0 for each in changes], [each.where for each in changes]
    is_row = len(levels) > _SEVERAL and levels == list(range(levels[0], levels[0] + len(levels)))
    return f"{names[0]} to {names[-1]}" if is_row else joined(names)


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
