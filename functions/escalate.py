"""POST /alerts/<id>/escalate: a person wants the next level now."""

from flask import Blueprint

from core.commands import Escalate
from functions._doors import Answer, Reply, act, caller, said, via

door = Blueprint("escalate", __name__)


@door.post("/alerts/<int:alert_id>/escalate")
def escalate(alert_id: int) -> Reply:
    """Escalate the alert."""
    name, answer = caller(), said(Answer)
    return act(alert_id, Escalate(answer.by or name, via(), note=answer.note))
