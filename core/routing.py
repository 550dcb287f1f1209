"""Routing: which way a signal takes, and which alert it belongs to. The first route that matches is taken.

A route that goes on lets later ones lay what they set over it. Matches look at the signal as it came, never at what
an earlier route made of it. The dedup key must come out the same for a firing signal and the resolved one that
follows, so for it routes that match by severity or time are as if they were not there.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.config import Config
from core.config.matching import listed
from core.config.policy import Policy
from core.config.routes import AutoResolve, Route, template_pieces
from core.matching import Holds, SignalFacts, compiled
from core.severity import Severity
from core.signals import Signal
from core.sources.making import printable_key
from core.windows import Window

_LABEL = "labels."
KeyOf = Callable[[str, Signal], str]


@dataclass(frozen=True, slots=True)
class Routed:
    """The way of a signal. `names` are the routes it took; `policy` and `team` are None where none of them says."""

    names: tuple[str, ...]
    policy: str | None
    severity: Severity
    team: str | None
    auto_resolve: AutoResolve


@dataclass(frozen=True, slots=True)
class AlertKey:
    """The dedup key of an alert, and whether a route groups signals of several keys under it."""

    text: str
    is_of_a_group: bool = False


@dataclass(frozen=True, slots=True)
class _Compiled:
    route: Route
    holds: Holds
    windows: tuple[Window, ...]
    key_of: KeyOf | None

    def is_open(self, now: datetime) -> bool:
        return not self.windows or any(window.contains(now) for window in self.windows)


class Routing:
    """The routes of a config, compiled. Cheap to ask; holds no state of its own."""

    def __init__(self, config: Config) -> None:
        """Take a validated config."""
        self._routes = tuple(_compiled(route, config.timezone) for route in config.routes)
        lasting = [each for each in self._routes if each.route.match.is_lasting]
        last = max((place for place, each in enumerate(lasting, 1) if each.key_of), default=0)
        self._identifying = tuple(lasting[:last])

    def key_of(self, source: str, signal: Signal) -> AlertKey:
        """Give the dedup key of the alert that a signal belongs to: its own, or the one that a route makes."""
        if not self._identifying:
            return AlertKey(signal.dedup_key)
        making: _Compiled | None = None
        facts = SignalFacts(source, Severity.MEDIUM, signal.title, signal.labels)  # of these none asks for a severity
        for each in self._identifying:
            if each.holds(facts):
                making = each if each.key_of else making
                if not each.route.goes_on:
                    break
        if making is None or making.key_of is None:
            return AlertKey(signal.dedup_key)
        key = making.key_of(source, signal)
        return AlertKey(key, is_of_a_group=bool(making.route.group_by) and key != signal.dedup_key)

    def route(self, source: str, signal: Signal, severity: Severity, now: datetime) -> Routed:
        """Give the way of a signal at `now`. `severity` is what config makes of its word."""
        facts = SignalFacts(source, severity, signal.title, signal.labels)
        routed = Routed((), None, severity, None, AutoResolve())
        for each in self._routes:
            if each.holds(facts) and each.is_open(now):
                routed = _laid_over(routed, each.route)
                if not each.route.goes_on:
                    break
        return routed


def policy_for_team(policy: Policy, stand_ins: Mapping[str, str]) -> Policy:
    """Give the policy with a team's people in the place of those they stand in for."""
    levels = tuple(
        level.model_copy(update={"responders": _stood_in(level.responders, stand_ins)}) for level in policy.levels
    )
    return policy.model_copy(update={"levels": levels})


def _stood_in(responders: Sequence[str], stand_ins: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stand_ins.get(responder, responder) for responder in responders))


def _laid_over(routed: Routed, route: Route) -> Routed:
    return replace(
        routed,
        names=(*routed.names, route.name),
        policy=route.policy or routed.policy,
        severity=route.severity or routed.severity,
        team=route.team or routed.team,
        auto_resolve=route.auto_resolve or routed.auto_resolve,
    )


def _compiled(route: Route, timezone: str) -> _Compiled:
    windows = tuple(Window.of(window, timezone) for window in listed(route.match.time))
    return _Compiled(route, compiled(route.match), windows, _key_of(route))


def _key_of(route: Route) -> KeyOf | None:
    if route.dedup_key:
        return _from_template(route.dedup_key)
    return _from_labels(route.name, route.group_by) if route.group_by else None


def _from_template(template: str) -> KeyOf:
    pieces = template_pieces(template)
    fields = {field for _, field in pieces if field}

    def key_of(source: str, signal: Signal) -> str:
        values = {field: _field(field, source, signal) for field in fields}
        if values and not any(values.values()):
            return signal.dedup_key
        return printable_key("".join(text + values.get(field or "", "") for text, field in pieces))

    return key_of


def _field(field: str, source: str, signal: Signal) -> str:
    if field.startswith(_LABEL):
        return signal.labels.get(field.removeprefix(_LABEL), "")
    return {"source": source, "title": signal.title, "dedup_key": signal.dedup_key}[field]


def _from_labels(name: str, labels: Sequence[str]) -> KeyOf:
    """Group under the route's name: another route's group of the same labels may be another team's alert."""

    def key_of(_source: str, signal: Signal) -> str:
        values = [(label, signal.labels.get(label, "")) for label in labels]
        if not any(value for _, value in values):
            return signal.dedup_key
        told = ", ".join(f"{label}={json.dumps(value, ensure_ascii=False)}" for label, value in values)
        return printable_key(f"{name}: {told}")

    return key_of
