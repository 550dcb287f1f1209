"""POST /alerts/ack: a person takes many alerts at once, by their numbers or all there are."""

from typing import Annotated, Any

from flask import Blueprint, abort
from pydantic import Field

from core.answering import Answered, answer_all
from core.commands import Acknowledge
from core.config.names import hint
from core.store import Filter
from core.views import alert_view
from functions._doors import Answer, Reply, caller, rung, said, via

door = Blueprint("acknowledge_many", __name__)

_AT_ONCE = 200  # of all there are; `next` says where to go on
_MOST_IDS = 1000
_UNANSWERED = frozenset({"pending", "escalated"})


class AnswerToMany(Answer):
    """Which alerts: `ids`, or `all` that nobody has answered, of these only those that `paged` was paged about."""

    ids: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1, max_length=_MOST_IDS)] | None = None
    all: bool = False
    paged: str | None = None
    after: Annotated[int, Field(ge=1)] | None = None


@door.post("/alerts/ack")
def acknowledge_many() -> Reply:
    """Acknowledge them, and give a line for each; `next` is what to pass as `after` when there may be more."""
    name, answer = caller(), said(AnswerToMany)
    command = Acknowledge(answer.by or name, via(), note=answer.note)
    ids, more = _wanted(answer)
    answered = answer_all(rung().engine.act, ids, command)
    return {"answers": [_line(each) for each in answered], "next": more}


def _wanted(answer: AnswerToMany) -> tuple[list[int], int | None]:
    if answer.ids is not None:
        if answer.all or answer.paged or answer.after:
            abort(400, "`ids` stand by themselves: leave out `all`, `paged` and `after`")
        return answer.ids, None
    if not answer.all:
        abort(400, 'say which alerts: {"ids": [41, 42]}, or {"all": true}, with "paged" for those of one person')
    people = rung().config.people
    if answer.paged is not None and answer.paged not in people:
        abort(400, f"paged: there is no person {answer.paged!r} in the config{hint(answer.paged, list(people))}")
    found = rung().engine.store.find(Filter(_UNANSWERED, limit=_AT_ONCE, after=answer.after))
    more = found[-1].id if len(found) == _AT_ONCE else None
    paged = answer.paged
    return [each.id for each in found if paged is None or paged in dict(each.paged)], more


def _line(answered: Answered) -> dict[str, Any]:
    if answered.alert is not None:
        return {"id": answered.alert_id, "alert": alert_view(answered.alert)}
    return {"id": answered.alert_id, "error": {"code": answered.code, "message": answered.reason}}
