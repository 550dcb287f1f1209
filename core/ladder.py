"""The ladder in time: which step comes next, and when. Design section 4 is the rule of this file.

Level k fires at max(delay_k, fired_{k-1} + timeout_{k-1}) from the start of its round, level 0 at its delay. When the
last level's timeout has passed, the next round starts at max(round start + repeat_interval, that moment). A level that
reached nobody is left at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.alert import Alert

# A step done this late or less counts as done on time, so that small delays do not add up over the rounds. One done
# later (Rung was down) counts from when it was done: whoever is paged late still gets the whole timeout to answer.
GRACE = timedelta(seconds=5)

# Seconds until a round that a broken network ate is walked again. Waiting for the next round would leave an alert
# silent for hours after the network has come back.
_FIRST_RETRY = 60


class StepKind(StrEnum):
    """What the ladder does next."""

    LEVEL = "level"
    ROUND = "round"
    EXHAUST = "exhaust"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Step:
    """One step and the instant it is due."""

    kind: StepKind
    at: datetime
    level: int = 0


def next_step(alert: Alert) -> Step:
    """Give the step after where the alert stands, when nobody answers."""
    if alert.retry_at is not None:
        return Step(StepKind.RETRY, alert.retry_at)
    if alert.level_fired_at is None:
        # left_at: a snooze ended in a silence, and the level is to fire again whatever its delay.
        due = alert.left_at or alert.round_started_at + _delay(alert, alert.level)
        return Step(StepKind.LEVEL, due, alert.level)
    if alert.level + 1 < len(alert.policy.levels):
        return Step(StepKind.LEVEL, _next_level_at(alert), alert.level + 1)
    return after_last_level(alert, _level_ends_at(alert))


def after_last_level(alert: Alert, ended_at: datetime) -> Step:
    """Give the step after the last level, which ended at this instant: the next round, or the end."""
    if alert.round >= alert.policy.max_repeats:
        return Step(StepKind.EXHAUST, ended_at)
    return Step(StepKind.ROUND, max(_repeats_at(alert), ended_at))


def retry_round_at(alert: Alert, now: datetime) -> datetime | None:
    """Give when to walk a round again in which not one page could be delivered: soon, then ever less often.

    None when the next round, or the end of the ladder, comes first.
    """
    again = now + timedelta(seconds=_FIRST_RETRY * 2**alert.fruitless)
    return again if again < _repeats_at(alert) else None


def counted_from(due: datetime, now: datetime) -> datetime:
    """Give the instant from which the times of a step count: when it was due, unless it was done late."""
    return due if now - due <= GRACE else now


def _repeats_at(alert: Alert) -> datetime:
    return alert.round_due_from + timedelta(seconds=alert.policy.repeat_interval)


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
