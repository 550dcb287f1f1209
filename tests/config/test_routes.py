"""Routes, silences and maintenance as they are written: whatever it is, the answer is a Config or faults."""

from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import ConfigError
from core.config.documents import combined, read_document
from core.config.interpolation import Surroundings
from core.config.raw import Raw, value_at
from core.config.routes import template_pieces
from core.config.validation import validated
from core.routing import Routing
from core.silences import Silences
from tests.config.folders import VALID

DEFAULT = Path(__file__).parents[2] / "config" / "routes.yaml"
SECTIONS = ("# teams:", "# routes:", "# silences:", "# maintenance:")


def uncommented(text):
    """Give the examples of the default config as an operator would who removes the # before them."""
    lines, example = [], False
    for line in text.splitlines():
        example = line.startswith(SECTIONS) or (example and line.startswith("#  "))
        lines.append(line.removeprefix("# ") if example else "")
    return "\n".join(lines)


def _read(file, text):
    return read_document(file, text, Surroundings({"SMS_TOKEN": "x", "SOURCE_TOKEN": "x"}, str))


EXAMPLES = _read("routes.yaml", uncommented(DEFAULT.read_text("utf-8"))).values
BASE = combined("config", [_read(file.name, file.read_text("utf-8")) for file in sorted(VALID.glob("*.yaml"))]).values
NAMES = {
    "sources": {name: {"type": "generic", "token": "x"} for name in ("grafana", "alertmanager", "generic")},
    "teams": {"db": {"oncall": "ada"}},
}


def written(**changes):
    return deepcopy(BASE) | NAMES | {key: deepcopy(EXAMPLES[key]) for key in EXAMPLES if key != "teams"} | changes


def with_policies(values):
    policies = values["escalation"]["policies"]
    policies.setdefault("critical", policies["high"])
    return values


def test_the_examples_of_the_default_config_are_right():
    config = validated(Raw("config", with_policies(written())))
    assert [route.name for route in config.routes] == [
        "databases",
        "one alert for a cluster",
        "one alert for a host",
    ]
    assert config.routes[0].goes_on
    assert config.routes[0].match.labels == {"team": "db", "host": "/^db-[0-9]+$/"}
    assert config.routes[1].group_by == ("cluster", "alertname")
    assert [(silence.by, silence.reason) for silence in config.silences] == [("alice", "db upgrade")]
    assert config.maintenance[0].weekdays == ("saturday",)


def test_the_team_of_the_examples_stands_in_for_responders_of_the_default_policies():
    policies = _read("escalation.yaml", DEFAULT.with_name("escalation.yaml").read_text("utf-8")).values["escalation"]
    levels = [level for policy in policies["policies"].values() for level in policy["levels"]]
    assert set(EXAMPLES["teams"]["db"]) <= {responder for level in levels for responder in level["responders"]}


def test_without_any_of_it_there_is_none():
    config = validated(Raw("config", deepcopy(BASE)))
    assert (config.teams, config.routes, config.silences, config.maintenance) == ({}, (), (), ())


def test_entries_without_a_name_are_named_by_their_place():
    values = written(routes=[{"match": {"title": "a"}}, {"name": "b", "match": {"title": "b"}}, {}])
    assert [route.name for route in validated(Raw("config", values)).routes] == ["route 1", "b", "route 3"]


@pytest.mark.parametrize(
    ("template", "pieces"),
    [
        ("", (("", None),)),
        ("all", (("all", None),)),
        ("{source}/{labels.a b}", (("", "source"), ("/", "labels.a b"), ("", None))),
        ("{{x}}{title}}}", (("{x}", "title"), ("}", None))),
    ],
)
def test_a_template_is_texts_and_fields(template, pieces):
    assert template_pieces(template) == pieces


@pytest.mark.parametrize(
    "template", ["{", "}", "{}", "{severity}", "{labels}", "{labels.}", "{ title }", "{{title}", "{a{b}}"]
)
def test_a_template_that_cannot_be_read_is_refused(template):
    with pytest.raises(ValueError, match="nothing in braces but"):
        template_pieces(template)


def _places(value, place=()):
    yield place
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _places(child, (*place, key))


PLACES = [place for place in _places(written()) if place and place[0] in {*EXAMPLES, "timezone"}]
texts = st.sampled_from(["", "/", "//", "/[/", "!", "!/(/", "{", "{x}", "22:00", "2026-11-25", "low", "route 2", "0"])
junk = st.recursive(
    st.none() | texts | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["match", "name", "from", "time", "labels", "a{b"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), junk), min_size=1, max_size=3))
def test_junk_anywhere_gives_faults_or_a_config_that_compiles(changes):
    values = with_policies(written())
    for place, value in changes:
        parent = value_at(values, place[:-1])
        if isinstance(parent, dict) or (isinstance(parent, list) and place[-1] in range(len(parent))):
            parent[place[-1]] = value
    outcome = outcome_of(Raw("config", values))
    if isinstance(outcome, ConfigError):
        assert outcome.faults
        assert all(fault.found and fault.wanted for fault in outcome.faults)
    else:
        assert Routing(outcome)
        assert Silences(outcome)


def outcome_of(raw):
    try:
        return validated(raw)
    except ConfigError as error:
        return error
