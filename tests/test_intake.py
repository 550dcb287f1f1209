"""Intake: what becomes of a webhook that can be read, in part, or not at all."""

import json

import pytest

from core.commands import Resolve
from core.signals import EmptyBodyError, UnreadableError, Webhook
from core.store import Filter
from tests.worlds import World

UNREADABLE = "unreadable webhook from generic"


@pytest.fixture
def world(client):
    return World(client)


def take(world: World, body: object, source: str = "generic", content_type: str = "application/json"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return world.intake.take(source, Webhook(raw, content_type))


def rejected(world: World) -> list[dict]:
    return [json.loads(line) for line in world.client.lrange("rung:rejected", 0, -1)]


def titles(world: World) -> list[str]:
    return [alert.title for alert in world.store.find(Filter())]


def test_a_body_that_can_be_read_is_taken_and_nothing_is_kept_of_it(world):
    taken = take(world, {"title": "Disk is full", "severity": "high"})
    assert [(each.alert_id, each.result) for each in taken.received] == [(1, "triggered")]
    assert rejected(world) == []


@pytest.mark.parametrize("source", ["generic", "grafana", "alertmanager", "uptime-kuma"])
def test_a_body_that_cannot_be_read_is_kept_and_becomes_an_alert(world, source):
    with pytest.raises(UnreadableError):
        take(world, b"{broken", source)
    (kept,) = rejected(world)
    assert (kept["source"], kept["body"], kept["content_type"]) == (source, "{broken", "application/json")
    assert kept["at"] == "2026-11-23T10:00:00Z"
    assert kept["reason"]
    (alert,) = world.store.find(Filter())
    assert alert.title == f"unreadable webhook from {source}"
    assert "{broken" in alert.description
    assert kept["reason"] in alert.description


def test_however_often_it_is_one_alert_a_source_and_every_body_is_kept(world):
    for source in ("generic", "grafana"):
        for number in range(10):
            with pytest.raises(UnreadableError):
                take(world, b"{broken %d" % number, source)
    assert sorted(titles(world)) == ["unreadable webhook from generic", "unreadable webhook from grafana"]
    assert {alert.count for alert in world.store.find(Filter())} == {10}
    assert len(rejected(world)) == 20


def test_it_pages_somebody_and_can_be_resolved_like_any_other(world):
    with pytest.raises(UnreadableError):
        take(world, b"nothing of ours")
    world.send()
    assert world.told()
    world.engine.act(1, Resolve("user1", "api"))
    world.now = world.now.replace(hour=23)
    with pytest.raises(UnreadableError):
        take(world, b"nothing of ours")
    assert [alert.id for alert in world.store.find(Filter())] != [1]


@pytest.mark.parametrize("body", [b"", b"   \r\n ", b"\xef\xbb\xbf"])
def test_an_empty_body_is_refused_and_nothing_is_kept(world, body):
    with pytest.raises(EmptyBodyError):
        take(world, body)
    assert world.client.keys("rung:*") == []


def test_of_twenty_items_nineteen_are_taken_and_the_bad_one_is_kept(world):
    items = [{"title": f"t{n}", "severity": "low"} for n in range(20)]
    items[7] = {"severity": "low"}
    taken = take(world, {"alerts": items})
    assert [each.result for each in taken.received] == ["triggered"] * 19
    assert [bad.index for bad in taken.bad_items] == [7]
    (kept,) = rejected(world)
    assert kept["reason"].startswith("item 8: ")
    assert sorted(titles(world)) == sorted([f"t{n}" for n in range(20) if n != 7] + [UNREADABLE])


def test_secrets_in_what_is_kept_are_masked(world):
    body = (
        b'{"password": "hunter2", "api_key" : "k-123", "Authorization": "Bearer abc.def", "nested": '
        b'{"webhook_token": "t-456"}, "url": "https://user:pw-789@example.com/", "note": "Basic dXNlcjpwdw=="'
    )
    with pytest.raises(UnreadableError):
        take(world, body)
    with pytest.raises(UnreadableError):
        take(world, b"no json: password=hunter2&x=1 token=t-456\nAuthorization: Bearer abc.def")
    shown = json.dumps(rejected(world)) + world.alert(1).description
    for secret in ("hunter2", "k-123", "abc.def", "t-456", "pw-789", "dXNlcjpwdw"):
        assert secret not in shown
    assert "example.com" in shown


def test_secrets_in_json_inside_a_json_string_are_masked(world):
    with pytest.raises(UnreadableError):
        take(world, json.dumps({"data": json.dumps({"password": "hunter2", "token": "t-456"})}).encode() + b"}")
    shown = json.dumps(rejected(world)) + world.alert(1).description
    assert "hunter2" not in shown
    assert "t-456" not in shown


def test_a_huge_body_is_kept_in_part(world):
    with pytest.raises(UnreadableError):
        take(world, b"x" * 1_000_000)
    assert len(rejected(world)[0]["body"]) == 64 * 1024
    assert len(world.alert(1).description) < 3000


def test_bytes_that_are_no_text_are_kept_as_far_as_they_are(world):
    with pytest.raises(UnreadableError, match="UTF-8"):
        take(world, b"\xff\xfe{\x00")
    assert "{" in rejected(world)[0]["body"]


def test_what_it_shows_of_an_unreadable_body_cannot_command_a_terminal(world):
    with pytest.raises(UnreadableError):
        take(world, b"\x1b[2J\x07 not json \x00 \xe2\x80\xa8 \n second line")
    description = world.alert(1).description
    assert "\x1b" not in description
    assert "\x00" not in description
    assert "second line" in description


def test_a_test_signal_makes_one_message_in_the_outbox_and_no_alert(world):
    taken = take(world, {"title": "Hello", "status": "test", "description": "from the button"})
    assert taken.received == ()
    (message,) = world.ledger.messages(10)
    assert message["title"] == "Test from generic: Hello"
    assert message["body"] == "from the button"
    assert world.store.find(Filter()) == []


def test_a_test_among_real_ones_does_not_hold_them_up(world):
    taken = take(world, [{"title": "a"}, {"title": "b", "status": "test"}, {"title": "c"}])
    assert [each.dedup_key for each in taken.received] == ["a", "c"]
    assert len(world.ledger.messages(10)) == 1
