"""How pages and terminal say what happened: the lines of a timeline, what became of a notification or a webhook."""

from collections.abc import Iterable
from typing import Any

# Every notification has a line of its own under "Who was told".
_TOLD_BELOW = frozenset({"notified", "delivered"})
_NOT_DETAILS = frozenset(
    {"at", "event", "n", "cause", "round", "level", "level_name", "by", "note", "provider_id", "response_id"}
)


def in_short(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what is said better by the list of who was told."""
    return [event for event in events if event["event"] not in _TOLD_BELOW]


def lines_of(events: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """Give each event as `at`, `what`, `details` and the `note` a person left."""
    return [
        {"at": event["at"], "what": _what(event), "details": _details(event), "note": str(event.get("note") or "")}
        for event in events
    ]


def what(notification: dict[str, Any]) -> str:
    """Say what a notification was about."""
    if notification["reason"] == "level":
        return f"page, level {notification['level'] + 1} ({notification['level_name']})"
    return f"{notification['kind']}: {notification['reason']}"


def outcome(notification: dict[str, Any]) -> str:
    """Say what became of a notification, beside when."""
    attempts = f" after {notification['attempts']} attempts" if notification["attempts"] > 1 else ""
    receipt = f", {notification['receipt']}" if notification["state"] == "sent" and notification["receipt"] else ""
    error = f": {notification['error']}" if notification["error"] else ""
    is_tried_again = notification["state"] == "queued" and notification["attempts"]
    return f"{'to be tried again' if is_tried_again else notification['state']}{receipt}{attempts}{error}"


def mail_outcome(mail: dict[str, Any]) -> str:
    """Say what became of the mail of a report to one recipient."""
    said = "to be tried again" if mail["state"] == "waiting" else str(mail["state"])
    return f"{said}{', late' if mail.get('late') else ''}{': ' if mail.get('reason') else ''}{mail.get('reason', '')}"


def what_became(rejected_id: int, taken: dict[str, Any]) -> str:
    """Say what became of a webhook that was read again: its alerts, and what of it still cannot be read."""
    became = [f"alert {line['id']} {line['result']}" if line["id"] else line["result"] for line in taken["alerts"]]
    bad = [f"item {item['index'] + 1} still cannot be read: {item['reason']}" for item in taken.get("rejected", [])]
    return f"webhook {rejected_id} was read: {', '.join([*became, *bad]) or 'nothing to report'}"


def _what(event: dict[str, Any]) -> str:
    by = f" by {event['by']}" if event.get("by") else ""
    return str(event["event"]).replace("_", " ") + by


def _details(event: dict[str, Any]) -> str:
    level = [f"level {event['level'] + 1} ({event['level_name']})"] if "level_name" in event else []
    again = [f"round {event['round'] + 1}"] if event.get("round") else []
    return ", ".join(level + again + [_said(name, event[name]) for name in event if name not in _NOT_DETAILS])


def _said(name: str, value: Any) -> str:
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{name.replace('_', ' ')} {said}"
