"""POST /alerts/<id>/updates: a person says how it goes; counts as the acknowledgment."""

from flask import Blueprint

from core.commands import Update
from functions._doors import Answer, Reply, act, caller, said, via

door = Blueprint("update", __name__)


@door.post("/alerts/<int:alert_id>/updates")
def update(alert_id: int) -> Reply:
    """Add an update."""
    name, answer = caller(), said(Answer)
    return act(alert_id, Update(answer.by or name, via(), note=answer.note))
