"""GET /alerts/<id>/timeline: the events of an alert, oldest first."""

from typing import Any

from flask import Blueprint

from functions._doors import caller, rung

door = Blueprint("timeline", __name__)


@door.get("/alerts/<int:alert_id>/timeline")
def timeline(alert_id: int) -> dict[str, Any]:
    """List the events."""
    caller()
    rung().engine.alert(alert_id)  # an alert that does not exist is 404, not an empty timeline
    return {"events": rung().engine.store.timeline(alert_id)}
