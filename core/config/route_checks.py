"""What must hold between routes, teams, silences and the sections they name. Part of core/config/checks.py."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from core.config.base import known_zone, parse_switch
from core.config.faults import Fault, FaultKind
from core.config.heartbeats import HEARTBEAT
from core.config.matching import parse_matcher
from core.config.names import hint, names_in
from core.config.raw import Raw, shown_text
from core.config.silences import parse_instant
from core.local_time import aware

_ENTRIES = (("routes", "route"), ("silences", "silence"), ("maintenance", "maintenance window"))


def _team_responders(raw: Raw) -> Iterator[Fault]:
    names = names_in(raw, ("people", "rotations"))
    for place, _ in raw.matching("teams.*.*"):
        responder = place[-1]
        if names is not None and isinstance(responder, str) and responder not in names:
            wanted = f"a responder of the policies, a person or a rotation{hint(responder, names)}"
            yield raw.fault(place, wanted, f"the key {shown_text(responder)}")


def _sources(raw: Raw) -> Iterator[Fault]:
    names = names_in(raw, ("sources",))
    if names is not None and raw.values.get("heartbeats"):
        names.append(HEARTBEAT)
    for section, _ in _ENTRIES:
        for pattern in (f"{section}.*.match.source", f"{section}.*.match.source.*"):
            for place, value in raw.matching(pattern):
                if names is not None and (source := _plain_value(value)) is not None and source not in names:
                    yield raw.fault(place, f"a source{hint(source, names)}")


def _plain_value(written: Any) -> str | None:
    try:
        matcher = parse_matcher(written) if isinstance(written, str) else None
    except ValueError:
        return None
    return None if matcher is None or matcher.is_pattern else matcher.text


def _one_name_each(raw: Raw) -> Iterator[Fault]:
    for section, kind in _ENTRIES:
        taken: set[str] = set()
        for number, (place, entry) in enumerate(raw.matching(f"{section}.*"), 1):
            name = entry.get("name", f"{kind} {number}") if isinstance(entry, Mapping) else None
            if isinstance(name, str) and name in taken:
                yield raw.fault((*place, "name"), f"a name that no other {kind} has", shown_text(name))
            taken.add(str(name))


def _never_reached(raw: Raw) -> Iterator[Fault]:
    for (place, route), (following, _) in pairwise(raw.matching("routes.*")):
        if isinstance(route, Mapping) and route.get("match", {}) == {} and not _goes_on(route):
            wanted = f"a match or continue: true, since no signal gets past it to routes[{following[-1]}]"
            yield raw.fault(place, wanted, "a route that matches everything")
            return


def _goes_on(route: Mapping[str, Any]) -> bool:
    try:
        return parse_switch(route.get("continue", False))
    except ValueError:
        return True


def _ends(raw: Raw) -> Iterator[Fault]:
    for place, silence in raw.matching("silences.*"):
        start, end = _instant(raw, silence, "from"), _instant(raw, silence, "to")
        if start and end and end <= start:
            yield raw.fault((*place, "to"), "an instant after from")


def _instant(raw: Raw, silence: Any, key: str) -> datetime | None:
    """Read an instant by the clock of the config; None when the schema tells what is wrong."""
    if not isinstance(silence, Mapping):
        return None
    try:
        return aware(parse_instant(silence.get(key)), ZoneInfo(known_zone(raw.values.get("timezone", "UTC"))))
    except (ValueError, TypeError):
        return None


ROUTE_CHECKS: tuple[tuple[Callable[[Raw], Iterator[Fault]], FaultKind], ...] = (
    (_team_responders, FaultKind.NAME),
    (_sources, FaultKind.NAME),
    (_one_name_each, FaultKind.NAME_TAKEN),
    (_never_reached, FaultKind.ROUTE),
    (_ends, FaultKind.SILENCE),
)
