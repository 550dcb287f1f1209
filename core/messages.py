"""What people read when they are paged: number, severity, title, who else was told, what happens next, the links."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from core.alert import Alert
from core.channel_text import TITLE_LIMIT
from core.due import DueKind, next_due
from core.ladder import Step, StepKind, next_step
from core.ledger import Entry, Key
from core.outcomes import Message
from core.score_words import is_asked_again, sla_sentence
from core.times import rfc3339, say_duration, say_when

# The reason of the notice that an alert is over.
RESOLVED = "resolved"
# The end of the reason of the notice that somebody has it.
_HAS_IT = " has it"

_LONGEST_DESCRIPTION = 1000
_LONGEST_SPOKEN = 160

_DUE_WORDS = {
    DueKind.SNOOZE_END: "the snooze ends",
    DueKind.SILENCE_END: "the silence ends",
    DueKind.CALM: "it is looked at whether its source has settled",
    DueKind.QUIET: "it resolves by itself",
    DueKind.EXPIRY: "the acknowledgment runs out",
    DueKind.REMINDER: "people are reminded",
    DueKind.SLA_MARK: "an SLA is at risk or breached",
}


def page_message(  # noqa: PLR0917 - everything a message says
    alert: Alert, key: Key, entry: Entry, others: Sequence[Key], link: str, now: datetime, zone: ZoneInfo
) -> Message:
    """Give the message of a page: it asks for an answer and says how to give one."""
    lines = [
        *in_full(alert),
        _short(alert.description),
        "",
        f"Alert {alert.id}, {alert.severity.value}, from {alert.source}, {say_duration(now - alert.created_at)} old.",
        f"{_where(entry)}.",
        _others(key, others),
        what_happens_next(alert, now, zone),
        sla_sentence(alert, now, zone),
        f"Source: {alert.link}" if alert.link else "",
        f"Answer: {link}",
    ]
    again = "Reminder: " if is_asked_again(entry.reason) else ""
    return Message(f"{again}{title_of(alert)}", joined(lines))


def spoken_message(alert: Alert, entry: Entry) -> Message:
    """Give what a call says: no links, nothing that only makes sense on a screen."""
    text = (
        f"This is Rung. Alert {alert.id}, {alert.severity.value}: {spoken_title(alert)}. "
        f"{_where(entry)}. "
        f"Nobody has answered yet. Please acknowledge alert {alert.id}."
    )
    return Message("", text)


def spoken_title(alert: Alert) -> str:
    """Give the title as a call says it, cut to some ten seconds."""
    return alert.title if len(alert.title) <= _LONGEST_SPOKEN else alert.title[:_LONGEST_SPOKEN].rstrip() + " …"


def notice_message(alert: Alert, entry: Entry, link: str, now: datetime) -> Message:
    """Give the message of a notice: it tells, and asks for nothing."""
    if entry.reason == RESOLVED:
        by = f" by {alert.resolved_by}" if alert.resolved_by else ""
        after = say_duration((alert.resolved_at or now) - alert.created_at)
        text = f"Alert {alert.id} was resolved{by} after {after}. Nothing is left to do."
        return Message(f"Resolved: alert {alert.id}: {alert.title}", joined([*in_full(alert), text, link]))
    if taker(entry.reason):
        text = f"Nobody else is paged about alert {alert.id} meanwhile. Nothing is left for you to do."
        return Message(f"{entry.reason}: alert {alert.id}: {alert.title}", joined([*in_full(alert), text, link]))
    lines = [*in_full(alert), f"Alert {alert.id}: {entry.reason}.", f"Answer: {link}"]
    return Message(title_of(alert), joined(lines))


def taken_by(person: str) -> str:
    """Give the reason of the notice that somebody has it."""
    return person + _HAS_IT


def taker(reason: str) -> str:
    """Give who has it, by the reason of a notice; '' when it is about something else."""
    return reason.removesuffix(_HAS_IT) if reason.endswith(_HAS_IT) else ""


def what_happens_next(alert: Alert, now: datetime, zone: ZoneInfo) -> str:
    """Say what the ladder does next and when, in the zone given."""
    if not alert.is_open:
        return "Nothing: it is resolved."
    if alert.snoozed_until is not None:
        silenced = f" {_silenced(alert, now, zone)}" if alert.suppressed else ""
        return f"Snoozed: the same level fires again {_when(alert.snoozed_until, now, zone)}.{silenced}"
    if not alert.is_unanswered:
        return f"{alert.acknowledged_by or 'Somebody'} has it; the ladder waits{_runs_out(alert, now, zone)}."
    if alert.exhausted:
        return "The ladder is used up; nobody else will be paged."
    if alert.suppressed:
        return f"{_silenced(alert, now, zone)} The ladder waits."
    step = next_step(alert)
    when = _when(step.at, now, zone)
    return {
        StepKind.LEVEL: f"If nobody answers, level {say_level(step.level, alert)} is paged {when}.",
        StepKind.ROUND: f"If nobody answers, everybody is paged again {when} (round {alert.round + 2}).",
        StepKind.EXHAUST: f"If nobody answers, the ladder ends {when} and the catch-all is paged.",
        StepKind.RETRY: f"Not one page could be delivered; everybody is tried again {when}.",
    }[step.kind]


def _runs_out(alert: Alert, now: datetime, zone: ZoneInfo) -> str:
    if alert.expires_at is None:
        return ""
    return f". Without an update the same level fires again {_when(alert.expires_at, now, zone)}"


def _silenced(alert: Alert, now: datetime, zone: ZoneInfo) -> str:
    """Say until when it is silenced, and why. Another silence may begin meanwhile."""
    until = f" until {_when(alert.suppressed_until, now, zone).removeprefix('at ')}" if alert.suppressed_until else ""
    why = f": {alert.suppressed_reason}" if alert.suppressed_reason else ""
    return f"It is silenced{until}{why}."


def say_what_is_due(alert: Alert) -> str:
    """Say in few words what the alert's timer is for, with the instant in UTC."""
    due = next_due(alert)
    if due is None:
        return "nothing is due"
    what = _DUE_WORDS.get(due.kind) or _say_step(next_step(alert), alert)
    return f"{what} at {rfc3339(due.at)}"


