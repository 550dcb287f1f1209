"""What people order about who is on call: what is taken, what is refused and why, and how it ends."""

from datetime import datetime, timedelta

import pytest

from core.oncall import UnknownNameError
from core.override_orders import (
    BadOrderError,
    NoSuchOverrideError,
    Orderer,
    OverrideEndedError,
    Window,
    added,
    ended,
    new_override,
    new_swap,
)
from core.standing import Standing
from tests.duties import utc
from tests.samples import T0, at, rotation, rules

ADA = Orderer("ada", "api", T0)
IN_AN_HOUR, IN_TWO_HOURS = at(3600), at(7200)
RULES = rules(
    rotations={
        "oncall": rotation("user1", "user2", "user3") | {"timezone": "Europe/Berlin"},
        "db": rotation("user4") | {"layers": [rotation("user5")]},
    },
    timezone="America/New_York",
)


def naive(text):
    return datetime.fromisoformat(text)


def one(start=IN_AN_HOUR, end=IN_TWO_HOURS, *, member="vp", instead_of=None, rotation="oncall"):
    window = Window(start, end)
    return new_override(RULES, rotation, window, ADA, member=member, instead_of=instead_of, number="7", note="why")


def two(*members, start=IN_AN_HOUR, end=IN_TWO_HOURS, rotation="oncall"):
    return new_swap(RULES, rotation, Window(start, end), ADA, members=members, numbers=("7", "8"), note="why")


def refused(call, *args, kind=BadOrderError, **kwargs):
    with pytest.raises(kind) as raised:
        call(*args, **kwargs)
    return str(raised.value)


def stands(*overrides):
    return Standing(1, overrides)


def ends(number, *overrides, seconds=0.0):
    return ended(stands(*overrides), number, Orderer("bob", "page", at(seconds)))


def test_an_override_holds_from_when_to_when_it_was_asked_for():
    found = one()
    assert (found.rotation, found.member, found.instead_of, found.by, found.note) == (
        "oncall",
        "vp",
        None,
        "ada",
        "why",
    )
    assert (found.starts_at, found.ends_at, found.created_at) == (at(3600), at(7200), T0)


def test_a_time_without_an_offset_is_by_the_clock_of_the_rotation_else_of_the_config():
    window = naive("2026-11-24T09:00"), naive("2026-11-24T17:00")
    assert one(*window).starts_at == utc("2026-11-24T08:00")
    assert one(*window, rotation="db").starts_at == utc("2026-11-24T14:00")
    assert one(utc("2026-11-24T09:00"), window[1]).starts_at == utc("2026-11-24T09:00")


def test_a_window_that_has_begun_holds_from_now_on_and_so_does_one_without_a_beginning():
    assert one(start=at(-3600)).starts_at == T0
    assert one(start=None).starts_at == T0


def test_a_window_that_is_over_is_refused_with_both_times_and_whose_clock_it_was():
    said = refused(one, start=naive("2026-11-23T09:00"), end=naive("2026-11-23T11:00"))
    assert said == (
        "that lies in the past: it would end at Mon 23 Nov 2026 11:00 CET, and it is Mon 23 Nov 2026 11:00 CET now "
        "(times without an offset are by the clock of Europe/Berlin)"
    )
    assert one(end=naive("2026-11-23T11:01"), start=None).ends_at == at(60)


@pytest.mark.parametrize("end", [at(3600), at(60)])
def test_a_window_that_ends_before_it_begins_is_refused(end):
    said = refused(one, end=end)
    assert said.startswith("it must end after it begins: from Mon 23 Nov 2026 12:00 CET to Mon 23 Nov 2026 1")
    assert refused(two, "user1", "user2", end=end) == said


