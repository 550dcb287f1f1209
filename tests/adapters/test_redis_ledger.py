"""The ledger against a real Redis: leases, outcomes and the built-in outbox, tried to be broken."""

import threading
from datetime import timedelta

import pytest

from core.adapters.redis_ledger import LEASE, RedisLedger
from core.adapters.redis_store import RedisStore
from core.commands import Acknowledge, Escalate, Resolve
from core.decision import NotificationKind
from core.engine import Engine
from core.ledger import Key, State
from core.store import Claim, Settlement
from core.timeline import Event, EventKind
from tests.samples import RULES, at, signal
from tests.worlds import World


@pytest.fixture
def world(client):
    return World(client)


def claim_all(world: World, limit: int = 1000, per_channel: int = 1000, busy=None) -> list[Claim]:
    return world.ledger.claim(limit, per_channel, busy or {})


def settled(claim: Claim, state: State = State.SENT, **fields) -> Settlement:
    entry = claim.entry.model_copy(update={"state": state, "settled_at": claim.now})
    return Settlement(key=claim.key, token=claim.entry.token, entry=entry, **fields)


def later(world: World, seconds: float) -> None:
    world.now += timedelta(seconds=seconds)


def names(claims: list[Claim]) -> list[str]:
    return [claim.key.member for claim in claims]


def test_what_is_due_is_claimed_once_and_comes_with_all_it_takes_to_send_it(world):
    world.receive(signal(title="Disk is full"))
    claims = claim_all(world)
    assert names(claims) == ["1/2/user2/email", "1/2/user2/slack", "1/2/user2/sms"]
    first = claims[0]
    assert (first.entry.state, first.entry.attempts, first.entry.unknown) == (State.SENDING, 1, 0)
    assert first.alert == world.alert(1)
    assert set(first.ledger) == {claim.key.field for claim in claims}
    assert first.now == world.now
    assert claim_all(world) == []


def test_many_claimers_at_once_never_hold_the_same_lease(client):
    engine = Engine(RedisStore(client), RULES)
    engine.receive("generic", [signal(f"k{n}") for n in range(100)])
    taken: list[str] = []
    barrier = threading.Barrier(4)

    def claim():
        ledger = RedisLedger(client)
        barrier.wait()
        while claims := ledger.claim(7, 7, {}):
            taken.extend(names(claims))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 300


def test_a_lease_that_ran_out_is_claimed_again_and_the_unknown_attempt_is_counted(world):
    world.receive(signal())
    claim_all(world)
    later(world, LEASE - 0.1)
    assert claim_all(world) == []
    later(world, 0.1)
    again = claim_all(world)
    assert {(c.entry.attempts, c.entry.unknown) for c in again} == {(2, 1)}
    later(world, LEASE)
    assert {(c.entry.attempts, c.entry.unknown) for c in claim_all(world)} == {(3, 2)}


def test_renewing_keeps_the_lease(world):
    world.receive(signal())
    keys = [claim.key for claim in claim_all(world)]
    for _ in range(5):
        later(world, LEASE - 1)
        world.ledger.renew(keys)
    later(world, LEASE - 1)
    assert claim_all(world) == []
    later(world, 1)
    assert len(claim_all(world)) == 3


def test_renewing_what_is_settled_does_not_bring_it_back(world):
    world.receive(signal())
    claims = claim_all(world)
    world.ledger.settle([settled(claim) for claim in claims])
    world.ledger.renew([claim.key for claim in claims])
    later(world, 3600)
    assert claim_all(world) == []


@pytest.mark.parametrize("answer", [Acknowledge("user1", "api"), Resolve("user2", "api")])
def test_a_page_is_withdrawn_when_the_alert_was_answered_before_it_was_claimed(world, answer):
    world.receive(signal())
    world.engine.act(1, answer)
    assert [c.entry.kind for c in claim_all(world) if c.entry.kind is NotificationKind.PAGE] == []
    assert set(world.ledger_of(1).values()) == {"withdrawn"}
    assert world.client.zcard("rung:outbox:sms") == 0


def test_a_notice_is_not_withdrawn(world):
    world.receive(signal())
    world.ledger.settle([settled(claim) for claim in claim_all(world)])
    world.engine.act(1, Resolve("user1", "api"))
    (notice,) = claim_all(world)
    assert notice.entry.kind is NotificationKind.NOTICE
    assert world.ledger_of(1)[notice.key.field] == "sending"


