"""Stories of receipts: a provider took a message, and says later what became of it."""

import itertools
import threading

import pytest

from core.adapters.redis_ledger import RedisLedger
from core.commands import Acknowledge, Escalate, Resolve
from core.decision import NotificationKind
from core.delivery import Attempt, conclude
from core.facts_reading import facts_of
from core.ledger import Key, State
from core.outcomes import Outcome, OutcomeKind
from core.receipts import ANSWERED, Fate, Receipt, Receipts
from core.store import Filter, Settlement
from tests.bundles import numbers, storm_config
from tests.samples import config, config_dict, level, signal
from tests.worlds import World

URLS = {
    "email": False,
    "slack": False,
    "sms": {"url": "twilio://AC1:secret@+15550009999/{phone}"},
    "phone": {"url": "twilio://AC1:secret@+15550009999/{phone}?method=call"},
}
SMS, CALL = Key(1, 2, "user2", "sms"), Key(1, 2, "user2", "phone")
DELIVERY = ("delivered", "notification_failed", "failed_over")
LADDER = ("triggered", "escalated", "skipped", "acknowledged")
ARRIVED = Receipt("p-1", Fate.ARRIVED, "delivered")
LOST = Receipt("p-1", Fate.LOST, "undelivered", "undelivered: the phone is switched off, or out of reach")
FILTERED = Receipt("p-1", Fate.LOST, "undelivered", "the carrier took it for spam", OutcomeKind.MISCONFIGURED)
UNKNOWN_NUMBER = Receipt("p-1", Fate.LOST, "failed", "the phone number is not known", OutcomeKind.REJECTED)
PICKED_UP = Receipt("p-1", Fate.TAKEN_UP, "completed")
NOBODY = Receipt("p-1", Fate.LOST, "no-answer", "nobody picked up")
MACHINE = Receipt("p-1", Fate.LOST, "machine", "an answering machine picked up")
KEY = Receipt("p-1", Fate.ARRIVED, ANSWERED)


def escalation(first: list[str], second: list[str]) -> dict:
    """user2 first, then user5 after ten minutes."""
    policy = {
        "levels": [
            level("primary", 0, first, ["user2"], 300),
            level("secondary", 600, second, ["user5"], 600),
        ],
        "repeat_interval": 7200,
        "max_repeats": 0,
        "sla_timeout": 3600,
    }
    policies = {"critical": policy, "high": policy}
    return config_dict()["escalation"] | {"policies": policies, "default_policy": "critical", "catch_all": ["vp"]}


@pytest.fixture
def world(client):
    """By SMS first; the phone is named at level two, so it is the next channel of a page that fails."""
    return World(client, config(channels=URLS, escalation=escalation(["sms"], ["sms", "phone"])))


def only_sms(client) -> World:
    return World(
        client, config(channels=URLS | {"phone": False}, escalation=escalation(["sms"], ["sms"]), outbox=False)
    )


def takes(world: World, key: Key, *receipts: Receipt) -> int:
    """Take the receipts and send what follows from them; how many said something new."""
    news = [settlement for receipt in receipts for settlement in world.receipts.take(key, receipt)]
    world.send()
    return len(news)


def entry(world: World, key: Key):
    return world.entries(key.alert)[key]


def test_that_a_text_arrived_stands_in_the_ledger_and_the_timeline_says_nothing_new(world):
    world.fires()
    before = world.store.timeline(1)
    world.passes(5)
    assert takes(world, SMS, ARRIVED) == 1
    found = entry(world, SMS)
    assert (found.state, found.receipt, found.provider_id) == (State.SENT, "delivered", "p-1")
    assert found.settled_at == world.alert(1).created_at, "reports count it when the provider took it"
    assert world.store.timeline(1) == before


def test_a_text_that_did_not_arrive_goes_to_the_next_channel_at_once(world):
    world.fires()
    world.passes(5)
    takes(world, SMS, LOST)
    assert world.ledger_of(1) == {"2/user2/sms": "failed", "2/user2/phone": "sent"}
    assert world.story(1, *DELIVERY) == [
        "0 delivered user2 sms",
        f"5 notification_failed user2 sms {LOST.reason}",
        "5 failed_over user2 phone",
        "5 delivered user2 phone",
    ]
    found = entry(world, SMS)
    assert (found.error, found.receipt, found.provider_id) == (LOST.reason, "undelivered", "p-1")
    assert [url for url, _ in world.sender.sent if "method=call" in url]


