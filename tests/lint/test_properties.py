"""What the linter says of shifts is what looking at every minute would say; and of no config does it fail."""

from datetime import UTC, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import Config
from core.config.raw import Raw
from core.lint import lint
from core.lint.survey import Survey
from core.rules import Rules
from tests.lint.sound import level, policy, put, sound, weekly
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


@settings(deadline=None, max_examples=25)
@given(rotations, rotations, zones, instants)
def test_two_levels_ask_the_same_person_when_some_minute_says_so(one, other, zone, now):
    survey = surveyed({"r0": one, "r1": other}, zone, now)
    high = policy(level("one", "r0"), level("other", "r1", delay="10m", timeout="1h"))
    written = survey.config.model_dump(by_alias=True, mode="python", exclude_unset=True)
    rules = Rules(Config.model_validate(put(written, "escalation.policies.high", high)))
    minutes = [now + number * MINUTE for number in range(DAYS * 24 * 60)]
    both = [at for at in minutes if rules.on_call("r0", at) and rules.on_call("r0", at) == rules.on_call("r1", at)]
    found = [each for each in lint(rules, now, DAYS) if each.code == "same-person-twice"]
    assert len(found) == (1 if both else 0)


durations = st.sampled_from(["1s", "5m", "10m", "1h", "2h", "1d", "90d"])
responders = st.lists(st.sampled_from(["r0", "r1", "m0", "m4"]), min_size=1, max_size=3, unique=True)
levels = st.builds(
    lambda who, delay, timeout, on: level("some", *who, delay=delay, timeout=timeout, notification_channels=on),
    responders,
    durations | st.just(0),
    durations,
    st.lists(st.sampled_from(["email", "sms", "phone"]), min_size=1, unique=True),
)
policies = st.builds(
    lambda some, every, repeats, owed: policy(*some, repeat_interval=every, max_repeats=repeats, sla_timeout=owed),
    st.lists(levels, min_size=1, max_size=4),
    durations | st.just(0),
    st.integers(0, 3),
    durations,
)
definitions = st.builds(
    lambda one, other, hours: {
        "acknowledgment_time": one,
        "resolution_time": other,
        "business_hours": hours,
        "allowed_breaches": 0,
    },
    durations,
    durations,
    st.booleans(),
)
names = st.sampled_from(["critical", "high", "medium", "low"])


@settings(deadline=None, max_examples=80)
@given(
    st.tuples(rotations, rotations), st.dictionaries(names, policies), st.dictionaries(names, definitions), st.data()
)
def test_of_no_config_it_fails_and_what_it_says_has_a_place(two, more, owed, data):
    zone, now = data.draw(zones), data.draw(instants)
    written = sound() | {"people": PEOPLE, "timezone": zone, "channels": {**sound()["channels"], "phone": False}}
    put(written, "rotations", {"oncall": weekly("m0"), "r0": two[0], "r1": two[1]})
    put(written, "escalation.catch_all", data.draw(responders | st.just([])))
    put(written, "escalation.policies", {"high": policy(level("one", "oncall")), **more})
    hours = {"start_time": "02:30", "end_time": "17:00", "weekdays": [0, 5]}
    put(written, "sla", {"definitions": owed, "business_hours": hours})
    put(written, "teams", {"db": {"r0": "r1", "m0": "m4"}})
    routes = [{"match": {"labels": {"team": "db"}}, "team": "db", "auto_resolve": data.draw(durations)}]
    put(written, "routes", routes)
    put(written, "response_tracking.reminders", {"max_reminders": 1})
    put(written, "response_tracking.timeouts.acknowledgment", {data.draw(names): data.draw(durations)})
    config = Config.model_validate(written)
    for finding in lint(Rules(config), now, data.draw(st.sampled_from([1, 7, 90]))):
        assert finding.found
        assert not finding.found.endswith(".")
        assert finding.consequence.endswith(".")
        assert finding.mend.endswith(".")
        assert _is_there(written, finding.path), finding.path


def _is_there(written, path):
    """Say whether a path leads somewhere in what was written; a key or section of defaults may be left out."""
    place = written
    keys = path.replace("]", "").replace("[", ".").split(".")
    for number, key in enumerate(keys):
        if isinstance(place, list):
            place = place[int(key)]
        elif key in place:
            place = place[key]
        else:
            return number == len(keys) - 1 or keys == ["bundling", "every"]
    return True