def test_a_page_is_claimed_again_once_the_alert_is_back_on_the_ladder(world):
    world.receive(signal())
    world.engine.act(1, Acknowledge("user1", "api"))
    world.engine.act(1, Escalate("user1", "api"))
    assert {claim.key.responder for claim in claim_all(world)} >= {"user5"}


def test_a_lease_that_ran_out_is_withdrawn_when_the_alert_was_answered_meanwhile(world):
    world.receive(signal())
    claim_all(world)
    world.engine.act(1, Acknowledge("user1", "api"))
    later(world, LEASE)
    assert claim_all(world) == []
    assert set(world.ledger_of(1).values()) == {"withdrawn"}


def test_answered_pages_in_front_do_not_hold_up_the_live_one_behind_them(world):
    """A burst was cleared while its pages waited: the next real page must not wait for a look at each of them."""
    world.receive(*[signal(f"k{n}") for n in range(200)])
    for n in range(1, 201):
        world.engine.act(n, Acknowledge("user1", "api"))
    later(world, 1)
    live = world.engine.receive("generic", [signal("live")])[0].alert_id
    assert [c.key.alert for c in world.ledger.claim(8, 6, {})] == [live] * 3


def test_a_late_outcome_of_a_lost_lease_is_dropped(world):
    world.receive(signal())
    lost = claim_all(world)[0]
    later(world, LEASE)
    held = next(claim for claim in claim_all(world) if claim.key == lost.key)
    before = world.store.timeline(1)
    assert world.ledger.settle([settled(lost, State.FAILED, events=(Event(EventKind.DELIVERED, world.now),))]) == [
        False
    ]
    assert world.ledger.settle([settled(lost, State.QUEUED, retry_at=world.now)]) == [False]
    assert world.store.timeline(1) == before
    assert world.entries(1)[lost.key].token == held.entry.token


def test_a_late_outcome_that_says_it_was_sent_counts_even_without_the_lease(world):
    world.receive(signal())
    lost = claim_all(world)[0]
    later(world, LEASE)
    held = next(claim for claim in claim_all(world) if claim.key == lost.key)
    assert world.ledger.settle([settled(lost)]) == [True]
    assert world.ledger_of(1)[lost.key.field] == "sent"
    assert world.ledger.settle([settled(held, State.FAILED)]) == [False]
    assert world.ledger.settle([settled(held)]) == [False]
    later(world, 3600)
    assert lost.key.member not in names(claim_all(world))


def test_an_outcome_that_is_recorded_twice_leaves_one_line(world):
    world.receive(signal())
    claim = claim_all(world)[0]
    done = settled(claim, events=(Event(EventKind.DELIVERED, world.now),), message={"title": "one"})
    assert world.ledger.settle([done, done]) == [True, False]
    assert [e["event"] for e in world.store.timeline(1)].count("delivered") == 1
    assert [m["title"] for m in world.ledger.messages(10)] == ["one"]


def test_an_outcome_for_an_alert_that_vanished_is_dropped(world):
    world.receive(signal())
    claims = claim_all(world)
    world.client.delete("rung:alert:1", "rung:ledger:1")
    assert world.ledger.settle([settled(claim, State.FAILED) for claim in claims]) == [False] * 3
    assert not world.client.exists("rung:alert:1", "rung:ledger:1")


def test_outcomes_do_not_change_the_version_of_the_alert(world):
    world.receive(signal())
    before = world.client.hget("rung:alert:1", "v")
    world.ledger.settle([settled(claim) for claim in claim_all(world)])
    assert world.client.hget("rung:alert:1", "v") == before


def test_a_retry_is_claimed_when_it_is_due_and_not_before(world):
    world.receive(signal())
    claims = claim_all(world)
    retry_at = world.now + timedelta(seconds=10)
    world.ledger.settle([settled(claim, State.QUEUED, retry_at=retry_at) for claim in claims])
    later(world, 9.99)
    assert claim_all(world) == []
    later(world, 0.01)
    again = claim_all(world)
    assert {(c.entry.attempts, c.entry.unknown) for c in again} == {(2, 0)}


