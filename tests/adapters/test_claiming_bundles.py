"""Claiming in a storm, against a real Redis: who waits, what goes together, and what that costs."""

import threading
import time
from datetime import timedelta
from itertools import count

import pytest

from core.adapters.redis_ledger import LEASE, RedisLedger
from core.commands import Acknowledge
from core.config.bundling import Bundling
from core.ledger import State
from core.store import Claim, Settlement
from tests.bundles import storm_config
from tests.samples import config, signal
from tests.worlds import World

BUNDLING = Bundling()
KEYS = count()


@pytest.fixture
def world(client):
    return World(client, storm_config())


def claim(world: World, limit: int = 100, per_channel: int = 100) -> list[list[int]]:
    """The alerts of each message that is claimed."""
    found: dict[str, list[int]] = {}
    for each in world.ledger.claim(limit, per_channel, {}, BUNDLING):
        found.setdefault(each.sent_as, []).append(each.key.alert)
    return list(found.values())


def storm(world: World, how_many: int, severity: str = "critical") -> None:
    world.receive(*[signal(f"key {next(KEYS)}", severity) for _ in range(how_many)])


def settled(each: Claim, state: State, **fields) -> Settlement:
    entry = each.entry.model_copy(update={"state": state, "settled_at": each.now})
    return Settlement(each.key, each.entry.token, entry, **fields)


def test_a_bundle_is_one_of_those_that_may_be_claimed_and_of_those_of_a_channel(world):
    storm(world, 30)
    claim(world)
    world.now += timedelta(seconds=20)
    (bundle,) = claim(world, limit=1, per_channel=1)
    assert len(bundle) == 30, "five were never settled, so they belong to it"


def test_several_workers_at_once_keep_the_pace_together(client):
    world = World(client, storm_config())
    storm(world, 200)
    taken: list[str] = []
    barrier = threading.Barrier(4)

    def work():
        ledger = RedisLedger(client, world.clock)
        barrier.wait()
        for _ in range(20):
            claims = ledger.claim(3, 3, {}, BUNDLING)
            ledger.settle([settled(each, State.SENT) for each in claims])
            taken.extend(each.sent_as for each in claims)

    def all_work():
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    all_work()
    assert len(taken) == len(set(taken)) == 5
    world.now += timedelta(seconds=20)
    all_work()
    assert len(set(taken[5:])) == 1
    assert len(taken) == 200


def test_what_waits_stays_where_a_tick_of_the_scheduler_sees_it(world):
    storm(world, 30)
    claim(world)
    scores = [score for _, score in world.client.zrange("rung:outbox:sms", 0, -1, withscores=True)]
    assert scores.count((world.now + timedelta(seconds=20)).timestamp()) == 25
    entry = next(e for n in range(1, 31) for e in world.entries(n).values() if e.state is State.QUEUED)
    assert (entry.attempts, entry.token) == (0, ""), "to wait is neither a claim nor a failure"


def test_one_that_did_not_go_is_taken_back(world):
    storm(world, 5)
    claims = world.ledger.claim(100, 100, {}, BUNDLING)
    world.ledger.settle([settled(claims[0], State.FAILED, did_not_go_as=claims[0].sent_as)])
    world.ledger.settle([settled(each, State.SENT) for each in claims[1:]])
    storm(world, 2)
    assert [len(each) for each in claim(world)] == [1]


def test_a_late_failure_takes_nothing_back_from_whoever_holds_it_now(world):
    storm(world, 1)
    (lost,) = world.ledger.claim(100, 100, {}, BUNDLING)
    world.now += timedelta(seconds=LEASE)
    (held,) = world.ledger.claim(100, 100, {}, BUNDLING)
    assert held.sent_as != lost.sent_as
    late = settled(lost, State.FAILED, did_not_go_as=lost.sent_as)
    assert world.ledger.settle([late]) == [False]
    assert world.client.zrange("rung:pace:sms/user2", 0, -1) == [held.sent_as.encode()]


def test_a_lease_that_ran_out_is_not_counted_twice(world):
    storm(world, 5)
    for _ in range(4):
        assert [len(each) for each in claim(world)] == [1] * 5
        world.now += timedelta(seconds=LEASE)


def test_somebody_elses_page_does_not_wait_behind_a_storm(client):
    world = World(client, config(bundling={}))
    world.receive(*[signal(f"k{number}", "low") for number in range(300)])  # user2, by mail
    claim(world)
    world.now += timedelta(seconds=1)
    world.receive(signal("one"))
    (entry,) = (each for each in world.ledger.claim(1, 1, {}, BUNDLING) if each.key.channel != "email")
    assert entry.key.alert == 301


def test_a_member_that_names_nobody_is_claimed_by_itself(world):
    storm(world, 1)
    entry = world.client.hget("rung:ledger:1", "2/user2/sms")
    world.client.hset("rung:ledger:1", "odd", entry)
    world.client.zadd("rung:outbox:sms", {"1/odd": 0})
    assert len(world.ledger.claim(100, 100, {}, BUNDLING)) == 1, "and is put off, since nobody can read its key"
    assert world.client.zscore("rung:outbox:sms", "1/odd") > world.now.timestamp()


@pytest.mark.parametrize("broken", ["", "garbage", "{}"])
def test_an_alert_of_a_bundle_that_cannot_be_read_does_not_hold_up_the_others(world, broken):
    storm(world, 12)
    claim(world)
    world.now += timedelta(seconds=20)
    world.client.hset("rung:alert:7", "d", broken)
    (bundle,) = claim(world)
    assert sorted(bundle) == [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]


def test_many_that_were_answered_while_they_waited_cost_one_look(world):
    storm(world, 600)
    claim(world)
    for number in range(1, 601):
        world.engine.act(number, Acknowledge("user3", "api"))
    world.now += timedelta(seconds=20)
    storm(world, 1)
    assert claim(world) == [[601]]
    assert world.client.zcard("rung:outbox:sms") == 1


def test_it_stays_cheap_with_ten_thousand_due(client):
    world = World(client, storm_config())
    for _ in range(10):
        storm(world, 1000)

    def seconds(bundling: Bundling) -> float:
        start = time.perf_counter()
        claims = world.ledger.claim(8, 8, {}, bundling)
        took = time.perf_counter() - start
        assert len(claims) == (8 if bundling is not BUNDLING else 0)
        return took

    without = min(seconds(Bundling(after=0)) for _ in range(10))
    calm = min(seconds(Bundling(after=1000)) for _ in range(10))
    assert calm < 2 * without + 0.001, "nobody is over the pace"
    assert seconds(BUNDLING) < 1.0, "all of them are put off in a moment"
    assert world.client.zcount("rung:outbox:sms", "-inf", world.now.timestamp()) == 0
    world.now += timedelta(seconds=20)
    start = time.perf_counter()
    (bundle,) = claim(world)
    assert len(bundle) == 500
    assert time.perf_counter() - start < 1.5
