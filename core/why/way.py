"""Way: which routes an alert took and which policy it goes by, and why, as far as config still says so."""

from collections.abc import Sequence

from core.config.heartbeats import HEARTBEAT
from core.config.routes import Route
from core.why.case import Case, Event
from core.why.policies import Kept
from core.why.words import listed


def why_this_policy(event: Event, kept: Kept | None, case: Case) -> str:
    """Say by which policy an alert goes from this event on, the routes it took there, and how it came to that."""
    name = str(event.get("policy", case.alert.policy_name))
    routes = _routes(event, case)
    took = _took(event, routes)
    return f"{took}, so it goes by {_why(name, str(event['severity']), routes, case)}{_ladder(kept)}"


def _took(event: Event, routes: Sequence[Route]) -> str:
    if not event.get("route"):
        return "No route took it"
    teams = [route.team for route in routes if route.team]
    team = f" for team {teams[-1]}" if teams else ""
    return f"It took route{'s' if len(routes) > 1 else ''} {event['route']}{team}"


def _why(name: str, severity: str, routes: Sequence[Route], case: Case) -> str:
    """Say why it is the policy of this name."""
    config, source = case.rules.config, case.alert.source
    setting = [route.name for route in routes if route.policy]
    last = {route.name: route.policy for route in routes}
    settings, heartbeat = config.sources.get(source), config.heartbeats.get(case.alert.dedup_key)
    if setting:
        return _told(name, last[setting[-1]], f"policy {name}, which route {setting[-1]} names")
    if source == HEARTBEAT and heartbeat and heartbeat.policy:
        return _told(name, heartbeat.policy, f"policy {name}, which its heartbeat names")
    if settings and settings.policy:
        faster = f", {settings.speedup} times as fast" if settings.speedup > 1 else ""
        return _told(name, settings.policy, f"the policy of source {source}, {name}{faster}")
    if severity in config.escalation.policies:
        return _told(name, severity, f"the policy of its severity, {name}")
    by_default = f"the default policy, {name}, as no policy is called {severity}"
    return _told(name, config.escalation.default_policy, by_default)


def _told(name: str, today: str | None, why: str) -> str:
    return why if name == today else f"policy {name}; by config as it is now that would be {today}, so it has changed"


def _routes(event: Event, case: Case) -> list[Route]:
    """Give the routes that the event names, as config has them now."""
    taken = f", {event.get('route', '')}, "
    return [route for route in case.rules.config.routes if f", {route.name}, " in taken]


def _ladder(kept: Kept | None) -> str:
    if kept is None:
        return ""
    levels = [level.level for level in kept.policy.levels]
    rounds = kept.policy.max_repeats + 1
    how_often = f"up to {rounds} rounds" if rounds > 1 else "one round"
    return f": {how_often} of {listed(levels)}"