def test_no_more_than_so_many_are_claimed_for_one_channel_and_in_all(world):
    world.receive(*[signal(f"k{n}") for n in range(20)])
    claims = claim_all(world, limit=10, per_channel=4, busy={"sms": 3, "email": 4})
    by_channel = [claim.key.channel for claim in claims]
    assert [by_channel.count(name) for name in ("email", "slack", "sms")] == [0, 4, 1]
    assert len(claim_all(world, limit=5)) == 5
    assert claim_all(world, limit=0) == []


def test_the_oldest_go_first_whatever_their_channel(world):
    """A thousand texts must not stand in front of the mail that waits longer, nor the other way round."""
    world.receive(*[signal(f"old{n}", "low") for n in range(5)])  # e-mail only
    later(world, 1)
    world.receive(*[signal(f"new{n}") for n in range(50)])
    first = claim_all(world, limit=8)
    assert [c.key.alert for c in first[:5]] == [1, 2, 3, 4, 5]
    assert {c.key.alert for c in first[5:]} <= {6, 7, 8, 9, 10, *range(11, 56)}
    assert [c.entry.queued_at for c in first] == sorted(c.entry.queued_at for c in first)


def test_a_fail_over_that_is_there_already_is_not_queued_twice(world):
    world.receive(signal())
    email, slack, _ = claim_all(world)
    target = Key(1, 2, "user2", "phone")
    moved = email.entry.model_copy(update={"state": State.QUEUED, "attempts": 0, "token": ""})
    over = ((target, moved),)
    world.ledger.settle([settled(email, State.FAILED, failed_over_to=over)])
    (phone,) = claim_all(world)
    assert (phone.key, phone.entry.attempts) == (target, 1)
    world.ledger.settle([settled(phone)])
    world.ledger.settle([settled(slack, State.FAILED, failed_over_to=over)])
    assert claim_all(world) == []
    assert world.ledger_of(1)[target.field] == "sent"


def test_when_every_page_failed_the_alert_is_marked_and_woken_now(world):
    world.receive(signal())
    claims = claim_all(world)
    for claim in claims:
        assert world.client.hget("rung:alert:1", "f") is None
        world.ledger.settle([settled(claim, State.FAILED)])
    assert world.client.hget("rung:alert:1", "f") == b"2"
    assert world.store.due(0.0, 10) == [1]


@pytest.mark.parametrize("state", [State.SENT, State.QUEUED])
def test_one_page_that_is_not_lost_is_enough_to_stay_on_the_level(world, state):
    world.receive(signal())
    claims = claim_all(world)
    retry_at = world.now + timedelta(seconds=2) if state is State.QUEUED else None
    world.ledger.settle([settled(claims[0], state, retry_at=retry_at)])
    world.ledger.settle([settled(claim, State.FAILED) for claim in claims[1:]])
    assert world.client.hget("rung:alert:1", "f") is None


def test_a_late_failure_of_an_older_firing_does_not_hide_that_of_the_newer(world):
    world.receive(signal())
    older = claim_all(world)
    later(world, 600)
    world.engine.drain()
    newer = [claim for claim in claim_all(world) if claim.key.event != 2]
    world.ledger.settle([settled(claim, State.FAILED) for claim in newer])
    mark = world.client.hget("rung:alert:1", "f")
    assert int(mark) == newer[0].key.event
    again = [settled(claim, State.FAILED) for claim in _reclaimed(world, older)]
    assert world.ledger.settle(again) == [True] * 3
    assert world.client.hget("rung:alert:1", "f") == mark


def _reclaimed(world: World, claims: list[Claim]) -> list[Claim]:
    """The same notifications with the leases they have now."""
    entries = world.entries(claims[0].key.alert)
    return [Claim(c.key, entries[c.key], c.alert, c.ledger, world.now) for c in claims]


def test_the_outbox_keeps_the_newest_thousand_messages(world):
    for number in range(1005):
        world.ledger.add_message({"title": str(number)})
    messages = world.ledger.messages(5000)
    assert len(messages) == 1000
    assert messages[0] == {"at": "2026-11-23T10:00:00Z", "title": "1004"}
    assert [m["title"] for m in world.ledger.messages(3)] == ["1004", "1003", "1002"]


def test_the_outbox_stays_small_when_messages_come_from_deliveries(world):
    world.client.lpush("rung:messages", *["{}"] * 1000)
    world.receive(signal())
    world.ledger.settle([settled(claim, message={"title": "page"}) for claim in claim_all(world)])
    assert world.client.llen("rung:messages") == 1000
    assert world.ledger.messages(1) == [{"title": "page"}]


