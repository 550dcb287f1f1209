"""Zabbix: a webhook media type whose script posts its macros as they are: every value is a text, tags are JSON in one.

The key is {EVENT.ID}, which a recovery repeats. An acknowledgment in Zabbix comes as an update of the problem.
"""

import re
from collections.abc import Mapping
from typing import Any

from core.signals import Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.body import decode, parse_json
from core.sources.fields import as_object, as_text, first_key, first_text
from core.sources.generic import status_of
from core.sources.making import make

_ACKNOWLEDGED = re.compile(r"\backnowledged\b", re.IGNORECASE)  # "unacknowledged" is the opposite


def read(webhook: Webhook) -> Reading:
    """Give the one signal of the event. Raises UnreadableError."""
    return Reading((_read_event(as_object(decode(webhook), "The event")),))


def _read_event(event: Mapping[str, Any]) -> Signal:
    title = first_text(event, "name", "subject", "title")
    key = first_key(event, "id", "event_id", "eventid")
    if not key:
        raise UnreadableError("The event has no id: send {EVENT.ID} as id.")
    facts = {"host": first_text(event, "host_name", "service", "host"), "host_ip": first_text(event, "host_ip")}
    return make(
        _status(event),
        key,
        title,
        severity=first_text(event, "severity", "nseverity"),
        description="\n".join(filter(None, (first_text(event, "description"), first_text(event, "message")))),
        links=[event.get("url")],
        labels=_tags(event) | {name: text for name, text in facts.items() if text},
    )


def _status(event: Mapping[str, Any]) -> SignalStatus:
    status = status_of(first_text(event, "status"))
    if status is SignalStatus.FIRING and _ACKNOWLEDGED.search(first_text(event, "update_action")):
        return SignalStatus.ACKNOWLEDGED
    return status


def _tags(event: Mapping[str, Any]) -> dict[str, str]:
    """Give the tags as labels; of several of one name the last. What cannot be read is worth no alert."""
    written = event.get("tags")
    try:
        tags = parse_json(written) if isinstance(written, str) and written.strip() else written
    except UnreadableError:
        return {"tags": as_text(written)}
    pairs = (each for each in tags if isinstance(each, dict)) if isinstance(tags, list) else ()
    return {first_text(each, "tag"): as_text(each.get("value")) for each in pairs if first_text(each, "tag")}
