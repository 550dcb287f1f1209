"""A rotation really rotates, and by the local clock (faults 1 and 15 of the requirements)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import WEEKDAYS
from core.rotations import on_call, shift_at, shifts
from tests.duties import MOMENT, ZONES, custom, daily, plan, told, utc, weekly


def bounds(shift):
    return shift.starts_at, shift.ends_at


def members(turns, *instants):
    return [on_call(turns, utc(instant)) for instant in instants]


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
        ("Australia/Lord_Howe", "2026-03-29T22:00", "2026-04-05T22:30"),
        ("Australia/Lord_Howe", "2026-09-27T22:30", "2026-10-04T22:00"),
    ],
)
def test_handoff_is_at_nine_local_time_on_both_sides_of_a_clock_change(zone, starts_at, ends_at):
    turns, starts, ends = plan(weekly(), zone), utc(starts_at), utc(ends_at)
    for now in (starts, starts + timedelta(days=3), ends - MOMENT):
        assert bounds(shift_at(turns, now)) == (starts, ends)
    assert shift_at(turns, ends).starts_at == ends


def test_members_take_turns_week_by_week():
    assert members(
        plan(weekly(), "Europe/Berlin"),
        "2026-01-05T07:59",
        "2026-01-05T08:00",
        "2026-01-12T07:59",
        "2026-01-12T08:00",
        "2026-01-19T08:00",
        "2026-01-26T08:00",
    ) == ["c", "a", "a", "b", "c", "a"]


def test_members_take_turns_day_by_day():
    assert told(
        shifts(plan(daily(start_date="2026-03-27"), "Europe/Berlin"), utc("2026-03-28"), utc("2026-03-31"))
    ) == [
        ("a", "2026-03-27T08:00", "2026-03-28T08:00"),
        ("b", "2026-03-28T08:00", "2026-03-29T07:00"),
        ("c", "2026-03-29T07:00", "2026-03-30T07:00"),
        ("a", "2026-03-30T07:00", "2026-03-31T07:00"),
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            daily("a", "b", every=3, start_date="2026-01-05"),
            [("a", "2026-01-05T09:00", "2026-01-08T09:00"), ("b", "2026-01-08T09:00", "2026-01-11T09:00")],
        ),
        (
            weekly("a", "b", every=2, start_date="2026-01-05"),
            [("a", "2026-01-05T09:00", "2026-01-19T09:00")],
        ),
    ],
)
def test_a_turn_may_last_several_days_or_weeks(written, expected):
    assert told(shifts(plan(written), utc("2026-01-06"), utc("2026-01-11"))) == expected


def test_custom_turns_change_at_each_of_their_handoffs():
    """The start date is a Wednesday, so the weekend comes first."""
    turns = plan(custom("a", "b", "c", handoffs=["monday 09:00", "friday 17:00"], start_date="2026-01-07"))
    assert told(shifts(turns, utc("2026-01-08"), utc("2026-01-20"))) == [
        ("c", "2026-01-05T09:00", "2026-01-09T17:00"),
        ("a", "2026-01-09T17:00", "2026-01-12T09:00"),
        ("b", "2026-01-12T09:00", "2026-01-16T17:00"),
        ("c", "2026-01-16T17:00", "2026-01-19T09:00"),
        ("a", "2026-01-19T09:00", "2026-01-23T17:00"),
    ]


def test_without_a_start_date_turn_0_starts_with_the_first_handoff_of_1970():
    assert members(plan(weekly()), "1970-01-05T09:00", "1970-01-05T08:59") == ["a", "c"]
    assert members(plan(weekly(day="thursday")), "1970-01-01T09:00") == ["a"]
    assert members(plan(daily()), "1970-01-01T08:59", "1970-01-01T09:00", "1970-01-02T09:00") == ["c", "a", "b"]
    turns = plan(custom(handoffs=["monday 09:00", "friday 17:00"]))
    assert members(turns, "1970-01-02T16:59", "1970-01-02T17:00", "1970-01-05T09:00") == ["c", "a", "b"]


@pytest.mark.parametrize("start_date", ["2026-05-06", "2026-05-11"])  # a Wednesday, and the Monday after
def test_with_a_start_date_the_first_member_begins_with_the_first_handoff_on_or_after_it(start_date):
    turns, first = plan(weekly(start_date=start_date), "Europe/Berlin"), utc("2026-05-11T07:00")
    assert bounds(shift_at(turns, first)) == (first, utc("2026-05-18T07:00"))
    weeks = [on_call(turns, first + timedelta(weeks=week)) for week in range(-4, 4)]
    assert weeks == ["c", "a", "b", "c", "a", "b", "c", "a"]


def test_a_handoff_on_the_start_date_itself_begins_turn_0_however_late_that_day():
    turns = plan(daily(at="23:00", start_date="2026-05-11"))
    assert members(turns, "2026-05-11T22:59", "2026-05-11T23:00") == ["c", "a"]


@pytest.mark.parametrize(
    ("zone", "day", "at", "handoff"),
    [
        ("Europe/Berlin", "sunday", "02:30", "2026-03-29T01:00"),  # 02:00 to 03:00 is skipped
        ("Europe/Berlin", "sunday", "02:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "sunday", "03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "sunday", "01:59", "2026-03-29T00:59"),
        ("Europe/Berlin", "sunday", "02:30", "2026-10-25T00:30"),  # 02:00 to 03:00 comes twice
        ("Europe/Berlin", "sunday", "03:00", "2026-10-25T02:00"),
        ("America/New_York", "sunday", "02:15", "2026-03-08T07:00"),
        ("America/New_York", "sunday", "01:15", "2026-11-01T05:15"),
        ("America/New_York", "sunday", "02:00", "2026-11-01T07:00"),
        ("Australia/Lord_Howe", "sunday", "02:15", "2026-10-03T15:30"),  # skips half an hour
        ("Australia/Lord_Howe", "sunday", "01:45", "2026-04-04T14:45"),  # 01:30 to 02:00 comes twice
        ("Australia/Lord_Howe", "sunday", "02:00", "2026-04-04T15:30"),
        ("America/Havana", "sunday", "00:30", "2026-03-08T05:00"),  # skips midnight
        ("America/St_Johns", "sunday", "00:00", "2010-11-07T02:30"),  # a minute later it was Saturday again
        ("Pacific/Apia", "friday", "09:00", "2011-12-30T10:00"),  # skipped that Friday
    ],
)
def test_a_skipped_handoff_is_the_end_of_the_gap_and_a_doubled_one_the_first(zone, day, at, handoff):
    turns, instant = plan(weekly(day=day, at=at), zone), utc(handoff)
    before, after = (shift_at(turns, instant + step) for step in (-MOMENT, timedelta(0)))
    assert before.ends_at == after.starts_at == instant
    assert before.member != after.member
    assert [on_call(turns, instant - MOMENT), on_call(turns, instant)] == [before.member, after.member]


@pytest.mark.parametrize("now", ["2026-10-25T00:40", "2026-10-25T01:10", "2026-10-25T01:29", "2026-10-25T01:59"])
def test_an_alert_in_the_doubled_hour_finds_one_member(now):
    """02:30 comes at 00:30 in UTC, and once more an hour later."""
    turns = plan(weekly(day="sunday", at="02:30"), "Europe/Berlin")
    assert shift_at(turns, utc(now)).starts_at == utc("2026-10-25T00:30")
    assert on_call(turns, utc(now)) == on_call(turns, utc("2026-10-25T00:30"))


def test_a_turn_that_lies_in_a_skipped_hour_is_nobody_s_but_counts():
    """On that night both handoffs come at 01:00 in UTC, so c's half hour has no length."""
    turns = plan(
        custom("a", "b", "c", handoffs=["sunday 02:15", "sunday 02:45"], start_date="2026-03-22"), "Europe/Berlin"
    )
    assert told(shifts(turns, utc("2026-03-22T01:15"), utc("2026-04-05T00:00"))) == [
        ("a", "2026-03-22T01:15", "2026-03-22T01:45"),
        ("b", "2026-03-22T01:45", "2026-03-29T01:00"),
        ("a", "2026-03-29T01:00", "2026-04-05T00:15"),
    ]


