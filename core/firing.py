"""What the source and time do to an alert: one function a cell or row, called by the state machine's table."""

from datetime import datetime
from typing import Any

from core.alert import RECORD_VERSION, Alert, Status
from core.clearing import calm_down, note_change, settle_source
from core.climbing import climb, leave_undelivered, notify, to_the_foot
from core.climbing import fire_again as fire_level_again
from core.commands import Fire, PagesFailed, Suppress, Unsuppress, Wake
from core.decision import Draft, NotificationKind
from core.expiry import expire
from core.rules import Rules
from core.silencing import cover, settle_silence, uncover
from core.timeline import EventKind

# Up to here every repeat of a signal has its line in the timeline; after that every doubling has one. A source that
# repeats each minute for a week would fill Redis with lines that say nothing; `count` is always exact.
_COUNTED_ONE_BY_ONE = 20

# Why a level was left whose pages all failed.
UNDELIVERED = "none of its pages could be delivered"

# The signals of a group of more are not told apart: only people resolve it.
_MOST_MEMBERS = 1000
_OVERFULL = f"more than {_MOST_MEMBERS} signals are in it, too many to tell apart; only people resolve this alert"


def new_alert(alert_id: int, command: Fire, now: datetime) -> Alert:
    """Give the record of a new alert, before anything has fired."""
    return Alert(
        record_version=RECORD_VERSION,
        id=alert_id,
        source=command.source,
        dedup_key=command.dedup_key or command.signal.dedup_key,
        severity=command.severity,
        members=(command.member,) if command.member else (),
        created_at=now,
        round_started_at=now,
        last_signal_at=now,
        **_said(command),
    )


def start(draft: Draft, command: Fire, rules: Rules) -> None:
    """Say which way it took, and set it on the ladder."""
    _record_route(draft, EventKind.ROUTED, command)
    if command.changes:
        draft.change(changes=command.changes)
        note_change(draft, rules)
    climb(draft, rules)


def fire_again(draft: Draft, command: Fire, rules: Rules) -> str:
    """Count the signal. A higher severity starts its own policy from level 0, now."""
    _count(draft, command, rules)
    if not command.severity.is_worse_than(draft.alert.severity):
        return "counted"
    _record_severity(draft, command)
    _take_over(draft, command)
    to_the_foot(draft)
    climb(draft, rules)
    return "counted"


def fire_while_answered(draft: Draft, command: Fire, rules: Rules) -> str:
    """Count the signal. Whoever has the alert is told when it got worse."""
    _count(draft, command, rules)
    if command.severity.is_worse_than(draft.alert.severity):
        number = _record_severity(draft, command)
        _take_over(draft, command)
        _tell_owner(draft, number, rules)
        settle_silence(draft, rules)  # what covers it may look at the severity
    return "counted"


def reopen(draft: Draft, command: Fire, rules: Rules) -> str:
    """Open it again: a new ladder from round 0, under the policy of today."""
    _record_route(draft, EventKind.REOPENED, command)
    calm_down(draft)
    if draft.alert.cleared_at is not None:  # otherwise a person resolved it, and its source is of the same mind
        note_change(draft, rules)
    draft.change(
        status=Status.ESCALATED if draft.alert.firings else Status.PENDING,
        lives=draft.alert.lives + 1,
        severity=command.severity,
        suppressed=False,  # as for a new alert; a silence may have ended while this one was resolved
        suppressed_until=None,
        suppressed_reason="",
        acknowledged_at=None,
        acknowledged_by=None,
        updated_at=None,
        resolved_at=None,
        resolved_by=None,
        paged=(),
        members=(),
        is_overfull=False,
    )
    _record_signal(draft, command)
    _take_over(draft, command)
    to_the_foot(draft)
    climb(draft, rules)
    return "reopened"


def suppress(draft: Draft, command: Suppress, _rules: Rules) -> str:
    """Let the ladder wait; on an answered alert it is only noted."""
    before = draft.alert
    cover(draft, command.reason, command.until)
    return "unchanged" if draft.alert is before else "suppressed"


def unsuppress(draft: Draft, command: Unsuppress, rules: Rules) -> str:
    """Let the ladder go on where it was; what has come due meanwhile is due at once."""
    if not draft.alert.suppressed:
        return "unchanged"
    uncover(draft, command.reason)
    if draft.alert.is_unanswered:
        climb(draft, rules)
    return "unsuppressed"


def wake(draft: Draft, _command: Wake, rules: Rules) -> str:
    """Do every step that is due."""
    before = draft.alert
    if settle_source(draft, rules):
        return "resolved"
    climb(draft, rules)
    return "unchanged" if draft.alert is before else "woken"


