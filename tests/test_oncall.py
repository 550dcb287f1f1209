"""Who is on call, until when, and who is next, as the API says it."""

from datetime import timedelta

import pytest

from core.oncall import (
    UnknownNameError,
    check_person,
    check_rotation,
    members_of,
    on_call_view,
    override_views,
    zone_of,
)
from core.overrides import swap
from core.rules import Rules
from core.standing import Standing
from tests.duties import override, utc
from tests.samples import T0, config, rotation

ALL_DAY = {"type": "daily", "start_time": "09:00"}


def view(written, *overrides, at=T0, ahead=None, **changes):
    return on_call_view(
        Rules(config(rotations={"oncall": written}, **changes), Standing(1, overrides)), "oncall", at, ahead
    )


def brief(said):
    """Who until when, and who is next from when to when."""
    now, after = said["on_call"], said["next"]
    return (now["member"], now["to"]), after and (after["member"], after["from"], after["to"])


def test_who_is_on_call_until_when_and_who_is_next():
    people = {"user1": {"name": "User One", "email": "one@example.com"}, "user2": {"email": "two@example.com"}}
    said = view(
        rotation("user1", "user2") | {"start_date": "2026-11-23", "timezone": "Europe/Berlin"},
        people=people | {name: {} for name in ("team_manager", "director", "vp")},
        escalation=config().escalation.model_dump(),
    )
    assert said == {
        "rotation": "oncall",
        "timezone": "Europe/Berlin",
        "on_call": {"member": "user1", "name": "User One", "to": "2026-11-30T08:00:00Z", "override": None},
        "next": {
            "member": "user2",
            "name": "user2",
            "from": "2026-11-30T08:00:00Z",
            "to": "2026-12-07T08:00:00Z",
        },
    }


def test_turns_of_one_person_that_touch_are_one_stretch():
    """Each has two turns of a day in a row: user1 on 23 and 24, user2 on 25 and 26 November."""
    said = view(ALL_DAY | {"members": ["user1", "user1", "user2", "user2"], "start_date": "2026-11-23"})
    assert brief(said) == (("user1", "2026-11-25T09:00:00Z"), ("user2", "2026-11-25T09:00:00Z", "2026-11-27T09:00:00Z"))


def test_whoever_is_alone_in_a_rotation_is_on_call_without_an_end():
    assert brief(view(rotation("user1"))) == (("user1", None), None)


def test_in_a_gap_nobody_is_on_call_until_somebody_comes():
    nights = rotation("user1") | {"restrictions": [{"from": "22:00", "to": "06:00"}]}
    assert brief(view(nights)) == (
        (None, "2026-11-23T22:00:00Z"),
        ("user1", "2026-11-23T22:00:00Z", "2026-11-24T06:00:00Z"),
    )
    assert brief(view(nights, at=utc("2026-11-23T23:00"))) == (
        ("user1", "2026-11-24T06:00:00Z"),
        ("user1", "2026-11-24T22:00:00Z", "2026-11-25T06:00:00Z"),
    )


def test_a_rotation_that_never_has_anybody_says_so():
    over = rotation({"name": "user1", "until": "2026-01-05"})
    assert brief(view(over)) == ((None, None), None)


def test_an_override_is_named_and_whoever_comes_back_after_it_is_next():
    one = override("vp", "2026-11-23T10:00", "2026-11-23T18:00", id="7")
    said = view(rotation("user1", "user2") | {"start_date": "2026-11-23"}, one)
    assert said["on_call"]["override"] == "7"
    assert brief(said) == (("vp", "2026-11-23T18:00:00Z"), ("user1", "2026-11-23T18:00:00Z", "2026-11-30T09:00:00Z"))


