"""POST /alerts/<id>/ack: a person takes the alert and the ladder stops."""

from flask import Blueprint

from core.commands import Acknowledge
from functions._doors import Answer, Reply, act, caller, said, via

door = Blueprint("acknowledge", __name__)


@door.post("/alerts/<int:alert_id>/ack")
def acknowledge(alert_id: int) -> Reply:
    """Acknowledge the alert."""
    name, answer = caller(), said(Answer)
    return act(alert_id, Acknowledge(answer.by or name, via(), note=answer.note))
