"""POST /alerts/<id>/ack: a person takes the alert and the ladder stops."""

from typing import Any

from flask import Blueprint

from core.commands import Acknowledge
from functions._doors import Answer, act, caller, said

door = Blueprint("acknowledge", __name__)


@door.post("/alerts/<int:alert_id>/ack")
def acknowledge(alert_id: int) -> dict[str, Any]:
    """Acknowledge the alert."""
    name, answer = caller(), said(Answer)
    return act(alert_id, Acknowledge(answer.by or name, "api", note=answer.note))
