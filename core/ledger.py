"""The ledger: what became of each notification, attempt by attempt, and what follows from an outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.decision import Notification, NotificationKind
from core.outcomes import Outcome, OutcomeKind

# Seconds to wait before each further attempt when a target is out of reach.
RETRY_AFTER = (2, 10, 30)
# A provider that says when to come back is believed, within reason, and not for ever.
RATE_LIMIT_WAIT = (1.0, 300.0)
MOST_ATTEMPTS = 10


class State(StrEnum):
    """Where a notification stands. `withdrawn`: an answer came before it was claimed."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"


class Entry(BaseModel):
    """One notification in the ledger. `token` names the lease of whoever is sending it."""

    model_config = ConfigDict(frozen=True)

    state: State = State.QUEUED
    kind: NotificationKind
    reason: str
    round: int
    level: int
    level_name: str
    queued_at: datetime
    attempts: int = 0
    unknown: int = 0  # how many attempts ended without anybody knowing how
    outages: int = 0  # how many attempts found the target out of reach
    token: str = ""
    bundle: str = ""  # the bundle it was last sent in
    settled_at: datetime | None = None
    error: str | None = None
    provider_id: str | None = None
    receipt: str = ""  # what the provider said of it later, in its word: delivered, no-answer, ...

    def dump(self) -> str:
        """Give the entry as JSON."""
        return self.model_dump_json(exclude_defaults=True)


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a notification: alert, number of the causing event, responder, channel."""

    alert: int
    event: int
    responder: str
    channel: str

    @property
    def field(self) -> str:
        """The key within the alert's ledger."""
        return f"{self.event}/{self.responder}/{self.channel}"

    @property
    def member(self) -> str:
        """The key in the outbox."""
        return f"{self.alert}/{self.field}"

    @classmethod
    def parse(cls, alert: int, field: str) -> "Key":
        """Read a key back; a responder's name may hold a slash, a channel's may not."""
        event, rest = field.split("/", 1)
        responder, channel = rest.rsplit("/", 1)
        return cls(alert, int(event), responder, channel)


def new_entry(notification: Notification, now: datetime) -> Entry:
    """Give the entry of a notification that has just been decided."""
    return Entry(
        kind=notification.kind,
        reason=notification.reason,
        round=notification.round,
        level=notification.level,
        level_name=notification.level_name,
        queued_at=now,
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from an outcome: the state, and when to try again if it is to be tried again."""

    state: State
    retry_at: datetime | None = None
    fails_over: bool = False


def judge(entry: Entry, outcome: Outcome, now: datetime) -> Verdict:
    """Decide what follows from the outcome of the attempt that `entry.attempts` counts. Design section 6.

    `entry.outages` are those before it: the waits after an outage are for outages. A provider that asked for patience
    was in reach, and of an attempt that nobody knows the end of nobody knows that it was not.
    """
    if outcome.kind is OutcomeKind.SENT:
        return Verdict(State.SENT)
    wait = _wait(entry, outcome)
    if wait is None:
        return Verdict(State.FAILED, fails_over=entry.kind is NotificationKind.PAGE)
    return Verdict(State.QUEUED, retry_at=now + timedelta(seconds=wait))


def _wait(entry: Entry, outcome: Outcome) -> float | None:
    if entry.attempts >= MOST_ATTEMPTS:
        return None
    if outcome.kind is OutcomeKind.RATE_LIMITED:
        shortest, longest = RATE_LIMIT_WAIT
        asked = RETRY_AFTER[1] if outcome.retry_after is None else outcome.retry_after
        return min(max(asked, shortest), longest)
    if outcome.kind is OutcomeKind.UNAVAILABLE and entry.outages < len(RETRY_AFTER):
        return RETRY_AFTER[entry.outages]
    return None