def test_the_instant_counts_whatever_zone_now_is_told_in():
    tokyo = datetime(2026, 1, 5, 17, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert shift_at(plan(weekly(), "Europe/Berlin"), tokyo).starts_at == utc("2026-01-05T08:00")


def test_a_zone_of_its_own_counts_for_the_rotation_and_its_layers():
    above = weekly("x", restrictions=[{"from": "00:00", "to": "01:00"}])
    turns = plan(weekly("a", timezone="Asia/Tokyo", layers=[above, above | {"timezone": "UTC", "members": ["y"]}]))
    assert members(turns, "2026-01-05T15:00", "2026-01-05T16:00", "2026-01-05T00:00") == ["x", "a", "y"]


@pytest.mark.parametrize("ask", [on_call, shift_at])
@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (datetime(2026, 1, 5, 9), "now must be aware"),  # noqa: DTZ001 - that is the point
        (datetime(9999, 1, 5, tzinfo=UTC), "in the years 10 to 9990, not in 9999"),
        (datetime(2, 1, 5, tzinfo=UTC), "in the years 10 to 9990, not in 2"),
    ],
)
def test_an_instant_nobody_can_place_is_refused(ask, now, reason):
    with pytest.raises(ValueError, match=reason):
        ask(plan(weekly()), now)


