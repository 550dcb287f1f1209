"""Opsgenie's alert API, as Alertmanager, Grafana, Uptime Kuma and others speak it.

What is done to which alert stands in the path: the door puts it into the query as `action` and `alias`. An alert that
is created without an alias is one of its own.
"""

from collections.abc import Mapping
from typing import Any

from core.signals import Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.body import decode
from core.sources.fields import as_object, as_text, first_key, first_text
from core.sources.making import make, short_hash

_ACTIONS = {"close": SignalStatus.RESOLVED, "acknowledge": SignalStatus.ACKNOWLEDGED}
_FACTS = ("source", "entity")
_KUMAS_TEST = "uptime-kuma-notification-test"
_GRAFANAS_TEST = {"alertname:TestAlert", "instance:Grafana"}


def read(webhook: Webhook) -> Reading:
    """Give the one signal of the request. Raises UnreadableError."""
    status, alias = _ACTIONS.get(webhook.query.get("action", "")), webhook.query.get("alias", "")
    if status is None or not alias:
        return Reading((_created(as_object(decode(webhook), "The alert"), webhook),))
    return Reading((make(status, alias, alias, description=_note(webhook)),))


def _created(alert: Mapping[str, Any], webhook: Webhook) -> Signal:
    message = first_text(alert, "message")
    if not message:
        raise UnreadableError("The alert has no message: nothing says what is wrong.")
    own = webhook.request_id or short_hash(webhook.body.decode("utf-8", "replace"))
    key = first_key(alert, "alias") or own
    return make(
        SignalStatus.TEST if key == _KUMAS_TEST or _is_grafanas_test(alert) else SignalStatus.FIRING,
        key,
        message,
        severity=first_text(alert, "priority"),
        description="\n".join(filter(None, (first_text(alert, "description"), first_text(alert, "note")))),
        links=_links(alert),
        labels=_labels(alert),
    )


def _links(alert: Mapping[str, Any]) -> list[Any]:
    details = _details(alert)
    return [details.get("url"), details.get("link"), alert.get("source")]


def _labels(alert: Mapping[str, Any]) -> dict[str, Any]:
    tags = alert.get("tags")
    shown = {"tags": ", ".join(map(as_text, tags))} if isinstance(tags, list) and tags else {}
    facts = {name: text for name in _FACTS if (text := first_text(alert, name))}
    return {**_details(alert), **shown, **facts}


def _details(alert: Mapping[str, Any]) -> Mapping[str, Any]:
    details = alert.get("details")
    return details if isinstance(details, dict) else {}


def _is_grafanas_test(alert: Mapping[str, Any]) -> bool:
    """Say whether Grafana's Test button sent it: it sends an alert whose labels are these, as tags or as details."""
    details, tags = _details(alert), alert.get("tags")
    labels = [f"{name}:{as_text(details.get(name))}" for name in ("alertname", "instance")]
    shown = labels + [as_text(each) for each in tags] if isinstance(tags, list) else labels
    return alert.get("source") == "Grafana" and set(shown) >= _GRAFANAS_TEST


def _note(webhook: Webhook) -> str:
    try:
        return first_text(as_object(decode(webhook), "The request"), "note")
    except UnreadableError:  # a note is extra; what the path says is meant
        return ""
