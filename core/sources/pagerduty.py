"""PagerDuty's Events v2, as Alertmanager, Grafana, Uptime Kuma, Zabbix and many others speak it.

One event a body: trigger, acknowledge or resolve. A trigger without a dedup_key is an alert of its own, and whoever
answers makes the key. Uptime Kuma sends two things under the key "Uptime Kuma/test", which only their text tells
apart: its Test button, and real warnings of what expires, each of which gets a key of its own here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from core.signals import Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.body import decode
from core.sources.fields import as_object, as_text, first_key, first_text, object_at, severity_in
from core.sources.making import make, one_line, short_hash
from core.sources.uptime_kuma import expiring

_ACTIONS = {
    "trigger": SignalStatus.FIRING,
    "acknowledge": SignalStatus.ACKNOWLEDGED,
    "resolve": SignalStatus.RESOLVED,
}
_FACTS = ("source", "component", "group", "class")
_LONGEST_LABEL = 200  # what is longer is text to read, not something to route or silence by
_KUMA = "Uptime Kuma/"
_KUMA_TEST = f"{_KUMA}test"
_KUMA_TITLE = "[Uptime Kuma Alert] "
_KUMA_TEST_ENDS = "Testing"


def read(webhook: Webhook) -> Reading:
    """Give the one signal of the event. Raises UnreadableError."""
    return Reading((_read_event(event_in(webhook), webhook),))


def event_in(webhook: Webhook) -> Mapping[str, Any]:
    """Give the event of a body. Raises UnreadableError."""
    return as_object(decode(webhook), "The event")


def routing_key(event: Mapping[str, Any]) -> str:
    """Give what says whose event it is; empty when nothing does."""
    return first_key(event, "routing_key")


def dedup_key(event: Mapping[str, Any], webhook: Webhook) -> str:
    """Give the key the sender is to use from now on: its own, else one made of the request."""
    return first_key(event, "dedup_key") or webhook.request_id or short_hash(webhook.body.decode("utf-8", "replace"))


def _read_event(event: Mapping[str, Any], webhook: Webhook) -> Signal:
    status = _status(event)
    payload = object_at(event, "payload")
    summary = first_text(payload, "summary")
    if status is SignalStatus.FIRING and not summary:
        raise UnreadableError("The event has no payload.summary: nothing says what is wrong.")
    key = dedup_key(event, webhook)
    if key == _KUMA_TEST and status is SignalStatus.FIRING:
        status, key = _what_kuma_means(summary)
    return make(
        status,
        key,
        summary,
        severity=severity_in(payload),
        description=_description(payload.get("custom_details")),
        links=_links(event),
        labels=_labels(event, payload),
    )


def _status(event: Mapping[str, Any]) -> SignalStatus:
    action = first_text(event, "event_action").lower()
    if action not in _ACTIONS:
        given = one_line(action, 40)
        raise UnreadableError(f"The event_action must be trigger, acknowledge or resolve, but is '{given}'.")
    if action != "trigger" and not first_key(event, "dedup_key"):
        raise UnreadableError(f"The event has no dedup_key: nothing says what to {action}.")
    return _ACTIONS[action]


def _what_kuma_means(summary: str) -> tuple[SignalStatus, str]:
    text = summary.removeprefix(_KUMA_TITLE)
    if text.endswith(_KUMA_TEST_ENDS):
        return SignalStatus.TEST, _KUMA_TEST
    return SignalStatus.FIRING, _KUMA + (expiring(text) or text)


def _description(details: Any) -> str:
    if isinstance(details, dict):
        return "\n".join(f"{name}: {text}" for name, value in details.items() if (text := as_text(value).strip()))
    return as_text(details)


def _links(event: Mapping[str, Any]) -> Iterator[Any]:
    links = event.get("links")
    yield from (link.get("href") for link in links if isinstance(link, dict)) if isinstance(links, list) else ()
    yield event.get("client_url")


def _labels(event: Mapping[str, Any], payload: Mapping[str, Any]) -> dict[str, str]:
    facts = {name: first_text(payload, name) for name in _FACTS} | {"client": first_text(event, "client")}
    details = payload.get("custom_details")
    short = _short_ones(details) if isinstance(details, dict) else {}
    return {name: text for name, text in (short | facts).items() if text}


def _short_ones(details: Mapping[str, Any]) -> dict[str, str]:
    plain = {name: as_text(value).strip() for name, value in details.items() if not isinstance(value, (list, dict))}
    return {name: text for name, text in plain.items() if len(text) <= _LONGEST_LABEL and "\n" not in text}
