"""What is due for an alert, and when: its timer stands at the earliest of these."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.alert import ANSWERED, Alert
from core.ladder import next_step


class DueKind(StrEnum):
    """What an alert can be woken for."""

    STEP = "step"  # the next step of the ladder
    SNOOZE_END = "snooze end"
    SILENCE_END = "silence end"
    CALM = "calm"  # a flapping alert has not changed for a while
    QUIET = "quiet"  # its source has not been heard of for a while
    EXPIRY = "expiry"  # the acknowledgment runs out
    REMINDER = "reminder"
    SLA_MARK = "SLA mark"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing and the instant it is due."""

    kind: DueKind
    at: datetime


def wake_at(alert: Alert) -> datetime | None:
    """Give the instant at which something is due for this alert, None when it only waits for people."""
    return min((due.at for due in dues(alert)), default=None)


def next_due(alert: Alert) -> Due | None:
    """Give what is due next, None when it only waits for people."""
    return min(dues(alert), key=lambda due: due.at, default=None)


def dues(alert: Alert) -> Iterator[Due]:
    """Give everything that will be due when nobody does anything."""
    if not alert.is_open:
        return
    if (step_at := ladder_at(alert)) is not None:
        yield Due(DueKind.STEP, step_at)
    if alert.status in ANSWERED and alert.snoozed_until is not None:
        yield Due(DueKind.SNOOZE_END, alert.snoozed_until)
    if alert.suppressed and alert.suppressed_until is not None:
        yield Due(DueKind.SILENCE_END, alert.suppressed_until)
    if alert.flapping_until is not None:
        yield Due(DueKind.CALM, alert.flapping_until)
    if (quiet_at := source_quiet_at(alert)) is not None:
        yield Due(DueKind.QUIET, quiet_at)
    if alert.expires_at is not None:
        yield Due(DueKind.EXPIRY, alert.expires_at)
    if alert.remind_at is not None:
        yield Due(DueKind.REMINDER, alert.remind_at)
    if alert.sla is not None and (mark_at := alert.sla.next_mark_at) is not None:
        yield Due(DueKind.SLA_MARK, mark_at)


def ladder_at(alert: Alert) -> datetime | None:
    """Give the instant of the ladder's next step, None while the ladder stands still."""
    if not alert.is_unanswered or alert.exhausted or alert.suppressed:
        return None
    return next_step(alert).at


def source_quiet_at(alert: Alert) -> datetime | None:
    """Give when the source will have been silent for so long that it resolves by itself; while it flaps, not yet."""
    if alert.quiet_after is None:
        return None
    quiet_at = alert.last_signal_at + timedelta(seconds=alert.quiet_after)
    return quiet_at if alert.flapping_until is None else max(quiet_at, alert.flapping_until)
