"""Heartbeats in Redis: one script a step, so that beats, two schedulers and a web that was away never disagree."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

import redis

from core.adapters.redis_client import unavailable
from core.adapters.redis_clock import Clock, server_clock
from core.adapters.scripts import register
from core.heartbeats import BREAK, LEASE, LOOK_AGAIN, Beat, Look, Watched
from core.times import from_epoch

WATCHED, WEB = "rung:heartbeats", "rung:web"
_FIELDS = ("since", "last", "patience", "missing", "back")


class RedisHeartbeats:
    """The HeartbeatStore that runs live. `clock` gives simulated time in tests; Redis tells it otherwise."""

    def __init__(self, client: redis.Redis, clock: Clock | None = None) -> None:
        """Take a client; nothing is sent until the first call."""
        self._client = client
        self._clock = clock or server_clock
        self._beat = register(client, "heartbeat_beat")
        self._arm = register(client, "heartbeat_arm")
        self._take = register(client, "heartbeat_take")
        self._settle = register(client, "heartbeat_settle")
        self._note_web = register(client, "note_web")

    def beat(self, name: str, patience: int) -> Beat:
        """Take a beat."""
        with unavailable():
            now, ends_alert = self._beat(args=[self._clock(), name, patience, LOOK_AGAIN])
        return Beat(from_epoch(float(now) + patience), bool(ends_alert))

    def arm(self, patience: Mapping[str, int]) -> list[str]:
        """Watch these, each for so many seconds of silence, and give the names of all others that are watched."""
        named = [word for pair in patience.items() for word in pair]
        with unavailable():
            gone = self._arm(args=[self._clock(), *named])
        return [name.decode() for name in gone]

    def take(self, limit: int) -> list[Look]:
        """Take those that have to be looked at now, so many at most, under a lease."""
        with unavailable():
            now, taken = self._take(args=[self._clock(), limit, LEASE, BREAK])
        return [_look(float(now), *words) for words in taken]

    def settle(self, looks: Sequence[Look]) -> list[bool]:
        """Note that these were dealt with; say of each whether it stands, False when its beat came in between."""
        words = [word for look in looks for word in (look.name, _what(look), look.mark)]
        with unavailable():
            settled = self._settle(args=words)
        return [bool(each) for each in settled]

    def forget(self, names: Sequence[str]) -> None:
        """Watch these no more."""
        with unavailable(), self._client.pipeline(transaction=True) as pipe:
            for name in names:
                pipe.zrem(WATCHED, name)
                pipe.delete(_key_of(name))
            pipe.execute()

    def watched(self, names: Sequence[str]) -> dict[str, Watched]:
        """Say how these stand; those that are not watched yet are left out."""
        with unavailable(), self._client.pipeline(transaction=True) as pipe:
            pipe.hget(WEB, "since")
            for name in names:
                pipe.hmget(_key_of(name), _FIELDS)
            taken_since, *rows = pipe.execute()
        found = zip(names, cast("list[list[bytes | None]]", rows), strict=True)
        return {name: _watched(float(taken_since or 0), row) for name, row in found if row[0]}

    def note_web(self) -> None:
        """Say that a web process is there, which takes beats."""
        with unavailable():
            self._note_web(args=[self._clock(), BREAK])


def _key_of(name: str) -> str:
    return f"rung:heartbeat:{name}"


def _what(look: Look) -> str:
    return "back" if look.is_back else "silent"


def _look(now: float, name: bytes, what: bytes, since: bytes, last: bytes) -> Look:
    mark = since.decode()
    return Look(name.decode(), what == b"back", mark, from_epoch(now), from_epoch(float(mark)), _instant(last))


def _watched(taken_since: float, row: Sequence[bytes | None]) -> Watched:
    since, last, patience, missing, back = row
    if missing and not back:
        return Watched(_instant(last), None, _instant(missing))
    next_before = max(float(since or 0), taken_since) + float(patience or 0)
    return Watched(_instant(last), from_epoch(next_before), None)


def _instant(seconds: bytes | None) -> datetime | None:
    return from_epoch(float(seconds)) if seconds else None
