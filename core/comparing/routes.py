"""Routes of two configs side by side: which of them are the same one, and what no simulation of one route shows."""

from collections.abc import Callable, Iterator, Sequence

from core.comparing.phrases import joined, listed
from core.config.base import WEEKDAYS
from core.config.matching import TimeWindow
from core.config.matching import listed as each_of
from core.config.routes import Route
from core.match_words import words_of
from core.silence_words import say_recurs

Places = tuple[int | None, int | None]

_ALIKE: tuple[Callable[[Route, Route], bool], ...] = (
    lambda old, new: old == new,
    lambda old, new: old.model_copy(update={"name": new.name}) == new,
    lambda old, new: old.name == new.name,
)


def paired(old: Sequence[Route], new: Sequence[Route]) -> list[Places]:
    """Give the place of each new route with that of the old one that it was, then those of the old ones that are gone.

    A route that says the same is the same one, whatever its name: those without one are named by their place.
    """
    was: dict[int, int] = {}
    for is_same in _ALIKE:
        for there, route in enumerate(new):
            left = (here for here, each in enumerate(old) if here not in was.values() and is_same(each, route))
            if there not in was and (here := next(left, None)) is not None:
                was[there] = here
    pairs: list[Places] = [(was.get(there), there) for there in range(len(new))]
    return pairs + [(here, None) for here in range(len(old)) if here not in was.values()]


def route_changes(old: Sequence[Route], new: Sequence[Route], zone: str) -> Iterator[str]:
    """Tell of routes that come, go, match otherwise, stand elsewhere or make other alerts of the same signals."""
    both = list[tuple[int, int]]()
    for here, there in paired(old, new):
        if here is not None and there is not None:
            both.append((here, there))
            yield from (f'route "{new[there].name}" {change}' for change in _changes(old[here], new[there], zone))
        elif there is not None:
            yield f'route "{new[there].name}" is new: it takes {_taken(new[there], zone)}'
        elif here is not None:
            yield f'route "{old[here].name}" is gone'
    if both != sorted(both):
        yield f"routes are asked in another order: {listed([new[there].name for _, there in both])}"


def _changes(old: Route, new: Route, zone: str) -> Iterator[str]:
    if _is_named(old) and _is_named(new) and old.name != new.name:
        yield f'was called "{old.name}"'
    if old.match != new.match:
        yield f"takes {_taken(new, zone)} instead of {_taken(old, zone)}"
    if old.goes_on != new.goes_on:
        yield "lets later routes lay theirs over it" if new.goes_on else "is the last one asked where it matches"
    if (old.dedup_key, old.group_by) != (new.dedup_key, new.group_by):
        yield f"makes one alert of what has {_one_alert(new)} instead of {_one_alert(old)}"


def _is_named(route: Route) -> bool:
    return not route.name.removeprefix("route ").isdigit()


def _taken(route: Route, zone: str) -> str:
    words, windows = words_of(route.match), [say_window(each, zone) for each in each_of(route.match.time)]
    return f"{words}, {joined(windows)}" if windows else words


def say_window(window: TimeWindow, zone: str) -> str:
    """Say when a window is: `saturday 22:00 to 06:00 UTC`."""
    recurs = {
        "weekdays": window.weekdays or WEEKDAYS,
        "from": f"{window.start:%H:%M}",
        "to": f"{window.end:%H:%M}",
        "timezone": window.timezone,
    }
    return say_recurs(recurs, zone)


def _one_alert(route: Route) -> str:
    if route.dedup_key:
        return f"the same {route.dedup_key}"
    return f"the same {joined(route.group_by)}" if route.group_by else "its sender's key"
