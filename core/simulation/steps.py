"""What a simulation tells: its events as steps, each with whom it had told; as rows for programs.

Deliveries that arrived are left out: a page that was sent and arrived is one page.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.alert import Alert
from core.simulation.memory import Happened
from core.timeline import EventKind
from core.times import rfc3339

_PLACE = ("level", "level_name", "round")
_HEAD = frozenset({"at", "event", "n", "cause", "responder", "channel", "via", "response_id", *_PLACE})
_BEFORE_ANY_LEVEL = frozenset({EventKind.ROUTED, EventKind.REOPENED})

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the ladder something happened; levels and rounds count from 0. None: before any level fired."""

    level: int | None = None
    level_name: str | None = None
    round: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One event but for `notified`: `told` are the (responder, channel) pairs that it had told."""

    at: datetime
    alert: int
    kind: EventKind
    place: Place
    details: dict[str, Any]
    told: list[Pair] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Entry:
    at: datetime
    alert: int
    kind: EventKind
    place: Place
    fields: dict[str, Any]


def steps(happened: Iterable[Happened]) -> list[Step]:
    """Give what happened as steps, in order."""
    found: list[Step] = []
    causes: dict[tuple[int, int], Step] = {}
    for entry in _entries(happened):
        fields = entry.fields
        if entry.kind is EventKind.NOTIFIED:
            causes[entry.alert, fields["cause"]].told.append((fields["responder"], fields["channel"]))
            continue
        details = {name: value for name, value in fields.items() if name not in {"at", "event", *_PLACE}}
        step = Step(entry.at, entry.alert, entry.kind, entry.place, details)
        found.append(step)
        if "n" in fields:
            causes[entry.alert, fields["n"]] = step
    return found


def rows(happened: Iterable[Happened], start: datetime) -> list[dict[str, Any]]:
    """Give what happened as JSON: a row for each event and each page, counted in seconds from `start`.

    A row names its alert when there are several.
    """
    entries = list(_entries(happened))
    are_several = len({entry.alert for entry in entries}) > 1
    return [_row(entry, start) | ({"alert": entry.alert} if are_several else {}) for entry in entries]


def _row(entry: _Entry, start: datetime) -> dict[str, Any]:
    offset = (entry.at - start).total_seconds()
    return {
        "at": rfc3339(entry.at),
        "offset_seconds": int(offset) if offset.is_integer() else offset,
        "event": entry.kind.value,
        "level": entry.place.level,
        "level_name": entry.place.level_name,
        "round": entry.place.round,
        "responder": entry.fields.get("responder"),
        "channel": entry.fields.get("channel"),
        **{name: value for name, value in entry.fields.items() if name not in _HEAD},
    }


def _entries(happened: Iterable[Happened]) -> Iterator[_Entry]:
    """Give the events with where each happened: its own level, else that of its cause, else where the alert stood."""
    places: dict[tuple[int, int], Place] = {}
    for each in happened:
        event, alert = each.event, each.alert
        if event.kind is EventKind.DELIVERED:
            continue
        fields = json.loads(event.dump())
        own = Place(*(fields[name] for name in _PLACE)) if "level" in fields else None
        place = own or places.get((alert.id, fields.get("cause", 0))) or _standing(alert, event.kind)
        if event.number is not None:
            places[alert.id, event.number] = place
        yield _Entry(event.at, alert.id, event.kind, place, fields)


def _standing(alert: Alert, kind: EventKind) -> Place:
    if kind in _BEFORE_ANY_LEVEL:
        return Place()
    return Place(alert.level, alert.current_level.level, alert.round)