def test_the_outbox_is_looked_at_at_once_for_the_page_that_stands_in(world):
    world.fires()
    world.client.delete("rq:queue:notify")
    world.receipts.take(SMS, LOST)
    assert world.client.llen("rq:queue:notify") == 1


def test_when_every_page_of_the_firing_has_failed_so_the_level_is_left_at_once(client):
    world = only_sms(client)
    world.fires()
    world.passes(5)
    takes(world, SMS, LOST)
    assert world.story(1, *LADDER) == [
        "0 triggered primary",
        "5 skipped primary none of its pages could be delivered",
        "5 escalated secondary",
    ]
    assert world.alert(1).level == 1


def test_while_another_page_of_the_firing_may_still_be_read_the_level_stands(client):
    world = World(client, config(channels=URLS, escalation=escalation(["sms", "phone"], ["sms"]), outbox=False))
    world.fires()
    takes(world, SMS, LOST)
    assert world.story(1, *LADDER) == ["0 triggered primary"]
    assert world.story(1, "failed_over") == [], "the phone has it already"
    takes(world, CALL, NOBODY)
    assert world.story(1, "escalated") == ["0 escalated secondary"]


@pytest.mark.parametrize("answer", [Acknowledge("user2", "sms"), Resolve("user2", "sms")])
def test_after_an_answer_a_failure_changes_what_is_known_of_the_message_and_nothing_else(world, answer):
    world.fires()
    world.says(1, answer)
    before, sent = world.alert(1), len(world.sender.sent)
    world.passes(5)
    takes(world, SMS, LOST)
    assert world.ledger_of(1)["2/user2/sms"] == "failed"
    assert world.story(1, "failed_over", "skipped", "escalated") == []
    assert len(world.sender.sent) == sent
    kept = {"status", "level", "round", "acknowledged_by", "resolved_at", "wake_at", "cause", "left_at"}
    assert world.alert(1).model_dump(include=kept) == before.model_dump(include=kept)


def test_what_failed_of_an_older_firing_does_not_leave_the_newer_one(client):
    world = only_sms(client)
    world.fires()
    world.passes(600)
    takes(world, SMS, LOST)
    assert world.story(1, *LADDER) == ["0 triggered primary", "600 escalated secondary"]


def test_back_on_the_ladder_after_an_answer_the_old_page_is_not_what_counts(world):
    world.fires()
    world.acknowledges(1)
    world.says(1, Escalate("user2", "sms"))
    assert world.alert(1).level == 1
    takes(world, SMS, LOST)
    assert world.story(1, "skipped") == []
    assert world.alert(1).level == 1


@pytest.mark.parametrize("order", list(itertools.permutations([ARRIVED, LOST, LOST, ARRIVED], 3)))
def test_in_whatever_order_they_come_that_it_arrived_is_what_stays(world, order):
    world.fires()
    takes(world, SMS, *order)
    if ARRIVED in order:
        assert (entry(world, SMS).state, entry(world, SMS).receipt) == (State.SENT, "delivered")
        assert entry(world, SMS).error is None
    assert len(world.story(1, "failed_over")) == (0 if order[0] is ARRIVED else 1)


@pytest.mark.parametrize("order", list(itertools.permutations([MACHINE, PICKED_UP, MACHINE])))
def test_that_a_machine_picked_up_outweighs_that_somebody_did(client, order):
    world = World(client, config(channels=URLS, escalation=escalation(["phone"], ["sms"]), outbox=False))
    world.fires()
    takes(world, CALL, *order)
    assert (entry(world, CALL).state, entry(world, CALL).receipt) == (State.FAILED, "machine")
    assert world.story(1, "failed_over") == ["0 failed_over user2 sms"]


@pytest.mark.parametrize("order", list(itertools.permutations([MACHINE, PICKED_UP, KEY])))
def test_that_a_key_was_pressed_outweighs_both(client, order):
    world = World(client, config(channels=URLS, escalation=escalation(["phone"], ["sms"]), outbox=False))
    world.fires()
    takes(world, CALL, *order)
    assert (entry(world, CALL).state, entry(world, CALL).receipt) == (State.SENT, "answered")


def test_that_somebody_picked_up_is_noted_and_is_no_failure(client):
    world = World(client, config(channels=URLS, escalation=escalation(["phone"], ["sms"]), outbox=False))
    world.fires()
    assert takes(world, CALL, PICKED_UP, PICKED_UP) == 1
    assert (entry(world, CALL).state, entry(world, CALL).receipt) == (State.SENT, "completed")
    assert world.story(1, "failed_over", "notification_failed") == []


