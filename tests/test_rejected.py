"""What could not be read is read again: with the config of today, once, and no item of it twice."""

import json

import pytest

from core.commands import Resolve
from core.rejected import NoSuchRejectedError, Rejected, StillUnreadableError
from core.rules import Rules
from core.signals import BadItem, Reading, Signal, SignalStatus, UnreadableError, Webhook
from core.store import Filter
from tests.samples import config
from tests.worlds import World

CUSTOM = b'{"title": "Disk is full", "state": "sideways"}'
GOOD_FOR_GENERIC = b'{"title": "Disk is full", "severity": "high"}'


@pytest.fixture
def world(client):
    return World(client)


def rejects(world, body, source="grafana", **fields):
    with pytest.raises(UnreadableError):
        world.intake.take(source, Webhook(body, "application/json", **fields))


def configures(world, **types):
    sources = {name: {"type": kind, "token": "t"} for name, kind in types.items()}
    world.engine.rules = Rules(config(sources=sources))


def understands(world, word, other):
    """As if a newer Rung read this word as that other one."""
    line = world.client.lindex("rung:rejected", 0).decode()
    assert word in line
    world.client.lset("rung:rejected", 0, line.replace(word, other))


def ids(world):
    return [each.id for each in world.intake.rejected()]


def titles(world):
    return sorted(alert.title for alert in world.store.find(Filter()))


def test_after_a_change_of_config_it_is_taken_and_its_alert_is_resolved(world):
    rejects(world, GOOD_FOR_GENERIC)
    configures(world, grafana="generic")
    taken = world.intake.retry(1)
    assert [(each.alert_id, each.result) for each in taken.received] == [(2, "triggered")]
    assert ids(world) == []
    assert titles(world) == ["Disk is full"]
    assert world.alert(1).status == "resolved"
    assert world.alert(2).severity == "high"


def test_its_alert_stays_while_another_of_the_source_is_left(world):
    rejects(world, GOOD_FOR_GENERIC)
    rejects(world, CUSTOM)
    rejects(world, b"{broken", "alertmanager")
    configures(world, grafana="generic", alertmanager="alertmanager")
    world.intake.retry(1)
    assert ids(world) == [3, 2]
    assert "unreadable webhook from grafana" in titles(world)
    configures(world, grafana="uptime-kuma", alertmanager="alertmanager")
    with pytest.raises(StillUnreadableError):
        world.intake.retry(2)
    assert "unreadable webhook from grafana" in titles(world)


def test_what_still_cannot_be_read_stays_as_it_is_and_pages_nobody_again(world):
    rejects(world, b"{broken")
    before = world.intake.rejected()
    with pytest.raises(StillUnreadableError, match="not valid JSON"):
        world.intake.retry(1)
    assert world.intake.rejected() == before
    assert world.alert(1).count == 1


def test_what_is_not_there_is_said_not_to_be(world):
    for number in (1, 0, 10**30):
        with pytest.raises(NoSuchRejectedError, match=f"no rejected webhook {number} is kept"):
            world.intake.retry(number)


def test_it_is_taken_once(world):
    rejects(world, GOOD_FOR_GENERIC)
    configures(world, grafana="generic")
    world.intake.retry(1)
    with pytest.raises(NoSuchRejectedError):
        world.intake.retry(1)
    assert world.alert(2).count == 1


def test_a_source_that_is_gone_from_config_is_named(world):
    rejects(world, b"{broken")
    configures(world, generic="generic")
    with pytest.raises(StillUnreadableError, match="no source named grafana"):
        world.intake.retry(1)


def test_a_body_that_was_kept_in_part_is_not_guessed_at(world):
    rejects(world, b'{"title": "' + b"x" * 70_000 + b'"}')
    configures(world, grafana="generic")
    with pytest.raises(StillUnreadableError, match="too long to be kept whole"):
        world.intake.retry(1)
    assert ids(world) == [1]


