"""The engine: what it makes of signals and answers, of others who are quicker, and of time that passes."""

import logging
from datetime import timedelta

import pytest

from core.commands import Acknowledge, Escalate, Resolve, Snooze, Update
from core.engine import Engine, NoSuchAlertError, RefusedError
from core.signals import Signal, SignalStatus
from core.store import StoreUnavailableError
from tests.samples import RULES, at, cleared, signal
from tests.worlds import World


@pytest.fixture
def world(client):
    return World(client)


def test_results_stand_in_the_order_of_the_body_whatever_order_they_were_decided_in(world):
    received = world.engine.receive(
        "generic", [signal("a"), signal("a"), cleared("b"), signal("b"), cleared("a"), signal("a")]
    )
    assert [(each.dedup_key, each.result) for each in received] == [
        ("a", "triggered"),
        ("a", "counted"),
        ("b", "ignored"),
        ("b", "triggered"),
        ("a", "resolved"),
        ("a", "reopened"),
    ]
    assert [each.alert_id is None for each in received] == [False, False, True, False, False, False]


def test_a_test_signal_makes_no_alert(world):
    assert world.engine.receive("generic", [Signal(SignalStatus.TEST, "t", "a test")]) == []
    assert world.client.keys("rung:alert:*") == []


def acknowledged(key="disk-1"):
    return Signal(SignalStatus.ACKNOWLEDGED, key, key)


def test_a_source_may_say_that_somebody_took_it_and_the_ladder_stops(world):
    assert world.receive(signal(), acknowledged(), acknowledged()) == ["triggered", "acknowledged", "acknowledged"]
    assert world.alert(1).acknowledged_by == "generic"
    assert world.story(1, "acknowledged") == ["0 acknowledged generic"]
    assert world.client.zcard("rung:wake") == 0


def test_what_a_source_says_of_an_alert_that_somebody_has_or_nobody_knows_is_ignored(world):
    alert = world.fires()
    world.acknowledges(alert)
    version = world.client.hget("rung:alert:1", "v")
    received = world.engine.receive("generic", [acknowledged(), acknowledged("never seen")])
    assert [(each.alert_id, each.result) for each in received] == [(1, "ignored"), (None, "ignored")]
    assert world.client.hget("rung:alert:1", "v") == version
    assert world.alert(1).acknowledged_by == "user2"
    world.clears()
    assert world.receive(acknowledged()) == ["ignored"]
    assert world.alert(1).status == "resolved"


def test_an_empty_body_of_signals_asks_the_store_nothing(world):
    world.engine.store = None
    assert world.engine.receive("generic", []) == []


def test_a_clear_that_nobody_waits_for_is_ignored_and_writes_nothing(world):
    assert world.receive(cleared("never seen")) == ["ignored"]
    assert world.client.keys("rung:*") == [b"rung:last_id"]


def test_a_repeat_of_what_is_resolved_writes_nothing(world):
    alert = world.fires()
    world.clears()
    version = world.client.hget(f"rung:alert:{alert}", "v")
    assert world.receive(cleared()) == ["ignored"]
    assert world.client.hget(f"rung:alert:{alert}", "v") == version


def test_up_to_the_last_second_it_is_reopened_and_after_that_it_is_new(world):
    world.fires()
    world.clears()
    world.now += timedelta(seconds=300)
    assert world.receive(signal()) == ["reopened"]
    world.engine.act(1, Resolve("user1", "api"))
    world.now += timedelta(seconds=300, microseconds=1)
    (new,) = world.engine.receive("generic", [signal()])
    assert new.result == "triggered"
    assert [world.alert(n).is_open for n in (1, new.alert_id)] == [False, True]


def test_when_two_at_once_find_the_key_free_only_one_makes_the_alert(world, monkeypatch):
    """Between our look and our commit somebody else triggers the same key: ours is counted there."""
    look_up, done = world.store.look_up, []

    def late(identities, ids=()):
        snapshot = look_up(identities, ids)
        if not done:
            done.append(True)
            World(world.client).fires("disk-1")
        return snapshot

    monkeypatch.setattr(world.store, "look_up", late)
    assert world.receive(signal("other"), signal("disk-1")) == ["triggered", "counted"]
    assert world.client.zcard("rung:open") == 2
    assert len({alert.dedup_key for alert in map(world.alert, (1, 3))}) == 2


def test_an_old_alert_that_was_replaced_by_a_new_one_stays_out_of_it(world, monkeypatch):
    """Two at once find an alert resolved long ago: one new alert, not two."""
    world.fires()
    world.clears()
    world.now += timedelta(hours=1)
    look_up, done = world.store.look_up, []

    def late(identities, ids=()):
        snapshot = look_up(identities, ids)
        if not done:
            done.append(True)
            other = World(world.client)
            other.now = world.now
            other.fires()
        return snapshot

    monkeypatch.setattr(world.store, "look_up", late)
    assert world.receive(signal()) == ["counted"]
    assert world.client.zcard("rung:open") == 1


def test_when_others_are_always_quicker_it_gives_up_and_says_so(world, monkeypatch):
    world.fires()
    monkeypatch.setattr(world.store, "commit", lambda changes, _standing: [False] * len(changes))
    with pytest.raises(StoreUnavailableError, match="changed by others"):
        world.receive(signal())
    with pytest.raises(StoreUnavailableError, match="alert 1 keeps being changed by others"):
        world.engine.act(1, Acknowledge("user1", "api"))


def test_a_refusal_has_a_code_for_programs_and_a_sentence_for_people(world):
    alert = world.fires()
    world.engine.act(alert, Resolve("user1", "api"))
    with pytest.raises(RefusedError) as refusal:
        world.engine.act(alert, Acknowledge("user2", "api"))
    assert refusal.value.refused.code == "resolved"
    assert str(refusal.value) == "alert 1 was resolved by user1 0 s ago"


