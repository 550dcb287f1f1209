"""Raw: the config as it was written, all scalars as texts, and where each value came from."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.config.faults import Fault, FaultKind, Place, path_text

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_SHOWN = 60
_SECTIONS_WITH_SECRETS = frozenset({"channels", "sources", "api_tokens", "heartbeats"})
_SECRET_KEYS = frozenset({"url", "token"})
_KEY_DEPTH = 3  # channels.slack.url


@dataclass(frozen=True, slots=True)
class Raw:
    """A folder's files together. `references` names the `${...}` in a value; `faults` are those of reading.

    `complete` is False when a file could not be read, so that what is missing may stand there. Where `lines` are
    known, faults name them.
    """

    folder: str
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    files: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    complete: bool = True
    lines: Mapping[Place, int] = field(default_factory=dict, repr=False)

    def fault(self, place: Place, wanted: str, found: str | None = None, kind: FaultKind = FaultKind.VALUE) -> Fault:
        """Give the fault at a place; what is found there is looked up and shown unless it is told."""
        file = self.files.get(str(place[0]), self.folder)
        return Fault(file, path_text(place), found or self.shown(place), wanted, kind, self.line(place))

    def line(self, place: Place) -> int | None:
        """Give the line of a place, else of what it belongs into; None when no lines are known."""
        steps = (place[:length] for length in range(len(place), 0, -1))
        return next((self.lines[step] for step in steps if step in self.lines), None)

    def shown(self, place: Place) -> str:
        """Say what stands at a place, without giving a secret away."""
        value = value_at(self.values, place)
        if names := self.references.get(place):
            origin = " and ".join(f"${{{name}}}" for name in names)
            return f"a value from {origin} (not shown)" if value else f"nothing in {origin}"
        if isinstance(value, str) and value and _is_secret(place):
            return "a text (not shown)"
        return _shown(value)

    def matching(self, pattern: str, base: Place = ()) -> Iterator[tuple[Place, Any]]:
        """Give the places that a pattern such as `rotations.*.members.*` names from `base` on, each with its value."""
        return _matching(value_at(self.values, base), tuple(pattern.split(".")), base)


def value_at(values: Any, place: Place) -> Any:
    """Give the value at a place, None when nothing is there."""
    for part in place:
        values = dict(_children(values)).get(part)
    return values


def _matching(value: Any, pattern: tuple[str, ...], place: Place) -> Iterator[tuple[Place, Any]]:
    if not pattern:
        yield place, value
        return
    for key, child in _children(value):
        if pattern[0] in ("*", key):
            yield from _matching(child, pattern[1:], (*place, key))


def _children(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _is_secret(place: Place) -> bool:
    if place[0] not in _SECTIONS_WITH_SECRETS:
        return False
    return len(place) < _KEY_DEPTH or place[-1] in _SECRET_KEYS


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    text = str(value)
    return text if _NUMBER.fullmatch(text) else shown_text(text)


def shown_text(text: str) -> str:
    """Give a text in quotes, cut when it is long."""
    return json.dumps(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...", ensure_ascii=False)
