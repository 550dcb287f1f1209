"""What a decision gives: the new alert with its events and notifications, or a refusal with its reason."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.alert import Alert
from core.timeline import Event, EventKind


class NotificationKind(StrEnum):
    """A page asks for an answer and is withdrawn once there is one; a notice only tells."""

    PAGE = "page"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one responder on one channel. Its key in the ledger: alert, event, responder, channel."""

    event: int
    responder: str
    channel: str
    kind: NotificationKind
    reason: str
    round: int
    level: int
    level_name: str

    @property
    def key(self) -> str:
        """The key within the alert's ledger."""
        return f"{self.event}/{self.responder}/{self.channel}"


@dataclass(frozen=True, slots=True)
class Decision:
    """A new state of an alert and what comes with it; `result` is the word for whoever asked.

    When nothing is to be written, `alert` is the very object that was decided about.
    """

    alert: Alert
    result: str
    at: datetime
    events: tuple[Event, ...] = ()
    notifications: tuple[Notification, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The table has no cell for it. `reason` is a sentence for people, `code` a word for programs."""

    code: str
    reason: str


@dataclass(slots=True)
class Draft:
    """A decision in the making. Lives inside one call of the lifecycle and nowhere else."""

    alert: Alert
    now: datetime
    events: list[Event] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)

    def change(self, **fields: object) -> None:
        """Put these fields into the alert."""
        self.alert = self.alert.model_copy(update=fields)

    def record(self, kind: EventKind, **details: object) -> int:
        """Append an event and give its number."""
        number = self.alert.events + 1
        self.change(events=number)
        self.events.append(Event(kind, self.now, number, details))
        return number
