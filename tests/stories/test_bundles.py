"""Stories of storms: few messages instead of many, and no alert left out of them."""

from datetime import timedelta
from itertools import count

import pytest

from core.adapters.redis_ledger import LEASE
from core.answering import answer_all
from core.commands import Acknowledge, Resolve
from core.outcomes import Outcome, OutcomeKind
from tests.bundles import numbers, storm_config
from tests.samples import T0, signal
from tests.worlds import World

SMS = "twilio"
KEYS = count()
REFUSED = Outcome(OutcomeKind.UNAVAILABLE, "connection refused")
REJECTED = Outcome(OutcomeKind.REJECTED, "no such number")


@pytest.fixture
def world(client):
    return World(client, storm_config())


def burst(world: World, how_many: int, **fields: str) -> None:
    """So many alerts at this instant, one after the other."""
    for _ in range(how_many):
        world.fires(f"key {next(KEYS)}", **fields)


def sent_at(world: World) -> list[tuple[float, list[int]]]:
    """When each message was sent, in seconds since T0, and the alerts it was about."""
    return [(at, numbers(message)) for at, message in world.sent_when]


@pytest.fixture(autouse=True)
def _with_times(world, monkeypatch):
    remember_when(world, monkeypatch)


def remember_when(world: World, monkeypatch) -> None:
    world.sent_when = []
    submit = world.sender.submit

    def noted(url, message):
        world.sent_when.append(((world.now - T0).total_seconds(), message))
        return submit(url, message)

    monkeypatch.setattr(world.sender, "submit", noted)


def test_five_come_one_by_one_and_the_rest_together_twenty_seconds_later(world):
    burst(world, 12)
    world.passes(60)
    assert sent_at(world) == [*[(0, [n]) for n in range(1, 6)], (20, [6, 7, 8, 9, 10, 11, 12])]
    assert set(world.ledger_of(9).values()) == {"sent"}
    (delivered,) = [event for event in world.store.timeline(9) if event["event"] == "delivered"]
    assert (delivered["bundle"], delivered["provider_id"], delivered["at"]) == (7, "p-1", "2026-11-23T10:00:20Z")
    (alone,) = [event for event in world.store.timeline(1) if event["event"] == "delivered"]
    assert "bundle" not in alone


def test_a_storm_of_500_in_a_minute_is_eight_messages_with_every_alert_in_one_and_one_answer_takes_all(world):
    for number in range(500):
        world.fires(f"k{number}", ("critical", "high", "low")[number % 3])
        world.passes(60 / 500)
    world.passes(60)
    sent = sent_at(world)
    assert len(sent) == 8
    assert sorted(number for _, listed in sent for number in listed) == list(range(1, 501))
    tokens = [message.body.rsplit("/b/", 1)[1] for _, message in world.sent_when if "/b/" in message.body]
    bundles = [world.ledger.bundle(world.links.read_bundle(token)) for token in tokens]
    for bundle in bundles:
        answered = answer_all(world.engine.act, bundle.alerts, Acknowledge(bundle.person, "link"))
        assert all(each.alert for each in answered)
    world.passes(7200)
    assert [world.alert(n).acknowledged_by for n in range(6, 501)] == ["user2"] * 495
    assert len(world.sent_when) == 8


def test_alerts_that_come_slowly_come_one_by_one(world):
    for _ in range(20):
        burst(world, 1)
        world.passes(15)
    assert [len(listed) for _, listed in sent_at(world)] == [1] * 20


def test_what_comes_in_the_storm_joins_the_bundle_that_waits(world):
    burst(world, 6)
    for _ in range(3):
        world.passes(5)
        burst(world, 1)
    world.passes(5)
    assert sent_at(world)[5:] == [(20, [6, 7, 8, 9])]


def test_a_storm_that_goes_on_is_told_every_twenty_seconds_also_when_the_first_messages_are_a_minute_old(world):
    for _ in range(60):
        burst(world, 2)
        world.passes(2)
    times = [at for at, _ in sent_at(world)]
    assert times == [0, 0, 2, 2, 4, 24, 44, 64, 84, 104]


def test_after_the_storm_single_alerts_come_at_once_again(world):
    burst(world, 12)
    world.passes(120)
    burst(world, 1)
    assert sent_at(world)[-1] == (120, [13])


def test_a_bundle_of_one_is_an_ordinary_message(world):
    burst(world, 6)
    world.passes(20)
    at, message = world.sent_when[-1]
    assert (at, message.title) == (20, "CRITICAL: alert 6: Disk is full")
    assert "/a/" in message.body
    assert "bundle" not in str(world.store.timeline(6))


