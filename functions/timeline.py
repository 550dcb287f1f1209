"""GET /alerts/<id>/timeline: the events of an alert, oldest first."""

from flask import Blueprint

from core.wording import lines_of
from functions._doors import Reply, caller, rung
from functions._pages import page, told, wants_html

door = Blueprint("timeline", __name__)


@door.get("/alerts/<int:alert_id>/timeline")
def timeline(alert_id: int) -> Reply:
    """List the events."""
    caller()
    alert, at = rung().engine.alert(alert_id)  # an alert that does not exist is 404, not an empty timeline
    events = rung().engine.store.timeline(alert_id)
    if not wants_html():
        return {"events": events}
    return page("timeline.html", **told(alert, at), at=at, events=lines_of(events))
