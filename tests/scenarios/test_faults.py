"""Mistakes in a scenario file: each is told with line, place, what was found and what is wanted; all at once."""

import pytest

from tests.samples import config
from tests.scenarios.written import CRITICAL, a_scenario, faults

PAGE = "- {page: user1}"
TWO = "- alert: {severity: low, key: one}\n- alert: {severity: low, key: two}"
WHO = "a person, a rotation or anybody"


def the_fault(text, **more):
    [fault] = faults(text, **more)
    return fault.removeprefix("file.yaml:")


def expected(line):
    """The only fault of a scenario with this expectation, from its place on."""
    found = the_fault(a_scenario(f"- {line}"))
    assert found.startswith("8: scenarios[0].expect[0]"), found
    return found.removeprefix("8: scenarios[0].expect[0]").lstrip(".: ")


def given(text):
    return the_fault(a_scenario(PAGE, given=text)).partition("scenarios[0].given")[2]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{pages: user1}", "pages: found an unknown key, wanted one of page, no_page, "),
        ("{page: user1, no_page: user2}", "found page and no_page, wanted exactly one of page, "),
        ("{at: 5m}", "found none of them, wanted exactly one of page, failed_page, "),
        ("{page: }", "page: found nothing, wanted a value"),
        ("{status: }", "status: found nothing, wanted a value"),
        ("{page: usr1}", f'page: found "usr1", wanted {WHO} (did you mean user1?)'),
        ("{page: [user1, nobody]}", f'page[1]: found "nobody", wanted {WHO} (did you mean anybody?)'),
        ("{page: []}", f"page: found an empty list, wanted {WHO}, or a list of these"),
        ("{page: {name: user1}}", f"page: found a mapping, wanted {WHO}, or a list of these"),
        ("{page: user1, on: smss}", 'on: found "smss", wanted a channel (did you mean sms?)'),
        ("{page: user1, on: [sms, fax]}", 'on[1]: found "fax", wanted a channel: one of email, slack, sms, phone'),
        ("{page: user1, on: []}", "on: found an empty list, wanted a channel, or a list of channels"),
        ("{page: user1, level: primry}", 'level: found "primry", wanted the name of a level (did you mean primary?)'),
        ("{page: user1, times: 0}", "times: found 0, wanted a whole number, 1 or more"),
        ("{page: user1, times: often}", 'times: found "often", wanted a whole number, 1 or more'),
        ("{page: user1, round: 0}", "round: found 0, wanted a whole number, 1 or more"),
        ("{no_page: user1, times: 2}", "times: found the key times, wanted beside no_page only alert, on, level, "),
        ("{status: resolved, by: 5m}", "by: found the key by, wanted beside status only alert, at"),
        ("{in_time: resolution, at: 5m}", "at: found the key at, wanted beside in_time only alert"),
        ("{page: user1, about: update}", "about: found the key about, wanted beside page only alert, on, level, "),
        ("{page: user1, at: 5m, by: 6m}", "by: found at and by, wanted only one of at, between, by, from"),
        (
            "{page: user1, from: 5m, between: [1m, 2m]}",
            "from: found between and from, wanted only one of at, between, ",
        ),
        ("{status: acked}", 'status: found "acked", wanted pending, escalated, unanswered, acknowledged, '),
        ("{severity: bad}", 'severity: found "bad", wanted critical, high, medium or low'),
        ("{policy: hgh}", 'policy: found "hgh", wanted a policy (did you mean high?)'),
        ("{route: db}", 'route: found "db", wanted a route, and there is none yet'),
        ("{event: exploded}", 'event: found "exploded", wanted an event of a timeline: routed, triggered, '),
        ("{event: notified}", 'event: found "notified", wanted page, reminder or notice instead, or an event of a '),
        ("{breached: ack}", 'breached: found "ack", wanted acknowledgment, resolution or policy'),
        ("{reminder: user1, about: resolved}", 'about: found "resolved", wanted one of acknowledgment, update, res'),
        ("{notice: user1, about: update}", 'about: found "update", wanted one of acknowledged, updated, snoozed, res'),
        (
            "{page: user1, alert: other}",
            'alert: found "other", wanted the key of an alert of this scenario: one of Disk',
        ),
        (
            "{page: user1, at: soon}",
            'at: found "soon", wanted a time after the start such as 90s, 12m or 1h30m, or an ',
        ),
        ("{page: user1, at: -5m}", 'at: found "-5m", wanted a time after the start such as 90s, 12m or 1h30m, or an '),
        ("{page: user1, at: 2026-11-20}", 'at: found "2026-11-20", wanted a time after the start such as 90s, 12m or'),
        ("{page: user1, at: 2026-11-20T09:59}", 'at: found "2026-11-20T09:59", wanted a time that is not before the '),
        ("{page: user1, by: 367d}", 'by: found "367d", wanted a time at most 366 days after the start'),
        ("{page: user1, at: 9998-01-01T00:00}", 'at: found "9998-01-01T00:00", wanted a time at most 366 days after'),
        ("{page: user1, between: [5m, 4m]}", 'between[1]: found "4m", wanted a time that is not before the other'),
        ("{page: user1, between: 5m}", 'between: found "5m", wanted two times, such as [10m, 11m]'),
        ("{page: user1, between: [1m, 2m, 3m]}", "between: found a list, wanted two times, such as [10m, 11m]"),
    ],
)
def test_a_mistake_in_an_expectation(line, fault):
    assert expected(line).startswith(fault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- {at: 5m}", "[0]: found none of them, wanted exactly one of alert, clear, acknowledge, update, resolve, "),
        ("- {alert: {severity: low}, clear: {}}", "[0]: found alert and clear, wanted exactly one of alert, clear, "),
        ("- alert:", "[0].alert: found nothing, wanted a mapping, {} when there is no more to say"),
        ("- at: 1m\n  acknowledge: {by: user1}", ": found no alert, wanted at least one alert among it"),
        (
            "- alert: {severity: critcal}",
            '[0].alert.severity: found "critcal", wanted critical, high, medium, low, or ',
        ),
        ("- alert: {severty: low}", "[0].alert.severty: found an unknown key, wanted one of severity, title, "),
        ("- alert: {source: graf}", '[0].alert.source: found "graf", wanted a source (did you mean grafana?)'),
        ("- alert: low", '[0].alert: found "low", wanted a mapping of severity, title, description, labels, source, '),
        ("- alert: {labels: [a]}", "[0].alert.labels: found a list, wanted a mapping of labels to texts"),
        (f"{CRITICAL}\n- acknowledge: {{by: usr1}}", '[1].acknowledge.by: found "usr1", wanted a person (did you mean'),
        (f"{CRITICAL}\n- acknowledge: user1", '[1].acknowledge: found "user1", wanted a mapping of alert, by, note, '),
        (
            f"{CRITICAL}\n- snooze: {{by: user1}}",
            "[1].snooze.for: found nothing, wanted a duration: seconds or 5m, 2h,",
        ),
        (
            f"{CRITICAL}\n- snooze: {{for: 0}}",
            "[1].snooze.for: found 0, wanted a duration: seconds or 5m, 2h, 1d, above",
        ),
        (f"{CRITICAL}\n- reassign: {{by: user1}}", "[1].reassign.to: found nothing, wanted a person or a rotation"),
        (
            f"{CRITICAL}\n- reassign: {{to: bob}}",
            '[1].reassign.to: found "bob", wanted a person or a rotation: one of ',
        ),
        (f"{CRITICAL}\n- resolve: {{refused: maybe}}", '[1].resolve.refused: found "maybe", wanted true or false'),
        (f"{CRITICAL}\n- clear: {{by: user1}}", "[1].clear.by: found an unknown key, wanted one of alert"),
        (
            f"{CRITICAL}\n- resolve: {{alert: disk}}",
            '[1].resolve.alert: found "disk", wanted the key of an alert of thi',
        ),
        (
            f"{TWO}\n- resolve: {{by: user1}}",
            "[2].resolve.alert: found nothing, wanted which alert it is about: one of o",
        ),
        (
            f"{CRITICAL}\n- {{at: 2026-11-20T09:00, clear: {{}}}}",
            '[1].at: found "2026-11-20T09:00", wanted a time that is ',
        ),
        (
            f"{CRITICAL}\n- {{at: x, clear: {{}}}}",
            '[1].at: found "x", wanted a time after the start such as 90s, 12m or',
        ),
        (
            "- alert: {title: A, labels: {a: b}}\n- alert: {title: A}",
            "[1].alert.key: found nothing, wanted a key, since",
        ),
    ],
)
def test_a_mistake_in_what_is_given(text, fault):
    assert given(text).startswith(fault)


