"""What a decision gives: the new alert with its events and notifications, or a refusal with its reason."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.alert import Alert
from core.timeline import Event, EventKind


class NotificationKind(StrEnum):
    """A page asks for an answer and is withdrawn once there is one; a notice only tells.

    A reminder asks whoever has the alert to go on, and is withdrawn once somebody else has it or it is over.
    """

    PAGE = "page"
    NOTICE = "notice"
    REMINDER = "reminder"


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


class Draft:
    """A decision in the making. Lives inside one call of the lifecycle and nowhere else.

    Changes are gathered until somebody looks at the alert: to copy a record for each costs more than to decide. How
    many events it has been given is written into it once, at the end.
    """

    __slots__ = ("_alert", "_changes", "_number", "events", "notifications", "now")

    def __init__(self, alert: Alert, now: datetime) -> None:
        """Take the alert as it is, and the instant of the decision."""
        self.now = now
        self.events: list[Event] = []
        self.notifications: list[Notification] = []
        self._alert = alert
        self._changes: dict[str, object] = {}
        self._number = alert.events

    @property
    def alert(self) -> Alert:
        """The alert as it would be now; the very one that was taken while nothing has changed."""
        if self._changes:
            self._alert = self._alert.model_copy(update=self._changes)
            self._changes = {}
        return self._alert

    def change(self, **fields: object) -> None:
        """Put these fields into the alert."""
        self._changes.update(fields)

    def finished(self, **fields: object) -> Alert:
        """Give the alert as it is to be written, with these last changes and the count of its events."""
        if self.events:
            fields["events"] = self._number
        self._changes.update(fields)
        return self.alert

    @property
    def next_number(self) -> int:
        """The number that the next event gets."""
        return self._number + 1

    def record(self, kind: EventKind, **details: object) -> int:
        """Append an event and give its number."""
        self._number += 1
        self.events.append(Event(kind, self.now, self._number, details))
        return self._number
