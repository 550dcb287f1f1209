"""Stories of routes: which way an alert takes, what resolves it, and which way it takes when it comes back."""

import pytest

from core.commands import Resolve
from core.rules import Rules
from tests.samples import at, config
from tests.worlds import World

TEAMS = {"db": {"oncall_primary": "director", "oncall_secondary": "vp"}}
LIFE = ("triggered", "counted", "updated", "resolved", "reopened")


def world_with(client, *routes, **changes):
    return World(client, config(routes=list(routes), teams=TEAMS, **changes))


def events(world, alert, *kinds):
    return [event for event in world.store.timeline(alert) if event["event"] in kinds]


def people(world):
    return list(dict.fromkeys(who for who, *_ in world.told()))


# Policy, severity, team


def test_the_timeline_names_the_routes_and_what_they_came_to(client):
    world = world_with(
        client,
        {"name": "disks", "match": {"title": "/Disk/"}, "severity": "critical", "continue": True},
        {"name": "databases", "match": {"labels": {"team": "db"}}, "team": "db", "policy": "high"},
        {"name": "rest", "policy": "low"},
    )
    alert = world.fires(severity="medium", labels={"team": "db"})
    (routed,) = events(world, alert, "routed")
    assert (routed["route"], routed["severity"], routed["policy"]) == ("disks, databases", "critical", "high")
    record = world.alert(alert)
    assert (record.routes, record.severity, record.policy_name) == (("disks", "databases"), "critical", "high")
    world.passes(1800)
    assert people(world) == ["director", "vp"]


def test_an_alert_that_no_route_matches_goes_the_usual_way_and_its_timeline_names_none(client):
    world = world_with(client, {"name": "disks", "match": {"title": "/CPU/"}, "policy": "low"})
    alert = world.fires()
    (routed,) = events(world, alert, "routed")
    assert "route" not in routed
    assert (world.alert(alert).routes, world.alert(alert).policy_name) == ((), "critical")
    assert people(world) == ["user2"]


def test_a_route_by_time_counts_at_the_instant_the_signal_comes(client):
    night = {"name": "night", "match": {"time": {"from": "22:00", "to": "06:00"}}, "policy": "low"}
    world = world_with(client, night)
    assert world.alert(world.fires("day")).routes == ()
    world.passes(12 * 3600 - 1)
    assert world.alert(world.fires("evening")).routes == ()
    world.passes(1)
    assert world.alert(world.fires("night")).routes == ("night",)


def test_a_worse_signal_takes_its_own_way_and_a_repeat_changes_nothing(client):
    world = world_with(
        client,
        {"name": "worst", "match": {"severity": "critical"}, "team": "db"},
        {"name": "others", "match": {}, "policy": "low"},
    )
    alert = world.fires(severity="medium")
    assert (world.alert(alert).routes, people(world)) == (("others",), ["user2"])
    world.fires(severity="critical")
    assert (world.alert(alert).routes, people(world)) == (("worst",), ["user2", "director"])
    world.fires(severity="low")
    assert world.alert(alert).routes == ("worst",)


def test_a_running_ladder_is_not_bent_by_other_routes_and_one_that_opens_again_takes_them(client):
    world = world_with(client, {"name": "before", "policy": "high"})
    alert = world.fires()
    world.engine.rules = world.rules = Rules(config(routes=[{"name": "after", "policy": "low"}]))
    world.fires()
    assert (world.alert(alert).routes, world.alert(alert).policy_name) == (("before",), "high")
    world.clears()
    world.fires()
    assert (world.alert(alert).routes, world.alert(alert).policy_name) == (("after",), "low")
    (reopened,) = events(world, alert, "reopened")
    assert (reopened["route"], reopened["policy"]) == ("after", "low")


@pytest.mark.parametrize(("seconds", "same"), [(1, True), (300, True), (301, False)])
def test_inside_reopen_within_it_is_the_same_alert_and_outside_a_new_one(client, seconds, same):
    world = world_with(client, {"name": "disks", "policy": "high"})
    first = world.fires()
    world.passes(700)
    world.clears()
    world.passes(seconds)
    again = world.fires()
    assert (again == first) is same
    assert world.alert(again).level_fired_at == at(700 + seconds)
    assert world.story(again, *LIFE)[-1] == (
        f"{700 + seconds} reopened" if same else f"{700 + seconds} triggered primary"
    )
    assert world.alert(first).is_open is same
    assert world.alert(again).count == (2 if same else 1)
    assert len(world.told()) == 5  # two pages, a notice that it is over, two pages


