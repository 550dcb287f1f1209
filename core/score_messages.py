"""What people read when they are reminded of what they owe, and when an SLA is at risk or breached."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from core.alert import Alert
from core.ledger import Entry
from core.messages import in_full, joined, title_of, what_happens_next
from core.outcomes import Message
from core.reminders import ReminderKind
from core.score_words import CLOCKS, named_in, reminds_of, say_clock, sla_sentence
from core.sla_clock import SlaStatus
from core.times import say_duration, say_when


def reminder_message(alert: Alert, entry: Entry, link: str, now: datetime, zone: ZoneInfo) -> Message:
    """Give the message to whoever has the alert: what is owed, since when, and what to do."""
    lines = [
        *in_full(alert),
        f"Alert {alert.id}: {entry.reason}.",
        *_since(alert, now, zone),
        *_what_to_do(alert, entry),
        sla_sentence(alert, now, zone),
        f"Answer: {link}",
    ]
    return Message(f"Reminder: {title_of(alert)}", joined(lines))


def sla_message(alert: Alert, entry: Entry, link: str, now: datetime, zone: ZoneInfo) -> Message:
    """Give the message about clocks that are at risk, with how long is left, or breached, with since when."""
    breached = bool(named_in(entry.reason, SlaStatus.BREACHED))
    lines = [
        *in_full(alert),
        *(f"The {line}." for line in _clocks(alert, entry, now, zone)),
        f"Alert {alert.id}, {alert.severity.value}, {say_duration(now - alert.created_at)} old.",
        what_happens_next(alert, now, zone),
        f"Answer: {link}",
    ]
    return Message(f"SLA {'breached' if breached else 'at risk'}: {title_of(alert)}", joined(lines))


def spoken_notice(alert: Alert, entry: Entry) -> Message:
    """Give what a call says that asks for no answer."""
    return Message("", f"This is Rung. Alert {alert.id}, {alert.severity.value}: {alert.title}. {entry.reason}.")


def _clocks(alert: Alert, entry: Entry, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """Say how each clock that the notice is about stands by now."""
    if alert.sla is None:
        return
    named = {kind for status in (SlaStatus.AT_RISK, SlaStatus.BREACHED) for kind in named_in(entry.reason, status)}
    for clock in alert.sla.clocks:
        if clock.kind in named:
            yield f"{CLOCKS[clock.kind]} is {say_clock(clock, alert.sla, now, zone)}"


def _since(alert: Alert, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    if alert.acknowledged_at is None or alert.told_at is None:
        return
    had_for = say_duration(now - alert.acknowledged_at)
    yield f"{alert.acknowledged_by} has it since {say_when(alert.acknowledged_at, now, zone)} ({had_for})."
    if alert.told_at > alert.acknowledged_at:
        yield f"The last update is {say_duration(now - alert.told_at)} old."


def _what_to_do(alert: Alert, entry: Entry) -> Iterator[str]:
    if reminds_of(entry.reason, ReminderKind.UPDATE):
        yield f"Say how it goes: rung update {alert.id} -m 'what you know', or a note on the alert's page."
    if reminds_of(entry.reason, ReminderKind.RESOLUTION):
        yield f"If it is over: rung resolve {alert.id}. If somebody else should go on: rung escalate {alert.id}."
