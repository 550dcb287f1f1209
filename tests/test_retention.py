"""What is over leaves Redis: keys when an alert cannot be re-opened any more, alerts after the configured time."""

import pytest

from schedules.forget import forget
from tests.families import families
from tests.samples import config
from tests.worlds import World

DAY = 86400


@pytest.fixture
def world(client):
    return World(client, config(retention={"resolved": "10d"}))


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


def test_a_dedup_key_is_let_go_when_nobody_needs_it_any_more(world):
    """Reopening asks for it for five minutes, whoever counts how often the source changes its mind for fifteen."""
    world.fires()
    world.clears()
    world.passes(899)
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
    """Two thousand alerts come and go; what Redis holds afterwards is what it held after the first few."""
    before = come_and_go(world, 300)  # fills the outbox, which keeps the last thousand messages
    assert come_and_go(world, 2000) == before


def come_and_go(world, count: int) -> dict[str, tuple[int, int]]:
    from tests.samples import cleared, signal

    for start in range(0, count, 100):
        world.receive(*[signal(f"{world.now}-{n}") for n in range(start, start + 100)])
        world.send()
        world.receive(*[cleared(f"{world.now}-{n}") for n in range(start, start + 100)])
        world.send()
    world.passes(11 * DAY)
    while forget(world.store):
        pass
    return families(world.client)


def test_a_little_is_forgotten_at_a_time_and_what_is_left_is_said(world, monkeypatch):
    monkeypatch.setattr("schedules.forget._AT_ONCE", 2)
    monkeypatch.setattr("schedules.forget._AT_MOST", 4)
    for number in range(4):
        world.fires(str(number))
        world.clears(str(number))
    world.passes(11 * DAY)
    assert forget(world.store), "two alerts and their keys"
    assert world.client.zcard("rung:expire") == 2
    assert forget(world.store)
    assert world.client.zcard("rung:expire") == 0
    assert not forget(world.store)