@pytest.mark.parametrize("kind", ["status: resolved", "policy: low", "severity: low", "in_time: resolution"])
def test_how_an_alert_stands_needs_the_alert_when_there_are_several(kind):
    found = the_fault(a_scenario(f"- {{{kind}}}", given=TWO))
    assert found == "9: scenarios[0].expect[0].alert: found nothing, wanted which alert it is about: one of one, two"


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("unreachable: [usr1]", '4: scenarios[0].unreachable[0]: found "usr1", wanted a person (did you mean user1?)'),
        ("unreachable: user1", '4: scenarios[0].unreachable: found "user1", wanted a list of people'),
        ("down: [fax]", '4: scenarios[0].down[0]: found "fax", wanted a channel: one of email, slack, sms, phone'),
        (
            "until: 1h\nuntl: 2h",
            "5: scenarios[0].untl: found an unknown key, wanted one of name, at, until, unreachable, ",
        ),
        (
            "until: 2026-11-19T00:00",
            '4: scenarios[0].until: found "2026-11-19T00:00", wanted a time that is not before ',
        ),
        (
            "overrides: [{rotation: oncall, member: vp, to: 1h}]",
            '4: scenarios[0].overrides[0].rotation: found "oncall", ',
        ),
        (
            "overrides: [{rotation: oncall_primary, member: bob, to: 1h}]",
            '4: scenarios[0].overrides[0].member: found "bob',
        ),
        (
            "overrides: [{rotation: oncall_primary, member: vp}]",
            "4: scenarios[0].overrides[0].to: found nothing, wanted a",
        ),
        (
            "overrides: [{rotation: oncall_primary, member: vp, instead_of: vp, to: 1h}]",
            '4: scenarios[0].overrides[0].instead_of: found "vp", wanted somebody else than member',
        ),
        (
            "overrides: [{rotation: oncall_primary, member: vp, from: 2h, to: 1h}]",
            '4: scenarios[0].overrides[0].to: found "1h", wanted a time after from, at most 366 days after it',
        ),
        (
            "silences: [{to: 1h}]",
            "4: scenarios[0].silences[0].everything: found nothing, wanted true, since match is e",
        ),
        (
            "silences: [{everything: true, from: 2026-11-20T10:00, to: 0s}]",
            '4: scenarios[0].silences[0].to: found "0s", wanted a time after from, at most 366 days after it',
        ),
        (
            "silences: [{match: {severity: bad}, to: 1h}]",
            '4: scenarios[0].silences[0].match.severity: found "bad", wanted ',
        ),
    ],
)
def test_a_mistake_in_the_state_of_the_world(more, fault):
    assert the_fault(a_scenario(PAGE, more=more)).startswith(fault)


