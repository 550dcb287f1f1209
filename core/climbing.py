"""Climbing: firing levels, leaving those that reach nobody, starting rounds, and the end of the ladder."""

from collections.abc import Mapping
from datetime import datetime

from core.alert import Status
from core.decision import Draft, Notification, NotificationKind
from core.due import ladder_at
from core.ladder import Step, StepKind, counted_from, next_step, retry_round_at
from core.rules import Reach, Rules
from core.silencing import settle_silence
from core.timeline import EventKind

# Who asked for a step and what they said, as details of the event; empty when time did.
Who = Mapping[str, object]
NOBODY: Who = {}


def climb(draft: Draft, rules: Rules) -> None:
    """Do every step of the ladder that is due, in order; none while a silence covers the alert."""
    settle_silence(draft, rules)
    while (due := ladder_at(draft.alert)) is not None and due <= draft.now:
        step = next_step(draft.alert)
        take(draft, step, counted_from(step.at, draft.now), rules)


def take(draft: Draft, step: Step, at: datetime, rules: Rules, who: Who = NOBODY) -> None:
    """Take one step; its times count from `at`. `who` says which person asked for it, if one did."""
    if step.kind is StepKind.LEVEL:
        fire(draft, step.level, at, rules, who)
    elif step.kind is StepKind.ROUND:
        start_round(draft, at)
    elif step.kind is StepKind.RETRY:
        draft.change(round_opened_at=draft.alert.round_due_from)
        walk_again(draft, at)
    else:
        exhaust(draft, rules, who)


def climb_now(draft: Draft, rules: Rules, who: Who) -> None:
    """Take the next step at once, whatever its time: a person asked for it."""
    step = next_step(draft.alert)
    if step.kind in {StepKind.ROUND, StepKind.RETRY}:
        take(draft, step, draft.now, rules)
        step = next_step(draft.alert)
    take(draft, step, draft.now, rules, who)
    # In a silence too: a level that reached nobody is left at once, or whoever asked would have asked for nothing.
    while not draft.notifications and not draft.alert.exhausted and next_step(draft.alert).at <= draft.now:
        take(draft, next_step(draft.alert), draft.now, rules, who)
    climb(draft, rules)


def fire(draft: Draft, level: int, at: datetime, rules: Rules, who: Who = NOBODY) -> None:
    """Fire a level: page everybody on it. One that reaches nobody is skipped and left at once."""
    draft.change(level=level, level_fired_at=at, left_at=None, retry_at=None, reassigned_to=None)
    current = draft.alert.current_level
    reach = rules.reach(current.responders, current.notification_channels, draft.alert.severity, draft.now)
    if not reach.pages:
        draft.record(EventKind.SKIPPED, **{**_where(draft), **who, "reason": reach.why_nobody})
        draft.change(left_at=at)
        end_fruitless_round(draft, rules)
        return
    first = draft.alert.firings == 0
    number = draft.record(
        EventKind.TRIGGERED if first else EventKind.ESCALATED,
        **_where(draft),
        **who,
        unreachable=_missing(reach),
        unwilling=reach.who_wants_none or None,
    )
    status = Status.PENDING if first else Status.ESCALATED
    draft.change(
        status=status,
        firings=draft.alert.firings + 1,
        levels_fired=draft.alert.levels_fired + 1,
        cause=number,
        round_reached_someone=True,
    )
    page(draft, number, reach, "level")


def fire_again(draft: Draft, rules: Rules, why: Who = NOBODY) -> None:
    """Fire the level where the alert stands once more, now; `why` are details of the event."""
    draft.change(exhausted=False)
    fire(draft, draft.alert.level, draft.now, rules, why)
    climb(draft, rules)


def start_round(draft: Draft, at: datetime) -> None:
    """Begin the next round."""
    draft.change(round=draft.alert.round + 1, round_opened_at=None, fruitless=0)
    walk_again(draft, at)


def to_the_foot(draft: Draft) -> None:
    """Begin the ladder anew: its first round starts now."""
    draft.change(round=0, round_opened_at=None, fruitless=0, exhausted=False)
    walk_again(draft, draft.now)


def walk_again(draft: Draft, at: datetime) -> None:
    """Stand at the foot of the round, which starts at this instant."""
    draft.change(
        round_started_at=at,
        round_reached_someone=False,
        levels_fired=0,
        levels_failed=0,
        level=0,
        level_fired_at=None,
        left_at=None,
        retry_at=None,
        reassigned_to=None,
    )


def leave_undelivered(draft: Draft, rules: Rules) -> None:
    """Leave a level none of whose pages could be delivered."""
    draft.change(left_at=draft.now, levels_failed=draft.alert.levels_failed + 1)
    end_fruitless_round(draft, rules)


def end_fruitless_round(draft: Draft, rules: Rules) -> None:
    """Page the catch-all when a whole round came to nobody.

    One whose pages could not be delivered is walked again soon: the network broke, not the people. One that had nobody
    to page is left to the next round, or to the end of the ladder, which pages the catch-all itself.
    """
    alert = draft.alert
    if alert.level + 1 < len(alert.policy.levels):
        return
    if not alert.round_reached_someone:
        if alert.round < alert.policy.max_repeats:
            _page_catch_all(draft, rules, "nobody on the ladder can be reached")
    elif alert.levels_failed >= alert.levels_fired:
        draft.change(retry_at=retry_round_at(alert, draft.now), fruitless=alert.fruitless + 1)
        if alert.fruitless == 0 and not alert.suppressed:
            _page_catch_all(draft, rules, "not one page of this round could be delivered")


def exhaust(draft: Draft, rules: Rules, who: Who = NOBODY) -> None:
    """Say that nobody ever answered: the alert stays open and the catch-all is paged."""
    reach = rules.catch_all(draft.alert.policy, draft.alert.severity, draft.now)
    nobody = None if reach.pages else f"of the catch-all, {reach.why_nobody}"
    number = draft.record(EventKind.EXHAUSTED, round=draft.alert.round, **who, reason=nobody)
    draft.change(status=Status.ESCALATED, exhausted=True, cause=number)
    page(draft, number, reach, "nobody answered")


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


def _page_catch_all(draft: Draft, rules: Rules, reason: str) -> None:
    number = draft.record(EventKind.SKIPPED, round=draft.alert.round, reason=reason)
    page(draft, number, rules.catch_all(draft.alert.policy, draft.alert.severity, draft.now), reason)


def _where(draft: Draft) -> dict[str, object]:
    alert = draft.alert
    return {"round": alert.round, "level": alert.level, "level_name": alert.current_level.level}


def _missing(reach: Reach) -> list[str] | None:
    return list(reach.unreachable) or None
