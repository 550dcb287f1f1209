"""Event: one line of an alert's timeline, in the past tense. Written once, never changed."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic_core import to_json

from core.times import rfc3339


class EventKind(StrEnum):
    """Everything that can stand in a timeline."""

    ROUTED = "routed"
    TRIGGERED = "triggered"  # the very first firing
    ESCALATED = "escalated"  # every later firing of a level
    SKIPPED = "skipped"
    EXHAUSTED = "exhausted"
    COUNTED = "counted"
    SEVERITY_CHANGED = "severity_changed"
    NOTIFIED = "notified"
    DELIVERED = "delivered"
    NOTIFICATION_FAILED = "notification_failed"
    FAILED_OVER = "failed_over"
    ACKNOWLEDGED = "acknowledged"
    UPDATED = "updated"
    SNOOZED = "snoozed"
    UNSNOOZED = "unsnoozed"
    FLAPPING = "flapping"
    SUPPRESSED = "suppressed"
    UNSUPPRESSED = "unsuppressed"
    REASSIGNED = "reassigned"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    REMINDED = "reminded"
    SLA_AT_RISK = "sla_at_risk"
    SLA_BREACHED = "sla_breached"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened and when. `number` counts from 1; outcomes of a notification have none of their own."""

    kind: EventKind
    at: datetime
    number: int | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def dump(self) -> str:
        """Give the event as one JSON object; details that are None are left out."""
        known = {name: value for name, value in self.details.items() if value is not None}
        head: dict[str, Any] = {"at": rfc3339(self.at), "event": self.kind}
        if self.number is not None:
            head["n"] = self.number
        return to_json(head | known).decode()
