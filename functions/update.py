"""POST /alerts/<id>/updates: a person says how it goes; counts as the acknowledgment."""

from typing import Any

from flask import Blueprint

from core.commands import Update
from functions._doors import Answer, act, caller, said

door = Blueprint("update", __name__)


@door.post("/alerts/<int:alert_id>/updates")
def update(alert_id: int) -> dict[str, Any]:
    """Add an update."""
    name, answer = caller(), said(Answer)
    return act(alert_id, Update(answer.by or name, "api", note=answer.note))
