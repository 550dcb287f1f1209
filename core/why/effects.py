"""Effects: where an event leaves an alert on the ladder, written into a draft of its record.

The timeline says what happened; from core/climbing.py and core/ladder.py comes what that meant for times and rounds.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from core.alert import Alert, Status
from core.climbing import end_fruitless_round, start_round, to_the_foot, walk_again
from core.decision import Draft
from core.firing import UNDELIVERED
from core.ladder import StepKind, counted_from, next_step
from core.rules import Rules
from core.severity import Severity
from core.timeline import EventKind
from core.why.moment import Moment

Effect = Callable[[Draft, Moment, Rules], None]

_NOBODYS: Mapping[str, Any] = {
    "acknowledged_by": None,
    "acknowledged_at": None,
    "updated_at": None,
    "snoozed_until": None,
}


def _begins(draft: Draft, moment: Moment, _rules: Rules) -> None:
    draft.change(
        **_NOBODYS,
        created_at=draft.now,  # of this life of it
        severity=Severity(moment.event["severity"]),
        suppressed=False,
        suppressed_until=None,
        resolved_at=None,
        status=_asking(draft.alert),
    )
    to_the_foot(draft)


def _gets_worse(draft: Draft, moment: Moment, _rules: Rules) -> None:
    draft.change(severity=Severity(moment.event["severity"]), exhausted=False)
    if draft.alert.is_unanswered:
        to_the_foot(draft)


def _fires(draft: Draft, moment: Moment, _rules: Rules) -> None:
    _comes_to_its_level(draft, moment)
    alert = draft.alert
    draft.change(
        status=_asking(alert),
        firings=alert.firings + 1,
        levels_fired=alert.levels_fired + 1,
        round_reached_someone=True,
    )


def _skips(draft: Draft, moment: Moment, rules: Rules) -> None:
    if "level" not in moment.event:
        return
    if moment.event["reason"] == UNDELIVERED:
        draft.change(left_at=draft.now, levels_failed=draft.alert.levels_failed + 1)
    else:
        _comes_to_its_level(draft, moment)
        draft.change(left_at=draft.alert.level_fired_at, status=_asking(draft.alert))
    if moment.kept:
        end_fruitless_round(draft, rules)


def _is_answered(draft: Draft, moment: Moment, _rules: Rules) -> None:
    event, alert = moment.event, draft.alert
    is_update = moment.kind == EventKind.UPDATED
    if is_update and event.get("via") == "source":
        return
    if is_update:
        draft.change(updated_at=draft.now)
    if not is_update or event.get("acknowledges"):
        at = draft.now if alert.acknowledged_by != event["by"] else alert.acknowledged_at or draft.now
        draft.change(status=Status.ACKNOWLEDGED, acknowledged_by=event["by"], acknowledged_at=at)
    if moment.kind == EventKind.SNOOZED:
        draft.change(snoozed_until=datetime.fromisoformat(event["until"]))


def _wakes(draft: Draft, _moment: Moment, _rules: Rules) -> None:
    draft.change(**_NOBODYS, status=_asking(draft.alert), exhausted=False)
    if draft.alert.suppressed:
        draft.change(level_fired_at=None, left_at=draft.now, retry_at=None)


def _is_given_on(draft: Draft, moment: Moment, _rules: Rules) -> None:
    draft.change(
        **_NOBODYS,
        status=Status.ESCALATED,
        exhausted=False,
        level_fired_at=draft.now,
        reassigned_to=moment.event["to"],
        left_at=None,
        retry_at=None,
        round_reached_someone=True,
        levels_fired=draft.alert.levels_fired + 1,
    )


def _is_used_up(draft: Draft, _moment: Moment, _rules: Rules) -> None:
    draft.change(**_NOBODYS, status=Status.ESCALATED, exhausted=True)


def _is_over(draft: Draft, moment: Moment, _rules: Rules) -> None:
    by = moment.event["by"]
    draft.change(status=Status.RESOLVED, resolved_at=draft.now, resolved_by=by, snoozed_until=None)


def _is_silenced(draft: Draft, moment: Moment, _rules: Rules) -> None:
    until = moment.event.get("until")
    draft.change(suppressed=True, suppressed_until=datetime.fromisoformat(until) if until else None)


def _is_not_silenced(draft: Draft, _moment: Moment, _rules: Rules) -> None:
    draft.change(suppressed=False, suppressed_until=None)


EFFECTS: Mapping[str, Effect] = {
    EventKind.ROUTED: _begins,
    EventKind.REOPENED: _begins,
    EventKind.SEVERITY_CHANGED: _gets_worse,
    EventKind.TRIGGERED: _fires,
    EventKind.ESCALATED: _fires,
    EventKind.SKIPPED: _skips,
    EventKind.ACKNOWLEDGED: _is_answered,
    EventKind.UPDATED: _is_answered,
    EventKind.SNOOZED: _is_answered,
    EventKind.UNSNOOZED: _wakes,
    EventKind.REASSIGNED: _is_given_on,
    EventKind.SUPPRESSED: _is_silenced,
    EventKind.UNSUPPRESSED: _is_not_silenced,
    EventKind.EXHAUSTED: _is_used_up,
    EventKind.RESOLVED: _is_over,
}


def _asking(alert: Alert) -> Status:
    return Status.ESCALATED if alert.firings else Status.PENDING


def _comes_to_its_level(draft: Draft, moment: Moment) -> None:
    """Stand on the level that had its turn; its times count from where the ladder counts them."""
    event = moment.event
    if moment.kept and not moment.is_fired_again:
        _go_to_its_round(draft, moment)
    due = next_step(draft.alert).at if moment.kept else draft.now
    is_out_of_time = moment.is_fired_again or "by" in event
    draft.change(
        **_NOBODYS,
        round=event["round"],
        level=event["level"],
        level_fired_at=draft.now if is_out_of_time else counted_from(due, draft.now),
        left_at=None,
        retry_at=None,
        reassigned_to=None,
        exhausted=False,
    )


def _go_to_its_round(draft: Draft, moment: Moment) -> None:
    """Begin the round of this event, or begin it again, when that came before it."""
    alert, step = draft.alert, next_step(draft.alert)
    if moment.event["round"] == alert.round and step.kind is not StepKind.RETRY:
        return
    delay = timedelta(seconds=alert.policy.levels[0].delay)
    started = draft.now if "by" in moment.event else counted_from(step.at + delay, draft.now) - delay
    if step.kind is StepKind.RETRY:
        draft.change(round_opened_at=alert.round_due_from)
        walk_again(draft, started)
    else:
        start_round(draft, started)