def test_what_is_expected_after_the_end_is_a_mistake():
    found = the_fault(a_scenario("- {page: user1, at: 2h}", more="until: 1h"))
    assert found == '8: scenarios[0].expect[0].at: found "2h", wanted a time that is not after until'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "file.yaml: scenarios: found nothing, wanted a list of scenarios"),
        ("scenarios: []", "file.yaml:1: scenarios: found an empty list, wanted a list of scenarios"),
        ("scenarios: {}", "file.yaml:1: scenarios: found an empty mapping, wanted a list of scenarios"),
        ("- name: one", "file.yaml: found no mapping, wanted a mapping with a list of scenarios"),
        (
            "scenarios: [",
            "file.yaml:2: found YAML that cannot be read (did not find expected node content), wanted valid",
        ),
        ("scenarios: &a [*a]", "file.yaml:1: scenarios[0]: found an alias that stands inside itself, wanted a value"),
        ("scenarios: [!danger {}]", "file.yaml:1: scenarios[0]: found a YAML tag, wanted a value without a tag"),
        (
            'a: &a [x]\nscenarios: ["${NOPE}"]',
            "file.yaml:2: scenarios[0]: found ${NOPE}, which is not set, wanted the enviro",
        ),
    ],
)
def test_a_file_that_cannot_be_read(text, fault):
    assert any(found.startswith(fault) for found in faults(text)), faults(text)


