"""What is over leaves Redis: keys when an alert cannot be re-opened any more, alerts after the configured time."""

import pytest

from schedules.forget import forget
from tests.samples import config
from tests.worlds import World

DAY = 86400


@pytest.fixture
def world(client):
    return World(client, config(retention={"resolved": "10d"}))


def families(world) -> dict[str, int]:
    """How many keys, and how many things in them, Redis holds of each family."""
    found: dict[str, int] = {}
    for key in set(world.client.scan_iter()):
        family = key.decode().rstrip("0123456789").rsplit("escalate-", 1)[0].rsplit("notify-", 1)[0]
        found[family] = found.get(family, 0) + _size(world, key)
    return found


def _size(world, key: bytes) -> int:
    kind = world.client.type(key).decode()
    return {
        "hash": world.client.hlen,
        "zset": world.client.zcard,
        "list": world.client.llen,
        "set": world.client.scard,
    }.get(kind, lambda _: 1)(key)


def test_a_resolved_alert_leaves_after_its_time_and_not_before(world):
    world.fires()
    world.clears()
    world.passes(10 * DAY - 1)
    forget(world.store)
    assert not world.alert(1).is_open
    world.passes(2)
    forget(world.store)
    assert world.store.timeline(1) == []
    assert world.store.look_up([], [1]).stored == (None,)


def test_an_open_alert_is_kept_however_old_it_is(world):
    world.fires()
    world.passes(400 * DAY)
    forget(world.store)
    assert world.alert(1).is_open


def test_a_dedup_key_is_let_go_when_the_alert_cannot_be_reopened_any_more(world):
    world.fires()
    world.clears()
    world.passes(299)
    forget(world.store)
    assert world.client.hlen("rung:dedup") == 1
    world.passes(2)
    forget(world.store)
    assert world.client.hlen("rung:dedup") == 0
    assert world.fires() == 2


def test_a_key_that_a_newer_alert_has_taken_over_stays_with_it(world):
    world.fires()
    world.clears()
    world.passes(400)
    assert world.fires() == 2
    forget(world.store)
    assert world.fires() == 2


def test_a_reopened_alert_is_kept(world):
    world.fires()
    world.clears()
    world.passes(100)
    world.fires()
    world.passes(20 * DAY)
    forget(world.store)
    assert world.alert(1).is_open
    assert world.client.zcard("rung:expire") == world.client.zcard("rung:unkey") == 0


def test_nothing_grows_for_ever(world):
    """Two thousand alerts come and go; what Redis holds afterwards is what it held after the first hundred."""
    before = come_and_go(world, 100)
    after = come_and_go(world, 2000)
    bounded = {"rung:messages"}
    grown = {f: (before.get(f, 0), n) for f, n in after.items() if n > before.get(f, 0) and f not in bounded}
    assert grown == {}


def come_and_go(world, count: int) -> dict[str, int]:
    from tests.samples import cleared, signal

    for start in range(0, count, 100):
        world.receive(*[signal(f"{world.now}-{n}") for n in range(start, start + 100)])
        world.send()
        world.receive(*[cleared(f"{world.now}-{n}") for n in range(start, start + 100)])
        world.send()
    world.passes(11 * DAY)
    forget(world.store)
    return families(world)
