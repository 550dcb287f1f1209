"""Uptime Kuma's webhook: JSON, form-data, GET (the parts in the query), or a custom body.

With a heartbeat the monitor's id is the key; down fires, up resolves, pending and maintenance are nothing to
report. Without one only the text tells what it is: a certificate or domain that expires (its day count is not
part of the key, and nobody ever resolves it), the Test button, or a custom body, which is read like the
generic source. Uptime Kuma knows no severity; a tag called severity is taken for one. Old versions send
passwords along, so nothing but the fields named here is ever used.
"""

import re
from collections.abc import Mapping
from typing import Any

from core.signals import EmptyBodyError, Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources import generic
from core.sources.body import decode, parse_json
from core.sources.fields import as_object, as_text, first_key, first_text, severity_in
from core.sources.making import make, one_line

PARTS = ("msg", "heartbeat", "monitor")
TEXTS = ("msg", "body", "message", "description", "details", "text")
TITLES = ("name", "title", "summary")
ESCAPE_HINT = (
    "If this is a custom body, let Uptime Kuma escape its text: "
    'write "body": {{ msg | json }}, without quotes around it.'
)

_BEATS = {"0": SignalStatus.FIRING, "1": SignalStatus.RESOLVED, "2": None, "3": None}
_QUIET_WORDS = ("pending", "maintenance")
_DOWN, _UP = "🔴 Down", "✅ Up"  # the words of Uptime Kuma itself, never translated
_STATE = re.compile(f"{_DOWN}|{_UP}")
_BRACKETED_STATE = re.compile(rf"\[(?:{_STATE.pattern})\]|{_STATE.pattern}")
_MESSAGE = re.compile(rf"\[(?P<name>[^\n]+?)\] \[(?:{_STATE.pattern})\]")
_EXPIRES = " will expire"
_DAYS = re.compile(r"-?\d{1,6} days?\W*")


def read(webhook: Webhook) -> Reading:
    """Give the one signal of the body, none for pending and maintenance. Raises UnreadableError."""
    payload = as_object(_payload(webhook), "The body")
    heartbeat = _part(payload, "heartbeat")
    signal = _beat(payload, heartbeat) if heartbeat else _text_only(payload)
    return Reading((signal,) if signal else ())


def expiring(text: str) -> str:
    """Give what it is that expires, the same for every warning about it; empty when nothing does."""
    what, _, days = text.rpartition(f"{_EXPIRES} in ")
    if not what or not _DAYS.fullmatch(days):
        return ""
    return what if "certificate" in what else what + _EXPIRES


def _payload(webhook: Webhook) -> Any:
    parts = {name: webhook.query[name] for name in PARTS if webhook.query.get(name)}
    try:
        return decode(webhook)
    except EmptyBodyError:
        if not parts:
            raise
        return parts
    except UnreadableError as error:
        raise UnreadableError(f"{error} {ESCAPE_HINT}") from None


def _part(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Give a part that is an object, or the text of one (GET, quoting templates); empty for null."""
    value = payload.get(name)
    if isinstance(value, str) and value.strip():
        value = parse_json(value)
    return as_object(value, f"'{name}'") if value else {}


def _beat(payload: Mapping[str, Any], heartbeat: Mapping[str, Any]) -> Signal | None:
    monitor = _part(payload, "monitor")
    status = _beat_status(heartbeat.get("status"))
    if status is None:
        return None
    text = first_text(payload, "msg") or first_text(heartbeat, "msg")
    name = first_text(monitor, "name")
    key = first_key(monitor, "id") or first_key(heartbeat, "monitorID") or name
    if not key:
        raise UnreadableError("Neither a monitor's id nor its name is in the body: nothing identifies the alert.")
    tags = _tags(monitor)
    return make(
        status,
        key,
        name or text,
        severity=severity_in(tags),
        description=text,
        links=[monitor.get("url")],
        labels=_facts(monitor) | tags,
    )


def _beat_status(value: Any) -> SignalStatus | None:
    given = as_text(value)
    if given not in _BEATS:
        shown = one_line(given, 40)
        raise UnreadableError(f"The heartbeat's status must be 0 (down) to 3 (maintenance), but is '{shown}'.")
    return _BEATS[given]


def _facts(monitor: Mapping[str, Any]) -> dict[str, str]:
    facts = {"monitor": "name", "type": "type", "hostname": "hostname", "port": "port"}
    return {label: text for label, field in facts.items() if (text := first_text(monitor, field))}


def _tags(monitor: Mapping[str, Any]) -> dict[str, str]:
    tags: dict[str, str] = {}
    given = monitor.get("tags")
    for tag in given if isinstance(given, list) else ():
        if isinstance(tag, dict) and (name := first_text(tag, "name")):
            # A tag may be there twice with two values.
            tags.setdefault(name, first_text(tag, "value"))
    return tags


def _text_only(payload: Mapping[str, Any]) -> Signal | None:
    fields = generic.lower_names(payload)
    text = first_text(fields, *TEXTS)
    what_expires = expiring(text)
    if what_expires:
        return make(SignalStatus.FIRING, what_expires, text)
    status = _status_in(fields, text)
    if status is None:
        return None
    title = first_text(fields, *TITLES) or text
    key = first_key(fields, *generic.KEYS) or _without_state(title)
    return generic.read_object(fields | {"title": title, "description": text, "status": status, "dedup_key": key})


def _status_in(fields: Mapping[str, Any], text: str) -> SignalStatus | None:
    given = first_text(fields, *generic.STATUSES)
    if given in _BEATS:
        return _BEATS[given]
    if given:
        return None if given.lower().endswith(_QUIET_WORDS) else generic.status_of(given)
    said = _STATE.search(text) or _STATE.search(first_text(fields, *TITLES))
    if said:
        return SignalStatus.FIRING if said.group() == _DOWN else SignalStatus.RESOLVED
    return SignalStatus.TEST if text.endswith("Testing") else SignalStatus.FIRING


def _without_state(title: str) -> str:
    # The title of a custom body may say up or down; the alert is the same.
    message = _MESSAGE.match(title)
    return message["name"] if message else " ".join(_BRACKETED_STATE.sub("", title).split())
