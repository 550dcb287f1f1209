"""An alert as everybody outside sees it: the JSON of the API, of `rung --json`, and what the pages show."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.alert import Alert
from core.ledger import Entry, Key
from core.sla import sla_view
from core.times import rfc3339

# What people do that is not a step of the ladder.
_RESPONSES = {
    "acknowledged": "acknowledgment",
    "updated": "update",
    "resolved": "resolution",
    "snoozed": "snooze",
    "reassigned": "reassignment",
}


def alert_view(alert: Alert, now: datetime | None = None) -> dict[str, Any]:
    """Give the alert as JSON, times in RFC 3339 UTC, levels and rounds from 0. Design section 7.

    Its SLA is as of `now`; without, as of its last change, which is now when something has just been done to it.
    """
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
        "sla": sla_view(alert.sla, now or alert.sla.started_at) if alert.sla else None,
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
        "receipt": entry.receipt or None,
    }


def responses_view(timeline: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give what people answered, oldest first: who, when, which way, in what words, and the id of each response.

    One that took several steps of the ladder is one response, with the instant of the first.
    """
    answers = {event["response_id"]: event for event in reversed(list(timeline)) if "response_id" in event}
    return [
        {
            "id": response_id,
            "at": event["at"],
            "response": _RESPONSES.get(event["event"], "escalation"),
            "by": event["by"],
            "via": event["via"],
            "note": event.get("note"),
        }
        for response_id, event in reversed(answers.items())
    ]


def _instant(instant: datetime | None) -> str | None:
    return rfc3339(instant) if instant else None
