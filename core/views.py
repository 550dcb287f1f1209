"""An alert as everybody outside sees it: the JSON of the API, of `rung --json`, and what the pages show."""

from datetime import datetime
from typing import Any

from core.alert import Alert
from core.ledger import Entry, Key
from core.times import rfc3339


def alert_view(alert: Alert) -> dict[str, Any]:
    """Give the alert as JSON, times in RFC 3339 UTC, levels and rounds from 0. Design section 7."""
    return {
        "id": alert.id,
        "source": alert.source,
        "dedup_key": alert.dedup_key,
        "title": alert.title,
        "description": alert.description,
        "severity": alert.severity.value,
        "status": alert.status.value,
        "suppressed": alert.suppressed,
        "suppressed_until": _instant(alert.suppressed_until),
        "suppressed_reason": alert.suppressed_reason,
        "exhausted": alert.exhausted,
        "flapping": alert.is_flapping and alert.is_open,
        "policy": alert.policy_name,
        "routes": list(alert.routes),
        "round": alert.round,
        "level": alert.level,
        "level_name": alert.current_level.level,
        "created_at": rfc3339(alert.created_at),
        "acknowledged_at": _instant(alert.acknowledged_at),
        "acknowledged_by": alert.acknowledged_by,
        "snoozed_until": _instant(alert.snoozed_until),
        "resolved_at": _instant(alert.resolved_at),
        "resolved_by": alert.resolved_by,
        "wake_at": _instant(alert.wake_at),
        "count": alert.count,
        "labels": alert.labels,
        "link": alert.link,
        "sla": None,
    }


def notification_view(key: Key, entry: Entry) -> dict[str, Any]:
    """Give one notification as JSON: who was told what, on which channel, and what became of it."""
    return {
        "event": key.event,
        "responder": key.responder,
        "channel": key.channel,
        "kind": entry.kind.value,
        "reason": entry.reason,
        "round": entry.round,
        "level": entry.level,
        "level_name": entry.level_name,
        "state": entry.state.value,
        "attempts": entry.attempts,
        "queued_at": rfc3339(entry.queued_at),
        "settled_at": _instant(entry.settled_at),
        "error": entry.error,
        "provider_id": entry.provider_id,
    }


def _instant(instant: datetime | None) -> str | None:
    return rfc3339(instant) if instant else None
