"""The ledger in Redis: claims and outcomes, each one script, so that no two senders ever hold the same lease."""

import json
import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import redis

from core.adapters.jobs import rq_instant
from core.adapters.redis_client import unavailable
from core.adapters.redis_clock import Clock, seconds_now, server_clock
from core.adapters.scripts import register
from core.alert import load
from core.bundles import Bundle
from core.config.bundling import NO_BUNDLING, Bundling
from core.ledger import Entry, Key
from core.store import Claim, Settlement
from core.times import from_epoch, rfc3339

log = logging.getLogger("rung.ledger")

LEASE = 5.0  # seconds; whoever holds one renews it well before
_TOKEN_BYTES = 6
_KEPT_MESSAGES = 1000
_UNREADABLE_FOR = 60.0  # seconds


class RedisLedger:
    """The Ledger that runs live."""

    def __init__(self, client: redis.Redis, clock: Clock | None = None) -> None:
        """Take a client; nothing is sent until the first call."""
        self._client = client
        self._clock = clock or server_clock
        self._claim = register(client, "claim")
        self._settle = register(client, "settle")
        self._hint = register(client, "hint")

    def claim(
        self, limit: int, per_channel: int, busy: Mapping[str, int], bundling: Bundling = NO_BUNDLING
    ) -> list[Claim]:
        """Take a lease on what is due, at most so many messages in all and for each channel; a bundle is one."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        pace = (bundling.after, bundling.window, bundling.every)
        under_way = [part for pair in busy.items() for part in pair]
        while True:
            with unavailable():
                now, rows, cleared = self._claim(
                    args=[self._clock(), LEASE, token, limit, per_channel, *pace, *under_way]
                )
            claims = [claim for row in rows if (claim := self._claimed(row, float(now)))]
            if claims or not (rows or cleared):
                return claims

    def read(self, key: Key) -> Claim | None:
        """Give a notification as it stands, with no lease on it; None when it is not kept, or cannot be read."""
        with unavailable(), self._client.pipeline(transaction=True) as pipe:
            pipe.hget(f"rung:alert:{key.alert}", "d")
            pipe.hgetall(f"rung:ledger:{key.alert}")
            record, ledger = pipe.execute()
        raw = ledger.get(key.field.encode("utf-8", "surrogatepass"))
        if record is None or raw is None:
            return None
        try:
            claim = _claimed((key.member.encode(), raw, record, ledger), self._now())
        except ValueError as error:
            log.error("%s cannot be read: %s", key.member, error)  # noqa: TRY400
            return None
        return replace(claim, raw=raw.decode())

    def settle(self, settlements: Sequence[Settlement]) -> list[bool]:
        """Record outcomes; say which were recorded and which came too late."""
        if not settlements:
            return []
        with unavailable():
            recorded = self._settle(args=[self._clock(), *map(_encoded, settlements)])
        return [bool(each) for each in recorded]

    def renew(self, keys: Sequence[Key]) -> None:
        """Extend the leases of what is still being sent."""
        until = self._now() + LEASE
        with unavailable(), self._client.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.zadd(f"rung:outbox:{key.channel}", {key.member: until}, xx=True, gt=True)
            pipe.execute()

    def keep_bundle(self, bundle: Bundle, seconds: int) -> None:
        """Keep what a bundle lists for so long."""
        with unavailable():
            self._client.set(f"rung:bundle:{bundle.id}", bundle.dump(), ex=seconds)

    def bundle(self, bundle_id: str) -> Bundle | None:
        """Give what a bundle lists; None when it is not kept any more."""
        with unavailable():
            found = self._client.get(f"rung:bundle:{bundle_id}")
        return Bundle.load(bundle_id, found) if isinstance(found, bytes) else None

    def hint(self) -> None:
        """Have the outbox looked at again soon."""
        with unavailable():
            self._hint(args=[rq_instant(from_epoch(self._now()))])

    def entries(self, alert_id: int) -> dict[str, Entry]:
        """Give the ledger of an alert."""
        return self.entries_of([alert_id])[0]

    def entries_of(self, alert_ids: Sequence[int]) -> list[dict[str, Entry]]:
        """Give the ledgers of these alerts, in this order, in one round trip."""
        with unavailable(), self._client.pipeline(transaction=False) as pipe:
            for alert_id in alert_ids:
                pipe.hgetall(f"rung:ledger:{alert_id}")
            found = pipe.execute()
        return [_entries(ledger.items()) for ledger in found]

    def messages(self, limit: int) -> list[dict[str, Any]]:
        """Give what went to the built-in outbox, newest first."""
        with unavailable():
            found = self._client.lrange("rung:messages", 0, limit - 1)
        return [json.loads(message) for message in found]

    def add_message(self, message: dict[str, Any]) -> None:
        """Put a message into the built-in outbox."""
        stamped = {"at": rfc3339(from_epoch(self._now())), **message}
        with unavailable(), self._client.pipeline(transaction=True) as pipe:
            pipe.lpush("rung:messages", json.dumps(stamped, ensure_ascii=False))
            pipe.ltrim("rung:messages", 0, _KEPT_MESSAGES - 1)
            pipe.execute()

    def first_in(self, name: str, seconds: int) -> bool:
        """Say whether this is the first call of this name within so many seconds."""
        with unavailable():
            return bool(self._client.set(f"rung:once:{name}", 1, nx=True, ex=seconds))

    def failing(self) -> dict[str, datetime]:
        """Give what operators were told is failing, by the name it was noted under, and since when."""
        with unavailable():
            found = cast("dict[bytes, bytes]", self._client.hgetall("rung:failing"))
        return {name.decode(): from_epoch(float(since)) for name, since in found.items()}

    def note_failing(self, name: str, since: datetime) -> None:
        """Note that operators are told of this."""
        with unavailable():
            self._client.hset("rung:failing", name, repr(since.timestamp()))

    def forget_failing(self, names: Sequence[str]) -> None:
        """Note that these fail no more; at least one name."""
        with unavailable():
            self._client.hdel("rung:failing", *names)

    def _claimed(self, row: Sequence[Any], now: float) -> Claim | None:
        """Give the claim; one that cannot be read is put off, since a newer Rung may be able to read it."""
        member = row[0].decode()
        try:
            return _claimed(row, now)
        except (ValueError, KeyError, TypeError) as error:
            log.error("%s cannot be sent, its record cannot be read: %s", member, error)  # noqa: TRY400
            with unavailable():
                outbox = f"rung:outbox:{member.rsplit('/', 1)[1]}"
                self._client.zadd(outbox, {member: now + _UNREADABLE_FOR}, xx=True)
            return None

    def _now(self) -> float:
        return seconds_now(self._client, self._clock)


def _claimed(row: Sequence[Any], now: float) -> Claim:
    member, entry, record, ledger = row
    alert_id, field = member.decode().split("/", 1)
    fields = iter(ledger.items() if isinstance(ledger, dict) else zip(ledger[::2], ledger[1::2], strict=True))
    return Claim(
        key=Key.parse(int(alert_id), field),
        entry=Entry.model_validate_json(entry),
        alert=load(record),
        ledger=_entries(fields),
        now=from_epoch(now),
    )


def _entries(fields: Iterable[tuple[bytes, bytes]]) -> dict[str, Entry]:
    """Read a ledger; an entry that cannot be read is left out, so that it does not hide the others."""
    entries: dict[str, Entry] = {}
    for field, raw in fields:
        try:
            entries[field.decode()] = Entry.model_validate_json(raw)
        except ValueError as error:
            log.error("the entry %s of a ledger cannot be read: %s", field, error)  # noqa: TRY400
    return entries


def _encoded(settlement: Settlement) -> str:
    key = settlement.key
    now = settlement.entry.settled_at or settlement.entry.queued_at
    message = settlement.message
    return json.dumps(
        {
            "id": str(key.alert),
            "field": key.field,
            "channel": key.channel,
            "token": settlement.token,
            "state": settlement.entry.state.value,
            "d": settlement.entry.dump(),
            "w": repr(settlement.retry_at.timestamp()) if settlement.retry_at else "",
            "e": settlement.events,
            "n": [
                [other.field, other.channel, entry.dump(), repr(now.timestamp())]
                for other, entry in settlement.failed_over_to
            ],
            "m": json.dumps(message, ensure_ascii=False) if message else "",
            "p": settlement.did_not_go_as,
            "i": settlement.entry.provider_id or "",
            "o": settlement.instead_of,
        },
        ensure_ascii=False,
    )
