import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import parse_duration
from core.config.durations import LONGEST, parse_span

SIZES = {"d": 86400, "h": 3600, "m": 60, "s": 1}


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (0, 0),
        (300, 300),
        ("0", 0),
        ("90", 90),
        ("45s", 45),
        ("5m", 300),
        ("2h", 7200),
        ("1d", 86400),
        ("1h30m", 5400),
        ("1d2h3m4s", 93784),
        ("90m", 5400),
        (" 5m ", 300),
    ],
)
def test_a_duration_is_seconds(written, seconds):
    assert parse_duration(written) == seconds


@pytest.mark.parametrize(
    "written",
    [-1, "-1", "soon", "", " ", "5 m", "5M", "m", "30m1h", "1h30", "1.5h", 1.5, True, None, [], "5m5m", "٣s"],
)
def test_what_is_no_duration_is_refused_with_what_is_wanted(written):
    with pytest.raises(ValueError, match="a duration: seconds or 5m, 2h, 1d"):
        parse_duration(written)


@given(st.dictionaries(st.sampled_from("dhms"), st.integers(0, 500), min_size=1))
def test_the_parts_of_a_duration_add_up(counts):
    written = "".join(f"{counts[unit]}{unit}" for unit in "dhms" if unit in counts)
    assert parse_duration(written) == sum(count * SIZES[unit] for unit, count in counts.items())


@given(st.integers(0, LONGEST))
def test_a_number_and_its_text_are_the_same_duration(seconds):
    assert parse_duration(seconds) == parse_duration(str(seconds)) == parse_duration(f"{seconds}s") == seconds


@given(st.integers(LONGEST + 1) | st.integers(max_value=-1))
def test_a_duration_out_of_range_is_refused(seconds):
    for written in (seconds, str(seconds)):
        with pytest.raises(ValueError, match="a duration"):
            parse_duration(written)


@pytest.mark.parametrize(("written", "days"), [("4w", 28), ("1w2d", 9), (" 2w ", 14), ("0w", 0), ("10d", 10)])
def test_a_span_may_be_told_in_weeks(written, days):
    assert parse_span(written) == days * 86400


@pytest.mark.parametrize("written", ["w", "1w1w", "2d1w", "-1w", "1.5w", "1W", "99999w", "", "٣w"])
def test_what_is_no_span_is_refused(written):
    with pytest.raises(ValueError, match="a duration: seconds or 5m, 2h, 1d"):
        parse_span(written)
