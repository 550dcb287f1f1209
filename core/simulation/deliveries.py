"""Plays the providers: every page arrives at once, except to people and on channels that are said to fail.

What follows from an outcome (retries, fail-over, a level that is left) is decided by the code that decides it live.
Every notification is sent by itself: a simulation bundles no storms.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from heapq import heappop, heappush

from core.alert import Alert
from core.decision import Notification, NotificationKind
from core.delivery import Attempt, Withdrawn, conclude, has_nothing_to_send, withdraw
from core.ledger import Entry, Key, State, new_entry
from core.outcomes import Outcome, OutcomeKind
from core.rules import Rules
from core.store import Claim, Settlement
from core.timeline import Event

_ARRIVED = Outcome(OutcomeKind.SENT)
_NO_SUCH_PERSON = Outcome(OutcomeKind.REJECTED, "unreachable, as the simulation was told")
_OUTAGE = Outcome(OutcomeKind.UNAVAILABLE, "the channel is down, as the simulation was told")

Find = Callable[[int], Alert]
Tell = Callable[[int, Event], None]
Mark = Callable[[int, int], None]


class Deliveries:
    """The ledger of a simulation, and what empties it.

    `find` gives an alert, `tell` adds an event to its timeline, `mark_failed` hears of an event all of whose pages
    failed for good.
    """

    def __init__(self, rules: Rules, unreachable: Collection[str], down: Collection[str]) -> None:
        """Take the people whom nothing reaches, and the channels that are down."""
        self._rules = rules
        self._unreachable, self._down = frozenset(unreachable), frozenset(down)
        self._ledgers: dict[int, dict[str, Entry]] = {}
        self._waiting: list[tuple[datetime, int, Key]] = []
        self._number = 0

    def add(self, alert: Alert, notification: Notification, now: datetime) -> None:
        """Queue a notification."""
        key = Key(alert.id, notification.event, notification.responder, notification.channel)
        self._queue(key, new_entry(notification, now), now)

    def next_due_at(self) -> datetime | None:
        """Give when a notification is due next."""
        return self._waiting[0][0] if self._waiting else None

    def entries(self, alert_id: int) -> dict[str, Entry]:
        """Give the ledger of an alert."""
        return self._ledgers.get(alert_id, {})

    def send(self, now: datetime, find: Find, tell: Tell, mark_failed: Mark) -> list[int]:
        """Send what is due; give the alerts to be woken, since one of their messages failed for good.

        All of it at once, as if there were senders enough: nothing has an outcome before the last one is under way.
        """
        settlements = [self._sent(key, find(key.alert), now) for key in self._due(now)]
        failed = []
        for settlement in settlements:
            self._settle(settlement, tell)
            key, entry = settlement.key, settlement.entry
            if entry.state is State.FAILED:
                failed.append(key.alert)
                if entry.kind is NotificationKind.PAGE and self._have_all_failed(key, find(key.alert)):
                    mark_failed(key.alert, key.event)
        return failed

    def _due(self, now: datetime) -> Iterator[Key]:
        while self._waiting and self._waiting[0][0] <= now:
            yield heappop(self._waiting)[2]

    def _queue(self, key: Key, entry: Entry, at: datetime) -> None:
        self._ledgers.setdefault(key.alert, {})[key.field] = entry
        self._number += 1  # keeps the order of those that are due together
        heappush(self._waiting, (at, self._number, key))

    def _sent(self, key: Key, alert: Alert, now: datetime) -> Settlement:
        ledger = self._ledgers[key.alert]
        entry = ledger[key.field]
        if entry.kind is NotificationKind.PAGE and not alert.is_unanswered:
            return withdraw(Claim(key, entry, alert, ledger, now), Withdrawn("it was answered"))
        claimed = entry.model_copy(update={"state": State.SENDING, "attempts": entry.attempts + 1})
        claim = Claim(key, claimed, alert, ledger, now)
        if has_nothing_to_send(claim, self._rules):
            return withdraw(claim, Withdrawn("it has nothing to say any more"))
        return conclude(Attempt(claim, None, self._outcome(key), 0.0), self._rules)

    def _outcome(self, key: Key) -> Outcome:
        if key.responder in self._unreachable:
            return _NO_SUCH_PERSON
        return _OUTAGE if key.channel in self._down else _ARRIVED

    def _settle(self, settlement: Settlement, tell: Tell) -> None:
        key, entry = settlement.key, settlement.entry
        ledger = self._ledgers[key.alert]
        ledger[key.field] = entry
        if settlement.retry_at is not None:
            self._queue(key, entry, settlement.retry_at)
        for other, queued in settlement.failed_over_to:
            if other.field not in ledger:
                self._queue(other, queued, queued.queued_at)
        for event in settlement.events:
            tell(key.alert, event)

    def _have_all_failed(self, key: Key, alert: Alert) -> bool:
        """Say whether that was the last page of the firing that asks for an answer, and none of them arrived."""
        if key.event != alert.cause:
            return False
        of_event = (e for field, e in self._ledgers[alert.id].items() if Key.parse(alert.id, field).event == key.event)
        return all(entry.state is State.FAILED for entry in of_event if entry.kind is NotificationKind.PAGE)
