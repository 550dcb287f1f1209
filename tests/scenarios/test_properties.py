"""Whatever is written is judged or told as faults; of what is expected and its opposite exactly one holds."""

from datetime import timedelta

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.rules import Rules
from core.scenarios.diff import diff
from core.scenarios.judging import failures
from core.scenarios.running import run
from core.scenarios.times import parse_when, written
from tests.samples import RULES, config
from tests.scenarios.written import failed, faults, read

FULL = {
    "scenarios": [
        {
            "name": "one",
            "at": "2026-11-20T10:00",
            "until": "9h",
            "unreachable": ["user5"],
            "down": ["phone"],
            "overrides": [
                {"rotation": "oncall_primary", "member": "vp", "from": "0s", "to": "1h", "instead_of": "user1"}
            ],
            "silences": [{"match": {"labels": {"team": "db"}}, "from": "5m", "to": "2h", "reason": "quiet"}],
            "given": [
                {"at": "0s", "alert": {"severity": "critical", "title": "A", "key": "k", "labels": {"team": "db"}}},
                {"at": "1m", "alert": {"severity": "low", "title": "B", "source": "grafana"}},
                {"at": "12m", "acknowledge": {"alert": "k", "by": "user4", "note": "on it"}},
                {"at": "13m", "snooze": {"alert": "k", "by": "user4", "for": "10m", "refused": "false"}},
                {"at": "14m", "reassign": {"alert": "B", "to": "user2"}},
                {"at": "1h", "clear": {"alert": "k"}},
            ],
            "expect": [
                {"page": ["vp", "user1"], "on": ["sms", "email"], "between": ["0s", "1h"], "times": "1", "alert": "k"},
                {"no_page": "oncall_secondary", "on": "slack", "level": "manager", "round": "2", "from": "1m"},
                {"reminder": "anybody", "about": "update", "by": "2026-11-20T12:00"},
                {"notice": "user4", "about": "resolved", "at": "1h"},
                {"status": "resolved", "alert": "k", "at": "1h"},
                {"event": "escalated", "level": "secondary", "times": "1"},
                {"breached": "policy", "alert": "k"},
            ],
        }
    ]
}
VALUES = st.sampled_from(
    [
        None,
        "",
        "k",
        "B",
        "user1",
        "oncall_primary",
        "anybody",
        "sms",
        "0s",
        "5m",
        "367d",
        "-1",
        "7",
        "2026-11-20T10:30",
        "2026-11-20T10:30:00-23:59",
        "9999-12-31T23:59",
        "\x1b[2J",
        "${NOPE}",
        "true",
        "resolved",
        "/(/",
        [],
        {},
        ["sms"],
        [["x"]],
        {"by": "user1"},
        {"payload": "none.json"},
        {"alert": "k"},
        "x" * 400,
    ]
)
KEYS = st.sampled_from(
    ["page", "no_page", "at", "by", "from", "on", "alert", "key", "payload", "times", "status", "x", "clear"]
)


def places(value, place=()):
    yield place
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*place, key))


def changed(value, place, new):
    if not place:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = changed(value[place[0]], place[1:], new)
    return copy


@st.composite
def files(draw):
    written = FULL
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(list(places(written))[1:]))
        if draw(st.booleans()):
            written = changed(written, place, draw(VALUES))
        else:
            inside = {draw(KEYS): draw(VALUES)}
            written = changed(written, place, inside)
    return yaml.safe_dump(written)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files())
def test_whatever_is_written_is_judged_or_told_as_faults(text):
    told = faults(text)
    assert all(fault.startswith("file.yaml") for fault in told)
    for ready in [] if told else read(text):
        course = run(ready, RULES)
        judged = failures(course)
        assert sum(row.mark == "-" for row in diff(course, judged)) == len(judged)
        assert len(diff(course, judged, None)) >= len(course.steps)


def test_the_scenario_that_is_varied_is_sound():
    [ready] = read(yaml.safe_dump(FULL))
    assert run(ready, Rules(config())).steps


STORY = "- alert: {severity: critical}\n- at: 12m\n  acknowledge: {by: user4}\n- at: 20m\n  escalate: {by: user4}"
WHO = st.sampled_from(["user1", "user4", "team_manager", "director", "anybody", "oncall_primary"])
ON = st.sampled_from(["", ", on: sms", ", on: phone", ", level: secondary", ", round: 1"])
MINUTES = st.integers(0, 130)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["page", "reminder", "notice"]), WHO, ON, MINUTES, MINUTES)
def test_either_an_expectation_holds_or_its_opposite(kind, who, more, one, other):
    window = f"between: [{min(one, other)}m, {max(one, other)}m]"
    expectation, opposite = (f"{name}: {who}{more}, {window}" for name in (kind, f"no_{kind}"))
    found = failed(f"- {{{expectation}}}\n- {{{opposite}}}", STORY)
    assert len(found) == 1


@settings(max_examples=60, deadline=None)
@given(WHO, ON, MINUTES)
def test_what_holds_by_a_time_holds_up_to_it_or_at_it(who, more, at):
    by = not failed(f"- {{page: {who}{more}, by: {at}m}}", STORY)
    before = at > 0 and not failed(f"- {{page: {who}{more}, between: [0s, {at * 60 - 1}]}}", STORY)
    then = not failed(f"- {{page: {who}{more}, at: {at}m}}", STORY)
    assert by == (before or then)


@given(st.integers(0, 10**7))
def test_a_span_is_written_as_it_is_read(seconds):
    assert parse_when(written(timedelta(seconds=seconds))).value == timedelta(seconds=seconds)
