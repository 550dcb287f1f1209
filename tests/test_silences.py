"""Silences and maintenance windows: what is covered, why, and until when."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.config import WEEKDAYS
from core.matching import SignalFacts
from core.severity import Severity
from core.silences import Silence, Silenced, Silences, load_silence
from tests.samples import T0, at, config, triggered

HOUR = 3600
FACTS = SignalFacts("grafana", Severity.HIGH, "disk is full", {"cluster": "eu"})
DISKS = {"title": "/disk/"}


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def silence(number=7, starts=0, ends=HOUR, match=DISKS, **fields):
    given = {"record_version": 1, "id": number, "match": match, "by": "alice", "created_at": T0}
    return Silence.model_validate(given | {"from": at(starts), "to": at(ends)} | fields)


def planned(starts="2026-11-23T10:00:00Z", ends="2026-11-23T12:00:00Z", match=DISKS, **fields):
    return {"match": match, "from": starts, "to": ends, **fields}


def covering(*standing, now=T0, facts=FACTS, **changes):
    return Silences(config(**changes), standing).covering(facts, now)


def until(*standing, **given):
    silenced = covering(*standing, **given)
    return silenced and silenced.until


# One silence


@pytest.mark.parametrize(
    ("seconds", "ends"), [(-1, None), (0, at(HOUR)), (HOUR - 1, at(HOUR)), (HOUR, None), (2 * HOUR, None)]
)
def test_a_silence_covers_from_its_start_until_just_before_its_end(seconds, ends):
    assert until(silence(), now=at(seconds)) == ends
    assert until(now=at(seconds), silences=[planned(ends="2026-11-23T11:00:00Z")]) == ends


@pytest.mark.parametrize(
    ("match", "covered"),
    [
        ({"title": "/disk/"}, True),
        ({"title": "/raid/"}, False),
        ({"source": "grafana", "severity": ["high", "low"]}, True),
        ({"severity": "critical"}, False),
        ({"labels": {"cluster": "/^eu/"}}, True),
        ({"labels": {"cluster": "!eu"}}, False),
    ],
)
def test_a_silence_covers_what_it_matches(match, covered):
    window = {"match": match, "from": "09:00", "to": "12:00"}
    assert (covering(silence(match=match)) is not None) is covered
    assert (covering(silences=[planned(match=match)]) is not None) is covered
    assert (covering(maintenance=[window]) is not None) is covered


def test_an_alert_is_asked_about_as_its_signal_was():
    alert = triggered("critical")
    assert covering(silence(match={"title": "Disk is full", "severity": "critical"}), facts=alert)
    assert not covering(silence(match={"severity": "high"}), facts=alert)


def test_everything_is_silenced_by_saying_so():
    assert covering(silence(match={}, everything=True))
    assert covering(silences=[planned(match={}, everything=True)])


@pytest.mark.parametrize(
    ("silences", "maintenance", "standing", "reason"),
    [
        ([], [], [silence()], "silence 7 (by alice)"),
        ([], [], [silence(reason="db upgrade")], "silence 7 (db upgrade, by alice)"),
        ([planned()], [], [], 'silence "silence 1"'),
        (
            [planned(name="move", by="bob", reason="db upgrade")],
            [],
            [],
            'silence "move" (db upgrade, by bob)',
        ),
        (
            [],
            [{"match": DISKS, "from": "09:00", "to": "10:30", "reason": "backup"}],
            [],
            'maintenance window "maintenance window 1" (backup)',
        ),
        (
            [planned(name="a"), planned(name="b"), planned(name="c", match={"title": "/raid/"})],
            [{"name": "d", "match": DISKS, "from": "09:00", "to": "10:30"}],
            [silence(8)],
            ('silence 8 (by alice); silence "a"; silence "b"; and 1 more'),
        ),
    ],
)
def test_the_reason_says_which_and_why(silences, maintenance, standing, reason):
    assert covering(*standing, silences=silences, maintenance=maintenance).reason == reason


# Until when


def test_the_last_end_of_all_that_cover_it_now_counts():
    assert until(silence(1, 0, HOUR), silence(2, -HOUR, 3 * HOUR), silence(3, 0, 2 * HOUR)) == at(3 * HOUR)


def test_what_begins_later_counts_when_it_has_begun():
    first, second = silence(1, 0, 2 * HOUR), silence(2, HOUR, 3 * HOUR)
    assert until(first, second) == at(2 * HOUR)
    assert until(first, second, now=at(2 * HOUR)) == at(3 * HOUR)
    assert until(first, second, now=at(3 * HOUR)) is None


def test_a_window_that_comes_back_while_a_silence_still_holds_counts_to_its_end():
    window = {"match": DISKS, "from": "09:00", "to": "11:00"}
    assert until(silence(1, 0, 24 * HOUR - 1), maintenance=[window]) == utc("2026-11-24T11:00")


def test_windows_that_take_turns_for_ever_are_looked_at_again():
    turns = [{"match": DISKS, "from": "00:00", "to": "12:00"}, {"match": DISKS, "from": "11:00", "to": "01:00"}]
    now = utc("2026-11-23T11:30")
    assert until(now=now, maintenance=turns) > now + timedelta(days=2)


# 2026-11-28 is a Saturday; Berlin changes its clocks on 2026-03-29 and 2026-10-25.


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-28T20:59:59", None),
        ("2026-11-28T21:00:00", "2026-11-29T03:00"),
        ("2026-11-29T02:59:59", "2026-11-29T03:00"),
        ("2026-11-29T03:00:00", None),
        ("2026-11-29T21:30:00", None),
        ("2026-03-28T21:00:00", "2026-03-29T02:00"),
        ("2026-10-24T20:00:00", "2026-10-25T03:00"),
    ],
)
def test_a_maintenance_window_recurs_by_the_local_clock_across_midnight(now, ends):
    window = {"match": DISKS, "weekdays": ["saturday"], "from": "22:00", "to": "04:00"}
    expected = ends and utc(ends)
    assert until(now=utc(now), maintenance=[window], timezone="Europe/Berlin") == expected
    assert until(now=utc(now), maintenance=[window | {"timezone": "Europe/Berlin"}]) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "first", "last"),
    [
        ("2026-11-25T22:00:00", "2026-11-26T02:00:00", "2026-11-25T21:00", "2026-11-26T01:00"),
        ("2026-03-29 02:30", "2026-03-29 04:00", "2026-03-29T01:00", "2026-03-29T02:00"),
        ("2026-10-25T02:30", "2026-10-25T04:00", "2026-10-25T00:30", "2026-10-25T03:00"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T04:00", "2026-10-25T01:30", "2026-10-25T03:00"),
    ],
)
def test_times_without_an_offset_are_by_the_clock_of_the_config(starts, ends, first, last):
    given = {"silences": [planned(starts, ends)], "timezone": "Europe/Berlin"}
    assert covering(now=utc(first) - timedelta(seconds=1), **given) is None
    assert until(now=utc(first), **given) == utc(last)
    assert covering(now=utc(last), **given) is None


quarters = st.integers(0, 95).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
maintenance = st.fixed_dictionaries(
    {
        "match": st.sampled_from([DISKS, {"title": "/raid/"}]),
        "weekdays": st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4),
        "from": quarters,
        "to": quarters,
        "timezone": st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    }
)
nights = st.sampled_from(["2026-03-28", "2026-10-24", "2026-11-01", "2026-04-04", "2026-11-25"])


@settings(deadline=None, max_examples=100)
@given(st.lists(maintenance, min_size=1, max_size=4), nights, st.integers(0, 95))
def test_until_is_the_first_instant_at_which_none_of_what_covers_it_now_does(windows, night, quarter):
    now = utc(f"{night}T00:00") + quarter * timedelta(minutes=15)
    silenced = covering(now=now, maintenance=windows)
    covers = [w for w in windows if covering(now=now, maintenance=[w])]
    assert (silenced is not None) == bool(covers)
    if silenced is None:
        return
    ours = Silences(config(maintenance=covers))
    instant = now
    while instant < silenced.until:
        assert ours.covering(FACTS, instant), instant
        instant += timedelta(minutes=15)
    assert ours.covering(FACTS, silenced.until) is None or silenced.until - now > timedelta(days=7)


# Silences that people add


def test_a_silence_survives_being_written_as_json():
    written = silence(match={"source": ["a", "/b/"], "labels": {"host": "!c"}}, reason="db upgrade")
    assert load_silence(written.dump()) == written
    assert load_silence(silence(match={}, everything=True).dump().encode()).everything is True
    assert json.loads(written.dump()) == {
        "match": {"source": ["a", "/b/"], "labels": {"host": "!c"}},
        "reason": "db upgrade",
        "record_version": 1,
        "id": 7,
        "from": "2026-11-23T10:00:00Z",
        "to": "2026-11-23T11:00:00Z",
        "by": "alice",
        "created_at": "2026-11-23T10:00:00Z",
    }


def test_a_silence_of_a_newer_rung_is_refused_by_name():
    newer = json.dumps(json.loads(silence().dump()) | {"record_version": 2, "colour": "red"})
    with pytest.raises(ValueError, match=r"silence 7 was written by a newer Rung \(record version 2\)"):
        load_silence(newer)


@pytest.mark.parametrize("damaged", ["", "[]", "{}", "null", '{"record_version": 1}', '{"record_version": "x"}'])
def test_a_damaged_silence_is_a_value_error(damaged):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong with it
        load_silence(damaged)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"match": {}}, "true, since match is empty, or a match by source, severity, title or labels"),
        ({"everything": True}, "false, or no match beside it"),
        ({"to": at(0)}, "an instant after from"),
        ({"to": at(-HOUR)}, "an instant after from"),
        ({"match": {"title": "/[/"}}, "unterminated character set at position 0"),
        ({"to": "2026-11-24T10:00:00"}, "timezone"),
        ({"match": {"time": {"from": "22:00"}}}, "Extra inputs"),
    ],
)
def test_a_silence_that_makes_no_sense_is_refused(fields, words):
    with pytest.raises(ValidationError, match=words):
        silence(**fields)


def test_times_of_a_silence_are_kept_in_utc():
    kept = silence(**{"from": "2026-11-23T12:00:00+02:00", "to": "2026-11-23T06:00:00-05:00"})
    assert (kept.start, kept.end) == (at(0), at(HOUR))
    assert kept.start.tzinfo is UTC
    assert covering(kept) == Silenced("silence 7 (by alice)", at(HOUR))


# The digest


def digest(*standing, now=T0, **changes):
    return Silences(config(**changes), standing).digest(now)


WINDOW = {"match": DISKS, "from": "11:00", "to": "12:00"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (([], {}), ([silence()], {})),
        (([silence()], {}), ([silence(ends=2 * HOUR)], {})),
        (([silence()], {}), ([silence(match={"title": "/raid/"})], {})),
        (([silence()], {}), ([silence(8)], {})),
        (([silence(starts=1)], {}), ([silence()], {})),
        (([], {}), ([], {"silences": [planned()]})),
        (([], {"maintenance": [WINDOW]}), ([], {"maintenance": [WINDOW | {"from": "09:00"}]})),
    ],
)
def test_the_digest_is_another_when_what_is_silenced_is(one, other):
    (first, before), (second, after) = one, other
    assert digest(*first, **before) != digest(*second, **after)


def test_the_digest_changes_when_a_window_begins_and_when_it_ends_and_at_no_other_time():
    def at_time(clock):
        return digest(now=utc(f"2026-11-23T{clock}"), maintenance=[WINDOW])

    assert at_time("10:00:00") == at_time("10:59:59") == at_time("12:00:00") == at_time("23:59:59")
    assert at_time("11:00:00") == at_time("11:59:59")
    assert at_time("10:59:59") != at_time("11:00:00")


def test_a_silence_that_is_over_or_to_come_is_not_in_the_digest_so_that_to_forget_one_changes_nothing():
    assert digest() == digest(silence(starts=-2 * HOUR, ends=-HOUR)) == digest(silence(starts=HOUR, ends=2 * HOUR))
