"""Alerts in Redis: two scripts, one that reads and one that commits, so that a webhook costs two round trips.

Everything a change is made of stands or falls together: record, events, notifications, timer, indexes.
"""

import json
import logging
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

import redis

from core.adapters.jobs import rq_instant, timer_id, timer_job
from core.adapters.redis_client import unavailable
from core.adapters.redis_clock import Clock, seconds_now, server_clock
from core.adapters.scripts import register
from core.alert import Alert, load
from core.decision import Notification
from core.ledger import new_entry
from core.store import Change, Filter, Identity, Snapshot, Stored, Unreadable
from core.times import from_epoch, rfc3339

log = logging.getLogger("rung.store")

_KEPT_REJECTED = 1000
_COMMIT_ID_BYTES = 6
_PAGE = 100
# Redis does nothing else meanwhile: a body can bring thousands, and all others would wait until their clients give up.
_COMMITTED_AT_ONCE = 250


class RedisStore:
    """The AlertStore that runs live. `clock` gives simulated time in tests; Redis tells it otherwise."""

    def __init__(self, client: redis.Redis, clock: Clock | None = None) -> None:
        """Take a client; nothing is sent until the first call."""
        self._client = client
        self._clock = clock or server_clock
        self._look_up = register(client, "look_up")
        self._commit = register(client, "commit")
        self._forget = register(client, "forget")

    def look_up(self, identities: Sequence[Identity], ids: Sequence[int] = (), spare_ids: int = 0) -> Snapshot:
        """Read the alerts behind these identities, then those of these ids, and reserve ids, so many to spare."""
        digests = [identity.digest for identity in identities]
        with unavailable():
            now, first_id, rows, standing = self._look_up(args=[self._clock(), spare_ids, len(digests), *digests, *ids])
        return Snapshot(from_epoch(float(now)), int(first_id), tuple(_stored(row) for row in rows), int(standing))

    def commit(self, changes: Sequence[Change], standing: int | None = None) -> list[bool]:
        """Write each change whose alert is unchanged, decided under this version of the standing orders."""
        parts = [changes[i : i + _COMMITTED_AT_ONCE] for i in range(0, len(changes), _COMMITTED_AT_ONCE)]
        return [written for part in parts for written in self._committed(part, standing)]

    def due(self, overdue_by: float, limit: int) -> list[int]:
        """Give the ids of alerts whose wake_at passed this many seconds ago or more, earliest first."""
        latest = self._now() - overdue_by
        with unavailable():
            found = self._client.zrangebyscore("rung:wake", "-inf", latest, start=0, num=limit)
        return [int(alert_id) for alert_id in cast("list[bytes]", found)]

    def open_ids(self, after: int, limit: int) -> list[int]:
        """Give the ids of open alerts above `after`, lowest first."""
        with unavailable():
            found = self._client.zrangebyscore("rung:open", f"({after}", "+inf", start=0, num=limit)
        return [int(alert_id) for alert_id in cast("list[bytes]", found)]

    def postpone(self, alert_id: int, seconds: float) -> None:
        """Look at this alert again only so much later: it cannot be read now and must not hold up the others."""
        until = self._now() + seconds
        with unavailable():
            self._client.zadd("rung:wake", {str(alert_id): until}, xx=True)

    def timeline(self, alert_id: int) -> list[dict[str, Any]]:
        """Give the events of an alert, oldest first."""
        with unavailable():
            lines = self._client.lrange(f"rung:timeline:{alert_id}", 0, -1)
        return [json.loads(line) for line in lines]

    def find(self, wanted: Filter) -> list[Alert]:
        """Give a page of alerts, newest first."""
        found: list[Alert] = []
        for alert in self._newest_first(wanted):
            if _matches(alert, wanted):
                found.append(alert)
            if len(found) == wanted.limit:
                break
        return found

    def forget(self, limit: int) -> int:
        """Drop what has been kept long enough, so much at most, and say how much that was."""
        with unavailable():
            return int(self._forget(args=[self._clock(), limit]))

    def keep_rejected(self, rejected: dict[str, Any]) -> None:
        """Keep what could not be read, where an operator sees it, under a number of its own."""
        with unavailable():
            number = self._client.incr("rung:last_rejected")
        stamped = {"id": number, "at": rfc3339(from_epoch(self._now())), **rejected}
        with unavailable(), self._client.pipeline(transaction=True) as pipe:
            pipe.lpush("rung:rejected", _rejected_line(stamped))
            pipe.ltrim("rung:rejected", 0, _KEPT_REJECTED - 1)
            pipe.execute()

    def rejected(self) -> Iterator[dict[str, Any]]:
        """Give what could not be read, newest first, each with its `id` and `at`."""
        for start in range(0, _KEPT_REJECTED, _PAGE):
            with unavailable():
                lines = self._client.lrange("rung:rejected", start, start + _PAGE - 1)
            yield from map(json.loads, lines)
            if len(lines) < _PAGE:
                return

    def count_rejected(self) -> int:
        """Say how many of them are kept; nothing of them is read."""
        with unavailable():
            return self._client.llen("rung:rejected")

    def drop_rejected(self, record: dict[str, Any]) -> None:
        """Keep this one no longer; that it is gone already is fine."""
        with unavailable():
            self._client.lrem("rung:rejected", 1, _rejected_line(record))

    def _committed(self, changes: Sequence[Change], standing: int | None) -> list[bool]:
        args: list[str | int] = [
            rq_instant(changes[0].decision.at),
            secrets.token_urlsafe(_COMMIT_ID_BYTES),
            "" if standing is None else standing,
            len(changes),
        ]
        for change in changes:
            args += _encoded(change)
        with unavailable():
            written = self._commit(args=args)
        return [bool(each) for each in written]

    def _now(self) -> float:
        return seconds_now(self._client, self._clock)

    def _newest_first(self, wanted: Filter) -> Iterator[Alert]:
        index = "rung:closed" if wanted.statuses == {"resolved"} else "rung:open"
        below = f"({wanted.after}" if wanted.after is not None else "+inf"
        while True:
            with unavailable():
                found = self._client.zrevrangebyscore(index, below, "-inf", start=0, num=_PAGE)
            ids = cast("list[bytes]", found)
            yield from self._alerts(ids)
            if len(ids) < _PAGE:
                return
            below = f"({int(ids[-1])}"

    def _alerts(self, ids: Sequence[bytes]) -> Iterator[Alert]:
        with unavailable(), self._client.pipeline(transaction=False) as pipe:
            for alert_id in ids:
                pipe.hget(f"rung:alert:{int(alert_id)}", "d")
            records = pipe.execute()
        found = zip(ids, records, strict=True)
        return filter(None, (_listed(int(alert_id), record) for alert_id, record in found if record))


