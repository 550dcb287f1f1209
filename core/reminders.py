"""Reminders: when people are told again that something is owed. Design section 4 is the rule of this file.

Nobody answered: first `timeouts.acknowledgment.<severity>` after the level fired, then every `reminders.interval`, at
most `max_reminders` for one firing. No update: first `timeouts.updates.<severity>` after the acknowledgment or the last
update, repeated and limited alike. Not resolved: every `resolution_reminders.interval` after the acknowledgment, at
most its own `max_reminders`. What is due together is one message.

Each keeps to its own times: one sent late moves none of the later ones, and those that were missed are not made up for.
A count holds for what it counts from, so a new firing, acknowledgment or update begins anew by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.config.tracking import ResponseTracking
from core.severity import Severity


class ReminderKind(StrEnum):
    """What is owed."""

    ACKNOWLEDGMENT = "acknowledgment"
    UPDATE = "update"
    RESOLUTION = "resolution"


class Sent(BaseModel):
    """Of the reminders that count from `since`, the first `number` are over. Stands in the alert's record."""

    model_config = ConfigDict(frozen=True)

    kind: ReminderKind
    since: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited for. None: not for that. Snoozed, silenced or resolved, nothing is.

    `fired_at` is when the level fired whose people have not answered; an answered alert has `acknowledged_at`, and
    `updated_at` when there was an update.
    """

    severity: Severity
    fired_at: datetime | None = None
    acknowledged_at: datetime | None = None
    updated_at: datetime | None = None
    sent: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True)
class Reminder:
    """The reminder of this `number`, from 1, of `most`, which was due `at` an instant."""

    kind: ReminderKind
    number: int
    most: int
    since: datetime
    at: datetime


def next_reminder_at(waiting: Waiting, rules: ResponseTracking) -> datetime | None:
    """Give the instant at which the next reminder is due, None when there is none to come."""
    upcoming = (series.at(done + 1) for series, done in _open(waiting, rules))
    return min(upcoming, default=None)


def reminders_due(waiting: Waiting, now: datetime, rules: ResponseTracking) -> tuple[Reminder, ...]:
    """Give what to remind of at `now`, in one message: of each kind the last reminder due, or none."""
    passed = ((series, series.passed(now)) for series, done in _open(waiting, rules) if series.passed(now) > done)
    return tuple(Reminder(each.kind, number, each.most, each.since, each.at(number)) for each, number in passed)


def remembered(sent: tuple[Sent, ...], reminders: tuple[Reminder, ...]) -> tuple[Sent, ...]:
    """Give what has been sent once these have been."""
    kinds = {reminder.kind for reminder in reminders}
    new = (Sent(kind=each.kind, since=each.since, number=each.number) for each in reminders)
    return (*(each for each in sent if each.kind not in kinds), *new)


@dataclass(frozen=True, slots=True)
class _Series:
    """Reminders of one kind: `most` of them, the first `first` after `since`, then one every `interval`."""

    kind: ReminderKind
    since: datetime
    first: timedelta
    interval: timedelta
    most: int

    def at(self, number: int) -> datetime:
        """Give the instant of a reminder, numbered from 1."""
        return self.since + self.first + (number - 1) * self.interval

    def passed(self, now: datetime) -> int:
        """Give how many have come due."""
        if now < self.at(1):
            return 0
        return min(self.most, (now - self.at(1)) // self.interval + 1)


def _open(waiting: Waiting, rules: ResponseTracking) -> Iterator[tuple[_Series, int]]:
    """Give each series with reminders to come, and how many are over."""
    sent = {(each.kind, each.since): each.number for each in waiting.sent}
    for series in _series(waiting, rules):
        done = sent.get((series.kind, series.since), 0)
        if done < series.most:
            yield series, done


def _series(waiting: Waiting, rules: ResponseTracking) -> Iterator[_Series]:
    if not rules.reminders.enabled:
        return
    timeouts = rules.timeouts
    if waiting.fired_at is not None:
        first = timeouts.acknowledgment.get(waiting.severity, rules.acknowledgment_timeout)
        yield from _repeated(ReminderKind.ACKNOWLEDGMENT, waiting.fired_at, first, waiting, rules)
    if waiting.acknowledged_at is not None:
        told_at = max(waiting.acknowledged_at, waiting.updated_at or waiting.acknowledged_at)
        first = timeouts.updates.get(waiting.severity)
        yield from _repeated(ReminderKind.UPDATE, told_at, first, waiting, rules)
        every = timedelta(seconds=rules.resolution_reminders.interval)
        most = rules.resolution_reminders.max_reminders
        yield _Series(ReminderKind.RESOLUTION, waiting.acknowledged_at, every, every, most)


def _repeated(
    kind: ReminderKind, since: datetime, first: int | None, waiting: Waiting, rules: ResponseTracking
) -> Iterator[_Series]:
    """Give the series, none without a timeout. A severity without an interval is reminded once."""
    if first is None:
        return
    every = rules.reminders.interval.get(waiting.severity)
    most = rules.reminders.max_reminders if every else min(1, rules.reminders.max_reminders)
    yield _Series(kind, since, timedelta(seconds=first), timedelta(seconds=every or first), most)
