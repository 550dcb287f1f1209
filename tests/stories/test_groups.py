"""Stories of many signals that are one alert: by the labels of a route's `group_by`, or by a dedup key it makes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.commands import Acknowledge, Resolve
from core.signals import SignalStatus
from tests.samples import config, signal
from tests.worlds import World

CLUSTERS = [{"name": "clusters", "match": {"source": "generic"}, "group_by": ["cluster"]}]
KEY = 'clusters: cluster="eu"'
LIFE = ("triggered", "counted", "resolved", "reopened")


def world_with(client, routes=CLUSTERS, **changes):
    return World(client, config(routes=routes, **changes))


@pytest.fixture
def world(client):
    return world_with(client)


def of(host, cluster="eu", severity="high", **fields):
    return signal(host, severity, title=f"{host} is down", labels={"host": host, "cluster": cluster}, **fields)


def over(fired):
    return replace(fired, status=SignalStatus.RESOLVED)


def results(world, *signals):
    received = world.engine.receive("generic", signals)
    world.send()
    return [(each.alert_id, each.result) for each in received]


def test_signals_with_the_same_labels_are_one_alert_and_the_others_have_their_own(world):
    assert results(world, of("a"), of("b"), of("c", "us"), of("a")) == [
        (1, "triggered"),
        (1, "counted"),
        (2, "triggered"),
        (1, "counted"),
    ]
    alert = world.alert(1)
    assert (alert.dedup_key, alert.members, alert.count, alert.title) == (KEY, ("a", "b"), 3, "a is down")
    assert alert.routes == ("clusters",)
    assert len(world.told()) == 4  # e-mail and slack for each of the two


def test_the_last_member_that_clears_resolves_it(world):
    results(world, of("a"), of("b"), of("c"))
    assert results(world, over(of("b")), over(of("a"))) == [(1, "counted"), (1, "counted")]
    assert world.alert(1).members == ("c",)
    assert results(world, over(of("c"))) == [(1, "resolved")]
    assert world.alert(1).resolved_by == "generic"


def test_a_member_that_clears_twice_or_never_fired_takes_nobody_elses_place(world):
    results(world, of("a"), of("b"))
    version = results(world, over(of("a"))) and world.client.hget("rung:alert:1", "v")
    assert results(world, over(of("a")), over(of("never"))) == [(1, "counted"), (1, "counted")]
    assert world.client.hget("rung:alert:1", "v") == version
    assert world.alert(1).members == ("b",)
    assert results(world, over(of("b")), over(of("b"))) == [(1, "resolved"), (1, "ignored")]


def test_a_member_that_clears_and_fires_again_is_in_it_once(world):
    results(world, of("a"), of("b"), over(of("a")), of("a"), over(of("b")))
    assert world.alert(1).members == ("a",)
    assert world.alert(1).is_open


def test_one_member_that_flaps_while_another_fires_is_no_change_of_the_groups_mind(world):
    results(world, of("a"), of("b"))
    for _ in range(20):
        results(world, over(of("a")), of("a"))
    assert (world.alert(1).changes, world.alert(1).is_flapping) == ((), False)


def test_whoever_has_a_group_keeps_it_while_members_come_and_go(world):
    results(world, of("a"))
    world.says(1, Acknowledge("user2", "api"))
    results(world, of("b"), over(of("a")))
    assert (world.alert(1).status, world.alert(1).members) == ("acknowledged", ("b",))
    results(world, over(of("b")))
    assert not world.alert(1).is_open


def test_a_worse_member_starts_the_worse_policy_and_says_what_it_says(world):
    results(world, of("a", severity="low"), of("b", severity="critical"))
    alert = world.alert(1)
    assert (alert.severity, alert.policy_name, alert.title, alert.members) == (
        "critical",
        "critical",
        "b is down",
        ("a", "b"),
    )


def test_a_person_resolves_a_group_and_a_member_that_fires_again_opens_it_alone(world):
    results(world, of("a"), of("b"), of("c"))
    world.says(1, Resolve("user2", "api"))
    assert results(world, over(of("a"))) == [(1, "ignored")]
    assert results(world, of("b")) == [(1, "reopened")]
    assert world.alert(1).members == ("b",)
    assert results(world, over(of("b"))) == [(1, "resolved")]


def test_a_group_that_comes_back_later_is_a_new_alert(world):
    results(world, of("a"), over(of("a")))
    world.passes(301)
    ((again, result),) = results(world, of("b"))
    assert (again > 1, result, world.alert(again).members) == (True, "triggered", ("b",))


def test_a_thousand_members_are_told_apart(world):
    members = [of(f"h{n}") for n in range(1000)]
    for start in range(0, 1000, 100):
        results(world, *members[start : start + 100])
    assert len(world.alert(1).members) == 1000
    assert {result for _, result in results(world, *map(over, members[:999]))} == {"counted"}
    assert results(world, over(members[999])) == [(1, "resolved")]


def test_more_than_a_thousand_are_not_and_only_people_resolve_them(world):
    members = [of(f"h{n}") for n in range(1002)]
    for start in range(0, 1100, 100):
        results(world, *members[start : start + 100])
    (note,) = [event["note"] for event in world.store.timeline(1) if event["event"] == "updated"]
    assert note == ("more than 1000 signals are in it, too many to tell apart; only people resolve this alert")
    assert results(world, of("worse", severity="critical")) == [(1, "counted")]
    cleared = results(world, *map(over, members[:500])) + results(world, *map(over, members[500:]))
    assert set(cleared) == {(1, "counted")}
    world.passes(86_400)
    assert world.alert(1).is_open
    assert len(world.alert(1).dump()) < 5000
    assert world.says(1, Resolve("user2", "api")).resolved_by == "user2"


def test_a_group_that_was_too_large_is_told_apart_again_when_it_comes_back(world):
    for start in range(0, 1100, 100):
        results(world, *[of(f"h{n}") for n in range(start, start + 100)])
    world.says(1, Resolve("user2", "api"))
    assert results(world, of("a"), of("b"), over(of("a")), over(of("b"))) == [
        (1, "reopened"),
        (1, "counted"),
        (1, "counted"),
        (1, "resolved"),
    ]


def test_a_group_flaps_as_a_whole(world):
    results(world, of("a"), of("b"))
    for _ in range(3):
        results(world, over(of("a")), over(of("b")), of("b"))
        results(world, of("a"))
    assert not world.alert(1).is_flapping
    results(world, over(of("a")), over(of("b")))
    assert (world.alert(1).is_flapping, world.alert(1).members, world.alert(1).is_open) == (True, (), True)
    world.passes(900)
    assert not world.alert(1).is_open


def test_a_signal_with_none_of_the_labels_is_an_alert_of_its_own(world):
    plain = signal("lonely", "high")
    assert results(world, plain, of("a"), over(plain)) == [(1, "triggered"), (2, "triggered"), (1, "resolved")]
    assert world.alert(1).members == ()


def test_two_at_once_that_join_are_both_in_it(world, monkeypatch):
    """Between our look and our commit another process adds a member: ours is decided again."""
    results(world, of("a"))
    look_up, done = world.store.look_up, []

    def late(identities, ids=()):
        snapshot = look_up(identities, ids)
        if not done:
            done.append(True)
            results(world_with(world.client), of("b"))
        return snapshot

    monkeypatch.setattr(world.store, "look_up", late)
    results(world, of("c"))
    assert world.alert(1).members == ("a", "b", "c")


# A dedup key that a route makes


def test_signals_whose_template_comes_to_the_same_are_one_alert_and_the_first_clear_resolves_it(client):
    world = world_with(client, [{"match": {"source": "generic"}, "dedup_key": "{labels.cluster}/{source}"}])
    assert results(world, of("a"), of("b"), of("c", "us")) == [(1, "triggered"), (1, "counted"), (2, "triggered")]
    assert (world.alert(1).dedup_key, world.alert(1).members) == ("eu/generic", ())
    assert results(world, over(of("b")), over(of("a"))) == [(1, "resolved"), (1, "ignored")]


def test_the_answer_to_the_sender_names_the_key_of_the_alert(world):
    (received,) = world.engine.receive("generic", [of("a")])
    assert received.dedup_key == KEY


def test_another_source_makes_another_alert_of_the_same_key(client):
    world = world_with(client, [{"dedup_key": "all"}])
    first, second = (world.fires("x", source=source) for source in ("generic", "grafana"))
    assert first != second
    assert {world.alert(n).dedup_key for n in (first, second)} == {"all"}


def test_a_test_signal_of_a_group_is_a_message_and_joins_nothing(world):
    assert results(world, replace(of("a"), status=SignalStatus.TEST)) == []
    assert world.client.keys("rung:alert:*") == []


def test_a_member_that_is_taken_at_its_source_takes_the_group(world):
    results(world, of("a"), of("b"))
    assert results(world, replace(of("b"), status=SignalStatus.ACKNOWLEDGED)) == [(1, "acknowledged")]
    world.now += timedelta(hours=1)
    assert world.alert(1).acknowledged_by == "generic"