@pytest.mark.parametrize(
    "member", ["garbage", "", "1", "x/2/user2/sms", "99/2/user2/sms", "1/77/user2/sms", "1/2/user2/sms\x00"]
)
def test_a_member_of_the_outbox_that_means_nothing_is_cleared_away(world, member):
    world.client.sadd("rung:outboxes", "sms")
    world.client.zadd("rung:outbox:sms", {member: 0})
    world.receive(signal())
    assert len(claim_all(world)) == 3
    assert world.client.zscore("rung:outbox:sms", member) is None


@pytest.mark.parametrize("damaged", ["{", "[]", "null", '"text"', "{}", '{"state":"of the future","kind":"page"}', ""])
def test_an_entry_that_cannot_be_read_does_not_hold_up_the_others(world, damaged):
    world.receive(signal("a"), signal("b"))
    world.client.hset("rung:ledger:1", "2/user2/sms", damaged)
    claimed = names(claim_all(world))
    assert [name for name in claimed if name.startswith("2/")] == [
        "2/2/user2/email",
        "2/2/user2/slack",
        "2/2/user2/sms",
    ]
    assert claim_all(world) == []


@pytest.mark.parametrize("record", ['{"record_version":2}', "{}", "not even JSON"])
def test_a_page_of_an_alert_that_cannot_be_read_does_not_hold_up_the_others(world, record):
    world.receive(signal("newer"), signal("ours"))
    world.client.hset("rung:alert:1", "d", record)
    assert {claim.key.alert for claim in claim_all(world)} == {2}
    later(world, LEASE)
    assert {claim.key.alert for claim in claim_all(world)} == {2}
    assert world.client.zcard("rung:outbox:sms") == 2, "the page is kept for whoever can read it"


def test_a_damaged_entry_does_not_hold_up_what_becomes_of_the_others(world):
    world.receive(signal())
    claims = claim_all(world)
    world.client.hset("rung:ledger:1", "2/user9/sms", "{")
    assert world.ledger.settle([settled(claim, State.FAILED) for claim in claims]) == [True] * 3


def test_an_entry_keeps_its_text_through_a_claim(world):
    """The claim script rewrites the entry; nothing in it may be lost or bent on the way."""
    world.receive(signal())
    claim = claim_all(world)[0]
    text = 'a/b "quoted" Ä 日本 \\ \x00 \U0001f525'
    odd = claim.entry.model_copy(update={"error": text, "provider_id": "1e400", "reason": text, "level": 12345678901})
    world.ledger.settle(
        [Settlement(claim.key, claim.entry.token, odd.model_copy(update={"state": State.QUEUED}), world.now)]
    )
    (again,) = claim_all(world)
    assert again.entry.model_copy(update={"attempts": 1, "token": claim.entry.token}) == odd


def test_whoever_comes_first_within_the_hour_is_told_so(world):
    assert world.ledger.first_in("x", 3600)
    assert not world.ledger.first_in("x", 3600)
    assert world.ledger.first_in("y", 3600)
    assert 3500 < world.client.ttl("rung:once:x") <= 3600


def test_what_operators_were_told_is_kept_until_it_is_over(world):
    assert world.ledger.failing() == {}
    world.ledger.note_failing("sms", at(1))
    world.ledger.note_failing("slack/user ü/2", at(1.5))
    world.ledger.note_failing("sms", at(2))
    assert world.ledger.failing() == {"sms": at(2), "slack/user ü/2": at(1.5)}
    world.ledger.forget_failing(["slack/user ü/2", "of which nothing is known"])
    assert world.ledger.failing() == {"sms": at(2)}


def test_nothing_to_settle_asks_nobody():
    assert RedisLedger.settle(object.__new__(RedisLedger), []) == []


def test_ledgers_of_many_alerts_come_in_the_order_asked_for_and_an_alert_without_one_has_none(world):
    for key in "ab":
        world.fires(key)
    both = world.ledger.entries_of([2, 99, 1])
    assert [{field.split("/")[1] for field in ledger} for ledger in both] == [{"user2"}, set(), {"user2"}]
    assert both[0] == world.ledger.entries(2)
    assert world.ledger.entries_of([]) == []
