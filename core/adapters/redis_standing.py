"""Standing orders in Redis: overrides and silences, under one version that changes with each of them.

What ended stays for as long as resolved alerts do, so that people can see who was on call; then it goes.
"""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import redis

from core.adapters.jobs import rq_instant
from core.adapters.redis_client import unavailable
from core.adapters.scripts import register
from core.override_orders import Orders
from core.overrides import Override
from core.silences import Silence, load_silence
from core.standing import Standing
from core.store import StoreUnavailableError

log = logging.getLogger("rung.standing")

Order = TypeVar("Order", Override, Silence)

OVERRIDES, SILENCES = "rung:overrides", "rung:silences"
VERSION = "rung:standing"

_KEPT_EVENTS = 1000  # of each rotation
_TRIES = 50
# A date in no year of UTC, JSON too deep to read, a number where there is a text: damaged all the same.
_UNREADABLE = (ValueError, TypeError, OverflowError, RecursionError)


class RedisStanding:
    """Reads and writes them. Every call raises StoreUnavailableError when it cannot be done."""

    def __init__(self, client: redis.Redis) -> None:
        """Take a client; nothing is sent until the first call."""
        self._client = client
        self._hint_review = register(client, "hint_review")

    def read(self) -> Standing:
        """Give all of them, with the version they were read at; what cannot be read is left out, and said."""
        with unavailable(), self._client.pipeline() as pipe:
            pipe.get(VERSION)
            pipe.hgetall(OVERRIDES)
            pipe.hgetall(SILENCES)
            version, overrides, silences = pipe.execute()
        return Standing(
            int(version or 0),
            tuple(_readable(OVERRIDES, overrides, Override.load)),
            tuple(_readable(SILENCES, silences, load_silence)),
        )

    def next_id(self) -> int:
        """Give a number that no override and no silence has had."""
        with unavailable():
            return int(self._client.incr("rung:last_standing"))

    def add(self, *orders: Override | Silence) -> None:
        """Put these in force, all at once; one of an id that is there already replaces it."""
        with unavailable(), self._client.pipeline() as pipe:
            for order in orders:
                pipe.hset(_key_of(order), str(order.id), order.dump())
            pipe.incr(VERSION)
            self._hint(pipe, orders)
            pipe.execute()

    def remove(self, order: Override | Silence) -> None:
        """Take one back; that it is gone already is fine."""
        with unavailable(), self._client.pipeline() as pipe:
            pipe.hdel(_key_of(order), str(order.id))
            pipe.incr(VERSION)
            self._hint(pipe, [order])
            pipe.execute()

    def _hint(self, pipe: "redis.client.Pipeline", orders: Sequence[Override | Silence]) -> None:
        """Have open alerts reviewed once these silences are in force."""
        if any(isinstance(order, Silence) for order in orders):
            self._hint_review(args=[rq_instant(datetime.now(UTC))], client=pipe)  # for people who look at RQ's hashes

    def order(self, decide: Callable[[Standing], Orders]) -> Orders:
        """Write what is decided about what stands, and the event of it, at once; when it changed, decide again."""
        for _ in range(_TRIES):
            with unavailable(), self._client.pipeline() as pipe:
                pipe.watch(VERSION)  # type: ignore[no-untyped-call]
                orders = decide(self.read())
                pipe.multi()
                _write(pipe, orders)
                try:
                    pipe.execute()
                except redis.WatchError:
                    continue
                return orders
        raise StoreUnavailableError("the standing orders keep being changed by others; try again")

    def timeline(self, rotation: str) -> list[dict[str, Any]]:
        """Give what was ordered about a rotation, oldest first, the last 1,000."""
        with unavailable():
            lines = self._client.lrange(_timeline_of(rotation), 0, -1)
        return [json.loads(line) for line in lines]

    def forget(self, now: datetime, keep: timedelta) -> int:
        """Drop what ended longer ago than `keep`, and say how many. Nobody's copy is wrong for it."""
        standing = self.read()
        over: list[Override | Silence] = [
            *(order for order in standing.overrides if order.ends_at < now - keep),
            *(order for order in standing.silences if order.end < now - keep),
        ]
        with unavailable(), self._client.pipeline() as pipe:
            for order in over:
                pipe.hdel(_key_of(order), str(order.id))
            pipe.execute()
        return len(over)


def _write(pipe: "redis.client.Pipeline", orders: Orders) -> None:
    for override in orders.put:
        pipe.hset(OVERRIDES, override.id, override.dump())
    for override in orders.drop:
        pipe.hdel(OVERRIDES, override.id)
    pipe.incr(VERSION)
    key, line = _timeline_of(orders.rotation), json.dumps(orders.event, ensure_ascii=False)
    pipe.lrem(key, -1, line)  # the client sends it all again when a reply was lost
    pipe.rpush(key, line)
    pipe.ltrim(key, -_KEPT_EVENTS, -1)


def _timeline_of(rotation: str) -> str:
    return f"rung:rotation:{rotation}"


def _key_of(order: Override | Silence) -> str:
    return OVERRIDES if isinstance(order, Override) else SILENCES


def _readable(key: str, records: dict[bytes, bytes], read: Callable[[bytes], Order]) -> list[Order]:
    """Give those that can be read: a damaged one must not stop every page."""
    found = []
    for field, record in records.items():
        try:
            found.append(read(record))
        except _UNREADABLE as error:
            which = field.decode("utf-8", "replace")
            log.error("%s %s cannot be read and is passed over: %s", key, which, error)  # noqa: TRY400 - it says it all
    return found