def wake_answered(draft: Draft, _command: Wake, rules: Rules) -> str:
    """End the snooze when its time has come: the same level fires again."""
    before, until = draft.alert, draft.alert.snoozed_until
    if settle_source(draft, rules):
        return "resolved"
    settle_silence(draft, rules)
    if until is None or until > draft.now:
        return "expired" if expire(draft, rules) else "unchanged" if draft.alert is before else "woken"
    draft.record(EventKind.UNSNOOZED)
    status = Status.ESCALATED if draft.alert.firings else Status.PENDING
    draft.change(status=status, snoozed_until=None, acknowledged_at=None, acknowledged_by=None, updated_at=None)
    if draft.alert.suppressed:
        # It fires when the silence ends.
        draft.change(level_fired_at=None, left_at=draft.now, retry_at=None, exhausted=False)
    else:
        fire_level_again(draft, rules)
    return "unsnoozed"


def pages_failed(draft: Draft, command: PagesFailed, rules: Rules) -> str:
    """Leave the level at once when every page of the firing that counts has failed for good."""
    alert = draft.alert
    is_over = alert.exhausted or alert.left_at is not None or alert.level_fired_at is None
    if is_over or command.event != alert.cause:
        return "unchanged"
    settle_silence(draft, rules)  # leaving the level may page the catch-all
    draft.record(
        EventKind.SKIPPED,
        round=draft.alert.round,
        level=draft.alert.level,
        level_name=draft.alert.current_level.level,
        reason=UNDELIVERED,
    )
    leave_undelivered(draft, rules)
    climb(draft, rules)
    return "left"


def nothing_due(_draft: Draft, _command: Wake | PagesFailed, _rules: Rules) -> str:
    """Leave it as it is: the answer came first."""
    return "unchanged"


def _record_signal(draft: Draft, command: Fire) -> None:
    draft.change(count=draft.alert.count + 1, last_signal_at=draft.now, cleared_at=None)
    if command.member is not None:
        _join(draft, command.member)


def _join(draft: Draft, member: str) -> None:
    alert = draft.alert
    if alert.is_overfull or member in alert.members:
        return
    if len(alert.members) < _MOST_MEMBERS:
        draft.change(members=(*alert.members, member))
        return
    draft.change(members=(), is_overfull=True)
    draft.record(EventKind.UPDATED, by=alert.source, via="source", note=_OVERFULL)


def _count(draft: Draft, command: Fire, rules: Rules) -> None:
    if draft.alert.cleared_at is not None:
        note_change(draft, rules)
    _record_signal(draft, command)
    count = draft.alert.count
    if count <= _COUNTED_ONE_BY_ONE or count & (count - 1) == 0:
        draft.record(EventKind.COUNTED, count=count)


def _record_severity(draft: Draft, command: Fire) -> int:
    before = draft.alert.severity
    draft.change(severity=command.severity)
    return draft.record(EventKind.SEVERITY_CHANGED, before=before, severity=command.severity)


def _take_over(draft: Draft, command: Fire) -> None:
    """Let the alert say what the source says now: it got worse, or it is back."""
    draft.change(
        **_said(command),
        level=min(draft.alert.level, len(command.policy.levels) - 1),
        round=min(draft.alert.round, command.policy.max_repeats),
        exhausted=False,  # the ladder of the policy before was used up, not this one
    )


def _said(command: Fire) -> dict[str, Any]:
    """Give what an alert takes over from the signal and the way it went."""
    signal, auto_resolve = command.signal, command.auto_resolve
    return {
        "title": signal.title,
        "description": signal.description,
        "link": signal.link,
        "labels": dict(signal.labels),
        "policy": command.policy,
        "policy_name": command.policy_name,
        "routes": command.routes,
        "auto_resolves": auto_resolve.by_source,
        "quiet_after": auto_resolve.after,
    }


def _record_route(draft: Draft, kind: EventKind, command: Fire) -> None:
    routes = {"route": ", ".join(command.routes)} if command.routes else {}
    draft.record(kind, severity=command.severity, policy=command.policy_name, **routes)


def _tell_owner(draft: Draft, cause: int, rules: Rules) -> None:
    """Tell whoever has it that it got worse, or all who were paged when nobody knows how to reach that name."""
    severity = draft.alert.severity
    reason = f"it is {severity.value} now"
    owner = draft.alert.acknowledged_by
    channels = draft.alert.current_level.notification_channels
    if owner and (channel := rules.next_channel(owner, severity, (), channels)):
        notify(draft, cause, owner, channel, NotificationKind.NOTICE, reason)
        return
    for person in dict.fromkeys(person for person, _ in draft.alert.paged):
        if channel := rules.next_channel(person, severity, (), channels):
            notify(draft, cause, person, channel, NotificationKind.NOTICE, reason)