def test_only_the_items_that_were_not_taken_are_taken(world):
    """Item 3 was bad; the others were taken, and resolved since."""
    items = [{"status": "firing", "labels": {"alertname": f"a{n}"}} for n in range(4)]
    items[2]["status"] = "sideways"
    assert len(world.intake.take("grafana", Webhook(json.dumps({"alerts": items}).encode())).received) == 3
    with pytest.raises(StillUnreadableError, match=r"item 3: .*sideways"):
        world.intake.retry(1)
    for alert in world.store.find(Filter()):
        world.engine.act(alert.id, Resolve("user2", "api"))
    understands(world, "sideways", "firing")
    assert [each.result for each in world.intake.retry(1).received] == ["triggered"]
    assert titles(world) == ["a2"]


def test_of_two_bad_items_the_one_that_can_be_read_is_taken_and_the_other_kept(world):
    items = [{"title": "a"}, {"title": "b", "status": "sideways"}, {"state": "ok"}]
    world.intake.take("generic", Webhook(json.dumps(items).encode()))
    understands(world, "sideways", "firing")
    taken = world.intake.retry(1)
    assert [(each.dedup_key, each.result) for each in taken.received] == [("b", "triggered")]
    (kept,) = world.intake.rejected()
    assert (kept.id, kept.items) == (2, (2,))
    assert "unreadable webhook from generic" in titles(world)


def test_which_items_are_wanted_is_told_by_their_place_in_the_body():
    def signal(key):
        return Signal(SignalStatus.FIRING, key, key)

    rejected = Rejected.of("s", Webhook(b"x"), "").without((BadItem(1, "why"), BadItem(3, "why")))
    reading = Reading((signal("0"), signal("2"), signal("3")), (BadItem(1, "still"), BadItem(4, "new")))
    wanted = rejected.still_wanted(reading)
    assert [each.dedup_key for each in wanted.signals] == ["3"]
    assert wanted.bad_items == (BadItem(1, "still"),)


def test_the_parts_of_a_get_are_kept_masked_and_read_again(world):
    query = {"msg": "[db] [🔴 Down] timeout", "heartbeat": '{"status": 9}', "monitor": '{"password": "hunter2"}'}
    rejects(world, b"", "uptime-kuma", query=query)
    (kept,) = world.intake.rejected()
    assert kept.query["msg"] == query["msg"]
    assert "hunter2" not in world.client.lindex("rung:rejected", 0).decode()
    understands(world, r"\"status\": 9", r"\"status\": 0, \"monitorID\": 7")
    taken = world.intake.retry(1)
    assert [each.dedup_key for each in taken.received] == ["7"]


def test_a_test_signal_that_is_read_at_last_makes_a_message(world):
    rejects(world, b'{"title": "Hello", "status": "test"}')
    configures(world, grafana="generic")
    assert world.intake.retry(1).received == ()
    assert world.told()[-1][2] == "Test from grafana: Hello"
    assert ids(world) == []


def test_an_event_without_a_key_is_one_alert_however_it_was_read(world):
    body = {"event_action": "trigger", "payload": {"summary": "Disk is full"}, "routing_key": "r-1"}
    rejects(world, json.dumps(body).encode())
    configures(world, grafana="pagerduty")
    taken = world.intake.retry(1)
    assert [each.dedup_key for each in taken.received] == ["rejected-1"]


def test_a_store_that_dies_between_taking_and_dropping_loses_nothing(world, monkeypatch):
    rejects(world, GOOD_FOR_GENERIC)
    configures(world, grafana="generic")
    monkeypatch.setattr(world.store, "drop_rejected", _dies)
    with pytest.raises(ConnectionError):
        world.intake.retry(1)
    monkeypatch.undo()
    assert [each.result for each in world.intake.retry(1).received] == ["counted"]
    assert ids(world) == []


def _dies(_record):
    raise ConnectionError
