"""Opsgenie's alert API, as Alertmanager, Grafana, Uptime Kuma and others speak it.

What is done to which alert stands in the path: the door puts it into the query as `action` and `alias`. An alert that
is created without an alias is one of its own.
"""

from collections.abc import Mapping
from typing import Any

from core.signals import EmptyBodyError, Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.body import decode
from core.sources.fields import as_object, as_text, first_key, first_text
from core.sources.making import make, short_hash

_ACTIONS = {"close": SignalStatus.RESOLVED, "acknowledge": SignalStatus.ACKNOWLEDGED}
_FACTS = ("source", "entity")


def read(webhook: Webhook) -> Reading:
    """Give the one signal of the request. Raises UnreadableError."""
    status = _ACTIONS.get(webhook.query.get("action", ""))
    if status is None:
        return Reading((_created(as_object(decode(webhook), "The alert"), webhook),))
    return Reading((make(status, webhook.query["alias"], webhook.query["alias"], description=_note(webhook)),))


def _created(alert: Mapping[str, Any], webhook: Webhook) -> Signal:
    message = first_text(alert, "message")
    if not message:
        raise UnreadableError("The alert has no message: nothing says what is wrong.")
    own = webhook.request_id or short_hash(webhook.body.decode("utf-8", "replace"))
    return make(
        SignalStatus.FIRING,
        first_key(alert, "alias") or own,
        message,
        severity=first_text(alert, "priority"),
        description="\n".join(filter(None, (first_text(alert, "description"), first_text(alert, "note")))),
        links=_links(alert),
        labels=_labels(alert),
    )


def _links(alert: Mapping[str, Any]) -> list[Any]:
    details = alert.get("details")
    return [details.get("url"), details.get("link"), alert.get("source")] if isinstance(details, dict) else []


def _labels(alert: Mapping[str, Any]) -> dict[str, Any]:
    details = alert.get("details")
    tags = alert.get("tags")
    shown = {"tags": ", ".join(map(as_text, tags))} if isinstance(tags, list) and tags else {}
    facts = {name: text for name in _FACTS if (text := first_text(alert, name))}
    return {**(details if isinstance(details, dict) else {}), **shown, **facts}


def _note(webhook: Webhook) -> str:
    try:
        return first_text(as_object(decode(webhook), "The request"), "note")
    except EmptyBodyError:
        return ""
