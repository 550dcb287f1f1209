"""Who is on call, as everybody outside sees it: the JSON of the API, of `rung oncall --json`, and what the page shows.

People ask who, until when, and who is next: so shifts of one member that touch are one stretch here. `shifts` are the
shifts themselves, one by one, as calendars have them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from core.config import Config
from core.config.names import hint
from core.overrides import Override, is_swap
from core.rotations import Shift, shifts
from core.rules import Rules
from core.times import rfc3339

# So far calendars go back and ahead; and so far is looked for who is next.
BEHIND = timedelta(days=30)
AHEAD = timedelta(weeks=26)

_LONGEST_NAME = 64  # characters of what was asked for that an error repeats


class UnknownNameError(LookupError):
    """Config has no rotation, or no person, of this name; the message names the nearest there is."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Shifts of one member (None: a gap) that touch. `ends_at` None: it lasts beyond what was looked at."""

    member: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    override: Override | None


def check_rotation(config: Config, rotation: str) -> None:
    """Raise UnknownNameError unless config has this rotation."""
    _check("rotation", rotation, config.rotations)


def check_person(config: Config, person: str) -> None:
    """Raise UnknownNameError unless config has this person."""
    _check("person", person, config.people)


def zone_of(config: Config, rotation: str) -> ZoneInfo:
    """Give the zone by whose clock a rotation goes: its own, else the config's."""
    return ZoneInfo(config.rotations[rotation].timezone or config.timezone)


def members_of(config: Config, rotation: str) -> tuple[str, ...]:
    """Give whoever ever takes a turn in a rotation or in a layer of it, each once."""
    written = config.rotations[rotation]
    return tuple(dict.fromkeys(member.name for layer in (written, *written.layers) for member in layer.members))


def shown(config: Config, person: str) -> str:
    """Give the name people read."""
    found = config.people.get(person)
    return (found and found.name) or person


def shifts_of(rules: Rules, rotation: str, start: datetime, end: datetime) -> Iterator[Shift]:
    """Give the shifts of a rotation that touch this time, whole, in order. ValueError beyond the years 10 to 9990."""
    return shifts(rules.plans[rotation], start, end, rules.overrides.get(rotation, ()))


def stretches(following: Iterable[Shift], end: datetime) -> Iterator[Stretch]:
    """Put together what touches of shifts that follow each other and were looked at until `end`."""
    for member, together in groupby(following, key=lambda shift: shift.member):
        touching = list(together)
        first, last = touching[0], touching[-1]
        is_seen = last.ends_at is not None and last.ends_at < end
        yield Stretch(member, first.starts_at, last.ends_at if is_seen else None, first.override)


def on_call_view(rules: Rules, rotation: str, at: datetime, ahead: timedelta | None = None) -> dict[str, Any]:
    """Give who is on call in a rotation at an instant, until when, who is next; and the shifts so far ahead.

    ValueError for an instant beyond the years 10 to 9990.
    """
    config, end = rules.config, at + AHEAD
    following = stretches(shifts_of(rules, rotation, at, end), end)
    current = next(following)
    after = next((stretch for stretch in following if stretch.member), None)
    view: dict[str, Any] = {
        "rotation": rotation,
        "timezone": zone_of(config, rotation).key,
        "on_call": {
            **_member(config, current.member),
            "to": _instant(current.ends_at),
            "override": current.override and current.override.id,
        },
        "next": after and {**_member(config, after.member), **_window(after.starts_at, after.ends_at)},
    }
    if ahead is not None:
        view["shifts"] = [shift_view(config, shift) for shift in shifts_of(rules, rotation, at, at + ahead)]
    return view


def shift_view(config: Config, shift: Shift) -> dict[str, Any]:
    """Give a shift as JSON; a gap is one without a member."""
    override = shift.override and shift.override.id
    return {**_member(config, shift.member), **_window(shift.starts_at, shift.ends_at), "override": override}


def override_views(overrides: Iterable[Override], at: datetime | None = None) -> list[dict[str, Any]]:
    """Give overrides as JSON, in the order they begin; `swap` is the number of the other half of one.

    With an instant only those that have not ended by then, each with its `state`: running or coming.
    """
    left = [each for each in overrides if at is None or at < each.ends_at]
    left.sort(key=lambda each: (each.starts_at, each.created_at, len(each.id), each.id))
    return [_override_view(each, next((other.id for other in left if is_swap(each, other)), None), at) for each in left]


def _override_view(override: Override, swap: str | None, at: datetime | None) -> dict[str, Any]:
    state = {"state": "coming" if at < override.starts_at else "running"} if at else {}
    return {
        "id": override.id,
        "rotation": override.rotation,
        "member": override.member,
        "instead_of": override.instead_of,
        **_window(override.starts_at, override.ends_at),
        "by": override.by,
        "note": override.note,
        "created_at": rfc3339(override.created_at),
        "swap": swap,
        **state,
    }


def _check(what: str, name: str, names: Iterable[str]) -> None:
    known = list(names)
    if name not in known:
        short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
        raise UnknownNameError(f"config has no {what} {short!r}{hint(name, known)}")


def _member(config: Config, member: str | None) -> dict[str, Any]:
    return {"member": member, "name": shown(config, member) if member else None}


def _window(starts_at: datetime | None, ends_at: datetime | None) -> dict[str, Any]:
    return {"from": _instant(starts_at), "to": _instant(ends_at)}


def _instant(instant: datetime | None) -> str | None:
    return rfc3339(instant) if instant else None
