"""Case: an alert and all that is known about it. What is said of it is read from here and nowhere else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from core.alert import Alert
from core.ledger import Entry
from core.rules import Rules
from core.times import say_duration, say_when

# One line of a timeline, as the API gives it.
Event = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """The alert as it is now, its events oldest first, its ledger, and the rules of today with the standing orders.

    `before` is the record as it was each time the alert was over and opened again later: their policies are kept there.
    """

    alert: Alert
    events: Sequence[Event]
    ledger: Mapping[str, Entry]
    rules: Rules
    now: datetime
    before: Sequence[Alert] = ()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the config, by whose clock instants are said."""
        return ZoneInfo(self.rules.config.timezone)

    def say(self, instant: datetime, near: datetime | None = None) -> str:
        """Say an instant, with its day unless that is the day of `near`, or without it today."""
        return say_when(instant, near or self.now, self.zone)

    def events_of(self, cause: int, *kinds: str) -> Iterator[Event]:
        """Give the events of these kinds about the notifications of an event, oldest first."""
        return (event for event in self._by_cause.get(cause, ()) if event["event"] in kinds)

    @cached_property
    def _by_cause(self) -> Mapping[int, Sequence[Event]]:
        found: dict[int, list[Event]] = {}
        for event in self.events:
            if "cause" in event:
                found.setdefault(event["cause"], []).append(event)
        return found


def instant_of(event: Event) -> datetime:
    """Give when an event happened."""
    return datetime.fromisoformat(event["at"])


def say_seconds(seconds: float) -> str:
    """Say how long so many seconds are."""
    return say_duration(timedelta(seconds=seconds))