def _rejected_line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)


def _stored(row: Sequence[bytes]) -> Stored | Unreadable | None:
    if not row:
        return None
    alert_id, version, record, failed_cause = row
    alert = _read(int(alert_id), record)
    if isinstance(alert, Unreadable):
        return alert
    return Stored(alert, int(version), int(failed_cause) if failed_cause else None)


def _read(alert_id: int, record: bytes) -> Alert | Unreadable:
    try:
        return load(record)
    except (ValueError, KeyError, TypeError) as error:  # no JSON, no object, no version, or a newer Rung's
        return Unreadable(alert_id, f"{type(error).__name__}: {error}")


def _listed(alert_id: int, record: bytes) -> Alert | None:
    """Give the alert, None for one that cannot be read: a list shows what it can, and says what it cannot."""
    alert = _read(alert_id, record)
    if isinstance(alert, Unreadable):
        log.error("the record of alert %d cannot be read, it is left out of the list: %s", alert_id, alert.reason)
        return None
    return alert


def _matches(alert: Alert, wanted: Filter) -> bool:
    return (not wanted.statuses or alert.status in wanted.statuses) and (
        not wanted.severities or alert.severity in wanted.severities
    )


def _encoded(change: Change) -> list[str | int]:
    """Write a change as the commit script reads it."""
    decision, before = change.decision, change.before
    alert = decision.alert
    keeps_timer = before is not None and before.alert.timer == alert.timer
    events = [event.dump() for event in decision.events]
    notifications = [word for each in decision.notifications for word in _queued(each, decision.at)]
    job = [] if keeps_timer else timer_job(alert, decision.at)
    return [
        alert.id,
        before.version if before else 0,
        alert.status.value,
        alert.dump(),
        Identity(alert.source, alert.dedup_key).digest,
        "1" if change.identity else "",
        change.pointed_to or "",
        _score(alert.wake_at),
        change.dealt_with or "",
        timer_id(before.alert) if before and before.alert.wake_at and not keeps_timer else "",
        _score(change.key_until),
        _score(change.keep_until),
        len(events),
        len(decision.notifications),
        len(job),
        *events,
        *notifications,
        *job,
    ]


def _score(instant: datetime | None) -> str:
    return repr(instant.timestamp()) if instant else ""


def _queued(notification: Notification, at: datetime) -> list[str]:
    entry = new_entry(notification, at).dump()
    return [notification.key, notification.channel, entry, repr(at.timestamp())]
