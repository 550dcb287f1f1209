"""POST /alerts/<id>/resolve: a person says that it is over."""

from flask import Blueprint

from core.commands import Resolve
from functions._doors import Answer, Reply, act, caller, said, via

door = Blueprint("resolve", __name__)


@door.post("/alerts/<int:alert_id>/resolve")
def resolve(alert_id: int) -> Reply:
    """Resolve the alert."""
    name, answer = caller(), said(Answer)
    return act(alert_id, Resolve(answer.by or name, via(), note=answer.note))
