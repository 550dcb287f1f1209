"""Replay: how an alert stood on the ladder before each event of its timeline.

A record is put where the timeline says that the alert stood, so that core/ladder.py can be asked what was due and when.
Nothing is decided here.
"""

from datetime import datetime

from core.alert import RECORD_VERSION, Alert
from core.climbing import take
from core.decision import Draft
from core.due import ladder_at
from core.firing import UNDELIVERED
from core.ladder import StepKind, next_step
from core.rules import Rules
from core.timeline import EventKind
from core.why.case import Case, Event, instant_of
from core.why.effects import EFFECTS
from core.why.moment import Moment, Silenced
from core.why.policies import Kept, policies

_TURNS = frozenset({EventKind.TRIGGERED, EventKind.ESCALATED, EventKind.SKIPPED})


def replayed(case: Case) -> list[Moment]:
    """Give every event of the timeline with how the alert stood before it."""
    walk = _Walk(case)
    return [walk.tell(event, kept) for event, kept in zip(case.events, policies(case), strict=True)]


class _Walk:
    """Goes along a timeline, event by event. Lives inside one call."""

    def __init__(self, case: Case) -> None:
        self._rules = case.rules
        self._alert = _fresh(case.alert)
        self._kept: Kept | None = None
        self._put_by: EventKind | None = None
        self._owner: str | None = None
        self._left_because = ""
        self._silenced: Silenced | None = None

    def tell(self, event: Event, kept: Kept | None) -> Moment:
        """Give the moment of one event, and go on behind it."""
        if kept is not None and kept is not self._kept:
            self._alert = _under(self._alert, kept)
        self._kept = kept
        at = instant_of(event)
        if kept and not (event["event"] in _TURNS and "by" not in event):
            self._alert = _caught_up(self._alert, at, self._rules)
        moment = Moment(event, at, self._alert, kept, self._put_by, self._owner, self._left_because, self._silenced)
        if effect := EFFECTS.get(moment.kind):
            draft = Draft(self._alert, at)
            effect(draft, moment, self._rules)
            self._alert = draft.alert
        self._remember(moment)
        return moment

    def _remember(self, moment: Moment) -> None:
        """Note what the record does not hold."""
        self._owner = self._alert.acknowledged_by or self._owner
        self._put_by = self._put(moment)
        reason = str(moment.event.get("reason", ""))
        if moment.kind in _TURNS and "level" in moment.event:
            self._left_because = reason if moment.kind == EventKind.SKIPPED else ""
        if moment.kind == EventKind.SUPPRESSED:
            self._silenced = Silenced(moment.at, reason)
        if moment.kind == EventKind.UNSUPPRESSED and self._silenced:
            self._silenced = Silenced(self._silenced.start, self._silenced.reason, moment.at)

    def _put(self, moment: Moment) -> EventKind | None:
        """Give what put it where it stands now, when that was no step of the ladder."""
        match moment.kind:
            case EventKind.REOPENED | EventKind.UNSNOOZED:
                return EventKind(moment.kind)
            case EventKind.SEVERITY_CHANGED if moment.before.is_unanswered:
                return EventKind.SEVERITY_CHANGED
            case EventKind.SKIPPED if "level" not in moment.event or moment.event["reason"] == UNDELIVERED:
                return self._put_by
            case EventKind.TRIGGERED | EventKind.ESCALATED | EventKind.SKIPPED | EventKind.ROUTED:
                return None
        return self._put_by


def _caught_up(alert: Alert, at: datetime, rules: Rules) -> Alert:
    """Give the alert in the round that must have begun by then: when its first level has a delay, no event says so."""
    due = ladder_at(alert)
    if due is None or due > at or not alert.policy.levels[0].delay:
        return alert
    step = next_step(alert)
    if step.kind not in {StepKind.ROUND, StepKind.RETRY}:
        return alert
    draft = Draft(alert, due)
    take(draft, step, due, rules)
    return draft.alert


def _fresh(alert: Alert) -> Alert:
    """Give the alert as it was before anything happened to it."""
    return Alert(
        record_version=RECORD_VERSION,
        id=alert.id,
        source=alert.source,
        dedup_key=alert.dedup_key,
        title=alert.title,
        labels=alert.labels,
        severity=alert.severity,
        policy_name=alert.policy_name,
        policy=alert.policy,
        round_started_at=alert.created_at,
        created_at=alert.created_at,
        last_signal_at=alert.last_signal_at,
    )


def _under(alert: Alert, kept: Kept) -> Alert:
    """Give the alert under another policy, at the same height."""
    return alert.model_copy(
        update={
            "policy": kept.policy,
            "policy_name": kept.name,
            "level": min(alert.level, len(kept.policy.levels) - 1),
            "round": min(alert.round, kept.policy.max_repeats),
        }
    )