def test_all_mistakes_of_a_file_are_told_at_once():
    text = a_scenario("- {page: usr1}\n- {stats: x}", given="- alert: {severity: lw}\n- {at: x, clear: {}}")
    assert [fault.split(": found")[0] for fault in faults(text)] == [
        "file.yaml:6: scenarios[0].given[0].alert.severity",
        "file.yaml:7: scenarios[0].given[1].at",
        "file.yaml:9: scenarios[0].expect[0].page",
        "file.yaml:10: scenarios[0].expect[1].stats",
    ]


def test_two_scenarios_of_one_name_are_a_mistake():
    one = a_scenario(PAGE)
    twice = one + one.partition("\n")[2]
    assert the_fault(twice).partition(": found")[2] == ' "one", wanted a name that no other scenario of the file has'


@pytest.mark.parametrize("missing", ["name", "at", "given", "expect"])
def test_what_a_scenario_needs(missing):
    text = a_scenario(PAGE).replace(f"{missing}:", "until:" if missing == "at" else "down:", 1)
    assert any(f"scenarios[0].{missing}: found nothing, wanted" in fault for fault in faults(text))


@pytest.mark.parametrize("start", ["2026-11-20", "friday", "3000-01-01T00:00", "9998-12-31T23:59"])
def test_a_start_that_is_no_instant_one_can_simulate(start):
    assert f'2: scenarios[0].at: found "{start}", wanted an instant' in the_fault(
        a_scenario(PAGE, start=start)
    ).replace("3: s", "2: s")


@pytest.mark.parametrize(
    ("alert", "body", "fault"),
    [
        (
            "{payload: none.json}",
            b"",
            "payload: found none.json: No such file or directory, wanted a file with the body",
        ),
        ("{payload: a.json}", b"", "payload: found a.json, which generic cannot read: "),
        ("{payload: a.json}", b"\xff\xfe{", "payload: found a.json, which generic cannot read: "),
        ("{payload: a.json}", b"[" * 100_000, "payload: found a.json, which generic cannot read: "),
        (
            "{payload: a.json}",
            b'[{"title": "A"}, {}]',
            "payload: found a.json, of which generic cannot read item 2: The",
        ),
        ("{payload: a.json, title: A}", b"{}", "title: found the key title, wanted beside payload only source and key"),
        (
            "{payload: a.json, key: k}",
            b'[{"title": "A"}, {"title": "B"}]',
            'key: found "k", wanted no key, since the body',
        ),
        ("{payload: a.json, source: grafana}", b'{"title": "A"}', "payload: found a.json, which grafana cannot read: "),
    ],
)
def test_a_mistake_in_a_payload(alert, body, fault):
    found = the_fault(a_scenario(PAGE, given=f"- alert: {alert}"), bodies={"a.json": body})
    assert found.startswith(f"6: scenarios[0].given[0].alert.{fault}"), found


def test_a_payload_for_an_unknown_source_is_told_of_the_source_too():
    found = faults(a_scenario(PAGE, given="- alert: {payload: a.json, source: graf}"), bodies={"a.json": b"{}"})
    assert [fault.split(": found")[0] for fault in found] == [
        "file.yaml:6: scenarios[0].given[0].alert.source",
        "file.yaml:6: scenarios[0].given[0].alert.payload",
    ]


def test_names_are_those_of_the_config_that_is_tested():
    routes = [{"name": "db", "match": {"labels": {"team": "db"}}}]
    assert faults(a_scenario("- {route: db}"), rung_config=config(routes=routes)) == []
