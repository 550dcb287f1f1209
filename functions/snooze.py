"""POST /alerts/<id>/snooze: a person takes it for later, `until` an instant or `for` a duration."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from flask import Blueprint, abort
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from core.commands import Snooze
from core.config.durations import parse_duration
from functions._doors import Answer, Reply, act, caller, rung, said, via

door = Blueprint("snooze", __name__)

_LONGEST = 30 * 86400  # seconds; what can wait longer is no alert
_WANTED = 'say until when: {"until": "2026-11-22T07:00:00Z"} or for how long: {"for": "2h"}, at most 30 days from now'


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("must lie within the years 1 to 9999 in UTC") from None


class SnoozeAnswer(Answer):
    """One of `until` and `for` is needed."""

    until: Annotated[AwareDatetime, AfterValidator(_in_utc)] | None = None
    for_: Annotated[int | None, BeforeValidator(parse_duration), Field(alias="for", gt=0)] = None


@door.post("/alerts/<int:alert_id>/snooze")
def snooze(alert_id: int) -> Reply:
    """Snooze the alert; then the same level fires again."""
    name, answer = caller(), said(SnoozeAnswer)
    return act(alert_id, Snooze(answer.by or name, via(), _until(alert_id, answer), note=answer.note))


def _until(alert_id: int, answer: SnoozeAnswer) -> datetime:
    _, now = rung().engine.alert(alert_id)
    until = answer.until or (now + timedelta(seconds=min(answer.for_, _LONGEST + 1)) if answer.for_ else None)
    if until is None or (answer.until and answer.for_) or until > now + timedelta(seconds=_LONGEST):
        abort(400, _WANTED)
    return until
