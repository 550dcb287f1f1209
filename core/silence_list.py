"""The list of all that silences alerts: added by people, planned in the config, and windows that recur."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.alert import Alert
from core.config.base import WEEKDAYS
from core.config.silences import Maintenance
from core.match_words import words_of
from core.silences import Cover, Once, Silence, Silences
from core.times import rfc3339

_TOLD = 100  # so many of the alerts that one covers are named


class State(StrEnum):
    """Where a silence stands."""

    ACTIVE = "active"
    FUTURE = "future"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Listed:
    """One of them, with its state and when it holds now or next; one that ended, when it last did."""

    cover: Cover
    state: State
    start: datetime
    end: datetime


def listed(silences: Silences, now: datetime, *, with_ended: bool = False) -> list[Listed]:
    """Give those that are active first, then those to come, the next to end or begin first; ended ones at the end."""
    found = [_listed(cover, now) for cover in (*silences.once, *silences.recurring)]
    return [
        *sorted((each for each in found if each.state is State.ACTIVE), key=lambda each: each.end),
        *sorted((each for each in found if each.state is State.FUTURE), key=lambda each: each.start),
        *sorted((each for each in found if each.state is State.ENDED and with_ended), key=lambda each: each.end)[::-1],
    ]


def only(silences: Silences, number: int, now: datetime) -> Listed | None:
    """Give the silence of this number as it stands; None when there is none."""
    found = (each for each in silences.once if isinstance(each.written, Silence) and each.written.id == number)
    return next((_listed(cover, now) for cover in found), None)


def covered_by(each: Listed, alerts: Iterable[Alert]) -> list[int]:
    """Give the ids of those of these alerts that it matches, whether it is active or not."""
    return [alert.id for alert in alerts if each.cover.holds(alert)]


def silence_view(each: Listed, alerts: Sequence[Alert], *, are_all: bool) -> dict[str, Any]:
    """Give it as JSON, with which of these open alerts it covers, or would. `are_all`: there are no others."""
    written, covers = each.cover.written, covered_by(each, alerts)
    return {
        "id": written.id if isinstance(written, Silence) else None,
        "kind": _kind(each.cover),
        "name": None if isinstance(written, Silence) else written.name,
        "match": written.match.model_dump(exclude_defaults=True),
        "words": words_of(written.match),
        "state": each.state.value,
        "from": rfc3339(each.start),
        "to": rfc3339(each.end),
        "recurs": _recurs(written) if isinstance(written, Maintenance) else None,
        "reason": written.reason,
        "by": "" if isinstance(written, Maintenance) else written.by,
        "created_at": rfc3339(written.created_at) if isinstance(written, Silence) else None,
        "ended_by": written.ended_by if isinstance(written, Silence) else "",
        "covers": {"count": len(covers), "is_all": are_all, "alerts": covers[:_TOLD]},
    }


def _listed(cover: Cover, now: datetime) -> Listed:
    times = cover.times
    if isinstance(times, Once):
        state = State.ENDED if times.end <= now else State.ACTIVE if times.start <= now else State.FUTURE
        return Listed(cover, state, times.start, times.end)
    start, end = times.next_at(now)
    return Listed(cover, State.ACTIVE if start <= now else State.FUTURE, start, end)


def _kind(cover: Cover) -> str:
    if isinstance(cover.written, Silence):
        return "silence"
    return "maintenance" if isinstance(cover.written, Maintenance) else "planned"


def _recurs(window: Maintenance) -> dict[str, Any]:
    return {
        "weekdays": list(window.weekdays or WEEKDAYS),
        "from": f"{window.start:%H:%M}",
        "to": f"{window.end:%H:%M}",
        "timezone": window.timezone,
    }