def test_a_night_on_which_the_clock_goes_back_has_the_hour_once():
    """02:30 stands for the first of the two."""
    assert one(end=naive("2027-10-31T02:30"), start=naive("2027-10-31T01:00")).ends_at == utc("2027-10-31T00:30")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"instead_of": "vp", "member": "vp"}, "'vp' takes no turns in oncall"),
        ({"instead_of": "user1", "member": "user1"}, "user1 cannot stand in for user1"),
        (
            {"instead_of": "usr2"},
            "'usr2' takes no turns in oncall, so it never is anybody's turn to stand in for (did you mean user2?)",
        ),
        (
            {"end": at(3600) + timedelta(days=367)},
            "an override lasts at most 366 days; for longer, change the rotation",
        ),
        ({"start": None, "end": at(0.5)}, "an override must end after it starts"),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(asked, reason):
    assert refused(one, **asked).startswith(reason)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        (("user1", "vp"), "'vp' takes no turns in oncall, so there is nothing to swap; an override has them stand in"),
        (("user1", "user1"), "user1 cannot stand in for user1"),
    ],
)
def test_a_swap_that_makes_no_sense_is_refused(members, reason):
    assert refused(two, *members).startswith(reason)


def test_names_that_config_does_not_know_are_refused():
    assert "no rotation 'onkall' (did you mean oncall?)" in refused(one, rotation="onkall", kind=UnknownNameError)
    assert "no person 'user9' (did you mean user" in refused(one, member="user9", kind=UnknownNameError)
    assert "no person 'nobody'" in refused(two, "nobody", "user1", kind=UnknownNameError)
    assert "no rotation" in refused(two, "user1", "user2", rotation="x", kind=UnknownNameError)


def test_members_of_a_layer_can_swap():
    assert [each.member for each in two("user4", "user5", rotation="db")] == ["user5", "user4"]


def test_what_is_added_is_put_in_force_with_its_event():
    both = two("user1", "user2")
    orders = added(both, ADA)
    assert (orders.rotation, orders.put, orders.drop) == ("oncall", both, ())
    assert {name: orders.event[name] for name in ("at", "event", "by", "via")} == {
        "at": "2026-11-23T10:00:00Z",
        "event": "override_added",
        "by": "ada",
        "via": "api",
    }
    assert [(each["id"], each["swap"]) for each in orders.event["overrides"]] == [("7", "8"), ("8", "7")]


def test_one_that_runs_ends_now_and_stays_on_record():
    orders = ends("7", one(start=None), seconds=600.9)
    assert (orders.put[0].starts_at, orders.put[0].ends_at, orders.drop) == (T0, at(600), ())
    assert (orders.event["event"], orders.event["by"], orders.event["via"]) == ("override_ended", "bob", "page")
    assert orders.event["overrides"][0]["to"] == "2026-11-23T10:10:00Z"


@pytest.mark.parametrize("seconds", [0, 3599, 3600, 3600.9])
def test_one_that_has_not_begun_is_taken_back(seconds):
    """Nor has it in the second in which it begins: nothing shorter is kept."""
    orders = ends("7", one(), seconds=seconds)
    assert (orders.put, [each.id for each in orders.drop]) == ((), ["7"])
    assert orders.event["event"] == "override_removed"


@pytest.mark.parametrize("number", ["7", "8"])
def test_a_swap_ends_as_a_whole_whichever_half_is_named(number):
    both, other = two("user1", "user2"), one(member="user2", instead_of="user3")
    taken_back = ends(number, *both, other)
    assert {each.id for each in taken_back.drop} == {"7", "8"}
    left = ends(number, *both, seconds=4000)
    assert {(each.id, each.ends_at) for each in left.put} == {("7", at(4000)), ("8", at(4000))}


def test_two_overrides_that_only_look_like_a_swap_end_one_by_one():
    mine = one(member="user2", instead_of="user1")
    later = Orderer("ada", "api", at(1))
    theirs = new_override(
        RULES, "oncall", Window(at(3600), at(7200)), later, member="user1", instead_of="user2", number="8"
    )
    assert [each.id for each in ends("7", mine, theirs).drop] == ["7"]


def test_what_is_over_or_never_was_cannot_be_ended():
    found = one()
    assert refused(ends, "8", found, kind=NoSuchOverrideError) == "there is no override 8"
    said = refused(ends, "7", found, seconds=7201, kind=OverrideEndedError)
    assert said == "override 7 ended at 2026-11-23T12:00:00Z already"


def test_to_end_it_twice_in_a_second_is_fine_since_a_reply_may_have_been_lost():
    found = one(start=None)
    orders = ends("7", found, seconds=600.2)
    assert ends("7", *orders.put, seconds=600.2) == orders
