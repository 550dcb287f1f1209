"""The state machine. TABLE below is the whole of it: command x status -> what happens; a missing cell is refused.

A decision is pure: `(alert, command, now, rules) -> Decision or Refused`, and may be run again by an optimistic commit.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from core import answers, clearing, firing
from core.alert import Alert, Status
from core.commands import (
    Acknowledge,
    Clear,
    Command,
    Escalate,
    Fire,
    PagesFailed,
    Reassign,
    Resolve,
    Snooze,
    Suppress,
    Unsuppress,
    Update,
    Wake,
)
from core.decision import Decision, Draft, Refused
from core.due import wake_at
from core.refusals import refuse
from core.rules import Rules
from core.score import keep_score

Handler = Callable[[Draft, Any, Rules], str | Refused]

_PENDING, _ESCALATED, _ACKNOWLEDGED, _IN_PROGRESS, _RESOLVED = Status
_WAITING = (_PENDING, _ESCALATED)
_TAKEN = (_ACKNOWLEDGED, _IN_PROGRESS)

TABLE: Mapping[tuple[type[Command], Status], Handler] = {
    **{(Acknowledge, status): answers.acknowledge for status in _WAITING},
    **{(Acknowledge, status): answers.acknowledge_again for status in _TAKEN},
    **{(Update, status): answers.update for status in (*_WAITING, *_TAKEN)},
    **{(Resolve, status): answers.resolve for status in (*_WAITING, *_TAKEN)},
    **{(Escalate, status): answers.escalate for status in (*_WAITING, *_TAKEN)},
    **{(Snooze, status): answers.snooze for status in (*_WAITING, *_TAKEN)},
    **{(Reassign, status): answers.reassign for status in (*_WAITING, *_TAKEN)},
    **{(Clear, status): clearing.clear for status in (*_WAITING, *_TAKEN)},
    (Clear, _RESOLVED): clearing.ignore,
    **{(Fire, status): firing.fire_again for status in _WAITING},
    **{(Fire, status): firing.fire_while_answered for status in _TAKEN},
    (Fire, _RESOLVED): firing.reopen,
    **{(Suppress, status): firing.suppress for status in (*_WAITING, *_TAKEN)},
    **{(Unsuppress, status): firing.unsuppress for status in (*_WAITING, *_TAKEN)},
    **{(Wake, status): firing.wake for status in _WAITING},
    **{(Wake, status): firing.wake_answered for status in _TAKEN},
    (Wake, _RESOLVED): firing.nothing_due,
    **{(PagesFailed, status): firing.pages_failed for status in _WAITING},
    **{(PagesFailed, status): firing.nothing_due for status in (*_TAKEN, _RESOLVED)},
}


def decide(alert: Alert, command: Command, now: datetime, rules: Rules) -> Decision | Refused:
    """Give what becomes of the alert under this command, or why it is refused."""
    handler = TABLE.get((type(command), alert.status))
    if handler is None:
        return refuse(alert, now)
    draft = Draft(alert, now)
    result = handler(draft, command, rules)
    if isinstance(result, Refused):
        return result
    return _decision(draft, alert, result, rules, woken=isinstance(command, Wake))


def trigger(alert_id: int, command: Fire, now: datetime, rules: Rules) -> Decision:
    """Give the new alert that a signal makes, with its first level fired unless that has a delay."""
    draft = Draft(firing.new_alert(alert_id, command, now), now)
    before = draft.alert
    firing.start(draft, command, rules)
    return _decision(draft, before, "triggered", rules)


def _decision(draft: Draft, before: Alert, result: str, rules: Rules, *, woken: bool = False) -> Decision:
    """Keep the score and settle the timer: its number changes only with `wake_at`."""
    keep_score(draft, before, rules, woken=woken)
    due = wake_at(draft.alert)
    timer = {} if due == before.wake_at else {"wake_at": due, "timer": before.timer + 1}
    alert = draft.finished(**timer)
    if result == "unchanged" and alert is not before:
        result = "woken"
    return Decision(alert, result, draft.now, tuple(draft.events), tuple(draft.notifications))
