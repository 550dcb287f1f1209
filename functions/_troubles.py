"""Deliveries in trouble: notifications that failed for good, and those whose last attempt failed."""

from typing import Any

from core.ledger import Entry, Key, State
from core.views import notification_view
from functions._doors import rung


def troubles_of(alert_id: int) -> list[dict[str, Any]]:
    """Give the deliveries of this alert that failed or are being tried again, newest first."""
    entries = rung().ledger.entries(alert_id)
    found = [
        {"alert": alert_id, **notification_view(Key.parse(alert_id, field), entry)}
        for field, entry in entries.items()
        if _is_trouble(entry)
    ]
    return sorted(found, key=lambda each: (each["event"], each["responder"], each["channel"]), reverse=True)


def _is_trouble(entry: Entry) -> bool:
    return entry.state in {State.FAILED, State.UNKNOWN} or (entry.state is State.QUEUED and entry.attempts > 0)
