"""For a while somebody else is on call."""

import json

import pytest

from core.overrides import Override, swap
from core.rotations import on_call, shift_at, shifts
from tests.duties import MOMENT, override, plan, said, told, utc, weekly

TURNS = plan(weekly("alice", "bob", at="00:00", start_date="2026-01-05"))
FIELDS = {
    "id": "7",
    "rotation": "oncall",
    "member": "carol",
    "starts_at": utc("2026-01-06T00:00"),
    "ends_at": utc("2026-01-07T00:00"),
    "instead_of": "alice",
    "by": "bob",
    "note": "dentist",
    "created_at": utc("2026-01-01T00:00:00.250"),
}
RECORD = {
    **FIELDS,
    "record_version": 1,
    "starts_at": "2026-01-06T00:00:00Z",
    "ends_at": "2026-01-07T00:00:00Z",
    "created_at": "2026-01-01T00:00:00.250Z",
}


def between(start, end, *overrides, turns=TURNS):
    return told(shifts(turns, utc(start), utc(end), overrides))


def test_an_override_holds_from_its_start_until_just_before_its_end():
    one = override("carol", "2026-01-06T12:00", "2026-01-07T12:00")
    instants = [one.starts_at - MOMENT, one.starts_at, one.ends_at - MOMENT, one.ends_at]
    assert [on_call(TURNS, each, [one]) for each in instants] == ["alice", "carol", "carol", "alice"]
    assert between("2026-01-06T00:00", "2026-01-08T00:00", one) == [
        ("alice", "2026-01-05T00:00", "2026-01-06T12:00"),
        ("carol", "2026-01-06T12:00", "2026-01-07T12:00"),
        ("alice", "2026-01-07T12:00", "2026-01-12T00:00"),
    ]


def test_a_shift_says_which_override_it_is():
    one = override("carol", "2026-01-06T12:00", "2026-01-07T12:00")
    assert shift_at(TURNS, one.starts_at, [one]).override is one
    assert shift_at(TURNS, one.ends_at, [one]).override is None


def test_an_override_over_several_turns_is_one_shift():
    assert between(
        "2026-01-08T00:00", "2026-01-20T00:00", override("carol", "2026-01-07T00:00", "2026-01-20T00:00")
    ) == [("carol", "2026-01-07T00:00", "2026-01-20T00:00")]


def test_instead_of_somebody_it_holds_only_where_they_would_be():
    one = override("carol", "2026-01-07T00:00", "2026-01-21T00:00", "bob")
    assert between("2026-01-07T00:00", "2026-01-21T00:00", one) == [
        ("alice", "2026-01-05T00:00", "2026-01-12T00:00"),
        ("carol", "2026-01-12T00:00", "2026-01-19T00:00"),
        ("alice", "2026-01-19T00:00", "2026-01-26T00:00"),
    ]


def test_a_swap_is_two_overrides_that_do_not_undo_each_other():
    window = utc("2026-01-07T00:00"), utc("2026-01-21T00:00")
    made = utc("2026-01-01T00:00")
    both = swap(("1", "2"), "oncall", ("alice", "bob"), window, by="alice", note="holiday", created_at=made)
    assert [(each.id, each.member, each.instead_of) for each in both] == [("1", "bob", "alice"), ("2", "alice", "bob")]
    expected = [
        ("alice", "2026-01-05T00:00", "2026-01-07T00:00"),
        ("bob", "2026-01-07T00:00", "2026-01-12T00:00"),
        ("alice", "2026-01-12T00:00", "2026-01-19T00:00"),
        ("bob", "2026-01-19T00:00", "2026-01-21T00:00"),
        ("alice", "2026-01-21T00:00", "2026-01-26T00:00"),
    ]
    assert between("2026-01-05T00:00", "2026-01-22T00:00", *both) == expected
    assert between("2026-01-05T00:00", "2026-01-22T00:00", *reversed(both)) == expected


@pytest.mark.parametrize("turned", [False, True])
def test_of_those_that_hold_the_one_made_last_does(turned):
    old = override("carol", "2026-01-06T00:00", "2026-01-09T00:00")
    new = override("dave", "2026-01-07T00:00", "2026-01-08T00:00", id="2", created_at=utc("2026-01-02T00:00"))
    both = (new, old) if turned else (old, new)
    assert between("2026-01-06T00:00", "2026-01-09T00:00", *both) == [
        ("carol", "2026-01-06T00:00", "2026-01-07T00:00"),
        ("dave", "2026-01-07T00:00", "2026-01-08T00:00"),
        ("carol", "2026-01-08T00:00", "2026-01-09T00:00"),
    ]
    assert on_call(TURNS, utc("2026-01-07T12:00"), both) == "dave"


def test_of_two_made_at_the_same_instant_one_holds_in_whatever_order_they_come():
    one, other = (override(who, "2026-01-06T00:00", "2026-01-09T00:00", id=who) for who in ("carol", "dave"))
    assert {on_call(TURNS, one.starts_at, pair) for pair in ((one, other), (other, one))} == {"dave"}