def test_an_override_for_the_person_whose_turn_follows_ends_with_that_turn():
    one = override("user2", "2026-11-28T00:00", "2026-11-30T09:00")
    said = view(rotation("user1", "user2") | {"start_date": "2026-11-23"}, one)
    assert brief(said) == (("user1", "2026-11-28T00:00:00Z"), ("user2", "2026-11-28T00:00:00Z", "2026-12-07T09:00:00Z"))


def test_the_shifts_ahead_are_told_one_by_one_and_whole():
    one = override("vp", "2026-11-24T00:00", "2026-11-25T00:00", id="7")
    said = view(rotation("user1", "user2") | {"start_date": "2026-11-23"}, one, ahead=timedelta(days=3))
    assert [(each["member"], each["from"][5:16], each["to"][5:16], each["override"]) for each in said["shifts"]] == [
        ("user1", "11-23T09:00", "11-24T00:00", None),
        ("vp", "11-24T00:00", "11-25T00:00", "7"),
        ("user1", "11-25T00:00", "11-30T09:00", None),
    ]


def test_overrides_are_told_in_the_order_they_begin_until_they_have_ended():
    later = override("vp", "2026-11-25T00:00", "2026-11-26T00:00", id="1")
    ended = override("vp", "2026-11-22T00:00", "2026-11-23T10:00", id="2")
    running = override("vp", "2026-11-23T10:00", "2026-11-24T00:00", id="3")
    told = [(each["id"], each["state"], each["swap"]) for each in override_views([later, ended, running], T0)]
    assert told == [("3", "running", None), ("1", "coming", None)]


def test_each_half_of_a_swap_names_the_other():
    window = utc("2026-11-25T00:00"), utc("2026-11-26T00:00")
    both = swap(("9", "10"), "oncall", ("user1", "user2"), window, by="ada", created_at=T0)
    alike = override(
        "user1", "2026-11-25T00:00", "2026-11-26T00:00", "user2", id="11"
    )  # made by somebody at another time
    assert [(each["id"], each["swap"]) for each in override_views([*both, alike], T0)] == [
        ("11", None),
        ("9", "10"),
        ("10", "9"),
    ]


def test_an_override_as_json():
    [told] = override_views([override("vp", "2026-11-25T00:00", "2026-11-26T00:00", "user1", id="7", note="dentist")])
    assert told == {
        "id": "7",
        "rotation": "oncall",
        "member": "vp",
        "instead_of": "user1",
        "from": "2026-11-25T00:00:00Z",
        "to": "2026-11-26T00:00:00Z",
        "by": "ada",
        "note": "dentist",
        "created_at": "2026-01-01T00:00:00Z",
        "swap": None,
    }


def test_members_are_those_of_the_layers_too_and_each_once():
    layered = rotation("user1", "user2") | {"layers": [ALL_DAY | {"members": ["user3", "user1"]}]}
    assert members_of(config(rotations={"oncall": layered}), "oncall") == ("user1", "user2", "user3")


def test_a_rotation_without_a_zone_goes_by_the_configs():
    rotations = {"one": rotation("user1"), "other": rotation("user1") | {"timezone": "Asia/Kathmandu"}}
    found = config(rotations=rotations, timezone="America/New_York")
    assert (zone_of(found, "one").key, zone_of(found, "other").key) == ("America/New_York", "Asia/Kathmandu")


@pytest.mark.parametrize(
    ("check", "name", "said"),
    [
        (check_rotation, "oncall_primry", "config has no rotation 'oncall_primry' (did you mean oncall_primary?)"),
        (check_rotation, "db", "config has no rotation 'db': one of oncall_primary, oncall_secondary"),
        (check_person, "usr1", "config has no person 'usr1' (did you mean user1?)"),
        (check_person, "x" * 99, "config has no person '" + "x" * 64 + "...': one of user1, user2, "),
    ],
)
def test_a_name_that_is_not_there_is_told_with_the_nearest_one(check, name, said):
    with pytest.raises(UnknownNameError) as raised:
        check(config(), name)
    assert str(raised.value).startswith(said)