def test_the_same_person_acknowledges_twice_and_it_is_noted_once(world):
    alert = world.fires()
    world.acknowledges(alert, by="user2")
    before = world.store.timeline(alert)
    assert world.acknowledges(alert, by="user2").acknowledged_by == "user2"
    assert world.store.timeline(alert) == before


@pytest.mark.parametrize("alert_id", [0, 2, 10**23])
def test_an_alert_that_does_not_exist_is_told_apart_from_one_that_refuses(world, alert_id):
    world.fires()
    for ask in (lambda: world.engine.alert(alert_id), lambda: world.engine.act(alert_id, Update("u", "api"))):
        with pytest.raises(NoSuchAlertError, match=f"there is no alert {alert_id}"):
            ask()


def test_to_wake_an_alert_that_is_gone_is_no_error(world, caplog):
    world.engine.wake(99, 1)
    assert "alert 99 woke up but is gone" in caplog.text


def test_a_timer_that_comes_early_is_set_again_once_and_an_old_one_changes_nothing(world):
    alert = world.fires()
    due = world.alert(alert).wake_at
    world.engine.wake(alert, 1)
    assert (world.alert(alert).timer, world.alert(alert).wake_at) == (2, due)
    version = world.client.hget("rung:alert:1", "v")
    world.engine.wake(alert, 1)
    world.engine.wake(alert)
    assert world.client.hget("rung:alert:1", "v") == version


def test_waking_twice_at_the_same_instant_fires_a_level_once(world):
    alert = world.fires()
    world.now += timedelta(seconds=600)
    for _ in range(5):
        world.engine.wake(alert, 1)
        world.engine.drain()
    assert world.story(alert, "escalated") == ["600 escalated secondary"]


def test_a_drain_does_what_is_due_and_no_more(world):
    world.receive(*[signal(f"k{n}") for n in range(150)], signal("later", "high"))
    world.now += timedelta(seconds=600)
    assert world.engine.drain() == 150
    assert world.alert(151).level == 0
    assert world.engine.drain() == 0


def test_a_drain_with_a_limit_stops_there_and_goes_on_the_next_time(world):
    world.receive(*[signal(f"k{n}") for n in range(150)])
    world.now += timedelta(seconds=700)
    assert world.engine.drain(limit=100) == 100
    assert world.engine.drain(limit=100) == 50


def test_a_signal_between_the_last_failure_and_the_wake_up_does_not_keep_the_level(world):
    """All pages failed, and before anybody acts on it the same signal comes again: the next level still fires now."""
    world.receive(signal())
    _fail_all(world)
    assert world.receive(signal()) == ["counted"]
    assert world.engine.drain() == 1
    assert world.story(1, "skipped", "escalated") == [
        "0 skipped primary none of its pages could be delivered",
        "0 escalated secondary",
    ]


def test_an_answer_between_the_last_failure_and_the_wake_up_wins(world):
    world.receive(signal())
    _fail_all(world)
    world.engine.act(1, Acknowledge("user9", "api"))
    world.engine.drain()
    assert world.story(1, "skipped", "escalated") == []
    assert world.client.hget("rung:alert:1", "f") is None
    assert world.client.zcard("rung:wake") == 0


def test_a_level_that_a_person_left_is_not_left_twice(world):
    """All pages of level one fail, but somebody escalates first: level two keeps its time."""
    world.receive(signal())
    claims = world.ledger.claim(100, 100, {})
    world.engine.act(1, Escalate("user2", "api"))
    _settle_failed(world, claims)
    world.engine.drain()
    assert world.alert(1).level == 1
    assert world.story(1, "skipped") == []


def test_a_snoozed_alert_whose_pages_failed_stays_snoozed(world):
    world.receive(signal())
    claims = world.ledger.claim(100, 100, {})
    world.engine.act(1, Snooze("user2", "api", until=at(3600)))
    _settle_failed(world, claims)
    world.engine.drain()
    assert world.alert(1).snoozed_until == at(3600)
    assert world.client.zscore("rung:wake", 1) == at(3600).timestamp()


def test_every_event_has_a_line_in_the_log_and_no_answer_can_forge_another(world, caplog):
    caplog.set_level(logging.INFO, "rung")
    world.receive(signal())
    forged = "fine\n03:14:07.250 INFO    rung.engine      alert 7 resolved by=user1\x1b[2J"
    world.engine.act(1, Acknowledge("user2", "api", note=forged))
    lines = [record.getMessage() for record in caplog.records if record.name == "rung.engine"]
    assert len([line for line in lines if "acknowledged" in line]) == 1
    assert not any("\n" in line or "\x1b" in line for line in lines)


def _fail_all(world: World) -> None:
    _settle_failed(world, world.ledger.claim(100, 100, {}))


def _settle_failed(world: World, claims) -> None:
    from core.ledger import State
    from core.store import Settlement

    failed = [claim.entry.model_copy(update={"state": State.FAILED}) for claim in claims]
    world.ledger.settle([Settlement(c.key, c.entry.token, e) for c, e in zip(claims, failed, strict=True)])


@pytest.mark.parametrize(("signals", "shared"), [(32, [32]), (33, [])])
def test_a_large_body_makes_its_own_trips_so_that_small_ones_do_not_wait_for_it(world, signals, shared):
    sizes = []

    def gathered(receive_all):
        return lambda body: sizes.append(len(body)) or receive_all([body])[0]

    engine = Engine(world.store, RULES, gathered)
    received = engine.receive("generic", [signal(f"k{number}") for number in range(signals)])
    assert len(received) == signals
    assert sizes == shared
