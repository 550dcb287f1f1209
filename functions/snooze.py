"""POST /alerts/<id>/snooze: a person takes it for later, `until` an instant or `for` a duration."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from flask import Blueprint, abort
from pydantic import AwareDatetime, BeforeValidator, Field

from core.commands import Snooze
from core.config.durations import parse_duration
from functions._doors import Answer, act, caller, rung, said

door = Blueprint("snooze", __name__)


class SnoozeAnswer(Answer):
    """One of `until` and `for` is needed."""

    until: AwareDatetime | None = None
    for_: Annotated[int | None, BeforeValidator(parse_duration), Field(alias="for", gt=0)] = None


@door.post("/alerts/<int:alert_id>/snooze")
def snooze(alert_id: int) -> dict[str, Any]:
    """Snooze the alert; then the same level fires again."""
    name, answer = caller(), said(SnoozeAnswer)
    return act(alert_id, Snooze(answer.by or name, "api", _until(alert_id, answer), note=answer.note))


def _until(alert_id: int, answer: SnoozeAnswer) -> datetime:
    if answer.until is not None:
        return answer.until.astimezone(UTC)
    if answer.for_ is None:
        abort(400, 'say until when: {"until": "2026-11-22T07:00:00Z"} or for how long: {"for": "2h"}')
    _, now = rung().engine.alert(alert_id)
    return now + timedelta(seconds=answer.for_)
