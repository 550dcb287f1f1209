"""The cases that are compared: each severity as it comes, by source or heartbeat with its own policy, by each route.

A case of a route is simulated as if everything matched that route and no other, so that nobody has to find an alert
that does; that its match has changed is told beside. A source or a heartbeat that only one of the configs has is no
case: there is nothing to compare it with.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.comparing.routes import Places, paired
from core.config import Config
from core.config.heartbeats import HEARTBEAT
from core.config.matching import RouteMatch
from core.config.routes import Route
from core.matching import SignalFacts, compiled
from core.severity import Severity
from core.signals import Signal, SignalStatus
from core.sources.making import make

ANY_SOURCE = "*"  # no source can be called so
_TITLE = "An alert"
_ROUTE = "route "


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of alert. `way` says by which way it comes, for people; `places` are of the old and the new route."""

    severity: Severity
    way: str = ""
    source: str = ANY_SOURCE
    key: str = "compared"
    route: str | None = None
    places: Places = (None, None)

    @property
    def signal(self) -> Signal:
        """The signal that raises such an alert."""
        return make(SignalStatus.FIRING, self.key, _TITLE, severity=self.severity.value)

    def facts(self, severity: Severity) -> SignalFacts:
        """Give what silences look at, once a route has made a severity of it."""
        return SignalFacts(self.source, severity, _TITLE, {})


def cases_of(old: Config, new: Config) -> list[Case]:
    """Give every case that either config tells apart from others, each once."""
    return [*map(Case, Severity), *_by_source(old, new), *_by_heartbeat(old, new), *_by_route(old, new)]


def with_only(config: Config, source: str, route: Route | None) -> Config:
    """Give the config in which everything from a source takes this route, none if there is none.

    The source's own words are left out: what comes in is of the severity that the case says.
    """
    changes: dict[str, object] = {"routes": (_alone(route),) if route else ()}
    if source in config.sources:
        plain = config.sources[source].model_copy(update={"severities": {}})
        changes["sources"] = {**config.sources, source: plain}
    return config.model_copy(update=changes)


def _alone(route: Route) -> Route:
    match = RouteMatch.model_construct(**{**dict(RouteMatch()), "time": route.match.time})
    return route.model_copy(update={"match": match, "goes_on": False})


def _by_source(old: Config, new: Config) -> Iterator[Case]:
    for name in new.sources:
        if name in old.sources and any(
            each.sources[name].policy or each.sources[name].speedup != 1 for each in (old, new)
        ):
            yield from (Case(severity, f"from {name}", name) for severity in Severity)


def _by_heartbeat(old: Config, new: Config) -> Iterator[Case]:
    for name, heartbeat in new.heartbeats.items():
        pair = (old.heartbeats.get(name, heartbeat), heartbeat)
        if name in old.heartbeats and any(each.policy for each in pair):
            for severity in dict.fromkeys(each.severity for each in pair):
                yield Case(severity, f"from heartbeat {name}", HEARTBEAT, name)


def _by_route(old: Config, new: Config) -> Iterator[Case]:
    for places in paired(old.routes, new.routes):
        sides = zip((old, new), places, strict=True)
        routes = [config.routes[place] for config, place in sides if place is not None]
        name = routes[-1].name
        way = f"by {name}" if name.startswith(_ROUTE) else f"by route {name}"
        for severity in Severity:
            if any(_takes(route, severity) for route in routes):
                yield Case(severity, way, route=name, places=places)


def _takes(route: Route, severity: Severity) -> bool:
    """Say whether a route takes alerts of this severity."""
    match = RouteMatch.model_construct(**{**dict(RouteMatch()), "severity": route.match.severity})
    return compiled(match)(SignalFacts(ANY_SOURCE, severity, _TITLE, {}))
