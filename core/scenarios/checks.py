"""What must hold inside a scenario, checked as written, so that it is told beside the schema's own faults."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from core.config import Config
from core.config.faults import Fault, Place
from core.config.names import hint
from core.config.raw import Raw, value_at
from core.scenarios.expectation import CONDITIONS, KINDS, STATES, TIMES
from core.scenarios.given import VERBS
from core.scenarios.names import check_names
from core.scenarios.payloads import Payloads
from core.scenarios.time_checks import check_times

_CONDITIONS = frozenset(name for names in CONDITIONS.values() for name in names)
_ABOUT_ONE_ALERT = frozenset({*STATES, "in_time"})

Item = Mapping[str, Any]


def check(raw: Raw, config: Config, payloads: Payloads) -> list[Fault]:
    """Give all that is wrong between the parts of a file, and with what it names of the config."""
    found = [*check_names(raw, config), *_twins(raw)]
    for place, scenario in raw.matching("scenarios.*"):
        if isinstance(scenario, Mapping):
            found += _check_parts(raw, place)
            found += check_times(raw, place, ZoneInfo(config.timezone))
            unreadable = payloads.read(raw, place)
            found += unreadable or _check_alerts(raw, place, payloads.names(place))
    return found


def _check_parts(raw: Raw, scenario: Place) -> Iterator[Fault]:
    for place, item in _items(raw, scenario, "given"):
        yield from _one_of(raw, place, item, VERBS, "a mapping, {} when there is no more to say")
    for place, item in _items(raw, scenario, "expect"):
        yield from _one_of(raw, place, item, KINDS, "a value")
        yield from _conditions(raw, place, item)


def _items(raw: Raw, scenario: Place, section: str) -> list[tuple[Place, Item]]:
    found = raw.matching(f"{section}.*", scenario)
    return [(place, item) for place, item in found if isinstance(item, Mapping)]


def _one_of(raw: Raw, place: Place, item: Item, names: tuple[str, ...], wanted: str) -> Iterator[Fault]:
    there = [name for name in names if name in item]
    if not there and any(key not in _CONDITIONS for key in item):
        return  # a slip of the pen, which the schema tells
    if len(there) != 1:
        yield raw.fault(place, f"exactly one of {', '.join(names)}", " and ".join(there) or "none of them")
    elif item[there[0]] is None:
        yield raw.fault((*place, there[0]), wanted)


def _conditions(raw: Raw, place: Place, item: Item) -> Iterator[Fault]:
    kind = next((name for name in KINDS if name in item), None)
    if kind is None:
        return
    for name in item:
        if name in _CONDITIONS and name not in CONDITIONS[kind]:
            yield raw.fault((*place, name), f"beside {kind} only {', '.join(CONDITIONS[kind])}", f"the key {name}")
    times = [name for name in TIMES if name in item]
    if len(times) > 1:
        yield raw.fault((*place, times[1]), f"only one of {', '.join(TIMES)}", " and ".join(times))


def _twins(raw: Raw) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, name in raw.matching("scenarios.*.name"):
        if isinstance(name, str) and name in seen:
            yield raw.fault(place, "a name that no other scenario of the file has")
        seen.add(str(name))


def _check_alerts(raw: Raw, scenario: Place, names: tuple[str, ...]) -> Iterator[Fault]:
    given = _items(raw, scenario, "given")
    if given and all("alert" not in item and not item.keys().isdisjoint(VERBS) for _, item in given):
        yield raw.fault((*scenario, "given"), "at least one alert among it", "no alert")
    for place, item in given:
        for verb in VERBS:
            if verb != "alert" and isinstance(item.get(verb), Mapping):
                yield from _alert(raw, (*place, verb, "alert"), names, is_needed=True)
    for place, item in _items(raw, scenario, "expect"):
        yield from _alert(raw, (*place, "alert"), names, is_needed=not _ABOUT_ONE_ALERT.isdisjoint(item))


def _alert(raw: Raw, place: Place, names: tuple[str, ...], *, is_needed: bool) -> Iterator[Fault]:
    name = value_at(raw.values, place)
    if name is None and is_needed and len(names) > 1:
        yield raw.fault(place, f"which alert it is about: one of {', '.join(names)}")
    elif names and isinstance(name, str) and name not in names:
        yield raw.fault(place, f"the key of an alert of this scenario{hint(name, names)}")
