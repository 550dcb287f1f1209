"""When a report is to be sent, to whom, and what follows when a mail does not go out. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.channel_text import ContactError, render_url
from core.config import Config
from core.outcomes import Outcome, OutcomeKind
from core.report_times import Due, Schedule, enabled, last_due, schedules_of
from core.times import rfc3339, say_duration

# Seconds to wait before each further attempt. A page is over in a minute; a report is still worth reading hours later.
RETRY_AFTER = (60, 300, 1800, 7200)
_LATE = timedelta(minutes=5)
# More than two months: the report of the month after next asks whether this one went out.
_KNOWN_FOR = timedelta(days=65)
_MAIL = "email"
_FOR_GOOD = frozenset({OutcomeKind.REJECTED, OutcomeKind.MISCONFIGURED})


@dataclass(frozen=True, slots=True)
class Mail:
    """What became of one mail: sent, failed for good, or to be tried again in `retry_in` seconds."""

    state: str
    reason: str = ""
    retry_in: float | None = None


def due_reports(config: Config, since: datetime, now: datetime) -> Iterator[tuple[Schedule, Due]]:
    """Give the reports that were due last, each once; none that was due before `since`, when there was no Rung."""
    for schedule in enabled(schedules_of(config)):
        due = last_due(schedule, now)
        if due.end > since:
            yield schedule, due


def name_of(due: Due) -> str:
    """Give the name of a report's record, the same in every process, another when config moves the hour."""
    return f"{due.kind.value}:{rfc3339(due.end)}"


def keep_records(config: Config) -> timedelta:
    """Give how long is kept what became of a report: while it is the last one due it must not be forgotten as sent."""
    return max(timedelta(seconds=config.retention.facts), _KNOWN_FOR)


def is_late(due: Due, now: datetime) -> bool:
    """Say whether people are to be told that it comes late."""
    return now - due.end > _LATE


def late_notice(due: Due, now: datetime, zone: str, missed_at: str = "") -> str:
    """Say that a report comes late, and that the one before never came; nothing when all is well.

    `missed_at` is the address that shows the one before.
    """
    if not is_late(due, now):
        return ""
    at = due.end.astimezone(ZoneInfo(zone))
    text = f"This report was due {at:%a %d %b %H:%M %Z} and comes {say_duration(now - due.end)} late: "
    text += "Rung did not run, could not send it, or was not told to, at that hour."
    return f"{text} The one before did not go out either: {missed_at}" if missed_at else text


def mail_channel(config: Config) -> str | None:
    """Give the channel that carries reports: `email`, else the first of that kind; None when there is none."""
    channels = {name: channel for name, channel in config.channels.items() if channel}
    if _MAIL in channels:
        return _MAIL
    return next((name for name, channel in channels.items() if channel.kind == _MAIL), None)


def mail_address(config: Config, recipient: str) -> str:
    """Give the Apprise URL that reaches a recipient, secrets and all. ContactError says what is missing."""
    name = mail_channel(config)
    channel = config.channels.get(name) if name else None
    if not channel or not channel.has_credentials:
        raise ContactError("reports go by mail, and no channel called email has a URL: set it in channels.yaml")
    return render_url(channel.url.get_secret_value(), {_MAIL: recipient})


def judge(outcome: Outcome, attempt: int) -> Mail:
    """Decide what follows from the outcome of an attempt, counted from 1."""
    if outcome.kind is OutcomeKind.SENT:
        return Mail("sent", outcome.reason)
    if outcome.kind in _FOR_GOOD or attempt > len(RETRY_AFTER):
        return Mail("failed", outcome.reason)
    asked = min(outcome.retry_after or 0.0, RETRY_AFTER[-1])  # a provider may ask for years
    return Mail("waiting", outcome.reason, max(RETRY_AFTER[attempt - 1], asked))