def test_an_answer_in_between_takes_the_alert_out_of_the_bundle(world):
    burst(world, 9)
    world.passes(10)
    world.engine.act(7, Acknowledge("user3", "api"))
    world.engine.act(8, Resolve("user3", "api"))
    world.passes(10)
    assert sent_at(world)[-1] == (20, [6, 9])
    assert set(world.ledger_of(7).values()) == {"withdrawn"}
    assert "withdrawn" in world.ledger_of(8).values()


def test_when_all_that_waited_was_answered_there_is_no_message(world):
    burst(world, 9)
    for number in range(6, 10):
        world.engine.act(number, Acknowledge("user3", "api"))
    world.passes(60)
    assert len(world.sent_when) == 5
    burst(world, 1)
    assert sent_at(world)[-1] == (60, [10])


def test_people_and_channels_have_a_storm_each(client, monkeypatch):
    world = World(client, storm_config("sms", "email"))
    remember_when(world, monkeypatch)
    burst(world, 8)
    world.passes(20)
    assert [len(numbers(message)) for _, message in world.sent_when] == [1] * 10 + [3, 3]
    assert {len(world.ledger_of(n)) for n in range(1, 9)} == {2}


def test_a_bundle_that_a_provider_refuses_is_sent_again_whole(world):
    burst(world, 8)
    world.sender.outcomes[SMS] = REFUSED
    world.passes(20)
    del world.sender.outcomes[SMS]
    world.passes(2)
    assert sent_at(world)[5:] == [(20, [6, 7, 8]), (22, [6, 7, 8])]
    failed, delivered = (e for e in world.store.timeline(7) if e["event"] in {"notification_failed", "delivered"})
    assert (failed["bundle"], failed["retry_at"]) == (3, "2026-11-23T10:00:22Z")
    assert (delivered["bundle"], delivered["attempts"]) == (3, 2)


def test_what_a_provider_refused_makes_nobody_else_wait(world):
    world.sender.outcomes[SMS] = REFUSED
    burst(world, 4)
    del world.sender.outcomes[SMS]
    world.passes(1)
    burst(world, 5)
    assert [at for at, _ in sent_at(world)] == [0] * 4 + [1] * 5


def test_each_alert_of_a_bundle_that_is_rejected_fails_over_and_is_bundled_there(world):
    burst(world, 15)
    world.sender.outcomes["@+15550009999/%2B15550100002"] = REJECTED
    world.passes(20)
    assert sent_at(world)[5] == (20, list(range(6, 16)))
    world.passes(20)
    moved = [message for url, message in world.sender.sent if url.startswith("mailtos")]
    told = [[number for number in numbers(message) if number in range(6, 16)] for message in moved]
    assert [len(listed) for listed in told] == [1, 1, 1, 1, 1, 5]
    assert sorted(number for listed in told for number in listed) == list(range(6, 16))
    last = told[-1][0]
    assert world.ledger_of(last) == {"2/user2/sms": "failed", "2/user2/email": "sent"}
    assert world.story(last, "failed_over", "delivered") == ["20 failed_over user2 email", "40 delivered user2 email"]


def test_a_bundle_whose_worker_died_is_sent_again_whole_as_soon_as_its_lease_is_over(world):
    burst(world, 10)
    world.now += timedelta(seconds=20)
    lost = world.ledger.claim(100, 100, {}, world.rules.config.bundling)
    assert len({claim.sent_as for claim in lost}) == 1
    world.passes(LEASE - 0.1)
    assert len(world.sent_when) == 5
    world.passes(0.2)
    assert sent_at(world)[5:] == [(25, [6, 7, 8, 9, 10])]
    assert {(e.attempts, e.unknown) for e in world.entries(8).values()} == {(2, 1)}


def test_a_worker_that_was_only_slow_may_still_say_that_its_bundle_was_sent(world):
    burst(world, 7)
    world.now += timedelta(seconds=20)
    slow = world.ledger.claim(100, 100, {}, world.rules.config.bundling)
    world.now += timedelta(seconds=LEASE)
    world.send()
    assert sent_at(world)[5:] == [(25, [6, 7])]
    assert {claim.entry.bundle for claim in slow} != {e.bundle for e in world.entries(6).values()}


def test_messages_that_all_is_over_are_bundled_too(client, monkeypatch):
    world = World(client, storm_config("email"))
    remember_when(world, monkeypatch)
    for _ in range(8):
        burst(world, 1)
        world.passes(30)
    for number in range(1, 9):
        world.engine.act(number, Resolve("user3", "api"))
    world.send()
    world.passes(60)
    last = world.sent_when[-1][1]
    assert last.title.endswith(" resolved")
    told = [number for _, message in world.sent_when[8:] for number in numbers(message)]
    assert sorted(told) == list(range(1, 9))


