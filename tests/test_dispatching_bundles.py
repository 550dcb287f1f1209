"""A bundle in the dispatcher: one sender, one slot, and the leases of all that is in it."""

from concurrent.futures import Future
from datetime import timedelta

import pytest

from core.adapters.redis_ledger import LEASE
from core.outcomes import Message, Outcome, OutcomeKind
from tests.bundles import numbers, storm_config
from tests.samples import signal
from tests.worlds import SENT, World


class SlowSender:
    """Sends end when the test says so."""

    def __init__(self) -> None:
        self.under_way: list[tuple[Message, Future[Outcome]]] = []
        self.urls: list[str] = []

    def submit(self, url: str, message: Message) -> "Future[Outcome]":
        future: Future[Outcome] = Future()
        self.urls.append(url)
        self.under_way.append((message, future))
        return future

    def finish(self, outcome: Outcome = SENT) -> None:
        for _, future in self.under_way:
            future.set_result(outcome)
        self.under_way.clear()


@pytest.fixture
def world(client, monkeypatch):
    """Five were sent one by one, and a bundle of twenty is under way."""
    world = World(client, storm_config())
    for number in range(5):
        world.fires(f"first {number}")
    world.receive(*[signal(f"then {number}") for number in range(20)])
    world.send()
    world.now += timedelta(seconds=20)
    monkeypatch.setattr("core.dispatcher._LOOK_EVERY", 0)
    world.slow = world.dispatcher._sender = SlowSender()
    turn(world)
    return world


def turn(world: World) -> None:
    """One turn of the dispatcher's loop."""
    world.dispatcher._launch()
    world.dispatcher._land()
    world.dispatcher._renew()


def states(world: World) -> set[str]:
    return {state for number in range(6, 26) for state in world.ledger_of(number).values()}


def test_a_bundle_takes_one_sender_and_one_slot(world):
    ((message, _),) = world.slow.under_way
    assert numbers(message) == list(range(6, 26))
    assert world.slow.urls == ["twilio://AC1:secret@+15550009999/%2B15550100002"]
    assert world.dispatcher._slots.free == world.dispatcher._slots.size - 1
    world.slow.finish()
    turn(world)
    assert states(world) == {"sent"}
    assert world.dispatcher._slots.free == world.dispatcher._slots.size


def test_the_leases_of_all_that_is_in_it_are_renewed(world):
    for _ in range(10):
        world.now += timedelta(seconds=LEASE - 2)
        turn(world)
    assert len(world.slow.under_way) == 1
    world.slow.finish()
    turn(world)
    assert states(world) == {"sent"}
    assert {entry.attempts for number in range(6, 26) for entry in world.entries(number).values()} == {1}


def test_a_bundle_that_hung_is_one_send_that_hung(world):
    world.now += timedelta(seconds=10)
    world.slow.finish(Outcome(OutcomeKind.UNAVAILABLE, "no answer in time"))
    world.dispatcher._land()
    assert states(world) == {"queued"}
    assert world.dispatcher._slots._allowed == {"sms": 1}


def test_what_a_bundle_lists_is_kept_before_it_is_sent(world):
    ((message, _),) = world.slow.under_way
    token = message.body.rsplit("/b/", 1)[1]
    bundle = world.ledger.bundle(world.links.read_bundle(token))
    assert (bundle.person, bundle.channel, bundle.at) == ("user2", "sms", world.now)
    assert bundle.alerts == tuple(range(6, 26))
