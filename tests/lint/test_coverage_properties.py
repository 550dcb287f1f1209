"""Hours that nobody covers are exactly those in which, looked at minute by minute, nobody is on call."""

from datetime import UTC, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import Config
from core.config.raw import Raw
from core.lint.survey import Survey
from core.rules import Rules
from tests.lint.sound import put, sound, weekly
from tests.rotation_strategies import HOLIDAYS, instants, rotations, zones

MINUTE = timedelta(minutes=1)
DAYS = 3
PEOPLE = {f"m{number}": {"email": f"m{number}@example.com"} for number in range(5)}


def surveyed(written, zone, now):
    config = {**put(sound(), "rotations", {"oncall": weekly("m0"), **written}), "people": PEOPLE, "timezone": zone}
    config["holidays"] = {"dates": [str(day) for day in HOLIDAYS]}
    put(put(config, "escalation.catch_all", ["m4"]), "escalation.policies.high.levels.1.responders", ["m4"])
    return Survey(Rules(Config.model_validate(config)), now, DAYS, Raw(""))


def is_uncovered(survey, rotation_names, now):
    return all(survey.rules.on_call(name, now) is None for name in rotation_names)


@settings(deadline=None, max_examples=25)
@given(st.lists(rotations, min_size=1, max_size=3), zones, instants)
def test_hours_nobody_covers_agree_with_looking_at_every_minute(written, zone, now):
    now = now.astimezone(UTC)
    rotations_by_name = {f"r{number}": each for number, each in enumerate(written)}
    survey = surveyed(rotations_by_name, zone, now)
    gaps = survey.uncovered(rotations_by_name)
    assert all(start < end for start, end in gaps)
    for number in range(DAYS * 24 * 60):
        at = now + number * MINUTE
        assert any(start <= at < end for start, end in gaps) == is_uncovered(survey, rotations_by_name, at), at


@settings(deadline=None, max_examples=60)
@given(st.lists(rotations, min_size=1, max_size=3), zones, instants)
def test_a_gap_begins_and_ends_where_somebody_comes_or_goes(written, zone, now):
    rotations_by_name = {f"r{number}": each for number, each in enumerate(written)}
    survey = surveyed(rotations_by_name, zone, now)
    moment = timedelta(microseconds=1)
    start, end = survey.window
    for begins, ends in survey.uncovered(rotations_by_name):
        assert is_uncovered(survey, rotations_by_name, begins)
        assert is_uncovered(survey, rotations_by_name, ends - moment)
        assert begins == start or not is_uncovered(survey, rotations_by_name, begins - moment)
        assert ends == end or not is_uncovered(survey, rotations_by_name, ends)


@settings(deadline=None, max_examples=60)
@given(rotations, rotations, zones, instants)
def test_whoever_is_on_duty_for_two_rotations_at_once_is_found_on_both(one, other, zone, now):
    survey = surveyed({"r0": one, "r1": other}, zone, now)
    first, second = survey.duty(["r0"]), survey.duty(["r1"])
    for number in range(0, DAYS * 24 * 60, 7):
        at = now + number * MINUTE
        for name, found in (("r0", first), ("r1", second)):
            on_duty = [person for person, spans in found.items() if any(start <= at < end for start, end in spans)]
            assert on_duty == [person for person in [survey.rules.on_call(name, at)] if person]