# What resolves it


def test_only_people_resolve_what_a_route_says_so_of_and_the_timeline_says_it(client):
    world = world_with(client, {"name": "by hand", "auto_resolve": False})
    alert = world.fires()
    world.clears()
    world.clears()
    assert world.alert(alert).is_open
    (said,) = events(world, alert, "updated")
    assert (said["by"], said["via"]) == ("generic", "source")
    assert said["note"] == "the source says that it is over; only people resolve this alert"
    world.passes(600)
    assert "600 escalated secondary" in world.story(alert, "escalated")
    world.fires()
    assert world.alert(alert).cleared_at is None
    assert world.says(alert, Resolve("user2", "api")).resolved_by == "user2"


def test_a_source_that_comes_and_goes_says_so_a_few_times_until_it_flaps(client):
    world = world_with(client, {"name": "by hand", "auto_resolve": False})
    alert = world.fires()
    for _ in range(50):
        world.passes(10)
        world.clears()
        world.fires()
    assert len(events(world, alert, "updated")) == 3
    assert len(events(world, alert, "flapping")) == 1
    world.passes(100_000)
    assert world.alert(alert).is_open


def test_two_hours_after_the_last_signal_it_resolves_by_itself(client):
    world = world_with(client, {"name": "silent", "auto_resolve": "2h"})
    alert = world.fires(severity="low")
    world.passes(7199)
    assert world.alert(alert).is_open
    world.passes(1)
    assert world.story(alert, "resolved") == ["7200 resolved generic nothing was heard of it for 2 h"]
    assert [title for _, _, title in world.told() if title.startswith("Resolved")]


def test_each_repeat_moves_the_end_of_the_silence(client):
    world = world_with(client, {"name": "silent", "auto_resolve": "2h"})
    alert = world.fires(severity="low")
    for _ in range(4):
        world.passes(7000)
        world.fires(severity="low")
    world.passes(7199)
    assert world.alert(alert).is_open
    world.passes(1)
    assert not world.alert(alert).is_open
    assert world.alert(alert).resolved_at == at(28_000 + 7200)


def test_an_alert_that_somebody_has_resolves_by_itself_too(client):
    world = world_with(client, {"name": "silent", "auto_resolve": "2h"})
    alert = world.fires()
    world.acknowledges(alert)
    assert world.alert(alert).wake_at == at(7200)
    world.passes(7200)
    assert world.alert(alert).status == "resolved"


def test_its_source_may_resolve_it_before(client):
    world = world_with(client, {"name": "silent", "auto_resolve": "2h"})
    alert = world.fires()
    world.passes(60)
    world.clears()
    world.passes(10_000)
    assert world.story(alert, "resolved") == ["60 resolved generic"]


def test_a_flapping_alert_does_not_fall_silent_before_it_has_settled(client):
    world = world_with(client, {"name": "silent", "auto_resolve": "5m"})
    alert = world.fires()
    for number in range(8):
        world.passes(10)
        (world.fires if number % 2 else world.clears)()
    world.passes(899)
    assert world.alert(alert).is_open
    world.passes(1)
    assert world.story(alert, "resolved")[-1] == "980 resolved generic nothing was heard of it for 15 min"


def test_an_exhausted_alert_that_falls_silent_is_resolved(client):
    world = world_with(client, {"name": "silent", "auto_resolve": "1d"})
    alert = world.fires()
    world.passes(28_800)
    assert world.alert(alert).exhausted
    world.passes(86_400)
    assert world.alert(alert).status == "resolved"


def test_an_alert_in_a_silence_that_nothing_is_heard_of_is_resolved(client):
    silence = {"everything": True, "from": "2026-11-23T09:00Z", "to": "2026-11-24T09:00Z"}
    world = world_with(client, {"name": "silent", "auto_resolve": "2h"}, silences=[silence])
    alert = world.fires()
    world.passes(7200)
    assert (world.alert(alert).status, world.told()) == ("resolved", [])