def test_instead_of_is_read_by_the_rotation_and_not_by_other_overrides():
    """Carol stands in for alice; who stands in for alice later replaces carol, who stands in for carol nobody."""
    carol = override("carol", "2026-01-06T00:00", "2026-01-09T00:00", "alice")
    later = {"id": "2", "created_at": utc("2026-01-02T00:00")}
    for_alice = override("dave", "2026-01-07T00:00", "2026-01-08T00:00", "alice", **later)
    for_carol = override("dave", "2026-01-07T00:00", "2026-01-08T00:00", "carol", **later)
    noon = utc("2026-01-07T12:00")
    assert on_call(TURNS, noon, [carol, for_alice]) == "dave"
    assert on_call(TURNS, noon, [carol, for_carol]) == "carol"


def test_a_declared_gap_is_filled_unless_somebody_is_to_be_replaced():
    window = {"from": "09:00", "to": "17:00"}
    office = plan(weekly("alice", at="00:00", start_date="2026-01-05", restrictions=[window]))
    anyone = override("carol", "2026-01-06T16:00", "2026-01-06T20:00")
    assert between("2026-01-06T10:00", "2026-01-06T21:00", anyone, turns=office) == [
        ("alice", "2026-01-06T09:00", "2026-01-06T16:00"),
        ("carol", "2026-01-06T16:00", "2026-01-06T20:00"),
        (None, "2026-01-06T20:00", "2026-01-07T09:00"),
    ]
    for_alice = override("carol", "2026-01-06T16:00", "2026-01-06T20:00", "alice")
    assert between("2026-01-06T16:00", "2026-01-06T21:00", for_alice, turns=office) == [
        ("carol", "2026-01-06T16:00", "2026-01-06T17:00"),
        (None, "2026-01-06T17:00", "2026-01-07T09:00"),
    ]


def test_overrides_of_other_rotations_are_passed_over():
    other = override("carol", "2026-01-06T00:00", "2026-01-09T00:00", rotation="other")
    assert on_call(TURNS, other.starts_at, [other]) == "alice"
    assert shift_at(TURNS, other.starts_at, [other]) == shift_at(TURNS, other.starts_at)


def test_an_override_may_last_a_year_and_is_then_still_one_shift():
    one = override("carol", "2026-01-06T00:00", "2027-01-07T00:00")
    assert told([shift_at(TURNS, utc("2027-01-06T00:00"), [one])]) == [
        ("carol", "2026-01-06T00:00", "2027-01-07T00:00")
    ]


# Records


def test_an_override_is_kept_as_json_and_read_back():
    one = Override(**FIELDS)
    assert json.loads(one.dump()) == RECORD
    assert Override.load(one.dump()) == one
    assert Override.load(one.dump().encode()) == one


def test_its_window_is_in_whole_seconds_of_utc_wherever_it_came_from():
    berlin = Override.load(json.dumps(RECORD | {"starts_at": "2026-01-06T01:00:00.900+01:00"}))
    assert (said(berlin.starts_at), berlin.starts_at.microsecond) == ("2026-01-06T00:00", 0)
    assert str(berlin.starts_at.tzinfo) == "UTC"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"member": ""}, "an override needs its member"),
        ({"rotation": ""}, "an override needs its rotation"),
        ({"id": ""}, "an override needs its id"),
        ({"instead_of": "carol"}, "carol cannot stand in for carol"),
        ({"ends_at": FIELDS["starts_at"]}, "an override must end after it starts"),
        ({"ends_at": utc("2026-01-05T00:00")}, "an override must end after it starts"),
        (
            {"ends_at": utc("2027-01-07T00:00:01")},
            "an override lasts at most 366 days; for longer, change the rotation",
        ),
        (
            {"starts_at": FIELDS["starts_at"].replace(tzinfo=None)},
            "an override's starts_at must be aware, or nobody knows which instant it is",
        ),
    ],
)
def test_what_could_never_hold_is_refused_with_its_reason(changes, reason):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the text is compared whole
        Override(**FIELDS | changes)
    assert str(raised.value) == reason


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("[]", "the record of an override is a JSON object"),
        (json.dumps(RECORD | {"record_version": 2}), "an override of version 2; this Rung reads 1 to 1: update it"),
        (json.dumps(FIELDS | dict.fromkeys(["starts_at", "ends_at", "created_at"])), "an override of version None"),
        (json.dumps({"record_version": 1, "id": "7"}), "the record of an override lacks rotation, member, starts_at"),
        (json.dumps(RECORD | {"ends_at": "soon"}), "Invalid isoformat string: 'soon'"),
        (json.dumps(RECORD | {"ends_at": None}), "Invalid isoformat string: 'None'"),
        ("{", "Expecting property name"),
    ],
)
def test_a_record_that_cannot_be_read_says_why(record, reason):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the text is compared
        Override.load(record)
    assert str(raised.value).startswith(reason)
