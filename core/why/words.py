"""Words that the parts of an explanation share, and how page and terminal say who was told. Light to import."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

_SHORT = 24  # characters of a reason that has room beside a name
_TROUBLE = frozenset({"failed", "unknown", None})  # states of a message; None when nobody knows


def listed(names: Iterable[str], word: str = "and") -> str:
    """Say names one after the other: `a`, `a and b`, `a, b and c`."""
    *most, last = [*names] or [""]
    return f"{', '.join(most)} {word} {last}" if most else last


def via(event: Mapping[str, Any]) -> str:
    """Say which way an answer came, '' when that is not known."""
    return f" via {event['via']}" if event.get("via") else ""


def upper(text: str) -> str:
    """Give the text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


class Line(NamedTuple):
    """A line about whom a step told; `is_trouble`: something did not come through."""

    text: str
    is_trouble: bool = False


def told_lines(told: Mapping[str, Any]) -> list[Line]:
    """Say whom a step told, what became of it, and why they; the first line begins with the person."""
    groups: dict[tuple[str, bool], list[str]] = {}
    for message in told["messages"]:
        groups.setdefault((message["became"], message["state"] in _TROUBLE), []).append(message["channel"])
    is_short = len(told["why"]) <= _SHORT
    head = f"{told['person']} ({told['why']})" if told["why"] and is_short else str(told["person"])
    lines = [Line(f"on {listed(channels)}: {became}", bad) for (became, bad), channels in groups.items()]
    missing = [Line(f"not on {each['channel']}: {each['why']}") for each in told["not_on"]]
    why = [] if is_short else [Line(told["why"])]
    if len(lines) == 1:
        [(text, is_trouble)] = lines
        return [Line(f"{head} {text}", is_trouble), *why, *missing]
    return [Line(head), *why, *lines, *missing]