def test_the_same_again_changes_nothing(world):
    world.fires()
    assert takes(world, SMS, LOST) == 1
    world.passes(1)
    before = {key: world.client.dump(key) for key in world.client.scan_iter()}
    assert takes(world, SMS, LOST, LOST) == 0
    assert {key: world.client.dump(key) for key in world.client.scan_iter()} == before


def test_what_is_said_of_another_message_is_not_what_became_of_this_one(world):
    """Of an earlier attempt nobody knew how it ended, so the page was sent again, as another message."""
    world.fires()
    assert takes(world, SMS, Receipt("p-0", Fate.LOST, "failed", "failed")) == 0
    assert world.ledger_of(1) == {"2/user2/sms": "sent"}
    takes(world, SMS, Receipt("p-0", Fate.ARRIVED, "delivered"), LOST)
    assert entry(world, SMS).receipt == "delivered", "the person has it, whichever of the two it was"
    assert world.story(1, "failed_over") == []


def test_what_is_not_kept_any_more_is_nobodys(world):
    world.fires()
    for key in (Key(99, 2, "user2", "sms"), Key(1, 9, "user2", "sms"), Key(1, 2, "nobody", "sms"), Key(0, 0, "", "")):
        assert takes(world, key, LOST) == 0


def test_a_notice_that_did_not_arrive_is_no_reason_to_ring_somebody_up(world):
    world.fires()
    world.acknowledges(1)
    key = Key(1, 2, "user2", "sms")
    found = world.entries(1)[key].model_copy(update={"kind": NotificationKind.NOTICE})
    world.client.hset("rung:ledger:1", key.field, found.dump())
    takes(world, key, LOST)
    assert world.ledger_of(1) == {"2/user2/sms": "failed"}


# While it is being sent


def claimed(world: World):
    world.receive(signal())
    (claim,) = world.ledger.claim(10, 10, {})
    return claim


def settles(world: World, claim, outcome: Outcome) -> bool:
    return world.ledger.settle([conclude(Attempt(claim, None, outcome, 0.0), world.rules)])[0]


TAKEN = Outcome(OutcomeKind.SENT, provider_id="p-1")


def test_a_failure_that_comes_before_the_provider_has_answered_stays_what_became_of_it(world):
    claim = claimed(world)
    assert takes(world, SMS, LOST) == 1
    assert not settles(world, claim, TAKEN), "that it was taken is old news"
    assert world.ledger_of(1) == {"2/user2/sms": "failed", "2/user2/phone": "sent"}
    assert world.story(1, "delivered") == ["0 delivered user2 phone"]


def test_that_another_attempt_was_taken_after_all_is_no_old_news(world):
    claim = claimed(world)
    takes(world, SMS, LOST)
    assert settles(world, claim, Outcome(OutcomeKind.SENT, provider_id="p-2"))
    assert entry(world, SMS).state is State.SENT


def test_one_that_arrived_before_anybody_knew_that_it_was_taken_is_sent_once(world):
    claim = claimed(world)
    takes(world, SMS, ARRIVED)
    assert not settles(world, claim, TAKEN)
    world.passes(20)
    assert (entry(world, SMS).state, entry(world, SMS).receipt) == (State.SENT, "delivered")
    assert world.story(1, "delivered") == ["0 delivered user2 sms"]
    assert world.sender.sent == []


def test_one_whose_answer_was_lost_and_that_arrived_is_not_sent_again(world):
    claim = claimed(world)
    settles(world, claim, Outcome(OutcomeKind.UNAVAILABLE, "no answer in time"))
    takes(world, SMS, ARRIVED)
    world.passes(60)
    assert world.ledger_of(1) == {"2/user2/sms": "sent"}
    assert world.sender.sent == []


def test_one_that_waits_to_be_tried_again_does_not_fail_by_what_is_said_of_the_attempt_before(world):
    claim = claimed(world)
    settles(world, claim, Outcome(OutcomeKind.UNAVAILABLE, "no answer in time"))
    assert takes(world, SMS, LOST) == 0
    world.passes(60)
    assert world.ledger_of(1) == {"2/user2/sms": "sent"}