def test_pages_and_notices_stand_in_one_bundle_the_pages_first(client, monkeypatch):
    world = World(client, storm_config("email", bundling={"after": 2}))
    remember_when(world, monkeypatch)
    burst(world, 2)
    for number in (1, 2):
        world.engine.act(number, Resolve("user3", "api"))
    world.send()
    burst(world, 3, severity="low")
    world.passes(20)
    message = world.sent_when[-1][1]
    assert message.title == "3 alerts, all low, 2 resolved"
    assert message.body.splitlines()[:2] == ["low: 3-5", "resolved: 1-2"]


def test_a_notice_that_has_become_pointless_is_left_out(client, monkeypatch):
    world = World(client, storm_config("email", bundling={"after": 3}))
    remember_when(world, monkeypatch)
    for key in "abc":
        world.fires(key)
    for key in "abc":
        world.clears(key)
    world.receive(signal("b"))  # open again
    world.passes(20)
    assert sent_at(world)[3:] == [(20, [2, 1, 3])]
    assert "withdrawn" in world.ledger_of(2).values()


def test_numbers_that_do_not_fit_wait_for_the_next_bundle_the_worst_go_first(world):
    """Every other alert is somebody else's: 200 numbers without a range are too many for three parts of a text."""
    for number in range(400):
        mine = number % 2 == 0
        world.receive(signal(f"k{number}", "critical" if mine and number > 300 else "low"))
        if not mine:
            world.engine.act(number + 1, Acknowledge("user3", "api"))
    world.send()
    world.passes(120)
    sent = sent_at(world)
    assert [at for at, _ in sent] == [*[0] * 5, 20, 40, 60]
    assert set(sent[5][1]) > set(range(303, 400, 2)), "all critical ones"
    assert sorted(n for _, listed in sent for n in listed) == list(range(1, 400, 2))
    assert all(len(m.title) + 2 + len(m.body) <= 459 for _, m in world.sent_when)
    assert {(e.attempts, e.unknown) for n in range(1, 400, 2) for e in world.entries(n).values()} == {(1, 0)}


def test_more_than_500_go_in_several_bundles_the_worst_first(world):
    burst(world, 5)
    world.receive(*[signal(f"low{n}", "low", labels={"severity": "critical"}) for n in range(600)])
    world.receive(*[signal(f"bad{n}", "critical", labels={"severity": "low"}) for n in range(10)])
    world.passes(40)
    sent = sent_at(world)
    assert [(at, len(listed)) for at, listed in sent[5:]] == [(20, 500), (40, 110)]
    assert set(sent[5][1]) == {*range(606, 616), *range(6, 496)}


def test_a_call_says_how_many_which_and_what_the_worst_are(client):
    world = World(client, storm_config("phone"))
    for number in range(10):
        world.fires(f"k{number}", "low", title=f"Host {number} is slow")
    world.fires("db", "critical", title="Database is down")
    world.passes(20)
    message = world.sender.sent[-1][1]
    assert message.body == (
        "This is Rung. 6 alerts, 1 critical. critical: 11. low: 6 to 10. "
        "Nobody has answered yet. Please acknowledge them. "
        "Alert 11: Database is down. Alert 6: Host 5 is slow. Alert 7: Host 6 is slow."
    )


def test_without_bundling_every_alert_is_a_message(client, monkeypatch):
    world = World(client, storm_config(bundling={"after": 0}))
    remember_when(world, monkeypatch)
    burst(world, 30)
    assert [at for at, _ in sent_at(world)] == [0] * 30
    assert not list(world.client.scan_iter("rung:pace:*"))


def test_the_built_in_outbox_shows_a_bundle_once(client):
    world = World(client, storm_config(channels={"sms": {"url": ""}}))
    burst(world, 9)
    world.passes(20)
    bundle, *singles = world.ledger.messages(100)
    assert (bundle["alert"], bundle["alerts"], bundle["title"]) == (None, [6, 7, 8, 9], "4 alerts, all critical")
    assert sorted(each["alert"] for each in singles) == [1, 2, 3, 4, 5]


def test_nothing_of_a_storm_is_kept_for_ever(world):
    burst(world, 20)
    world.passes(20)
    for pattern in ("rung:pace:*", "rung:bundle:*"):
        keys = list(world.client.scan_iter(pattern))
        assert keys
        assert all(world.client.ttl(key) > 0 for key in keys)
    (bundle,) = world.client.scan_iter("rung:bundle:*")
    assert 90 * 86400 - 60 < world.client.ttl(bundle) <= 90 * 86400