def say_due(alert: Alert) -> str:
    """Say in few words what the alert's timer is for, '' without one."""
    due = next_due(alert)
    return "" if due is None else _DUE_WORDS.get(due.kind) or "the next step of the ladder"


def say_level(level: int, alert: Alert) -> str:
    """Say a level as people read it: `2 (secondary)`. Levels count from 0 everywhere else."""
    return f"{level + 1} ({alert.policy.levels[level].level})"


def _say_step(step: Step, alert: Alert) -> str:
    if step.kind is StepKind.LEVEL:
        return f"level {say_level(step.level, alert)}"
    if step.kind is StepKind.ROUND:
        return f"round {alert.round + 2}"
    return "the ladder ends" if step.kind is StepKind.EXHAUST else "everybody is tried again"


def same_event(entries: Mapping[str, Entry], key: Key) -> dict[Key, Entry]:
    """Give the other notifications that the same event caused."""
    keys = {Key.parse(key.alert, field): entry for field, entry in entries.items()}
    others = [other for other in keys if other.event == key.event and other != key]
    return {other: keys[other] for other in sorted(others, key=lambda each: (each.responder, each.channel))}


def title_of(alert: Alert) -> str:
    """Give the subject of a message: severity, number, title."""
    return f"{alert.severity.value.upper()}: alert {alert.id}: {alert.title}"


def in_full(alert: Alert) -> list[str]:
    """Give the title for the body, but only when the subject cannot hold all of it."""
    return [alert.title, ""] if len(title_of(alert)) > TITLE_LIMIT else []


def _where(entry: Entry) -> str:
    if entry.reason != "level" and not is_asked_again(entry.reason):
        return f"You are paged because: {entry.reason}"
    asked = f"{entry.reason.capitalize()}. " if entry.reason != "level" else ""
    again = f", round {entry.round + 1}" if entry.round else ""
    return f"{asked}You are level {entry.level + 1} ({entry.level_name}){again}"


def _others(key: Key, others: Sequence[Key]) -> str:
    channels: dict[str, list[str]] = {}
    for other in others:
        channels.setdefault(other.responder, []).append(other.channel)
    mine = channels.pop(key.responder, [])
    told_too = [f"{person} ({', '.join(used)})" for person, used in channels.items()]
    if mine:
        told_too.append(f"you on {', '.join(mine)}")
    return f"Also told: {'; '.join(told_too)}." if told_too else "Nobody else was told."


def _when(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    return f"at {say_when(instant, now, zone)} (in {say_duration(instant - now)})"


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _LONGEST_DESCRIPTION else text[:_LONGEST_DESCRIPTION].rstrip() + " …"


def joined(lines: Sequence[str]) -> str:
    """Give the lines as one text, no two empty ones in a row."""
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return "\n".join(kept).strip()
