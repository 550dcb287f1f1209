"""POST /alerts/<id>/escalate: a person wants the next level now."""

from typing import Any

from flask import Blueprint

from core.commands import Escalate
from functions._doors import Answer, act, caller, said

door = Blueprint("escalate", __name__)


@door.post("/alerts/<int:alert_id>/escalate")
def escalate(alert_id: int) -> dict[str, Any]:
    """Escalate the alert."""
    name, answer = caller(), said(Answer)
    return act(alert_id, Escalate(answer.by or name, "api", note=answer.note))
