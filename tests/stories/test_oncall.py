"""Stories of who is on call: a swap in mid-alert, an override that ends between two levels, one that fills a gap.

By the rotations user2 and user5 are on call; critical alerts page the second level after 600 s.
"""

import pytest

from core.oncall import on_call_view
from core.override_orders import Orderer, Window, added, ended, new_override, new_swap
from tests.samples import at, config, rotation
from tests.worlds import World

LADDER = ("triggered", "escalated", "skipped")


@pytest.fixture
def world(client):
    return World(client)


def orderer(world):
    _, now = world.engine.present()
    return Orderer("alice", "api", now)


def stands_in(world, rotation, member, end):
    """Have somebody stand in from now until so many seconds after T0, and give the override's number."""
    number, rules = str(world.standing.next_id()), world.engine.present()[0]
    asked, window = orderer(world), Window(None, at(end))
    one = new_override(rules, rotation, window, asked, member=member, instead_of=None, number=number)
    world.standing.order(lambda _: added([one], asked))
    return number


def swap(world, rotation, members, start, end):
    asked, window = orderer(world), Window(at(start), at(end))
    numbers = str(world.standing.next_id()), str(world.standing.next_id())
    both = new_swap(world.engine.present()[0], rotation, window, asked, members=members, numbers=numbers)
    world.standing.order(lambda _: added(both, asked))
    return numbers


def ends(world, number):
    asked = orderer(world)
    world.standing.order(lambda standing: ended(standing, number, asked))


def paged(world):
    """Whom each message asked to answer, each once, in order."""
    return list(dict.fromkeys(who for who, _, title in world.told() if "alert" in title))


def test_a_swap_in_mid_alert_pages_whoever_took_the_turn_and_the_first_page_stays(world):
    alert = world.fires()
    world.passes(300)
    swap(world, "oncall_secondary", ("user5", "user6"), 300, 86_400)
    swap(world, "oncall_primary", ("user2", "user3"), 300, 86_400)
    world.passes(400)
    assert world.story(alert, *LADDER) == ["0 triggered primary", "600 escalated secondary"]
    assert paged(world) == ["user2", "user6"]
    assert {who for who, _, _ in world.told()} == {"user2", "user6"}
    assert set(world.ledger_of(alert).values()) == {"sent"}
    world.passes(7200)  # the next round begins with whoever is on call by then
    assert "user3" in paged(world)


def test_the_other_half_of_a_swap_holds_where_the_other_one_would_be_on_call(world):
    """User3's turn begins a week later; the swap lasts beyond it."""
    swap(world, "oncall_primary", ("user2", "user3"), 0, 10 * 86_400)
    world.passes(8 * 86_400)
    world.fires()
    assert paged(world) == ["user2"]


def test_an_override_that_ends_between_two_levels_pages_nobody_any_more(world):
    stands_in(world, "oncall_primary", "vp", 500)
    stands_in(world, "oncall_secondary", "director", 599)
    alert = world.fires()
    world.passes(700)
    assert world.story(alert, *LADDER) == ["0 triggered primary", "600 escalated secondary"]
    assert paged(world) == ["vp", "user5"]


def test_one_that_lasts_a_second_longer_pages_whoever_stands_in(world):
    stands_in(world, "oncall_secondary", "director", 601)
    world.fires()
    world.passes(700)
    assert paged(world) == ["user2", "director"]


def test_an_override_that_somebody_ends_early_ends_at_once(world):
    number = stands_in(world, "oncall_secondary", "director", 86_400)
    world.fires()
    world.passes(590)
    ends(world, number)
    world.passes(100)
    assert paged(world) == ["user2", "user5"]
    events = [each["event"] for each in world.standing.timeline("oncall_secondary")]
    assert events == ["override_added", "override_ended"]


def test_an_override_that_fills_a_gap_is_paged_and_without_it_the_level_is_left_at_once(client):
    nights = rotation("user1") | {"restrictions": [{"from": "22:00", "to": "06:00"}]}
    world = World(client, config(rotations={"oncall_primary": nights, "oncall_secondary": rotation("user5")}))
    unmanned = world.fires("disk-1")
    assert world.story(unmanned, *LADDER) == ["0 skipped primary nobody is on it", "0 triggered secondary"]
    stands_in(world, "oncall_primary", "user3", 3600)
    manned = world.fires("disk-2")
    assert world.story(manned, *LADDER) == ["0 triggered primary"]
    assert paged(world) == ["user5", "user3"]
    world.passes(3601)
    assert world.engine.present()[0].on_call("oncall_primary", world.now) is None


def test_another_process_knows_of_an_override_at_its_next_look(world, client):
    other = World(client)
    other.engine.present()
    stands_in(world, "oncall_primary", "vp", 3600)
    other.fires()
    assert paged(other) == ["vp"]


def test_what_is_said_about_the_rotation_is_who_is_paged(world):
    swap(world, "oncall_primary", ("user2", "user1"), 60, 7200)
    for seconds, who in ((0, "user2"), (60, "user1"), (7139, "user1"), (1, "user2")):
        world.passes(seconds)
        rules, now = world.engine.present()
        assert on_call_view(rules, "oncall_primary", now)["on_call"]["member"] == who
        world.fires(f"at {now}")
        assert world.told()[-1][0] == who
