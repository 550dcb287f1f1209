"""The ladder in time: which step comes next, and when. Design section 4 is the rule of this file.

Level k fires at max(delay_k, fired_{k-1} + timeout_{k-1}) from the start of its round, level 0 at its delay. When the
last level's timeout has passed, the next round starts at max(round start + repeat_interval, that moment). A level that
reached nobody is left at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.alert import ANSWERED, Alert

# A step done this late or less counts as done on time, so that small delays do not add up over the rounds. One done
# later (Rung was down) counts from when it was done: whoever is paged late still gets the whole timeout to answer.
GRACE = timedelta(seconds=5)


class StepKind(StrEnum):
    """What the ladder does next."""

    LEVEL = "level"
    ROUND = "round"
    EXHAUST = "exhaust"


@dataclass(frozen=True, slots=True)
class Step:
    """One step and the instant it is due."""

    kind: StepKind
    at: datetime
    level: int = 0


def next_step(alert: Alert) -> Step:
    """Give the step after where the alert stands, when nobody answers."""
    if alert.level_fired_at is None:
        return Step(StepKind.LEVEL, alert.round_started_at + _delay(alert, alert.level), alert.level)
    if alert.level + 1 < len(alert.policy.levels):
        return Step(StepKind.LEVEL, _next_level_at(alert), alert.level + 1)
    return after_last_level(alert, _level_ends_at(alert))


def after_last_level(alert: Alert, ended_at: datetime) -> Step:
    """Give the step after the last level, which ended at this instant: the next round, or the end."""
    if alert.round >= alert.policy.max_repeats:
        return Step(StepKind.EXHAUST, ended_at)
    repeat_at = alert.round_started_at + timedelta(seconds=alert.policy.repeat_interval)
    return Step(StepKind.ROUND, max(repeat_at, ended_at))


def wake_at(alert: Alert) -> datetime | None:
    """Give the instant at which something is due for this alert, None when it only waits for people."""
    if alert.status in ANSWERED:
        return alert.snoozed_until
    if not alert.is_open or alert.exhausted or alert.suppressed:
        return None
    return next_step(alert).at


def counted_from(due: datetime, now: datetime) -> datetime:
    """Give the instant from which the times of a step count: when it was due, unless it was done late."""
    return due if now - due <= GRACE else now


def _delay(alert: Alert, level: int) -> timedelta:
    return timedelta(seconds=alert.policy.levels[level].delay)


def _level_ends_at(alert: Alert) -> datetime:
    if alert.left_at is not None:
        return alert.left_at
    fired_at = alert.level_fired_at or alert.round_started_at
    return fired_at + timedelta(seconds=alert.current_level.timeout)


def _next_level_at(alert: Alert) -> datetime:
    if alert.left_at is not None:
        return alert.left_at
    return max(alert.round_started_at + _delay(alert, alert.level + 1), _level_ends_at(alert))
