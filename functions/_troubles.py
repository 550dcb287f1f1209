"""Deliveries in trouble: notifications that failed for good, and those whose last attempt failed."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.alert import Alert
from core.ledger import Entry, Key, State
from core.views import notification_view
from functions._doors import rung


def troubles_of(alerts: Sequence[Alert]) -> list[list[dict[str, Any]]]:
    """Give for each alert its deliveries that failed or are being tried again, newest first."""
    ids = [alert.id for alert in alerts]
    ledgers = rung().ledger.entries_of(ids)
    return [_troubles(alert_id, entries) for alert_id, entries in zip(ids, ledgers, strict=True)]


def _troubles(alert_id: int, entries: Mapping[str, Entry]) -> list[dict[str, Any]]:
    found = [
        {"alert": alert_id, **notification_view(Key.parse(alert_id, field), entry)}
        for field, entry in entries.items()
        if _is_trouble(entry)
    ]
    return sorted(found, key=lambda each: (each["event"], each["responder"], each["channel"]), reverse=True)


def _is_trouble(entry: Entry) -> bool:
    return entry.state in {State.FAILED, State.UNKNOWN} or (entry.state is State.QUEUED and entry.attempts > 0)
