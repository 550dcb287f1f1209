"""On duty in windows only, and rotations that lie over others."""

from itertools import pairwise

import pytest

from core.rotations import on_call, shift_at, shifts
from tests.duties import MOMENT, daily, holidays, plan, told, utc, weekly

START = "2026-01-05"  # a Monday
NIGHT = {"from": "22:00", "to": "06:00"}


def restricted(*windows, zone="UTC", calendar=None, members=("a", "b")):
    return plan(weekly(*members, at="00:00", start_date=START, restrictions=list(windows)), zone, calendar)


def between(turns, start, end):
    return told(shifts(turns, utc(start), utc(end)))


def test_outside_its_windows_a_rotation_has_a_declared_gap():
    assert between(restricted({"from": "09:00", "to": "17:00"}), "2026-01-05T09:00", "2026-01-06T12:00") == [
        ("a", "2026-01-05T09:00", "2026-01-05T17:00"),
        (None, "2026-01-05T17:00", "2026-01-06T09:00"),
        ("a", "2026-01-06T09:00", "2026-01-06T17:00"),
    ]


def test_a_night_belongs_to_the_day_on_which_it_begins():
    turns = restricted(NIGHT | {"weekdays": ["friday"]})
    assert between(turns, "2026-01-09T23:00", "2026-01-10T07:00") == [
        ("a", "2026-01-09T22:00", "2026-01-10T06:00"),
        (None, "2026-01-10T06:00", "2026-01-16T22:00"),
    ]


def test_turns_change_inside_a_window_and_go_on_outside_of_it():
    turns = restricted(NIGHT | {"weekdays": ["sunday"]})
    assert between(turns, "2026-01-11T22:00", "2026-01-12T06:00") == [
        ("a", "2026-01-11T22:00", "2026-01-12T00:00"),
        ("b", "2026-01-12T00:00", "2026-01-12T06:00"),
    ]


def test_the_same_time_twice_is_a_whole_day_and_days_that_touch_are_one_shift():
    turns = restricted({"weekdays": ["saturday", "sunday"], "from": "08:00", "to": "08:00"})
    assert between(turns, "2026-01-10T12:00", "2026-01-12T08:00") == [
        ("a", "2026-01-10T08:00", "2026-01-12T00:00"),
        ("b", "2026-01-12T00:00", "2026-01-12T08:00"),
    ]


def test_a_window_without_times_is_a_whole_day_and_one_time_alone_goes_from_or_to_midnight():
    whole, late, early = {"weekdays": ["monday"]}, {"from": "22:00"}, {"to": "06:00"}
    assert between(restricted(whole), "2026-01-05T12:00", "2026-01-05T13:00") == [
        ("a", "2026-01-05T00:00", "2026-01-06T00:00")
    ]
    assert between(restricted(late, early), "2026-01-06T05:00", "2026-01-06T22:01") == [
        ("a", "2026-01-05T22:00", "2026-01-06T06:00"),
        (None, "2026-01-06T06:00", "2026-01-06T22:00"),
        ("a", "2026-01-06T22:00", "2026-01-07T06:00"),
    ]


@pytest.mark.parametrize(
    ("zone", "window", "starts_at", "ends_at"),
    [
        ("Europe/Berlin", ("saturday", "22:00", "02:30"), "2026-03-28T21:00", "2026-03-29T01:00"),
        ("Europe/Berlin", ("sunday", "02:30", "06:00"), "2026-03-29T01:00", "2026-03-29T04:00"),
        ("Europe/Berlin", ("saturday", "22:00", "02:30"), "2026-10-24T20:00", "2026-10-25T00:30"),
        ("Europe/Berlin", ("sunday", "02:30", "06:00"), "2026-10-25T00:30", "2026-10-25T05:00"),
        ("America/New_York", ("saturday", "22:00", "02:15"), "2026-03-08T03:00", "2026-03-08T07:00"),
        ("America/New_York", ("sunday", "01:15", "06:00"), "2026-11-01T05:15", "2026-11-01T11:00"),
        ("Australia/Lord_Howe", ("sunday", "02:15", "06:00"), "2026-10-03T15:30", "2026-10-03T19:00"),
        ("Australia/Lord_Howe", ("sunday", "01:45", "06:00"), "2026-04-04T14:45", "2026-04-04T19:30"),
    ],
)
def test_windows_open_and_close_by_the_local_clock_in_the_nights_it_changes(zone, window, starts_at, ends_at):
    day, begin, end = window
    turns = restricted({"weekdays": [day], "from": begin, "to": end}, zone=zone, members=["a"])
    start, last = utc(starts_at), utc(ends_at)
    assert [on_call(turns, each) for each in (start - MOMENT, start, last - MOMENT, last)] == [None, "a", "a", None]
    assert told([shift_at(turns, start + (last - start) / 2)]) == [("a", starts_at, ends_at)]


