"""RQ as Rung uses it: only functions on the list run, and no job, forged or stale, holds up or kills a worker."""

import json
import pickle
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from rq import Queue
from rq.job import Job

from core.adapters.jobs import ALLOWED, ESCALATE_QUEUE, NOTIFY_QUEUE, ForbiddenJobError, RungJob, RungWorker, worker
from core.adapters.redis_client import connect
from core.adapters.timers import RungScheduler
from core.commands import Acknowledge
from core.wiring import Rung
from schedules.parts import Parts, here
from tests.samples import signal as fired
from tests.worlds import World

GOOD = {
    "created_at": "2026-11-23T10:00:00.000000Z",
    "origin": "escalate",
    "status": "queued",
    "timeout": "-1",
    "result_ttl": "0",
    "failure_ttl": "3600",
}


def data(function: str, *args: object, instance: object = None, **kwargs: object) -> str:
    return json.dumps([function, instance, args, kwargs])


class Trap:
    """Unpickling this makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


@pytest.fixture
def world(client, monkeypatch):
    """A world whose parts are those of this process, as in a worker."""
    world = World(client)
    rung = Rung({}, None, None, client, world.engine, world.ledger, world.links, world.beats)
    monkeypatch.setattr(here, "rung", rung)
    monkeypatch.setattr(here, "dispatcher", world.dispatcher)
    return world


@pytest.fixture
def work(redis_server, world, monkeypatch):
    """Run a worker in this process until its queue is empty."""
    # The thread that listens for RQ's own commands takes a second to end; nothing here is about it.
    monkeypatch.setattr(RungWorker, "subscribe", lambda _: None)
    monkeypatch.setattr(RungWorker, "unsubscribe", lambda _: None)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    clients = []

    def run(queue: str = ESCALATE_QUEUE) -> None:
        clients.append(connect(redis_server.url))
        worker(clients[-1], queue).work(burst=True, logging_level="CRITICAL")

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
    for client in clients:
        client.close()


def push(world: World, job_id: str, queue: str = ESCALATE_QUEUE, **fields: object) -> None:
    fields = {name: value for name, value in ({**GOOD, **fields}).items() if value is not None}
    world.client.hset(f"rq:job:{job_id}", mapping=fields)
    world.client.sadd("rq:queues", f"rq:queue:{queue}")
    world.client.rpush(f"rq:queue:{queue}", job_id)


def make_due(world: World, seconds: float = 600) -> None:
    world.now += timedelta(seconds=seconds)
    RungScheduler(world.client, lambda: None, world.clock).enqueue_jobs()


def leftovers(world: World, *but: bytes) -> list[bytes]:
    """What RQ left behind, apart from what it keeps about queues and timers that wait."""
    waiting = {f"rq:job:{job.decode()}".encode() for job in world.client.zrange("rq:scheduler:scheduled_jobs", 0, -1)}
    known = {b"rq:queues", b"rq:scheduler:scheduled_jobs", b"rq:workers", *waiting, *but}
    return [key for key in world.client.scan_iter("rq:*") if key not in known and not _is_housekeeping(key)]


def _is_housekeeping(key: bytes) -> bool:
    return key.startswith((b"rq:worker:", b"rq:clean_", b"rq:workers:"))


def test_a_worker_runs_the_job_behind_a_timer_and_the_ladder_climbs(world, work):
    world.receive(fired())
    world.send()
    world.client.delete("rq:queue:notify", *world.client.scan_iter("rq:job:notify-*"))
    make_due(world)
    work()
    assert world.alert(1).level == 1
    assert world.story(1, "escalated") == ["600 escalated secondary"]
    hint = world.client.lrange("rq:queue:notify", 0, -1)[0].decode()
    assert leftovers(world, b"rq:queue:notify", f"rq:job:{hint}".encode()) == []


def test_a_worker_empties_the_outbox_and_leaves_nothing_behind(world, work):
    world.receive(fired())
    work(NOTIFY_QUEUE)
    assert [who for who, *_ in world.told()] == ["user2"] * 3
    assert set(world.ledger_of(1).values()) == {"sent"}
    assert leftovers(world) == []


def test_a_job_that_drains_what_others_were_to_do_leaves_them_nothing_to_do(world, work):
    """The first of fifty does the work of all; the rest find their jobs gone, and no list keeps their ids."""
    world.receive(*[fired(f"k{n}") for n in range(50)])
    world.send()
    world.client.delete("rq:queue:notify", *world.client.scan_iter("rq:job:notify-*"))
    make_due(world)
    assert world.client.llen("rq:queue:escalate") == 50
    work()
    assert {alert.level for alert in map(world.alert, range(1, 51))} == {1}
    hint = world.client.lrange("rq:queue:notify", 0, -1)[0].decode()
    assert leftovers(world, b"rq:queue:notify", f"rq:job:{hint}".encode()) == []


def test_the_stale_id_of_a_timer_that_was_replaced_is_cleared_away(world, work):
    world.receive(fired())
    make_due(world)
    world.engine.act(1, Acknowledge("user1", "api"))
    assert world.client.lrange("rq:queue:escalate", 0, -1) == [b"escalate-1-1"]
    work()
    assert not world.client.exists("rq:queue:escalate", "rq:queue:escalate:intermediate")
    assert world.alert(1).level == 0


def test_a_job_that_comes_twice_is_harmless(world, work):
    world.receive(fired())
    make_due(world)
    fields = world.client.hgetall("rq:job:escalate-1-1")
    work()
    world.client.hset("rq:job:escalate-1-1", mapping=fields)
    world.client.rpush("rq:queue:escalate", "escalate-1-1")
    work()
    assert world.story(1, "escalated") == ["600 escalated secondary"]


def test_a_job_that_comes_early_sets_its_timer_again(world, work):
    world.receive(fired())
    world.client.zrem("rq:scheduler:scheduled_jobs", "escalate-1-1")
    world.client.rpush("rq:queue:escalate", "escalate-1-1")
    work()
    assert world.alert(1).level == 0
    assert world.client.zrange("rq:scheduler:scheduled_jobs", 0, -1) == [b"escalate-1-2"]


def test_a_job_for_an_alert_that_is_gone_does_not_fail(world, work):
    push(world, "escalate-99-1", data=data("schedules.escalate.escalate", 99, 1))
    work()
    assert leftovers(world) == []


@pytest.mark.parametrize(
    "function",
    [
        "os.system",
        "subprocess.run",
        "builtins.exec",
        "schedules.escalate.the_rung",
        "schedules.parts.here",
        "core.adapters.jobs.worker",
        "",
    ],
)
def test_a_function_that_is_not_on_the_list_is_not_run(world, work, tmp_path, function):
    trap = tmp_path / "run"
    push(world, "forged", data=data(function, f"touch {trap}"))
    world.receive(fired())
    make_due(world)
    work()
    assert not trap.exists()
    assert world.alert(1).level == 1, "the worker went on"


def test_a_method_of_an_object_is_not_run(world, work):
    push(world, "forged", data=data("schedules.escalate.escalate", 1, 1, instance="x"))
    world.receive(fired())
    make_due(world)
    work()
    assert world.alert(1).level == 1


def test_pickled_data_is_not_unpickled(world, work, tmp_path):
    trap = tmp_path / "unpickled"
    push(world, "forged", data=pickle.dumps(("os.system", None, (Trap(trap),), {})), meta=pickle.dumps(Trap(trap)))
    push(world, "forged-too", data=pickle.dumps(Trap(trap)), result=pickle.dumps(Trap(trap)))
    world.receive(fired())
    make_due(world)
    work()
    assert not trap.exists()
    assert world.alert(1).level == 1


def test_callbacks_of_a_forged_job_are_not_called(world, work, tmp_path):
    world.receive(fired())
    callbacks = {f"{when}_callback_name": "os.system" for when in ("success", "failure", "stopped")}
    hooks = json.dumps([{"url": "http://127.0.0.1:9/", "events": ["finished"]}])
    push(world, "forged", data=data("schedules.escalate.escalate", 1, 1), webhooks=hooks, **callbacks)
    job = RungJob.fetch("forged", connection=world.client)
    assert (job.success_callback, job.failure_callback, job.stopped_callback, job.webhooks) == (None, None, None, [])
    work()
    assert leftovers(world, b"rq:queue:notify", b"rq:job:notify-1") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"data": "not json"},
        {"data": "[]"},
        {"data": "null"},
        {"data": '["schedules.escalate.escalate"]'},
        {"data": '["schedules.escalate.escalate",null,{},[]]'},
        {"data": "[17,null,[],{}]"},
        {"data": '[["schedules.escalate.escalate"],null,[],{}]'},
        {"data": data("schedules.escalate.escalate", "one", "two", three=3)},
        {"data": b"\xff\xfe"},
        {"data": "[" * 100_000},
        {"data": None},
        {"data": data("schedules.escalate.escalate", 1, 1), "status": "of the future"},
        {"data": data("schedules.escalate.escalate", 1, 1), "created_at": "yesterday"},
        {"data": data("schedules.escalate.escalate", 1, 1), "timeout": "soon"},
        {"data": data("schedules.escalate.escalate", 1, 1), "result_ttl": "x"},
        {"data": data("schedules.escalate.escalate", 1, 1), "dependency_ids": "{"},
        {"data": data("schedules.escalate.escalate", 1, 1), "origin": b"\xff"},
    ],
)
def test_a_job_that_cannot_be_read_does_not_kill_the_worker(world, work, fields):
    world.receive(fired())
    push(world, "broken", **fields)
    make_due(world)
    work()
    assert world.alert(1).level == 1
    assert not world.client.exists("rq:queue:escalate", "rq:queue:escalate:intermediate")


def test_a_key_that_is_no_hash_does_not_kill_the_worker(world, work):
    world.receive(fired())
    world.client.set("rq:job:broken", "text")
    world.client.rpush("rq:queue:escalate", "broken", "", "no such job")
    make_due(world)
    work()
    assert world.alert(1).level == 1
    assert not world.client.exists("rq:queue:escalate", "rq:queue:escalate:intermediate")


def test_the_list_holds_three_functions():
    assert {"schedules.escalate.escalate", "schedules.notify.notify", "schedules.review.review"} == ALLOWED


def test_what_the_job_class_writes_is_json(world):
    queue = Queue("escalate", connection=world.client, job_class=RungJob)
    job = queue.enqueue("schedules.escalate.escalate", 1, 1)
    raw = RungJob.fetch(job.id, connection=world.client).data
    assert json.loads(raw) == ["schedules.escalate.escalate", None, [1, 1], {}]
    with pytest.raises(ForbiddenJobError, match="not one of"):
        RungJob.create("os.system", ["true"], connection=world.client).func  # noqa: B018 - reading it is the test


def test_an_ordinary_rq_job_is_not_run_by_ours(world, work, tmp_path):
    trap = tmp_path / "run"
    Queue("escalate", connection=world.client).enqueue("os.system", f"touch {trap}")
    work()
    assert not trap.exists()
    assert Job.key_for("x") == RungJob.key_for("x")


def test_a_job_that_no_worker_of_ours_runs_says_how_to_start_one(monkeypatch):
    from schedules import parts
    from schedules.escalate import escalate
    from schedules.notify import notify

    monkeypatch.setattr(parts, "here", Parts())
    for job in (lambda: escalate(1, 1), notify):
        with pytest.raises(RuntimeError, match="rung worker"):
            job()
