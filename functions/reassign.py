"""POST /alerts/<id>/reassign: give it `to` another person or rotation, who is paged now."""

from flask import Blueprint
from pydantic import Field

from core.commands import Reassign
from functions._doors import Answer, Reply, act, caller, said, via

door = Blueprint("reassign", __name__)


class ReassignAnswer(Answer):
    """`to` is needed."""

    to: str = Field(min_length=1, max_length=100)


@door.post("/alerts/<int:alert_id>/reassign")
def reassign(alert_id: int) -> Reply:
    """Reassign the alert."""
    name, answer = caller(), said(ReassignAnswer)
    return act(alert_id, Reassign(answer.by or name, via(), to=answer.to, note=answer.note))
