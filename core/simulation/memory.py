"""A store in memory: what the engine asks of a store, without a wire. Nobody else changes anything, so nothing clashes.

Beside that it remembers what happened, in order, for whoever wants to tell it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

from core.alert import Alert
from core.decision import Notification
from core.store import Change, Filter, Identity, Snapshot, Stored
from core.timeline import Event


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, and the alert as it was when the decision that brought the event was made."""

    alert: Alert
    event: Event


class MemoryStore:
    """An AlertStore. `clock` gives the simulated instant, `on_notify` hears of every new notification."""

    def __init__(
        self, clock: Callable[[], datetime], on_notify: Callable[[Alert, Notification], None], standing: int = 0
    ) -> None:
        """Take the clock, and the version of the standing orders that the engine knows."""
        self.happened: list[Happened] = []
        self._clock = clock
        self._on_notify = on_notify
        self._standing = standing
        self._alerts: dict[int, Stored] = {}
        self._holders: dict[str, tuple[int, datetime | None]] = {}  # of keys, and until when
        self._wake_at: dict[int, datetime] = {}
        self._wakes: list[tuple[datetime, int]] = []  # the same by instant, and what is out of date
        self._rejected: list[dict[str, Any]] = []
        self._last_id = 0

    def look_up(self, identities: Sequence[Identity], ids: Sequence[int] = (), spare_ids: int = 0) -> Snapshot:
        """Read alerts by their identities and ids."""
        now = self._clock()
        held = [self._holder(identity, now) for identity in identities]
        first = self._last_id + 1
        self._last_id += spare_ids + sum(each is None or not each.alert.is_open for each in held)
        return Snapshot(now, first, (*held, *map(self._alerts.get, ids)), self._standing)

    def commit(self, changes: Sequence[Change], standing: int | None = None) -> list[bool]:
        """Write each change whose alert is unchanged; say which were written."""
        del standing  # nobody orders anything meanwhile
        return [self._is_written(change) for change in changes]

    def due(self, overdue_by: float, limit: int) -> list[int]:
        """Give the ids of alerts whose time has come, earliest first."""
        until, found = self._clock() - timedelta(seconds=overdue_by), dict[int, datetime]()
        while len(found) < limit and (at := self.next_wake_at()) is not None and at <= until:
            found[heappop(self._wakes)[1]] = at
        for alert_id, at in found.items():
            heappush(self._wakes, (at, alert_id))
        return list(found)

    def next_wake_at(self) -> datetime | None:
        """Give the instant at which something is due next, None when everything only waits for people."""
        while self._wakes and self._wake_at.get(self._wakes[0][1]) != self._wakes[0][0]:
            heappop(self._wakes)
        return self._wakes[0][0] if self._wakes else None

    def mark_failed(self, alert_id: int, event: int) -> None:
        """Note that every page of this event failed for good; a newer event's failure is not forgotten for it."""
        stored = self._alerts[alert_id]
        if event > (stored.failed_cause or 0):
            self._alerts[alert_id] = replace(stored, failed_cause=event)

    def alert(self, alert_id: int) -> Alert:
        """Give an alert. KeyError when there is none of this number."""
        return self._alerts[alert_id].alert

    def tell(self, alert_id: int, event: Event) -> None:
        """Add an event that no decision brought: what became of a notification."""
        self.happened.append(Happened(self.alert(alert_id), event))

    def open_ids(self, after: int, limit: int) -> list[int]:
        """Give the ids of open alerts above `after`, lowest first."""
        ids = sorted(each for each, stored in self._alerts.items() if each > after and stored.alert.is_open)
        return ids[:limit]

    def postpone(self, alert_id: int, seconds: float) -> None:
        """Look at this alert again only so much later."""
        if alert_id in self._wake_at:
            self._set_wake(alert_id, self._clock() + timedelta(seconds=seconds))

    def timeline(self, alert_id: int) -> list[dict[str, Any]]:
        """Give the events of an alert, oldest first."""
        return [json.loads(each.event.dump()) for each in self.happened if each.alert.id == alert_id]

    def find(self, wanted: Filter) -> list[Alert]:
        """Give a page of alerts, newest first."""
        alerts = [stored.alert for _, stored in sorted(self._alerts.items(), reverse=True)]
        return [alert for alert in alerts if _is_wanted(alert, wanted)][: wanted.limit]

    def forget(self, limit: int) -> int:
        """Forget nothing: a simulation is over before anything has been kept for long enough."""
        del limit
        return 0

    def keep_rejected(self, rejected: dict[str, Any]) -> None:
        """Keep what could not be read."""
        self._rejected.append(rejected | {"id": len(self._rejected) + 1})

    def rejected(self) -> Iterator[dict[str, Any]]:
        """Give what could not be read, newest first."""
        yield from reversed(self._rejected)

    def count_rejected(self) -> int:
        """Say how many of them there are."""
        return len(self._rejected)

    def drop_rejected(self, record: dict[str, Any]) -> None:
        """Keep this one no longer."""
        self._rejected = [each for each in self._rejected if each != record]

    def _holder(self, identity: Identity, now: datetime) -> Stored | None:
        alert_id, until = self._holders.get(identity.digest, (0, None))
        return None if until is not None and until < now else self._alerts.get(alert_id)

    def _is_written(self, change: Change) -> bool:
        stands = self._alerts.get(change.decision.alert.id)
        if (stands and stands.version) != (change.before and change.before.version):
            return False
        self._write(change, stands)
        return True

    def _write(self, change: Change, before: Stored | None) -> None:
        alert = change.decision.alert
        is_settled = before is None or change.dealt_with == before.failed_cause
        failed = None if is_settled or before is None else before.failed_cause
        self._alerts[alert.id] = Stored(alert, before.version + 1 if before else 1, failed)
        digest = Identity(alert.source, alert.dedup_key).digest
        if change.identity is not None or self._holders.get(digest, (alert.id,))[0] == alert.id:
            self._holders[digest] = (alert.id, change.key_until)
        self._set_wake(alert.id, alert.wake_at)
        self.happened += [Happened(alert, event) for event in change.decision.events]
        for notification in change.decision.notifications:
            self._on_notify(alert, notification)

    def _set_wake(self, alert_id: int, at: datetime | None) -> None:
        if at == self._wake_at.get(alert_id):
            return
        if at is None:
            del self._wake_at[alert_id]
        else:
            self._wake_at[alert_id] = at
            heappush(self._wakes, (at, alert_id))


def _is_wanted(alert: Alert, wanted: Filter) -> bool:
    is_of_status = alert.status in wanted.statuses if wanted.statuses else alert.is_open
    is_after = wanted.after is None or alert.id < wanted.after
    return is_of_status and is_after and (not wanted.severities or alert.severity in wanted.severities)
