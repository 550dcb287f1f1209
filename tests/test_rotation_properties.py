"""Whatever the rotation: at each instant there is one member or a declared gap, as is obvious.

Every question about it is answered alike.
"""

from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import Rotation
from core.rotations import on_call, shift_at, shifts
from tests import rotation_oracle as oracle
from tests.duties import MOMENT, plan
from tests.rotation_strategies import (
    CALENDAR,
    HOLIDAYS,
    days,
    instants,
    layers,
    lengths,
    rotations,
    some_overrides,
    zones,
)


def of_this(overrides):
    return [each for each in overrides if each.rotation == "oncall"]


@settings(deadline=None, max_examples=250)
@given(rotations, zones, instants, some_overrides())
def test_whoever_is_on_call_is_the_one_that_is_obvious(written, zone, now, overrides):
    expected = oracle.on_call(Rotation.model_validate(written), zone, HOLIDAYS, now, of_this(overrides))
    assert on_call(plan(written, zone, CALENDAR), now, overrides) == expected


@settings(deadline=None, max_examples=60)
@given(rotations, zones, instants, some_overrides())
def test_a_shift_changes_exactly_where_the_obvious_one_does(written, zone, now, overrides):
    rotation, theirs = Rotation.model_validate(written), of_this(overrides)
    shift = shift_at(plan(written, zone, CALENDAR), now, overrides)
    inside = [shift.starts_at, shift.ends_at and shift.ends_at - MOMENT]
    outside = [shift.starts_at and shift.starts_at - MOMENT, shift.ends_at]
    for instant in filter(None, inside):
        assert oracle.on_call(rotation, zone, HOLIDAYS, instant, theirs) == shift.member
    if shift.member is None:
        assert None not in [oracle.on_call(rotation, zone, HOLIDAYS, each, theirs) for each in filter(None, outside)]


@settings(deadline=None, max_examples=150)
@given(rotations, zones, instants, lengths, some_overrides())
def test_shifts_tile_the_time_and_agree_with_every_other_question(written, zone, start, length, overrides):
    turns, end = plan(written, zone, CALENDAR), start + length
    tiles = list(shifts(turns, start, end, overrides))
    assert tiles[0].starts_at is None or tiles[0].starts_at <= start
    assert tiles[-1].ends_at is None or tiles[-1].ends_at >= end
    assert [one.ends_at for one in tiles[:-1]] == [other.starts_at for other in tiles[1:]]
    for one, other in pairwise(tiles):
        assert one.ends_at is not None
        assert (one.member, other.member) != (None, None)
        assert one.override is None or one.override is not other.override
    for tile in tiles:
        assert tile.member is None or (tile.starts_at and tile.ends_at)
        first = tile.starts_at or start
        last = (tile.ends_at or end) - MOMENT
        assert first <= last
        for instant in (first, first + (last - first) / 2, last):
            assert on_call(turns, instant, overrides) == tile.member
        assert shift_at(turns, max(first, start), overrides) == tile


@settings(deadline=None, max_examples=150)
@given(rotations, zones, instants, lengths, some_overrides())
def test_overrides_never_leak_outside_their_windows(written, zone, start, length, overrides):
    turns = plan(written, zone, CALENDAR)
    if not any(each.starts_at <= start < each.ends_at for each in of_this(overrides)):
        assert on_call(turns, start, overrides) == on_call(turns, start)
    for shift in shifts(turns, start, start + length, overrides):
        if shift.override:
            assert shift.override.rotation == "oncall"
            assert shift.override.starts_at <= shift.starts_at < shift.ends_at <= shift.override.ends_at
            assert shift.override.instead_of in (None, on_call(turns, shift.starts_at))
        elif shift.member:
            assert on_call(turns, shift.starts_at) == shift.member


@settings(deadline=None, max_examples=200)
@given(layers(), days, st.integers(0, 4), zones, instants)
def test_a_member_that_comes_or_goes_never_shifts_the_turns_before(written, day, where, zone, now):
    name = written.get("timezone", zone)
    before = now.astimezone(ZoneInfo(name)).date() < day
    there = written["members"]
    joined = [*there[:where], {"name": "new", "from": str(day)}, *there[where:]]
    left = [
        each if number != where or len(each) > 1 else each | {"until": str(day)} for number, each in enumerate(there)
    ]
    for changed in (joined, left):
        if before:
            assert on_call(plan(written | {"members": changed}, zone, CALENDAR), now) == on_call(
                plan(written, zone, CALENDAR), now
            )
