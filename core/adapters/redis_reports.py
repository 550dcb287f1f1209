"""What becomes of reports, and the snapshots for the trend, in Redis.

`rung:report:<kind>:<period>` is the record of one report that was due: who sends it, until when, and what came of it.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import redis

from core.adapters.redis_client import unavailable
from core.adapters.redis_clock import Clock, seconds_now, server_clock
from core.adapters.scripts import register
from core.times import from_epoch, rfc3339

_SNAPSHOTS = "rung:snapshots"
_SINCE = "rung:reports_since"
_RECORDS = "rung:reports"
_LEASE = 300.0  # seconds; longer than a report takes to be made and sent to one recipient
_SHOWN = 50
_COUNTED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Claimed:
    """A report that is ours to send until the lease runs out. `settled` are the recipients it needs no more."""

    name: str
    token: str
    attempt: int
    settled: frozenset[str]


class RedisReports:
    """Every call raises StoreUnavailableError when it cannot be done."""

    def __init__(self, client: redis.Redis, clock: Clock | None = None) -> None:
        """Take a client; nothing is sent until the first call."""
        self._client = client
        self._clock = clock or server_clock
        self._claim = register(client, "claim_report")
        self._note = register(client, "note_report")
        self._count_open = register(client, "count_open")
        self._add_snapshot = register(client, "add_snapshot")

    def since(self) -> datetime:
        """Give the instant from which reports are sent: when somebody first asked. A new Rung owes nobody a report.

        One that lies ahead is of a clock that has been put right since, and is now instead.
        """
        now = self._now()
        with unavailable():
            self._client.set(_SINCE, repr(now), nx=True)
            since = float(cast("bytes", self._client.get(_SINCE)))
            if since > now:
                self._client.set(_SINCE, repr(now))
        return from_epoch(min(since, now))

    def is_open(self, name: str) -> bool:
        """Say whether a report that is due is still to be sent, and nobody is at it and no wait has begun."""
        with unavailable():
            state, look_at = cast("list[bytes | None]", self._client.hmget(f"rung:report:{name}", "state", "look_at"))
        return state != b"done" and float(look_at or 0) <= self._now()

    def is_done(self, name: str, due_at: datetime) -> bool:
        """Say whether nothing is left to do for a report: it is done, or a later one of its kind is.

        The latter when config moved its hour: what would have been due before is not sent after the one that went out.
        """
        kind = name.partition(":")[0]
        with unavailable():
            found = self._client.zrangebyscore(_RECORDS, due_at.timestamp(), self._now())
            names = [each.decode() for each in cast("list[bytes]", found)]
            same = [each for each in names if each.partition(":")[0] == kind]
            return any(self._client.hget(f"rung:report:{each}", "state") == b"done" for each in same)

    def claim(self, name: str, token: str, due_at: datetime, keep: timedelta) -> Claimed | None:
        """Take a report for as long as the lease; None when somebody else has it, it waits, or it is done."""
        with unavailable():
            found = self._claim(
                args=[
                    self._clock(),
                    name,
                    token,
                    _LEASE,
                    rfc3339(due_at),
                    due_at.timestamp(),
                    int(keep.total_seconds()),
                ]
            )
        if not found:
            return None
        attempt, settled = found
        return Claimed(name, token, int(attempt), frozenset(each.decode() for each in settled))

    def note(self, claimed: Claimed, recipient: str, outcome: dict[str, Any]) -> bool:
        """Record what became of the mail to one recipient; False when the lease was lost to somebody else."""
        text = json.dumps({"at": rfc3339(from_epoch(self._now())), **outcome}, ensure_ascii=False)
        look_at = self._now() + _LEASE
        return self._noted(claimed, "sending", look_at, f"to:{recipient}", text)

    def hold(self, claimed: Claimed) -> bool:
        """Renew the lease; False when it was lost to somebody else."""
        return self._noted(claimed, "sending", self._now() + _LEASE, "", "")

    def finish(self, claimed: Claimed, retry_in: float | None) -> bool:
        """End the attempt: done, or to be tried again in so many seconds."""
        state = "done" if retry_in is None else "waiting"
        return self._noted(claimed, state, self._now() + (retry_in or 0.0), "", "")

    def records(self, limit: int = _SHOWN) -> list[dict[str, Any]]:
        """Give what became of the last reports, newest first."""
        with unavailable():
            names = [name.decode() for name in cast("list[bytes]", self._client.zrevrange(_RECORDS, 0, limit - 1))]
            with self._client.pipeline(transaction=False) as pipe:
                for name in names:
                    pipe.hgetall(f"rung:report:{name}")
                found = pipe.execute()
        return [_record(name, fields) for name, fields in zip(names, found, strict=True) if fields]

    def count_open(self) -> dict[str, int]:
        """Count the alerts that are open, unanswered, and exhausted."""
        last, total = 0, [0, 0, 0]
        while True:
            with unavailable():
                last, *counted = (int(each) for each in self._count_open(args=[last, _COUNTED_AT_ONCE]))
            total = [a + b for a, b in zip(total, counted, strict=True)]
            if not last:
                return dict(zip(("open", "unanswered", "exhausted"), total, strict=True))

    def has_snapshot(self, slot: int) -> bool:
        """Say whether the snapshot of an instant has been taken."""
        with unavailable():
            return bool(self._client.zcount(_SNAPSHOTS, slot, slot))

    def add_snapshot(self, slot: int, figures: dict[str, Any]) -> bool:
        """Keep the snapshot of an instant, in seconds since 1970; False when there is one already."""
        line = json.dumps({"at": rfc3339(from_epoch(slot)), **figures})
        with unavailable():
            return bool(self._add_snapshot(args=[slot, line]))

    def forget(self, snapshots: timedelta, records: timedelta) -> None:
        """Drop snapshots, and names of reports, that are older than this."""
        now = self._now()
        with unavailable():
            self._client.zremrangebyscore(_SNAPSHOTS, "-inf", f"({now - snapshots.total_seconds()}")
            self._client.zremrangebyscore(_RECORDS, "-inf", f"({now - records.total_seconds()}")

    def _noted(self, claimed: Claimed, state: str, look_at: float, field: str, value: str) -> bool:
        with unavailable():
            return bool(self._note(args=[claimed.name, claimed.token, state, repr(look_at), field, value]))

    def _now(self) -> float:
        return seconds_now(self._client, self._clock)


def _record(name: str, fields: dict[bytes, bytes]) -> dict[str, Any]:
    kind, period = name.split(":", 1)
    mails = [(field.decode().removeprefix("to:"), value) for field, value in fields.items() if field.startswith(b"to:")]
    return {
        "report": kind,
        "period": period,
        "due_at": fields.get(b"due_at", b"").decode(),
        "state": fields.get(b"state", b"").decode(),
        "attempts": int(fields.get(b"attempt", 0)),
        "mails": [{"to": recipient, **json.loads(value)} for recipient, value in sorted(mails)],
    }