def test_a_window_that_lies_in_a_skipped_hour_is_not_there_that_night():
    turns = restricted({"weekdays": ["sunday"], "from": "02:15", "to": "02:45"}, zone="Europe/Berlin", members=["a"])
    assert between(turns, "2026-03-29T00:00", "2026-03-29T02:00") == [(None, "2026-03-22T01:45", "2026-04-05T00:15")]


def test_a_gap_begins_where_the_last_window_ended_also_when_that_began_first():
    turns = restricted(
        {"weekdays": ["monday"], "from": "23:00", "to": "22:00"},
        {"weekdays": ["tuesday"], "from": "01:00", "to": "05:00"},
    )
    assert told([shift_at(turns, utc("2026-01-06T22:30"))]) == [(None, "2026-01-06T22:00", "2026-01-12T23:00")]


def test_only_holidays_or_none_of_them():
    """Epiphany is one in Bavaria: Tuesday 2026-01-06."""
    bavaria = holidays("DE-BY")
    only = restricted({"from": "09:00", "to": "17:00", "holidays": "only"}, calendar=bavaria)
    assert between(only, "2026-01-02T00:00", "2026-01-07T00:00") == [
        (None, "2026-01-01T17:00", "2026-01-06T09:00"),
        ("a", "2026-01-06T09:00", "2026-01-06T17:00"),
        (None, "2026-01-06T17:00", "2026-04-03T09:00"),  # Good Friday
    ]
    excluded = restricted(NIGHT | {"holidays": "excluded"}, calendar=bavaria)
    assert between(excluded, "2026-01-05T22:00", "2026-01-07T22:00") == [
        ("a", "2026-01-05T22:00", "2026-01-06T06:00"),  # Monday's night, also in the morning of the holiday
        (None, "2026-01-06T06:00", "2026-01-07T22:00"),
    ]


def test_a_rotation_that_never_has_anybody_on_duty_is_one_gap_without_ends():
    never = restricted({"holidays": "only"}, calendar=holidays(dates=["2020-02-02"]))
    assert between(never, "2026-01-01T00:00", "2027-01-01T00:00") == [(None, None, None)]
    assert on_call(never, utc("2020-02-02T12:00")) is not None


def test_shifts_on_both_sides_of_a_gap_longer_than_two_years_are_told():
    rare = restricted({"holidays": "only"}, calendar=holidays(dates=["2020-02-02", "2026-02-02"]), members=["a"])
    assert between(rare, "2020-02-02T12:00", "2026-02-02T12:00") == [
        ("a", "2020-02-02T00:00", "2020-02-03T00:00"),
        (None, "2020-02-03T00:00", "2026-02-02T00:00"),
        ("a", "2026-02-02T00:00", "2026-02-03T00:00"),
    ]


def test_a_layer_covers_what_is_below_where_it_has_somebody_and_nowhere_else():
    nights = daily("x", "y", at="12:00", start_date=START, restrictions=[NIGHT])
    turns = plan(weekly("a", "b", at="00:00", start_date=START, layers=[nights]))
    assert between(turns, "2026-01-05T12:00", "2026-01-07T00:00") == [
        ("a", "2026-01-05T06:00", "2026-01-05T22:00"),
        ("x", "2026-01-05T22:00", "2026-01-06T06:00"),
        ("a", "2026-01-06T06:00", "2026-01-06T22:00"),
        ("y", "2026-01-06T22:00", "2026-01-07T06:00"),
    ]


def test_a_later_layer_covers_an_earlier_one():
    layers = [daily("x"), daily("y", restrictions=[{"from": "12:00", "to": "13:00"}])]
    turns = plan(weekly("a", layers=layers))
    assert [on_call(turns, utc(f"2026-01-05T{at}")) for at in ("11:59", "12:00", "13:00")] == ["x", "y", "x"]


def test_a_layer_whose_members_are_gone_covers_nothing():
    turns = plan(weekly("a", layers=[daily({"name": "x", "until": "2026-01-07"}, at="00:00")]))
    found = list(shifts(turns, utc("2026-01-06T12:00"), utc("2026-01-13T00:00")))
    assert told(found) == [
        ("x", "2026-01-06T00:00", "2026-01-07T00:00"),
        ("a", "2026-01-07T00:00", "2026-01-12T09:00"),
        ("a", "2026-01-12T09:00", "2026-01-19T09:00"),
    ]
    assert all(one.ends_at == other.starts_at for one, other in pairwise(found))
