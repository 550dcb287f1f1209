"""A rotation really rotates, and by the local clock (faults 1 and 15 of the requirements)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import WEEKDAYS, Rotation
from core.rotation import next_shifts, shift_at

MOMENT = timedelta(microseconds=1)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",  # changes at midnight
    "America/Sao_Paulo",  # skipped midnights
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Apia",  # skipped a day
    "Asia/Kathmandu",
    "Africa/Casablanca",
]


def rotation(*members, day="monday", at="09:00", start_date=None):
    return Rotation(
        type="weekly",
        members=members or ("a", "b", "c"),
        start_time=at,
        handoff_day=day,
        start_date=start_date,
    )


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def bounds(shift):
    return shift.starts_at, shift.ends_at


@pytest.mark.parametrize(
    ("zone", "starts_at", "ends_at"),
    [
        ("UTC", "2026-03-23T09:00", "2026-03-30T09:00"),
        ("Europe/Berlin", "2026-01-05T08:00", "2026-01-12T08:00"),
        ("Europe/Berlin", "2026-03-23T08:00", "2026-03-30T07:00"),
        ("Europe/Berlin", "2026-07-06T07:00", "2026-07-13T07:00"),
        ("Europe/Berlin", "2026-10-19T07:00", "2026-10-26T08:00"),
        ("America/New_York", "2026-01-05T14:00", "2026-01-12T14:00"),
        ("America/New_York", "2026-03-02T14:00", "2026-03-09T13:00"),
        ("America/New_York", "2026-10-26T13:00", "2026-11-02T14:00"),
    ],
)
def test_handoff_is_at_nine_local_time_on_both_sides_of_a_clock_change(zone, starts_at, ends_at):
    starts, ends = utc(starts_at), utc(ends_at)
    for now in (starts, starts + timedelta(days=3), ends - MOMENT):
        assert bounds(shift_at(rotation(), ZoneInfo(zone), now)) == (starts, ends)
    assert shift_at(rotation(), ZoneInfo(zone), ends).starts_at == ends


def test_members_take_turns_week_by_week():
    members = [
        shift_at(rotation(), ZoneInfo("Europe/Berlin"), utc(now)).member
        for now in (
            "2026-01-05T07:59",
            "2026-01-05T08:00",
            "2026-01-12T07:59",
            "2026-01-12T08:00",
            "2026-01-19T08:00",
            "2026-01-26T08:00",
        )
    ]
    assert members == ["c", "a", "a", "b", "c", "a"]


def test_without_a_start_date_week_0_starts_with_the_first_handoff_of_1970():
    assert shift_at(rotation(), UTC, utc("1970-01-05T09:00")).member == "a"
    assert shift_at(rotation(), UTC, utc("1970-01-05T08:59")).member == "c"
    assert shift_at(rotation(day="thursday"), UTC, utc("1970-01-01T09:00")).member == "a"


@pytest.mark.parametrize("start_date", [date(2026, 5, 6), date(2026, 5, 11)])  # a Wednesday, and the Monday after
def test_with_a_start_date_the_first_member_begins_with_the_first_handoff_on_or_after_it(start_date):
    berlin, turns = ZoneInfo("Europe/Berlin"), rotation(start_date=start_date)
    assert bounds(shift_at(turns, berlin, utc("2026-05-11T07:00"))) == (
        utc("2026-05-11T07:00"),
        utc("2026-05-18T07:00"),
    )
    weeks = [shift_at(turns, berlin, utc("2026-05-11T07:00") + timedelta(weeks=week)).member for week in range(-4, 4)]
    assert weeks == ["c", "a", "b", "c", "a", "b", "c", "a"]


@pytest.mark.parametrize(
    ("zone", "day", "at", "handoff"),
    [
        ("Europe/Berlin", "sunday", "02:30", "2026-03-29T01:00"),  # 02:00 to 03:00 is skipped
        ("Europe/Berlin", "sunday", "02:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "sunday", "03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "sunday", "02:30", "2026-10-25T00:30"),  # 02:00 to 03:00 comes twice
        ("America/New_York", "sunday", "02:15", "2026-03-08T07:00"),
        ("America/New_York", "sunday", "01:15", "2026-11-01T05:15"),
        ("Australia/Lord_Howe", "sunday", "02:15", "2026-10-03T15:30"),  # skips half an hour
        ("America/Havana", "sunday", "00:30", "2026-03-08T05:00"),  # skips midnight
        ("Pacific/Apia", "friday", "09:00", "2011-12-30T10:00"),  # skipped that Friday
    ],
)
def test_a_skipped_handoff_is_the_end_of_the_gap_and_a_doubled_one_the_first(zone, day, at, handoff):
    turns = rotation(day=day, at=at)
    before, after = (shift_at(turns, ZoneInfo(zone), utc(handoff) + step) for step in (-MOMENT, timedelta(0)))
    assert before.ends_at == after.starts_at == utc(handoff)
    assert before.member != after.member


def test_an_alert_in_the_doubled_hour_finds_one_member():
    turns, berlin = rotation(day="sunday", at="02:30"), ZoneInfo("Europe/Berlin")
    first_half, second_time_round = (
        shift_at(turns, berlin, utc(now)) for now in ("2026-10-25T00:40", "2026-10-25T01:10")
    )
    assert first_half == second_time_round


def test_the_instant_counts_whatever_zone_now_is_told_in():
    tokyo = datetime(2026, 1, 5, 17, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert shift_at(rotation(), ZoneInfo("Europe/Berlin"), tokyo).starts_at == utc("2026-01-05T08:00")


def test_a_naive_now_is_refused():
    with pytest.raises(ValueError, match="aware"):
        shift_at(rotation(), UTC, datetime(2026, 1, 5, 9))  # noqa: DTZ001 - that is the point


def test_a_rotation_of_one_is_always_on_call():
    assert {shift.member for shift in islice(next_shifts(rotation("a"), UTC, utc("2026-01-05T09:00")), 5)} == {"a"}


def test_the_next_shifts_follow_in_order():
    shifts = list(islice(next_shifts(rotation(), ZoneInfo("Europe/Berlin"), utc("2026-03-24T00:00")), 3))
    assert [(shift.member, shift.starts_at) for shift in shifts] == [
        ("a", utc("2026-03-30T07:00")),
        ("b", utc("2026-04-06T07:00")),
        ("c", utc("2026-04-13T07:00")),
    ]


rotations = st.builds(
    lambda members, day, hour, minute, start: rotation(
        *[f"m{n}" for n in range(members)], day=day, at=f"{hour:02}:{minute:02}", start_date=start
    ),
    st.integers(1, 5),
    st.sampled_from(WEEKDAYS),
    st.integers(0, 23),
    st.sampled_from([0, 15, 30, 59]),
    st.none() | st.dates(date(1990, 1, 1), date(2050, 1, 1)),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)
instants = st.integers(-315619200, 4102444800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@settings(deadline=None)
@given(rotations, zones, instants)
def test_exactly_one_shift_covers_each_instant(turns, zone, now):
    shift = shift_at(turns, zone, now)
    assert shift.member in turns.members
    assert shift.starts_at <= now < shift.ends_at
    assert shift_at(turns, zone, shift.starts_at) == shift
    assert shift_at(turns, zone, shift.ends_at - MOMENT) == shift


@settings(deadline=None)
@given(rotations, zones, instants)
def test_shifts_tile_time_and_members_follow_in_their_order(turns, zone, now):
    shift = shift_at(turns, zone, now)
    after = shift_at(turns, zone, shift.ends_at)
    before = shift_at(turns, zone, shift.starts_at - MOMENT)
    assert after.starts_at == shift.ends_at
    assert before.ends_at == shift.starts_at
    order = [turns.members.index(each.member) for each in (before, shift, after)]
    assert order == [(order[0] + step) % len(turns.members) for step in range(3)]
    assert next(next_shifts(turns, zone, now)) == after


@settings(deadline=None)
@given(rotations, zones, instants)
def test_a_handoff_shows_its_time_on_the_local_clock_or_ends_a_gap(turns, zone, now):
    starts_at = shift_at(turns, zone, now).starts_at
    local = starts_at.astimezone(zone)
    if (local.time(), WEEKDAYS[local.weekday()]) != (turns.start_time, turns.handoff_day):
        last, first = ((starts_at - step).astimezone(zone).replace(tzinfo=None) for step in (MOMENT, MOMENT * 0))
        days = (last.date() + timedelta(days=step) for step in (0, 1))
        skipped = [datetime.combine(day, turns.start_time) for day in days]
        assert any(last < wall < first and WEEKDAYS[wall.weekday()] == turns.handoff_day for wall in skipped)


@settings(deadline=None)
@given(rotations, zones)
def test_the_first_shift_on_or_after_the_start_date_is_the_first_member_s(turns, zone):
    start = datetime.combine(turns.start_date or date(1970, 1, 1), time(0), tzinfo=zone).astimezone(UTC)
    shift = shift_at(turns, zone, start)
    first = shift if shift.starts_at >= start else shift_at(turns, zone, shift.ends_at)
    assert first.member == turns.members[0]
