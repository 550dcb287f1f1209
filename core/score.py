"""Keeping the score of an alert: its SLA clocks, the reminders of what is owed, and when its acknowledgment runs out.

Called once for each decision, after everything else: what happened is read from the alert before and after, so that no
way of answering can forget to count.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.alert import ANSWERED, Alert, Status
from core.climbing import notify
from core.decision import Draft, NotificationKind
from core.expiry import expires_at
from core.hearers import Pair, hearers
from core.reminders import Waiting, next_reminder_at, remembered, reminders_due
from core.rules import Rules
from core.score_words import asked_again, marks_reason, reminder_reason
from core.sla import Mark, answered, noticed, raised, resolved, settled, started
from core.sla_clock import SlaState, SlaStatus
from core.timeline import EventKind
from core.times import rfc3339

_OPENED = frozenset({EventKind.ROUTED, EventKind.REOPENED})
_TOLD = {SlaStatus.AT_RISK: EventKind.SLA_AT_RISK, SlaStatus.BREACHED: EventKind.SLA_BREACHED}
_ON_TIME = timedelta(seconds=1)  # noticed later than that, the event says since when


def keep_score(draft: Draft, before: Alert, rules: Rules, *, woken: bool) -> None:
    """Let the clocks know what happened and tell of marks they passed; when `woken` for it, remind of what is due."""
    state = _after(draft, before, rules)
    state, marks = noticed(state, draft.now) if state else (None, ())
    if state is not draft.alert.sla:
        draft.change(sla=state)
    _tell_marks(draft, marks, rules)
    if woken:
        _remind(draft, rules)
    _set_times(draft, rules)


def waiting(alert: Alert) -> Waiting:
    """Say what is waited for: nothing while it is snoozed, silenced or resolved."""
    is_quiet = alert.snoozed_until is not None or alert.suppressed or not alert.is_open
    is_asked = alert.is_unanswered and not alert.exhausted and alert.left_at is None
    has_owner = alert.status in ANSWERED
    return Waiting(
        severity=alert.severity,
        fired_at=alert.level_fired_at if is_asked and not is_quiet else None,
        acknowledged_at=alert.acknowledged_at if has_owner and not is_quiet else None,
        updated_at=alert.updated_at if has_owner and not is_quiet else None,
        sent=alert.reminded,
    )


def _after(draft: Draft, before: Alert, rules: Rules) -> SlaState | None:
    """Give the clocks after what happened, before anybody looks at them; None when nothing is owed."""
    alert, now = draft.alert, draft.now
    if any(event.kind in _OPENED for event in draft.events):
        return _held(started(alert.severity, now, alert.policy, rules.sla), alert, now, rules)
    if alert.sla is None or not before.is_open:
        return alert.sla
    state = alert.sla
    if alert.severity is not before.severity:
        state = raised(state, alert.severity, alert.policy, now, rules.sla)
    if alert.status in ANSWERED:
        state = answered(state, now, rules.sla)
    if alert.status is Status.RESOLVED:
        return resolved(state, now, rules.sla)
    return _held(state, alert, now, rules)


def _held(state: SlaState, alert: Alert, now: datetime, rules: Rules) -> SlaState | None:
    held = rules.sla.pauses(snoozed=alert.snoozed_until is not None, suppressed=alert.suppressed)
    return settled(state, now, rules.sla, held=held) if state.clocks else None


def _tell_marks(draft: Draft, marks: Sequence[Mark], rules: Rules) -> None:
    """Write each mark into the timeline, and tell each person of all of them in one message."""
    told: dict[Pair, list[tuple[int, Mark]]] = {}
    for mark in marks:
        number = _record_mark(draft, mark)
        if draft.alert.is_open:
            for pair in hearers(draft, rules.sla.channels_for(mark.kind), NotificationKind.NOTICE, rules):
                told.setdefault(pair, []).append((number, mark))
    for (person, channel), heard in told.items():
        reason = marks_reason([mark for _, mark in heard])
        notify(draft, heard[0][0], person, channel, NotificationKind.NOTICE, reason)


def _record_mark(draft: Draft, mark: Mark) -> int:
    # The deadline is the instant of a breach, whenever that is noticed; the warning has an instant of its own.
    late = mark.status is SlaStatus.AT_RISK and draft.now - mark.at > _ON_TIME
    since = rfc3339(mark.at) if late else None
    return draft.record(_TOLD[mark.status], clock=mark.kind, deadline=rfc3339(mark.deadline), since=since)


def _remind(draft: Draft, rules: Rules) -> None:
    """Remind of everything that is due, in one message to each who is to hear it."""
    alert, tracking = draft.alert, rules.config.response_tracking
    due = reminders_due(waiting(alert), draft.now, tracking)
    if not due:
        return
    kind = NotificationKind.PAGE if alert.is_unanswered else NotificationKind.REMINDER
    pairs = hearers(draft, tracking.reminders.channels, kind, rules)
    reason = reminder_reason(due)
    draft.change(reminded=remembered(alert.reminded, due), reminders=alert.reminders + 1)
    kinds = [each.kind for each in due]
    number = draft.record(EventKind.REMINDED, of=kinds, reason=reason, nobody=None if pairs else True)
    for person, channel in pairs:
        notify(draft, number, person, channel, kind, asked_again(reason) if alert.is_unanswered else reason)
    if alert.is_unanswered:
        _remember_new_people(draft, pairs)


def _remember_new_people(draft: Draft, pairs: Sequence[Pair]) -> None:
    """Note who is paged for the first time, since the rotation was handed over: they hear how it ends, too."""
    known = {person for person, _ in draft.alert.paged}
    new = tuple(pair for pair in pairs if pair[0] not in known)
    if new:
        draft.change(paged=(*draft.alert.paged, *new))


def _set_times(draft: Draft, rules: Rules) -> None:
    alert = draft.alert
    remind_at = next_reminder_at(waiting(alert), rules.config.response_tracking)
    runs_out_at = expires_at(alert, rules)
    if (remind_at, runs_out_at) != (alert.remind_at, alert.expires_at):
        draft.change(remind_at=remind_at, expires_at=runs_out_at)
