"""GET /alerts/<id>: one alert, who was told what with what outcome, and what happens next and when."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from core.alert import Alert
from core.ledger import Key
from core.messages import what_happens_next
from core.views import alert_view, notification_view
from core.wording import in_short, lines_of, outcome, what
from functions._doors import Reply, caller, rung
from functions._pages import page, told, wants_html

door = Blueprint("show_alert", __name__)


@door.get("/alerts/<int:alert_id>")
def show_alert(alert_id: int) -> Reply:
    """Show one alert."""
    caller()
    alert, now = rung().engine.alert(alert_id)
    if wants_html():
        return _page(alert, now)
    return {
        **alert_view(alert),
        "notifications": _notifications(alert_id),
        "what_happens_next": what_happens_next(alert, now, ZoneInfo(rung().config.timezone)),
    }


def _page(alert: Alert, now: datetime) -> Response:
    notifications = [{**each, "what": what(each), "outcome": outcome(each)} for each in _notifications(alert.id)]
    events = lines_of(in_short(rung().engine.store.timeline(alert.id)))
    return page("alert.html", **told(alert, now), at=now, notifications=notifications, events=events)


def _notifications(alert_id: int) -> list[dict[str, Any]]:
    entries = rung().ledger.entries(alert_id)
    notifications = [notification_view(Key.parse(alert_id, field), entry) for field, entry in entries.items()]
    return sorted(notifications, key=lambda n: (n["event"], n["responder"], n["channel"]))
