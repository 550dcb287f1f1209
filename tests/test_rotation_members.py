"""Members come and go on a date, and nobody's turns before that date move."""

import pytest

from core.rotations import on_call, shift_at
from tests.duties import daily, plan, told, utc, weekly

START = "2026-01-05"  # a Monday


def days(*members, first=5, count=8, **fields):
    """Whose each day of January 2026 is, handed over at 09:00."""
    turns = plan(daily(*members, **{"start_date": START} | fields))
    return "".join(on_call(turns, utc(f"2026-01-{first + day:02}T12:00")) or "-" for day in range(count))


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (["a", "b", {"name": "n", "from": "2026-01-08"}], "ababnabn"),  # a was the last: b is next, and then n
        (["a", "b", {"name": "n", "from": "2026-01-09"}], "ababnabn"),  # b was the last: n is next
        ([{"name": "n", "from": "2026-01-08"}, "a", "b"], "ababnabn"),  # a was the last: b is next, n begins the round
        (["a", {"name": "n", "from": "2026-01-08"}, "b"], "abanbanb"),  # a was the last: n is next
        (["a", "b", {"name": "b", "until": "2026-01-08"}], "abbababa"),
        (["a", {"name": "b", "until": "2026-01-08"}, "c"], "abcacaca"),
        ([{"name": "a", "until": "2026-01-08"}, "b", "c"], "abcbcbcb"),
        (["a", {"name": "b", "until": "2026-01-07"}, {"name": "n", "from": "2026-01-07"}, "c"], "abncanca"),
    ],
)
def test_the_turn_goes_to_whoever_follows_the_last_one_on_duty_in_the_list(members, expected):
    assert days(*members) == expected


def test_a_member_comes_with_the_first_handoff_on_or_after_from_and_goes_likewise():
    """Handed over on Mondays: the turn that has begun is finished."""
    turns = plan(
        weekly("a", {"name": "b", "until": "2026-01-14"}, {"name": "n", "from": "2026-01-13"}, start_date=START)
    )
    mondays = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02"]
    assert [on_call(turns, utc(f"{day}T09:00")) for day in mondays] == ["a", "b", "n", "a", "n"]


def test_the_date_is_one_of_the_local_clock():
    """00:30 on the 8th in Berlin is still the 7th in UTC."""
    turns = plan(daily("a", {"name": "n", "from": "2026-01-08"}, at="00:30", start_date="2026-01-07"), "Europe/Berlin")
    assert [on_call(turns, utc(now)) for now in ("2026-01-07T23:29", "2026-01-07T23:30")] == ["a", "n"]


def test_while_nobody_is_there_yet_or_any_more_there_is_a_gap():
    members = [{"name": "a", "from": "2026-01-07", "until": "2026-01-09"}, {"name": "b", "from": "2026-01-11"}]
    assert days(*members) == "--aa--bb"
    turns = plan(daily(*members, start_date=START))
    assert told([shift_at(turns, utc("2026-01-06T00:00"))]) == [(None, None, "2026-01-07T09:00")]
    assert told([shift_at(turns, utc("2026-01-10T00:00"))]) == [(None, "2026-01-09T09:00", "2026-01-11T09:00")]


def test_after_a_gap_the_order_goes_on_where_it_was():
    gone = {"until": "2026-01-06"}
    back = {"from": "2026-01-07"}
    names = [{"name": "a", **gone}, {"name": "b", **gone}, {"name": "a", **back}, {"name": "b", **back}]
    assert days(*names) == "a-ababab"
    assert days({"name": "a", **back}, {"name": "a", **gone}, {"name": "b", **back}) == "a-bababa"


def test_a_gap_of_more_than_two_years_has_no_end():
    turns = plan(daily({"name": "a", "until": START}, {"name": "b", "from": "2029-01-01"}))
    assert told([shift_at(turns, utc("2026-06-01T00:00"))]) == [(None, "2026-01-05T09:00", None)]
    assert told([shift_at(turns, utc("2028-06-01T00:00"))]) == [(None, None, "2029-01-01T09:00")]


@pytest.mark.parametrize("when", ["2025-12-01", START])
def test_a_member_who_came_before_the_start_date_does_not_shift_what_it_fixes(when):
    """Turn 0 is the first one's, also with n there; before n came it was as without n, counted backwards."""
    assert days("a", "b", {"name": "n", "from": when}) == "abnabnab"
    assert days("a", "b", {"name": "n", "from": START}, first=1, count=5) == "ababa"


def test_a_name_that_stands_twice_has_two_turns_in_each_round():
    assert days("a", "b", "a", "c") == "abacabac"
