"""A hundred thousand open alerts as a week leaves them, without raising each: sixty go their whole way and are copied.

The sixty are made by the engine and the scripts in simulated time: three of four are acknowledged, the others climb
until their ladder is used up. What the scripts wrote of them is copied under other numbers, byte by byte.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis

from core.config import Config
from tests.worlds import World

_DISTINCT = 60
_ANSWERED = 0.75
_SEVERITIES = ("critical", "high", "high", "medium", "medium", "medium")
_AT_ONCE = 250


@dataclass(frozen=True)
class Original:
    """What Redis has of an open alert."""

    alert_id: int
    fields: dict[bytes, bytes]
    timeline: list[bytes]
    ledger: dict[bytes, bytes]
    wake_at: float | None

    def copy(self, pipe: redis.client.Pipeline, alert_id: int) -> None:
        """Write it under another number, as one that has just changed."""
        own, other = (f'"id":{number},'.encode() for number in (self.alert_id, alert_id))
        pipe.hset(f"rung:alert:{alert_id}", mapping=self.fields | {b"d": self.fields[b"d"].replace(own, other, 1)})
        pipe.rpush(f"rung:timeline:{alert_id}", *self.timeline)
        pipe.hset(f"rung:ledger:{alert_id}", mapping=self.ledger)
        pipe.zadd("rung:open", {str(alert_id): alert_id})
        pipe.zadd("rung:changed", {str(alert_id): alert_id})
        if self.wake_at is not None:
            pipe.zadd("rung:wake", {str(alert_id): self.wake_at})


def fill(client: redis.Redis, config: Config, count: int, start: datetime, end: datetime) -> None:
    """Leave so many open alerts that were raised between these instants, with all done that was due until the end."""
    world = World(client, config)
    world.now = start
    originals = [_read(client, alert_id) for alert_id in _lived(world, start, end, random.Random(5))]
    last = client.incrby("rung:last_id", count - len(originals))
    client.incrby("rung:last_digest", last)
    ids = range(last - count + len(originals) + 1, last + 1)
    for first in range(0, len(ids), _AT_ONCE):
        with client.pipeline(transaction=False) as pipe:
            for alert_id in ids[first : first + _AT_ONCE]:
                originals[alert_id % len(originals)].copy(pipe, alert_id)
            pipe.execute()


def _lived(world: World, start: datetime, end: datetime, dice: random.Random) -> Iterator[int]:
    todo: list[tuple[datetime, int, str]] = []
    for number in range(_DISTINCT):
        at = start + dice.random() * (end - start)
        todo.append((at, number, dice.choice(_SEVERITIES)))
        if dice.random() < _ANSWERED:
            todo.append((at + timedelta(seconds=dice.lognormvariate(5.0, 1.1)), number, ""))
    ids: dict[int, int] = {}
    for at, number, severity in sorted(todo):
        world.passes((min(at, end) - world.now).total_seconds())
        if severity:
            labels = {"team": dice.choice(("shop", "platform")), "host": f"db{number}"}
            ids[number] = world.fires(f"disk-{number}", severity, labels=labels, title=f"Disk of db{number} is full")
        else:
            world.acknowledges(ids[number])
    world.passes((end - world.now).total_seconds())
    return iter(ids.values())


def _read(client: redis.Redis, alert_id: int) -> Original:
    return Original(
        alert_id,
        client.hgetall(f"rung:alert:{alert_id}"),
        client.lrange(f"rung:timeline:{alert_id}", 0, -1),
        client.hgetall(f"rung:ledger:{alert_id}"),
        client.zscore("rung:wake", alert_id),
    )
