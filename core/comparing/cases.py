"""The cases that are compared: each severity as it comes, by each source with a policy of its own, by each route.

A case of a route is simulated as if everything matched that route and no other, so that nobody has to find an alert
that does; that its match has changed is told beside.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.config import Config
from core.config.matching import RouteMatch
from core.config.routes import Route
from core.severity import Severity

ANY_SOURCE = "generic"


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """One kind of alert. Its name is for people."""

    name: str
    severity: str
    source: str = ANY_SOURCE
    route: str = ""


def cases_of(old: Config, new: Config) -> list[Case]:
    """Give every case that either config tells apart from others, each once."""
    found = [Case(severity.value, severity.value) for severity in Severity]
    found += _by_source(old, new)
    found += _by_route(old, new)
    return list(dict.fromkeys(found))


def with_only(config: Config, case: Case) -> Config:
    """Give the config in which everything takes the way of the case; without its route if it has none of that name."""
    route = next((each for each in config.routes if each.name == case.route), None)
    if route is None:
        return config.model_copy(update={"routes": ()})
    match = RouteMatch.model_construct(**{**dict(RouteMatch()), "time": route.match.time})
    alone = route.model_copy(update={"match": match, "goes_on": False})
    return config.model_copy(update={"routes": (alone,)})


def _by_source(old: Config, new: Config) -> Iterator[Case]:
    for name in dict.fromkeys((*old.sources, *new.sources)):
        settings = [config.sources[name] for config in (old, new) if name in config.sources]
        if any(each.policy or each.speedup != 1 for each in settings):
            yield from (Case(f"{severity.value} from {name}", severity.value, name) for severity in Severity)


def _by_route(old: Config, new: Config) -> Iterator[Case]:
    for name in dict.fromkeys(route.name for config in (old, new) for route in config.routes):
        routes = [route for config in (old, new) for route in config.routes if route.name == name]
        for severity in Severity:
            if any(_takes(route, severity) for route in routes):
                yield Case(f"{severity.value} by route {name}", severity.value, route=name)


def _takes(route: Route, severity: Severity) -> bool:
    """Say whether a route takes alerts of this severity, by what is written literally."""
    written = (route.match.severity,) if isinstance(route.match.severity, str) else route.match.severity
    plain = {each for each in written if each in set(Severity)}
    return not plain or severity.value in plain
