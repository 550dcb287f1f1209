"""The scheduler against a real Redis: every due job moves once, and nothing that is broken holds up the rest."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from core.adapters.redis_client import connect
from core.adapters.redis_store import RedisStore
from core.adapters.timers import RungScheduler
from core.commands import Acknowledge
from core.engine import Engine
from core.ledger import State
from core.store import Settlement, StoreUnavailableError
from schedules.sweep import sweep
from tests.conftest import wait_for
from tests.samples import RULES
from tests.samples import signal as fired
from tests.worlds import World, scheduled

ROOT = Path(__file__).resolve().parents[2]
PARKED = "rung:parked"


@pytest.fixture
def world(client):
    return World(client)


def scheduler(world: World, sweeps=lambda: None) -> RungScheduler:
    return RungScheduler(world.client, sweeps, world.clock)


def queued(client, queue="escalate") -> list[str]:
    return [job.decode() for job in client.lrange(f"rq:queue:{queue}", 0, -1)]


def later(world: World, seconds: float) -> None:
    world.now += timedelta(seconds=seconds)


def test_what_is_due_moves_to_its_queue_and_the_rest_stays(world):
    world.receive(fired("a"), fired("b", "high"))
    later(world, 599.999)
    assert scheduler(world).enqueue_jobs() == 0
    later(world, 0.001)
    assert scheduler(world).enqueue_jobs() == 1
    assert queued(world.client) == ["escalate-1-1"]
    assert scheduled(world.client) == [b"escalate-2-1"]
    job = world.client.hgetall("rq:job:escalate-1-1")
    assert job[b"status"] == b"queued"
    assert job[b"enqueued_at"]
    assert world.client.sismember("rq:queues", "rq:queue:escalate")


def test_the_earliest_move_first(world):
    world.receive(fired("late", "high"), fired("early"))
    later(world, 3600)
    scheduler(world).enqueue_jobs()
    assert queued(world.client) == ["escalate-2-1", "escalate-1-1"]


def test_two_thousand_that_are_due_at_once_all_move_once_with_two_schedulers(world):
    for start in range(0, 2000, 100):
        world.receive(*[fired(f"k{start + n}") for n in range(100)])
    later(world, 700)
    moved, barrier = [], threading.Barrier(2)

    def tick():
        mine = scheduler(world)
        barrier.wait()
        moved.append(mine.enqueue_jobs())

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    jobs = queued(world.client)
    assert sum(moved) == len(jobs) == len(set(jobs)) == 2000
    assert scheduled(world.client) == []


def test_a_timer_whose_alert_was_answered_is_not_moved(world):
    world.receive(fired())
    world.engine.act(1, Acknowledge("user1", "api"))
    later(world, 700)
    assert scheduler(world).enqueue_jobs() == 0
    assert queued(world.client) == []


@pytest.mark.parametrize(
    "forge",
    [
        lambda client, key: client.hset(key, "origin", "somebody-elses"),
        lambda client, key: client.hset(key, "origin", ""),
        lambda client, key: client.hdel(key, "data"),
        lambda client, key: client.hdel(key, "origin"),
        lambda client, key: client.delete(key) and client.set(key, "no hash at all"),
        lambda client, key: client.delete(key) and client.rpush(key, "a list"),
    ],
)
def test_a_job_that_cannot_be_moved_is_parked_and_the_rest_goes_on(world, forge):
    world.receive(fired("broken"), fired("fine"))
    forge(world.client, "rq:job:escalate-1-1")
    later(world, 700)
    assert scheduler(world).enqueue_jobs() == 1
    assert queued(world.client) == ["escalate-2-1"]
    assert list(world.client.hgetall(PARKED)) == [b"escalate-1-1"]
    assert scheduled(world.client) == []


def test_a_timer_whose_job_is_gone_is_dropped_without_a_word(world):
    world.client.zadd("rq:scheduler:scheduled_jobs", {"escalate-9-9": 0, "\x00\xff": 0})
    world.receive(fired())
    later(world, 700)
    assert scheduler(world).enqueue_jobs() == 1
    assert not world.client.exists(PARKED)


def test_many_broken_ones_in_front_do_not_hold_up_the_good_one(world):
    later(world, -100)
    broken = {f"broken-{n}": world.now.timestamp() for n in range(1500)}
    later(world, 100)
    world.client.zadd("rq:scheduler:scheduled_jobs", broken)
    world.receive(fired())
    later(world, 700)
    ticks = 0
    while not queued(world.client):
        scheduler(world).enqueue_jobs()
        ticks += 1
        assert ticks <= 3
    assert queued(world.client) == ["escalate-1-1"]


def test_the_alert_behind_a_parked_job_is_swept_and_climbs(world):
    world.receive(fired())
    world.client.hset("rq:job:escalate-1-1", "origin", "nowhere")
    later(world, 600)
    mine = scheduler(world, lambda: sweep(world.engine))
    mine.run(burst=True)
    assert world.alert(1).level == 0
    later(world, 1)
    mine.run(burst=True)
    assert world.alert(1).level == 1
    assert scheduled(world.client) == [b"escalate-1-2"]


def test_a_sweep_leaves_what_is_not_a_second_overdue_to_the_jobs(world):
    world.receive(fired())
    later(world, 600.9)
    assert sweep(world.engine) == 0
    later(world, 0.2)
    assert sweep(world.engine) == 1


def test_a_sweep_takes_so_many_at_most(world):
    for start in range(0, 700, 100):
        world.receive(*[fired(f"k{start + n}") for n in range(100)])
    later(world, 700)
    assert sweep(world.engine) == 500
    assert sweep(world.engine) == 200


def test_a_retry_that_has_come_due_queues_a_job_that_sends_it(world):
    world.receive(fired())
    world.client.delete("rq:queue:notify")
    claims = world.ledger.claim(100, 100, {})
    retry_at = world.now + timedelta(seconds=2)
    world.ledger.settle(
        [Settlement(c.key, c.entry.token, c.entry.model_copy(update={"state": State.QUEUED}), retry_at) for c in claims]
    )
    later(world, 1.9)
    scheduler(world).enqueue_jobs()
    assert queued(world.client, "notify") == []
    later(world, 0.1)
    scheduler(world).enqueue_jobs()
    assert len(queued(world.client, "notify")) == 1


def test_a_lease_that_ran_out_queues_a_job_that_sends_it_again(world):
    world.receive(fired())
    world.client.delete("rq:queue:notify")
    world.ledger.claim(100, 100, {})
    scheduler(world).enqueue_jobs()
    assert queued(world.client, "notify") == []
    later(world, 5)
    scheduler(world).enqueue_jobs()
    assert len(queued(world.client, "notify")) == 1


def test_one_hint_is_enough_however_much_is_waiting(world):
    world.receive(*[fired(f"k{n}") for n in range(30)])
    for _ in range(5):
        scheduler(world).enqueue_jobs()
        world.receive(fired(f"more-{world.now}"))
        later(world, 1)
    assert world.client.llen("rq:queue:notify") == 1
    assert len(list(world.client.scan_iter("rq:job:notify-*"))) == 1


def test_nothing_to_send_queues_nothing(world):
    world.fires()
    world.client.delete("rq:queue:notify")
    scheduler(world).enqueue_jobs()
    assert queued(world.client, "notify") == []


def test_it_tidies_twice_a_minute_and_every_second_while_there_is_more(world):
    left, called = [True, True, False, False], []
    tidies = RungScheduler(world.client, lambda: None, world.clock, lambda: called.append(tick) or left.pop(0))
    for tick in range(152):
        tidies._one_round(tick)
    assert called == [0, 5, 10, 150]


def test_it_outlives_a_redis_that_goes_away_and_comes_back(own_server):
    client = connect(own_server.url)
    swept: list[float] = []
    mine = RungScheduler(client, lambda: swept.append(time.monotonic()))
    thread = threading.Thread(target=mine.run)
    thread.start()
    try:
        wait_for(lambda: swept, what="a first sweep")
        own_server.kill()
        with pytest.raises(StoreUnavailableError):
            RungScheduler(client, lambda: None).enqueue_jobs()
        swept.clear()
        own_server.start()
        engine = Engine(RedisStore(client), RULES)
        engine.receive("generic", [fired()])
        client.zadd("rq:scheduler:scheduled_jobs", {"escalate-1-1": 0})
        wait_for(lambda: queued(client), 5, "the timer moving")
        wait_for(lambda: swept, 5, "sweeping again")
    finally:
        mine.stop()
        thread.join(5)
    assert not thread.is_alive()


def test_a_sweep_that_finds_redis_away_does_not_end_the_loop(world):
    def away():
        raise StoreUnavailableError("away")

    scheduler(world, away).run(burst=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_by_itself_when_it_is_told_to_stop(redis_server, client, number):
    code = (
        "import sys; from core.adapters.redis_client import connect; from core.adapters.timers import RungScheduler\n"
        "s = RungScheduler(connect(sys.argv[1]), lambda: print('swept', flush=True))\n"
        "s.stop_on_signals(); s.run(); print('ended', flush=True)"
    )
    command = [sys.executable, "-c", code, redis_server.url]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "swept\n"
        process.send_signal(number)
        rest = process.communicate(timeout=5)[0]
    assert rest.splitlines()[-1] == "ended"
    assert process.returncode == 0
