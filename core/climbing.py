"""Climbing: firing levels, leaving those that reach nobody, starting rounds, and the end of the ladder."""

from datetime import datetime

from core.alert import Status
from core.decision import Draft, Notification, NotificationKind
from core.ladder import Step, StepKind, after_last_level, counted_from, next_step, wake_at
from core.rules import Reach, Rules
from core.timeline import EventKind


def climb(draft: Draft, rules: Rules) -> None:
    """Do every step of the ladder that is due, in order."""
    while (due := wake_at(draft.alert)) is not None and due <= draft.now:
        step = next_step(draft.alert)
        take(draft, step, counted_from(step.at, draft.now), rules)


def take(draft: Draft, step: Step, at: datetime, rules: Rules, by: str | None = None) -> None:
    """Take one step; its times count from `at`. `by` is the person who asked for it, if one did."""
    if step.kind is StepKind.LEVEL:
        fire(draft, step.level, at, rules, by)
    elif step.kind is StepKind.ROUND:
        start_round(draft, at, rules)
    else:
        exhaust(draft, rules, by)


def climb_now(draft: Draft, rules: Rules, by: str) -> None:
    """Take the next step at once, whatever its time: a person asked for it."""
    alert = draft.alert
    step = next_step(alert)
    if step.kind is StepKind.ROUND:
        step = after_last_level(alert, draft.now)
    if step.kind is StepKind.ROUND:
        start_round(draft, draft.now, rules)
        step = next_step(draft.alert)
    take(draft, step, draft.now, rules, by)
    climb(draft, rules)


def fire(draft: Draft, level: int, at: datetime, rules: Rules, by: str | None = None) -> None:
    """Fire a level: page everybody on it. One that reaches nobody is skipped and left at once."""
    draft.change(level=level, level_fired_at=at, left_at=None)
    current = draft.alert.current_level
    reach = rules.reach(current.responders, current.notification_channels, draft.now)
    if not reach.pages:
        draft.record(EventKind.SKIPPED, **_where(draft), reason=reach.why_nobody)
        draft.change(left_at=at)
        return
    first = draft.alert.firings == 0
    number = draft.record(
        EventKind.TRIGGERED if first else EventKind.ESCALATED,
        **_where(draft),
        by=by,
        unreachable=_missing(reach),
    )
    status = Status.PENDING if first else Status.ESCALATED
    draft.change(status=status, firings=draft.alert.firings + 1, cause=number, round_reached_someone=True)
    page(draft, number, reach, "level")


def fire_again(draft: Draft, rules: Rules) -> None:
    """Fire the level where the alert stands once more, now."""
    draft.change(exhausted=False)
    fire(draft, draft.alert.level, draft.now, rules)
    climb(draft, rules)


def start_round(draft: Draft, at: datetime, rules: Rules) -> None:
    """Begin the next round. When the last one reached nobody at all, the catch-all hears of it now."""
    if not draft.alert.round_reached_someone:
        number = draft.record(EventKind.SKIPPED, round=draft.alert.round, reason="nobody on the ladder can be reached")
        page(
            draft,
            number,
            rules.catch_all(draft.alert.policy, draft.now),
            "nobody on the ladder can be reached",
        )
    draft.change(
        round=draft.alert.round + 1,
        round_started_at=at,
        round_reached_someone=False,
        level=0,
        level_fired_at=None,
        left_at=None,
    )


def exhaust(draft: Draft, rules: Rules, by: str | None = None) -> None:
    """Say that nobody ever answered: the alert stays open and the catch-all is paged."""
    number = draft.record(EventKind.EXHAUSTED, round=draft.alert.round, by=by)
    draft.change(status=Status.ESCALATED, exhausted=True, cause=number)
    page(draft, number, rules.catch_all(draft.alert.policy, draft.now), "nobody answered")


def page(draft: Draft, cause: int, reach: Reach, reason: str) -> None:
    """Page everybody who was reached, and remember whom."""
    for responder, channel in reach.pages:
        notify(draft, cause, responder, channel, NotificationKind.PAGE, reason)
    draft.change(paged=tuple(dict.fromkeys((*draft.alert.paged, *reach.pages))))


def notify(  # noqa: PLR0917 - the parts of a notification's key come first
    draft: Draft, cause: int, responder: str, channel: str, kind: NotificationKind, reason: str
) -> None:
    """Add one notification and say so in the timeline."""
    alert = draft.alert
    where = (alert.round, alert.level, alert.current_level.level)
    draft.notifications.append(Notification(cause, responder, channel, kind, reason, *where))
    details = {} if reason == "level" else {"reason": reason}
    draft.record(EventKind.NOTIFIED, responder=responder, channel=channel, cause=cause, **details)


def _where(draft: Draft) -> dict[str, object]:
    alert = draft.alert
    return {"round": alert.round, "level": alert.level, "level_name": alert.current_level.level}


def _missing(reach: Reach) -> list[str] | None:
    return list(reach.unreachable) or None
