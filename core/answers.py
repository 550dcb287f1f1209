"""What people do to an alert: one function a command, called by the state machine's table."""

from core.alert import Status
from core.climbing import climb, climb_now, notify, page
from core.commands import Acknowledge, Answer, Escalate, Reassign, Resolve, Snooze, Update
from core.decision import Draft, NotificationKind, Refused
from core.messages import RESOLVED, taken_by
from core.refusals import cannot_reach, ladder_used_up, nobody_of_that_name, not_in_the_future, refuse
from core.rules import Rules
from core.timeline import EventKind
from core.times import rfc3339


def acknowledge(draft: Draft, command: Acknowledge, rules: Rules) -> str:
    """Take the alert; the ladder stops."""
    number = draft.record(EventKind.ACKNOWLEDGED, **_who(draft, command))
    _take(draft, number, command.by, Status.ACKNOWLEDGED, rules)
    return "acknowledged"


def acknowledge_again(draft: Draft, command: Acknowledge, _rules: Rules) -> str | Refused:
    """Refuse whoever comes second; the same person again is fine."""
    if command.by == draft.alert.acknowledged_by:
        return "acknowledged"
    return refuse(draft.alert, draft.now)


def update(draft: Draft, command: Update, rules: Rules) -> str:
    """Note how it goes. On an unanswered alert it counts as the acknowledgment."""
    counts = draft.alert.is_unanswered
    number = draft.record(EventKind.UPDATED, **_who(draft, command), acknowledges=counts or None)
    if counts:
        _take(draft, number, command.by, Status.IN_PROGRESS, rules)
    draft.change(status=Status.IN_PROGRESS, updated_at=draft.now)
    return "updated"


def resolve(draft: Draft, command: Resolve, rules: Rules) -> str:
    """End the alert; people who were paged hear it once, quietly."""
    number = draft.record(EventKind.RESOLVED, **_who(draft, command))
    close(draft, number, command.by, rules)
    return "resolved"


def close(draft: Draft, cause: int, by: str, rules: Rules) -> None:
    """Mark it resolved and tell everybody who was paged, but for whoever did it."""
    draft.change(status=Status.RESOLVED, resolved_at=draft.now, resolved_by=by, snoozed_until=None)
    _tell_the_others(draft, cause, by, RESOLVED, rules)


def escalate(draft: Draft, command: Escalate, rules: Rules) -> str | Refused:
    """Climb now: the next level, or the next round, or the end of the ladder."""
    if draft.alert.exhausted:
        return ladder_used_up(draft.alert)
    _put_back(draft)
    climb_now(draft, rules, _who(draft, command))
    return "escalated"


def snooze(draft: Draft, command: Snooze, rules: Rules) -> str | Refused:
    """Take it for later; when the time comes the same level fires again."""
    if command.until <= draft.now:
        return not_in_the_future(command.until)
    number = draft.record(EventKind.SNOOZED, **_who(draft, command), until=rfc3339(command.until))
    _take(draft, number, command.by, Status.ACKNOWLEDGED, rules)
    draft.change(snoozed_until=command.until)
    return "snoozed"


def reassign(draft: Draft, command: Reassign, rules: Rules) -> str | Refused:
    """Give it to somebody else, who is paged now and has the level's timeout to answer."""
    if not rules.knows(command.to):
        return nobody_of_that_name(command.to)
    alert = draft.alert
    reach = rules.reach_somehow([command.to], alert.current_level.notification_channels, alert.severity, draft.now)
    if not reach.pages:
        return cannot_reach(command.to, reach.who_wants_none)
    number = draft.record(EventKind.REASSIGNED, **_who(draft, command), to=command.to)
    _put_back(draft)
    draft.change(
        status=Status.ESCALATED,
        exhausted=False,
        level_fired_at=draft.now,
        reassigned_to=command.to,
        left_at=None,
        retry_at=None,
        round_reached_someone=True,
        levels_fired=draft.alert.levels_fired + 1,
    )
    draft.change(cause=number)
    page(draft, number, reach, f"reassigned by {command.by}")
    climb(draft, rules)
    return "reassigned"


def _take(draft: Draft, cause: int, by: str, status: Status, rules: Rules) -> None:
    first = draft.alert.acknowledged_at or draft.now
    changed_hands = draft.alert.acknowledged_by != by
    at = draft.now if changed_hands else first
    draft.change(status=status, acknowledged_by=by, acknowledged_at=at)
    if changed_hands and rules.config.response_tracking.tell_others:
        _tell_the_others(draft, cause, by, taken_by(by), rules)


def _tell_the_others(draft: Draft, cause: int, by: str, reason: str, rules: Rules) -> None:
    """Tell everybody who was paged, on channels that let people sleep; of whoever did it only a page changes."""
    for person, channel in rules.quiet_channels(draft.alert.paged, draft.alert.severity).items():
        if person != by or rules.has_buttons(channel):
            notify(draft, cause, person, channel, NotificationKind.NOTICE, reason)


def _put_back(draft: Draft) -> None:
    """Back on the ladder: nobody has it now."""
    status = Status.ESCALATED if draft.alert.firings else Status.PENDING
    draft.change(status=status, acknowledged_by=None, acknowledged_at=None, updated_at=None, snoozed_until=None)


def _who(draft: Draft, command: Answer) -> dict[str, object]:
    """Give who answered, and the id of the response: the number of its first event, which is given only once."""
    response_id = f"{draft.alert.id}-{draft.next_number}"
    return {"by": command.by, "via": command.via, "note": command.note, "response_id": response_id}