def test_an_entry_in_any_alphabet_is_the_same_when_it_is_written_again(world):
    """It is compared as it is written."""
    world.fires()
    found = entry(world, SMS).model_copy(update={"reason": 'reassigned by Jürgen "Ж" \\ 🔥', "level_name": "ł/1"})
    world.client.hset("rung:ledger:1", SMS.field, found.dump())
    assert takes(world, SMS, LOST) == 1
    assert entry(world, SMS).reason == found.reason


def test_two_that_come_at_once_are_one_failure(world):
    world.fires()
    barrier, found = threading.Barrier(8), []

    def take():
        receipts = Receipts(
            RedisLedger(world.client, world.clock), lambda: world.rules, world.engine.wake, lambda _: None
        )
        barrier.wait()
        found.extend(receipts.take(SMS, LOST))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1
    assert len(world.story(1, "failed_over")) == len(world.story(1, "notification_failed")) == 1


def test_what_was_decided_about_an_entry_that_has_changed_is_not_written(world):
    world.fires()
    claim = world.ledger.read(SMS)
    settlement = Settlement(
        SMS, "", claim.entry.model_copy(update={"state": State.FAILED}), instead_of=claim.raw, events=("{}",)
    )
    takes(world, SMS, ARRIVED)
    assert world.ledger.settle([settlement]) == [False]
    assert entry(world, SMS).state is State.SENT


# Bundles


def test_what_became_of_a_bundle_became_of_all_that_it_was_about(client):
    urls = {"sms": URLS["sms"], "phone": URLS["phone"], "email": False, "slack": False}
    world = World(client, storm_config("sms", channels=urls, bundling={"after": 1}))
    for n in range(4):
        world.fires(f"key {n}")
    world.passes(30)
    (bundled,) = [message for _, message in world.sender.sent if len(numbers(message)) > 1]
    assert numbers(bundled) == [2, 3, 4]
    world.receipts.take(Key(2, 2, "user2", "sms"), LOST)
    assert [world.ledger_of(n)["2/user2/sms"] for n in (1, 2, 3, 4)] == ["sent", "failed", "failed", "failed"]
    assert [world.story(n, "failed_over") for n in (2, 4)] == [["30 failed_over user2 phone"]] * 2
    world.passes(60)
    assert {world.ledger_of(n)["2/user2/phone"] for n in (2, 3, 4)} == {"sent"}


def test_what_did_not_arrive_is_no_reason_for_the_next_message_to_wait(client):
    world = World(client, storm_config("sms", channels={"sms": URLS["sms"]}, bundling={"after": 1}))
    world.fires("a")
    takes(world, Key(1, 2, "user2", "sms"), LOST)
    world.fires("b")
    assert world.ledger_of(2) == {"2/user2/sms": "sent"}


# What operators and reports make of it


def operators_hear(world: World) -> list[str]:
    return [alert.title for alert in world.store.find(Filter()) if alert.source == "rung"]


def test_operators_hear_of_a_channel_or_a_number_at_fault_once(world):
    world.fires()
    takes(world, SMS, FILTERED)
    assert operators_hear(world) == ["channel sms turns messages away"]
    world.fires("b")
    takes(world, Key(3, 2, "user2", "sms"), FILTERED)
    assert len(operators_hear(world)) == 1


def test_operators_hear_of_a_number_that_is_none(world):
    world.fires()
    takes(world, SMS, UNKNOWN_NUMBER)
    assert operators_hear(world) == ["channel sms turns user2 away"]


@pytest.mark.parametrize("receipt", [LOST, NOBODY, MACHINE])
def test_that_a_phone_is_off_or_nobody_picks_up_is_no_fault_of_a_channel(world, receipt):
    world.fires()
    takes(world, SMS, receipt)
    assert operators_hear(world) == []


def test_reports_count_it_as_failed_at_the_instant_at_which_it_was_known(world):
    world.fires()
    world.passes(5)
    takes(world, SMS, LOST)
    world.passes(5)
    world.says(1, Resolve("user2", "sms"))
    facts = facts_of(world.alert(1), world.store.timeline(1), world.ledger.entries(1))
    seconds = [(sent.settled_at - facts.lives[0].opened_at) // 1000 for sent in facts.sent]
    assert [(s.channel, s.delivered) for s in facts.sent] == [("sms", False), ("phone", True)]
    assert seconds == [5, 5]


def test_the_facts_of_an_alert_that_is_over_are_read_again(world):
    world.fires()
    world.says(1, Resolve("user2", "sms"))
    world.client.delete("rung:undigested")
    takes(world, SMS, LOST)
    assert world.client.zrange("rung:undigested", 0, -1) == [b"1"]
