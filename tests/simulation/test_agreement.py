"""Simulation and the live system agree: any play gives the same events, in the same order, at the same instants."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.samples import ALL, at, config, config_dict, level
from tests.simulation.plays import Deed, Play, live, simulated
from tests.tracked import TRACKING, pausing, with_tracking

PEOPLE = ["user1", "user4", "vp", "team_manager"]
KEYS = ["a", "b"]
# Each channel leads to a host of its own, and its address says who is reached: so tests make either of them fail.
CHANNELS = {name: {"url": f"jsons://{name}.example.com/{{id}}/"} for name in ALL}
MAINTENANCE = {"maintenance": [{"match": {"severity": "low"}, "from": "10:20", "to": "11:05"}]}
SILENCE = {"silences": [{"name": "move", "match": {"severity": "critical"}, "from": at(420), "to": at(7200)}]}
FLAPPING = {"flapping": {"changes": 4, "window": 900}}
TRACKINGS = [
    {},
    TRACKING,
    TRACKING | pausing("snoozed", "suppressed"),
    TRACKING | with_tracking(acknowledgment_expires=1800),
]


def reachable_people() -> dict:
    return {name: fields | {"id": name} for name, fields in config_dict()["people"].items()} | {"nobody": {"none": "x"}}


@pytest.fixture(scope="module", autouse=True)
def senders_enough():
    """As many senders for each channel as there are pages: what is due together is claimed together."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.slots._AT_FIRST", 1000)
        yield


channels = st.lists(st.sampled_from(ALL), min_size=1, max_size=3, unique=True)
levels = st.builds(
    level,
    st.sampled_from(["primary", "secondary"]),
    st.integers(0, 3000),
    channels,
    st.lists(st.sampled_from([*PEOPLE, "oncall_primary", "nobody"]), min_size=1, max_size=2, unique=True),
    st.integers(1, 3000),
)
policies = st.fixed_dictionaries(
    {
        "levels": st.lists(levels, min_size=1, max_size=3),
        "repeat_interval": st.integers(0, 9000),
        "max_repeats": st.integers(0, 2),
        "sla_timeout": st.integers(60, 9000),
    }
)
severities = st.sampled_from(["critical", "high", "low"])
# Instants that things are due at, so that deeds often fall together with them, and any others.
instants = st.one_of(st.integers(0, 20_000), st.sampled_from([0, 1, 240, 300, 600, 1200, 1800, 3600, 4800, 7200]))
sends = st.builds(
    Deed,
    instants,
    st.just("send"),
    word=st.lists(st.tuples(st.sampled_from(KEYS), st.none() | severities), min_size=1, max_size=3),
)
answers = st.builds(
    Deed,
    instants,
    st.sampled_from(["ack", "update", "resolve", "escalate", "clear", "ack", "resolve"]),
    st.sampled_from(KEYS),
    st.sampled_from(PEOPLE),
)
snoozes = st.builds(
    Deed, instants, st.just("snooze"), st.sampled_from(KEYS), st.sampled_from(PEOPLE), st.integers(-5, 4000)
)
reassigns = st.builds(
    Deed,
    instants,
    st.just("reassign"),
    st.sampled_from(KEYS),
    st.sampled_from(PEOPLE),
    st.sampled_from([*PEOPLE, "oncall_secondary", "nobody", "gone"]),
)
deeds = st.lists(st.one_of(sends, answers, answers, snoozes, reassigns), max_size=8)
first = st.builds(lambda severity: Deed(0, "send", word=[("a", severity)]), severities)
plays = st.builds(
    lambda first, rest, unreachable, down: Play([first, *rest], unreachable, down),
    first,
    deeds,
    st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True),
    st.lists(st.sampled_from(ALL), max_size=2, unique=True),
)


def config_of(ladders: dict, tracking: dict, **sections):
    escalation = config_dict()["escalation"] | {"policies": ladders | {"medium": ladders["low"]}}
    people = reachable_people()
    return config(**tracking | {"escalation": escalation, "people": people, "channels": CHANNELS} | sections)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries({"critical": policies, "high": policies, "low": policies}),
    st.sampled_from(TRACKINGS),
    st.sampled_from([{}, {}, MAINTENANCE, SILENCE, FLAPPING]),
    plays,
)
def test_any_play_goes_live_as_the_simulation_says(client, ladders, tracking, sections, play):
    rung_config = config_of(ladders, tracking, **sections)
    expected, found = live(client, rung_config, play), simulated(rung_config, play)
    assert found.refused == expected.refused
    assert found.stories == expected.stories
