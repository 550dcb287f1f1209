"""GET /alerts/<id>: one alert, who was told what with what outcome, and what happens next and when."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from core.alert import Alert
from core.ledger import Key
from core.messages import what_happens_next
from core.score_words import sla_lines
from core.views import alert_view, notification_view, responses_view
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
    zone = ZoneInfo(rung().config.timezone)
    return {
        **alert_view(alert, now),
        "notifications": _notifications(alert_id),
        "responses": responses_view(rung().engine.store.timeline(alert_id)),
        "what_happens_next": what_happens_next(alert, now, zone),
        "sla_in_words": sla_lines(alert.sla, now, zone),
    }


def _page(alert: Alert, now: datetime) -> Response:
    notifications = [{**each, "what": what(each), "outcome": outcome(each)} for each in _notifications(alert.id)]
    timeline = rung().engine.store.timeline(alert.id)
    return page(
        "alert.html",
        **told(alert, now),
        at=now,
        notifications=notifications,
        responses=responses_view(timeline),
        events=lines_of(in_short(timeline)),
    )


def _notifications(alert_id: int) -> list[dict[str, Any]]:
    entries = rung().ledger.entries(alert_id)
    notifications = [notification_view(Key.parse(alert_id, field), entry) for field, entry in entries.items()]
    return sorted(notifications, key=lambda n: (n["event"], n["responder"], n["channel"]))