@pytest.mark.parametrize("start_date", ["0001-01-01", "9999-12-31"])
def test_dates_at_the_ends_of_the_calendar_do_no_harm(start_date):
    written = weekly("a", {"name": "b", "from": start_date}, {"name": "c", "until": start_date}, start_date=start_date)
    now = utc("2026-01-07T00:00")
    assert bounds(shift_at(plan(written), now)) == (utc("2026-01-05T09:00"), utc("2026-01-12T09:00"))


def test_a_rotation_of_one_is_always_on_call_and_still_has_turns():
    assert told(shifts(plan(weekly("a")), utc("2026-01-05T09:00"), utc("2026-01-19T09:00"))) == [
        ("a", "2026-01-05T09:00", "2026-01-12T09:00"),
        ("a", "2026-01-12T09:00", "2026-01-19T09:00"),
    ]


def test_no_time_has_no_shifts():
    assert list(shifts(plan(weekly()), utc("2026-01-05T09:00"), utc("2026-01-05T09:00"))) == []


rotations = st.builds(
    lambda members, day, hour, minute, start: weekly(
        *[f"m{n}" for n in range(members)], day=day, at=f"{hour:02}:{minute:02}", start_date=start
    ),
    st.integers(1, 5),
    st.sampled_from(WEEKDAYS),
    st.integers(0, 23),
    st.sampled_from([0, 15, 30, 59]),
    st.none() | st.dates(date(1990, 1, 1), date(2050, 1, 1)),
)
zones = st.sampled_from(ZONES)
instants = st.integers(-315619200, 4102444800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@settings(deadline=None)
@given(rotations, zones, instants)
def test_shifts_tile_time_and_members_follow_in_their_order(written, zone, now):
    turns = plan(written, zone)
    shift = shift_at(turns, now)
    assert shift.starts_at <= now < shift.ends_at
    before, after = shift_at(turns, shift.starts_at - MOMENT), shift_at(turns, shift.ends_at)
    assert (before.ends_at, after.starts_at) == (shift.starts_at, shift.ends_at)
    order = [written["members"].index(each.member) for each in (before, shift, after)]
    assert order == [(order[0] + step) % len(written["members"]) for step in range(3)]


@settings(deadline=None)
@given(rotations, zones, instants)
def test_a_handoff_shows_its_time_on_the_local_clock_or_ends_a_gap(written, zone, now):
    starts_at = shift_at(plan(written, zone), now).starts_at
    handoff, local = time.fromisoformat(written["start_time"]), starts_at.astimezone(ZoneInfo(zone))
    if (local.time(), WEEKDAYS[local.weekday()]) != (handoff, written["handoff_day"]):
        last, first = (
            (starts_at - step).astimezone(local.tzinfo).replace(tzinfo=None) for step in (MOMENT, MOMENT * 0)
        )
        days = (last.date() + timedelta(days=step) for step in (0, 1))
        skipped = [datetime.combine(day, handoff) for day in days]
        assert any(last < wall < first and WEEKDAYS[wall.weekday()] == written["handoff_day"] for wall in skipped)


@settings(deadline=None)
@given(rotations, zones)
def test_the_first_shift_on_or_after_the_start_date_is_the_first_member_s(written, zone):
    turns, day = plan(written, zone), written["start_date"] or date(1970, 1, 1)
    start = datetime.combine(day, time(0), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    shift = shift_at(turns, start)
    assert (shift if shift.starts_at >= start else shift_at(turns, shift.ends_at)).member == written["members"][0]
