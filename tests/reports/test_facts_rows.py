"""Rows of facts as they are kept: read as they were written, and no damage of one breaks what is counted from them."""

import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.facts_rows import is_newer, load_rows
from core.notable import named_in
from core.tally import figures
from tests.reports.rows import ALL, LATE, MONDAY, WEDNESDAY

values = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just({}) | st.just({"team": 1}) | st.just([])
)


def test_a_row_is_read_as_it_was_written():
    assert tuple(load_rows([each.dump() for each in ALL])) == ALL
    assert tuple(load_rows([])) == ()


def test_a_row_of_a_newer_rung_is_told_from_one_that_nobody_can_read():
    newer = json.dumps([2, "whatever"]).encode()
    assert is_newer(newer)
    assert not any(map(is_newer, (ALL[0].dump(), b"", b"{}", b"[]", b'["2"]', b"[1, 8]", b"[null]", b"\xff")))
    with pytest.raises(ValueError, match="0: Input should be less than or equal to 1"):
        tuple(load_rows([newer]))


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 14), st.recursive(values, lambda more: st.lists(more, max_size=3), max_leaves=4))
def test_whatever_stands_in_a_row_it_is_read_or_refused_and_what_is_read_can_be_counted(place, value):
    row = json.loads(LATE.dump())
    row[place] = value
    try:
        [read] = load_rows([json.dumps(row).encode()])
    except ValueError:
        return
    found = figures([read], MONDAY, WEDNESDAY, ZoneInfo("Europe/Berlin"))
    assert named_in(read, 0, 10**15).view()
    assert found.opened in {0, 1}
    assert tuple(load_rows([read.dump()])) == (read,)
