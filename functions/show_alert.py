"""GET /alerts/<id>: one alert, who was told what with what outcome, and what happens next and when."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint

from core.ledger import Key
from core.messages import what_happens_next
from core.views import alert_view, notification_view
from functions._doors import caller, rung

door = Blueprint("show_alert", __name__)


@door.get("/alerts/<int:alert_id>")
def show_alert(alert_id: int) -> dict[str, Any]:
    """Show one alert."""
    caller()
    alert, now = rung().engine.alert(alert_id)
    entries = rung().ledger.entries(alert_id)
    notifications = [notification_view(Key.parse(alert_id, field), entry) for field, entry in entries.items()]
    zone = ZoneInfo(rung().config.timezone)
    return {
        **alert_view(alert),
        "notifications": sorted(notifications, key=lambda n: (n["event"], n["responder"], n["channel"])),
        "what_happens_next": what_happens_next(alert, now, zone),
    }
