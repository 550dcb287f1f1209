"""Whatever arrives: no reader raises anything but UnreadableError, and every signal keeps the limits."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.config.mappings import SenderMapping
from core.signals import Reading, SignalStatus, UnreadableError, Webhook
from core.sources import KINDS, read
from tests.sources.bodies import MAPPINGS

# One that uses whatever an expression may do, over names that are there.
GREEDY = SenderMapping(
    items="alerts || [@] || *",
    key=["id || name", "sort(@)", "max_by(@, &value)"],
    title="title || msg || join(', ', values(labels)) || to_string(@)",
    status="state || status",
    firing=["alerting"],
    resolved=["ok"],
    test=["testing"],
    severity="severity || labels.severity || to_string(avg(*))",
    description="replace(parse_json(message), 'a', to_string(@)) || split(description, ',')[::-1] | [0]",
    link="links[0].href || url",
    labels={"a": "ceil(value)", "b": "keys(@)", "c": "sum(*.value)", "d": "[?value > `1`] | length(@)", "e": "abs(id)"},
)
ALL = {**MAPPINGS, "greedy": GREEDY}
READERS = {kind: [kind] for kind in KINDS} | {"mappings": list(ALL)}  # each body goes through every one of them

QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = [
    *(
        "alerts",
        "status",
        "state",
        "labels",
        "annotations",
        "fingerprint",
        "severity",
        "groupKey",
        "externalURL",
    ),
    *(
        "alertname",
        "rulename",
        "instance",
        "summary",
        "description",
        "runbook_url",
        "generatorURL",
        "panelURL",
    ),
    *(
        "truncatedAlerts",
        "ruleId",
        "ruleName",
        "ruleUrl",
        "tags",
        "title",
        "message",
        "Title",
        "Body",
        "data",
    ),
    *("routing_key", "event_action", "payload", "custom_details", "links", "href", "client_url", "component"),
    *("heartbeat", "monitor", "monitorID", "msg", "id", "name", "url", "port", "value", "dedup_key", "link"),
    *("action", "issue", "event", "metric_alert", "project", "projects", "issue_id", "Type", "Message", "Subject"),
    *("alias", "priority", "note", "source", "incident", "incident_id", "summary", "endsAt", "uuid", "update_action"),
]
TELLING = [
    "firing",
    "resolved",
    "ok",
    "alerting",
    "trigger",
    "acknowledge",
    "resolve",
    "Uptime Kuma/test",
    "🔴 Down",
    "✅ Up",
    "⚠️ Test",
    "[a] [🔴 Down] b",
    "a certificate will expire in 3 days",
    "x Testing",
    "https://a.test/",
    "https://[::1",
    "test-1",
    "Notification",
    "created",
    '[{"tag": "a"}]',
    '{"title": "x", "AlarmName": "y"}',
    "2026-11-23T10:00:00Z",
    "\ud83d",
    "a\x00b",
    "x" * 400,
    0,
    1,
    2,
    -1,
    10**400,
]
CONTENT_TYPES = [
    "",
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary*0=x; boundary*1=",
]

leaves = st.sampled_from(TELLING) | st.none() | st.booleans() | st.integers() | st.floats() | st.text()
names = st.sampled_from(NAMES) | st.text(max_size=5)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=25,
)
objects = st.dictionaries(names, values, max_size=8)
groups = st.fixed_dictionaries({"alerts": st.lists(objects | values, max_size=5)}, optional={"status": leaves})
beats = st.fixed_dictionaries({"heartbeat": objects, "monitor": objects | st.none(), "msg": leaves})
events = st.fixed_dictionaries(
    {"event_action": st.sampled_from(["trigger", "acknowledge", "resolve"])},
    optional={"dedup_key": leaves, "payload": objects, "links": values, "client_url": leaves},
)
hooks = st.fixed_dictionaries(
    {"action": st.sampled_from(["created", "resolved", "critical"])},
    optional={"data": st.dictionaries(st.sampled_from(["issue", "event", "metric_alert"]), objects | values)},
)
envelopes = st.fixed_dictionaries(
    {"Type": st.just("Notification"), "Message": st.sampled_from(TELLING) | values.map(json.dumps)}
)
bodies = values | objects | groups | beats | events | hooks | envelopes | st.lists(objects, max_size=3)


def assert_line(text, limit):
    assert text == " ".join(text.split())
    assert 0 < len(text) <= limit


def assert_within_limits(signal):
    assert isinstance(signal.status, SignalStatus)
    assert_line(signal.title, 300)
    assert 0 < len(signal.dedup_key) <= 255
    assert signal.dedup_key.isprintable()
    assert signal.severity is None or signal.severity
    assert len(signal.description) <= 20_000
    assert signal.link is None or signal.link.startswith(("http://", "https://"))
    assert len(signal.labels) <= 100
    assert all(len(value) <= 500 for value in signal.labels.values())
    for text in (
        signal.title,
        signal.description,
        signal.severity or "",
        signal.link or "",
        *signal.labels.items(),
    ):
        "".join(text).encode("utf-8")


def outcome(kind, webhook):
    try:
        return read(kind, webhook, ALL), "read"
    except UnreadableError as error:
        return Reading(()), str(error)


def check(kind, webhook):
    for reader in READERS[kind]:
        check_one(reader, webhook)


def check_one(reader, webhook):
    reading, reason = outcome(reader, webhook)
    assert_line(reason, 1000)
    for signal in reading.signals:
        assert_within_limits(signal)
    for bad in reading.bad_items:
        assert_line(bad.reason, 1000)


@pytest.mark.parametrize("kind", READERS)
@QUICK
@given(body=st.binary(max_size=300), content_type=st.sampled_from(CONTENT_TYPES) | st.text(max_size=30))
def test_any_bytes_are_read_or_refused(kind, body, content_type):
    check(kind, Webhook(body, content_type))


@pytest.mark.parametrize("kind", READERS)
@QUICK
@given(value=bodies)
def test_any_json_is_read_or_refused(kind, value):
    check(kind, Webhook(json.dumps(value).encode(), "application/json"))


@pytest.mark.parametrize("kind", READERS)
@QUICK
@given(
    text=st.text(max_size=200),
    head=st.sampled_from(["--x\r\n", "--x\r\nContent-Disposition: form-data; name="]),
)
def test_any_form_is_read_or_refused(kind, text, head):
    body = f"{head}{text}\r\n\r\n{text}\r\n--x--\r\n".encode("utf-8", "replace")
    check(kind, Webhook(body, "multipart/form-data; boundary=x"))
    check(kind, Webhook(text.encode("utf-8", "replace"), "application/x-www-form-urlencoded"))


@QUICK
@given(query=st.dictionaries(st.sampled_from(["msg", "heartbeat", "monitor", "k"]), values.map(json.dumps) | st.text()))
def test_any_query_of_a_get_is_read_or_refused(query):
    check("uptime-kuma", Webhook(b"", "", query))
