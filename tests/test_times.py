"""Instants at the edges are RFC 3339 in UTC; spans are said in words people read at night."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.times import from_epoch, rfc3339, say_duration

BERLIN_WINTER = timezone(timedelta(hours=1))


def test_an_instant_is_written_in_utc_with_a_z():
    assert rfc3339(datetime(2026, 11, 22, 4, 14, 7, tzinfo=BERLIN_WINTER)) == "2026-11-22T03:14:07Z"


def test_milliseconds_are_written_only_where_there_are_any():
    assert rfc3339(datetime(2026, 11, 22, 3, 14, 7, 250_000, tzinfo=UTC)) == "2026-11-22T03:14:07.250Z"


def test_an_instant_from_the_store_is_aware():
    instant = from_epoch(1_795_317_247.25)
    assert instant.tzinfo is UTC
    assert instant.timestamp() == 1_795_317_247.25


@given(st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants it naive
def test_what_is_written_is_read_back_to_the_millisecond(instant):
    back = datetime.fromisoformat(rfc3339(instant))
    assert timedelta(0) <= instant - back < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59, "59 s"),
        (59.6, "1 min"),
        (60, "1 min"),
        (61, "1 min 1 s"),
        (299, "4 min 59 s"),
        (300, "5 min"),
        (359, "5 min"),
        (600, "10 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (86_399, "23 h 59 min"),
        (86_400, "1 d"),
        (3 * 86_400 + 4 * 3600, "3 d 4 h"),
        (400 * 86_400, "400 d"),
        (-5, "0 s"),
    ],
)
def test_a_span_is_said_in_words(seconds, said):
    assert say_duration(timedelta(seconds=seconds)) == said
