"""Sentry: issues, issue alerts and metric alerts of an integration. What else it tells of is no alert.

What came is said by the header Sentry-Hook-Resource, and just as well by which object `data` holds. A metric alert says
how bad it is and that it is over in one word, its action.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.signals import Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.body import decode
from core.sources.fields import as_object, first_key, first_text, object_at
from core.sources.making import make

_OVER = frozenset({"resolved", "archived", "ignored"})
_FIRES = frozenset({"created", "triggered", "unresolved", "critical", "warning"})


def read(webhook: Webhook) -> Reading:
    """Give the signal of the hook, none for what is no alert. Raises UnreadableError."""
    hook = as_object(decode(webhook), "The hook")
    data = object_at(hook, "data")
    action = first_text(hook, "action").lower()
    for name, reader in _READERS.items():
        if isinstance(data.get(name), dict) and action in _OVER | _FIRES:
            return Reading((reader(data[name], data, action),))
    return Reading(())


def _issue(issue: Mapping[str, Any], _data: Mapping[str, Any], action: str) -> Signal:
    return make(
        _status(action),
        _key(issue, "id"),
        first_text(issue, "title"),
        severity=first_text(issue, "level"),
        description=first_text(issue, "culprit"),
        links=[issue.get("permalink"), issue.get("web_url")],
        labels=_project(issue),
    )


def _event(event: Mapping[str, Any], data: Mapping[str, Any], action: str) -> Signal:
    return make(
        _status(action),
        _key(event, "issue_id"),
        first_text(event, "title") or first_text(data, "triggered_rule"),
        severity=first_text(event, "level"),
        description="\n".join(filter(None, (first_text(data, "triggered_rule"), first_text(event, "culprit")))),
        links=[event.get("web_url"), event.get("issue_url")],
        labels=_project(event),
    )


def _metric(alert: Mapping[str, Any], data: Mapping[str, Any], action: str) -> Signal:
    return make(
        _status(action),
        _key(alert, "id"),
        first_text(data, "description_title") or first_text(alert, "title"),
        severity="" if action in _OVER else action,
        description=first_text(data, "description_text").replace("\\n", "\n"),
        links=[data.get("web_url")],
        labels=_project(alert),
    )


def _status(action: str) -> SignalStatus:
    return SignalStatus.RESOLVED if action in _OVER else SignalStatus.FIRING


def _key(thing: Mapping[str, Any], name: str) -> str:
    key = first_key(thing, name)
    if not key:
        raise UnreadableError(f"The hook has no {name}: nothing says what it is about.")
    return key


def _project(thing: Mapping[str, Any]) -> dict[str, str]:
    project, projects = thing.get("project"), thing.get("projects")
    slug = first_text(project, "slug") if isinstance(project, dict) else ""
    named = slug or (str(projects[0]) if isinstance(projects, list) and projects else "")
    platform = first_text(thing, "platform")
    return {name: value for name, value in (("project", named), ("platform", platform)) if value}


_READERS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any], str], Signal]] = {
    "metric_alert": _metric,
    "issue": _issue,
    "event": _event,
}
