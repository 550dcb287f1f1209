"""Spans of time: put together, cut, and counted, against counting hour by hour."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.lint.spans import common, outside, total, united, without

START = datetime(2026, 11, 25, tzinfo=UTC)
HOURS = 40


def at(hour):
    return START + timedelta(hours=hour)


spans = st.lists(
    st.tuples(st.integers(0, HOURS), st.integers(0, HOURS)).map(lambda pair: (at(min(pair)), at(max(pair)))), max_size=6
)


def hours(found):
    return {hour for hour in range(HOURS) for start, end in found if start <= at(hour) < end}


def is_apart(found):
    return all(start < end for start, end in found) and all(end < start for (_, end), (start, _) in pairwise(found))


@given(spans)
def test_what_touches_is_put_together(some):
    found = united(some)
    assert hours(found) == hours(some)
    assert is_apart(found)
    assert total(found) == timedelta(hours=len(hours(some)))


@given(spans, spans)
def test_what_is_common_lies_in_both(some, others):
    found = common(united(some), united(others))
    assert hours(found) == hours(some) & hours(others)
    assert is_apart(found)


@given(spans, st.integers(0, HOURS), st.integers(0, HOURS))
def test_what_is_outside_lies_in_the_window_and_in_none(some, one, other):
    window = at(min(one, other)), at(max(one, other))
    assert hours(outside(united(some), window)) == hours([window]) - hours(some)


@given(spans, spans)
def test_what_is_left_without_others_lies_in_none_of_them(some, others):
    assert hours(without(united(some), united(others))) == hours(some) - hours(others)
