"""Prometheus itself, told of Rung as if it were an Alertmanager: a list of alerts, sent again every minute.

There is no status: an alert is over when its `endsAt` has passed. Its labels, all of them, are what it is, and its key
is their fingerprint, the same that Alertmanager gives it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.signals import Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.sources.body import decode
from core.sources.fields import as_object, as_text, first_text, object_at, severity_in
from core.sources.items import read_items
from core.sources.making import make

_NO_INSTANT = "0001-"  # how Go writes an instant that nobody set
_FNV_START, _FNV_PRIME, _64_BITS = 0xCBF29CE484222325, 0x100000001B3, 0xFFFFFFFFFFFFFFFF


def read(webhook: Webhook) -> Reading:
    """Give one signal an alert. Raises UnreadableError."""
    alerts = decode(webhook)
    if not isinstance(alerts, list):
        raise UnreadableError("The body must be a list of alerts, as Prometheus posts to /api/v2/alerts.")
    return read_items(alerts, lambda alert: _read_alert(as_object(alert, "An alert"), webhook.received_at))


def _read_alert(alert: Mapping[str, Any], now: datetime | None) -> Signal:
    labels, annotations = object_at(alert, "labels"), object_at(alert, "annotations")
    if not labels:
        raise UnreadableError("The alert has no labels: nothing says what it is about.")
    return make(
        SignalStatus.RESOLVED if _is_over(first_text(alert, "endsAt"), now) else SignalStatus.FIRING,
        _fingerprint(labels),
        first_text(annotations, "summary", "title", "message") or first_text(labels, "alertname"),
        severity=severity_in(labels),
        description=first_text(annotations, "description"),
        links=[alert.get("generatorURL"), annotations.get("runbook_url")],
        labels=labels,
    )


def _is_over(ends_at: str, now: datetime | None) -> bool:
    if not ends_at or ends_at.startswith(_NO_INSTANT) or now is None:
        return False
    try:
        return datetime.fromisoformat(ends_at) <= now
    except (ValueError, TypeError):  # no instant, or one without a zone
        return False


def _fingerprint(labels: Mapping[str, Any]) -> str:
    """Give FNV-1a of the labels in order, each name and value ended by a byte that no text has."""
    text = b"".join(
        part.encode("utf-8", "surrogatepass") + b"\xff"
        for name in sorted(labels)
        for part in (name, as_text(labels[name]))
    )
    digest = _FNV_START
    for byte in text:
        digest = (digest ^ byte) * _FNV_PRIME & _64_BITS
    return f"{digest:016x}"
