"""What the source and time do to an alert: one function a cell or row, called by the state machine's table."""

from datetime import datetime

from core.alert import RECORD_VERSION, Alert, Status
from core.answers import close
from core.climbing import climb, leave_undelivered, notify, walk_again
from core.climbing import fire_again as fire_level_again
from core.commands import Clear, Fire, PagesFailed, Suppress, Unsuppress, Wake
from core.decision import Draft, NotificationKind
from core.rules import Rules
from core.timeline import EventKind

# Up to here every repeat of a signal has its line in the timeline; after that every doubling has one. A source that
# repeats each minute for a week would fill Redis with lines that say nothing; `count` is always exact.
_COUNTED_ONE_BY_ONE = 20


def new_alert(alert_id: int, command: Fire, now: datetime) -> Alert:
    """Give the record of a new alert, before anything has fired."""
    signal = command.signal
    return Alert(
        record_version=RECORD_VERSION,
        id=alert_id,
        source=command.source,
        dedup_key=signal.dedup_key,
        title=signal.title,
        description=signal.description,
        link=signal.link,
        labels=dict(signal.labels),
        severity=command.severity,
        policy_name=command.policy_name,
        policy=command.policy,
        created_at=now,
        round_started_at=now,
        last_signal_at=now,
    )


def start(draft: Draft, command: Fire, rules: Rules) -> None:
    """Say which way it took, and set it on the ladder."""
    draft.record(EventKind.ROUTED, severity=command.severity, policy=command.policy_name)
    climb(draft, rules)


def fire_again(draft: Draft, command: Fire, rules: Rules) -> str:
    """Count the signal. A higher severity starts its own policy from level 0, now."""
    _count(draft)
    if not command.severity.is_worse_than(draft.alert.severity):
        return "counted"
    _record_severity(draft, command)
    _take_over(draft, command)
    _to_the_foot(draft)
    climb(draft, rules)
    return "counted"


def fire_while_answered(draft: Draft, command: Fire, rules: Rules) -> str:
    """Count the signal. Whoever has the alert is told when it got worse."""
    _count(draft)
    if command.severity.is_worse_than(draft.alert.severity):
        number = _record_severity(draft, command)
        _take_over(draft, command)
        _tell_owner(draft, number, rules)
    return "counted"


def reopen(draft: Draft, command: Fire, rules: Rules) -> str:
    """Open it again: a new ladder from round 0, under the policy of today."""
    draft.record(EventKind.REOPENED, severity=command.severity, policy=command.policy_name)
    _record_signal(draft)
    draft.change(
        status=Status.ESCALATED if draft.alert.firings else Status.PENDING,
        severity=command.severity,
        suppressed=False,  # as for a new alert; a silence may have ended while this one was resolved
        acknowledged_at=None,
        acknowledged_by=None,
        resolved_at=None,
        resolved_by=None,
        paged=(),
    )
    _take_over(draft, command)
    _to_the_foot(draft)
    climb(draft, rules)
    return "reopened"


def clear(draft: Draft, command: Clear, rules: Rules) -> str:
    """Resolve it: the source says that it is over."""
    number = draft.record(EventKind.RESOLVED, by=command.source, via="source")
    close(draft, number, command.source, rules)
    return "resolved"


def ignore(_draft: Draft, _command: Clear, _rules: Rules) -> str:
    """Ignore a source that repeats what is known."""
    return "ignored"


def suppress(draft: Draft, command: Suppress, _rules: Rules) -> str:
    """Let the ladder wait; on an answered alert it is only noted."""
    if draft.alert.suppressed:
        return "unchanged"
    draft.record(EventKind.SUPPRESSED, reason=command.reason)
    draft.change(suppressed=True)
    return "suppressed"


def unsuppress(draft: Draft, command: Unsuppress, rules: Rules) -> str:
    """Let the ladder go on where it was; what has come due meanwhile is due at once."""
    if not draft.alert.suppressed:
        return "unchanged"
    draft.record(EventKind.UNSUPPRESSED, reason=command.reason)
    draft.change(suppressed=False)
    if draft.alert.is_unanswered:
        climb(draft, rules)
    return "unsuppressed"


def wake(draft: Draft, _command: Wake, rules: Rules) -> str:
    """Do every step that is due."""
    before = draft.alert
    climb(draft, rules)
    return "unchanged" if draft.alert is before else "woken"


def wake_snoozed(draft: Draft, _command: Wake, rules: Rules) -> str:
    """End the snooze when its time has come: the same level fires again."""
    until = draft.alert.snoozed_until
    if until is None or until > draft.now:
        return "unchanged"
    draft.record(EventKind.UNSNOOZED)
    draft.change(status=Status.ESCALATED, snoozed_until=None, acknowledged_at=None, acknowledged_by=None)
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
    draft.record(
        EventKind.SKIPPED,
        round=draft.alert.round,
        level=draft.alert.level,
        level_name=draft.alert.current_level.level,
        reason="none of its pages could be delivered",
    )
    leave_undelivered(draft, rules)
    climb(draft, rules)
    return "left"


def nothing_due(_draft: Draft, _command: Wake | PagesFailed, _rules: Rules) -> str:
    """Leave it as it is: the answer came first."""
    return "unchanged"


def _record_signal(draft: Draft) -> None:
    draft.change(count=draft.alert.count + 1, last_signal_at=draft.now)


def _count(draft: Draft) -> None:
    _record_signal(draft)
    count = draft.alert.count
    if count <= _COUNTED_ONE_BY_ONE or count & (count - 1) == 0:
        draft.record(EventKind.COUNTED, count=count)


def _record_severity(draft: Draft, command: Fire) -> int:
    before = draft.alert.severity
    draft.change(severity=command.severity)
    return draft.record(EventKind.SEVERITY_CHANGED, before=before, severity=command.severity)


def _to_the_foot(draft: Draft) -> None:
    draft.change(round=0, round_opened_at=None, fruitless=0, exhausted=False)
    walk_again(draft, draft.now)


def _take_over(draft: Draft, command: Fire) -> None:
    """Let the alert say what the source says now: it got worse, or it is back."""
    signal = command.signal
    draft.change(
        title=signal.title,
        description=signal.description,
        link=signal.link,
        labels=dict(signal.labels),
        policy=command.policy,
        policy_name=command.policy_name,
        level=min(draft.alert.level, len(command.policy.levels) - 1),
        round=min(draft.alert.round, command.policy.max_repeats),
        exhausted=False,  # the ladder of the policy before was used up, not this one
    )


def _tell_owner(draft: Draft, cause: int, rules: Rules) -> None:
    """Tell whoever has it that it got worse, or all who were paged when nobody knows how to reach that name."""
    reason = f"it is {draft.alert.severity.value} now"
    owner = draft.alert.acknowledged_by
    channels = draft.alert.current_level.notification_channels
    if owner and (channel := rules.next_channel(owner, (), channels)):
        notify(draft, cause, owner, channel, NotificationKind.NOTICE, reason)
        return
    for person in dict.fromkeys(person for person, _ in draft.alert.paged):
        if channel := rules.next_channel(person, (), channels):
            notify(draft, cause, person, channel, NotificationKind.NOTICE, reason)
