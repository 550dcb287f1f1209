"""POST /v2/enqueue: whose event it is, what is answered, and what no body can do to it."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.store import Filter
from tests.apps import API_TOKEN, FIXTURES, SOURCE_TOKEN, App

HALF = chr(0xD800)  # half a character: no UTF-8 can hold it
OTHER_TOKEN = "token-of-the-zabbix"
SOURCES = {
    "generic": {"token": "token-of-the-generic"},
    "kuma": {"type": "pagerduty", "token": SOURCE_TOKEN},
    "zabbix": {"type": "pagerduty", "token": OTHER_TOKEN},
    "closed": {"type": "pagerduty"},
}


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, sources=SOURCES)
    yield app
    app.redis.close()


def event(action="trigger", **fields):
    payload = {"summary": "Disk is full", "source": "db-01", "severity": "critical"}
    return {"routing_key": SOURCE_TOKEN, "dedup_key": "k", "event_action": action, "payload": payload} | fields


def enqueue(app, body):
    sent = {"data": body} if isinstance(body, bytes) else {"json": body}
    return app.http.post("/v2/enqueue", **sent)


def alerts(app):
    return app.rung.engine.store.find(Filter())


def reasons(answer):
    assert answer.status_code == 400
    assert set(answer.json) == {"status", "message", "errors"}
    assert answer.json["status"] == "invalid event"
    return " ".join(answer.json["errors"])


def test_a_trigger_is_answered_as_pagerduty_does_and_makes_an_alert(app):
    answer = enqueue(app, (FIXTURES / "pagerduty-trigger.json").read_bytes())
    assert answer.status_code == 202
    assert answer.json == {"status": "success", "message": "Event processed", "dedup_key": "9f2d0a41c7"}
    (alert,) = alerts(app)
    assert (alert.source, alert.severity, alert.link) == ("kuma", "high", "https://grafana.example.com/d/1")


def test_the_content_type_does_not_matter(app):
    body = json.dumps(event())
    assert app.http.post("/v2/enqueue", data=body, content_type="text/plain").status_code == 202
    assert app.http.post("/v2/enqueue", data=body, content_type="application/x-www-form-urlencoded").status_code == 202


def test_trigger_acknowledge_and_resolve_are_one_alert(app):
    for action in ("trigger", "acknowledge", "resolve"):
        answer = enqueue(app, event(action))
        assert (answer.status_code, answer.json["dedup_key"]) == (202, "k")
    told = [(each["event"], each.get("by"), each.get("via")) for each in app.events(1)]
    assert ("acknowledged", "kuma", "source") in told
    assert ("resolved", "kuma", "source") in told
    assert app.get("/alerts/1").json["status"] == "resolved"


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_what_is_said_of_an_unknown_key_is_accepted_and_dropped(app, action):
    answer = enqueue(app, event(action, dedup_key="never seen"))
    assert (answer.status_code, answer.json["status"]) == (202, "success")
    assert app.redis.keys("rung:alert:*") == []


def test_an_acknowledge_that_comes_second_or_too_late_changes_nothing(app):
    enqueue(app, event())
    assert app.post("/alerts/1/ack", json={"by": "user2"}).status_code == 200
    for _ in range(2):
        assert enqueue(app, event("acknowledge")).status_code == 202
    assert app.get("/alerts/1").json["acknowledged_by"] == "user2"
    enqueue(app, event("resolve"))
    assert enqueue(app, event("acknowledge")).status_code == 202
    assert [each["event"] for each in app.events(1)].count("acknowledged") == 1


def test_every_trigger_without_a_key_is_a_new_alert_and_its_key_ends_it(app):
    answers = [enqueue(app, event(dedup_key=None)) for _ in range(3)]
    keys = [answer.json["dedup_key"] for answer in answers]
    assert len(set(keys)) == 3
    assert len(alerts(app)) == 3
    enqueue(app, event("resolve", dedup_key=keys[1]))
    assert sorted(alert.dedup_key for alert in alerts(app)) == sorted([keys[0], keys[2]])


def test_a_key_too_long_to_keep_still_ends_its_alert(app):
    answer = enqueue(app, event(dedup_key="k" * 500))
    enqueue(app, event("resolve", dedup_key=answer.json["dedup_key"]))
    assert alerts(app) == []


def test_the_routing_key_says_which_source_it_is(app):
    for token in (SOURCE_TOKEN, OTHER_TOKEN):
        assert enqueue(app, event(routing_key=token)).status_code == 202
    assert {alert.source for alert in alerts(app)} == {"kuma", "zabbix"}


@pytest.mark.parametrize(
    "key", [None, "", "wrong", "token-of-the-generic", API_TOKEN, SOURCE_TOKEN + "x", 7, [], {}, True, HALF, "\0"]
)
def test_a_key_of_no_source_is_refused_for_good_and_leaves_nothing(app, key):
    answer = enqueue(app, event(routing_key=key))
    assert "Invalid routing key" in reasons(answer)
    assert SOURCE_TOKEN not in answer.text
    assert app.redis.keys("rung:*") == []


@pytest.mark.parametrize("body", [b"", b"{broken", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_a_body_without_a_key_that_can_be_read_is_refused_and_not_kept(app, body):
    assert reasons(enqueue(app, body))
    assert app.redis.keys("rung:*") == []


def test_an_event_of_a_known_sender_that_cannot_be_read_is_kept_and_becomes_an_alert(app):
    assert "must be trigger" in reasons(enqueue(app, event("assign")))
    (alert,) = alerts(app)
    assert alert.title == "unreadable webhook from kuma"
    (kept,) = app.redis.lrange("rung:rejected", 0, -1)
    assert "assign" in kept.decode()
    assert SOURCE_TOKEN not in kept.decode() + alert.model_dump_json()


def test_the_test_button_of_uptime_kuma_makes_one_message_and_no_alert(app):
    body = event(dedup_key="Uptime Kuma/test", payload={"summary": "[Uptime Kuma Alert] My PagerDuty Testing"})
    answer = enqueue(app, body)
    assert (answer.status_code, answer.json["dedup_key"]) == (202, "Uptime Kuma/test")
    assert len(app.get("/outbox").json["messages"]) == 1
    assert alerts(app) == []


def test_a_source_of_this_type_may_be_sent_to_by_its_name_too(app):
    answers = [app.ingest(event(dedup_key=None), "kuma") for _ in range(2)]
    assert [answer.json["alerts"][0]["result"] for answer in answers] == ["triggered", "triggered"]


def test_only_post_is_answered(app):
    assert app.http.get("/v2/enqueue").status_code == 405


NAMES = ["summary", "source", "severity", "custom_details", "component", "href", "client_url", "links", "payload", "x"]
leaves = st.sampled_from(["trigger", "Uptime Kuma/test", HALF, "a\0b", "x" * 600, 10**400, float("nan")])
anything = st.recursive(
    leaves | st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=15,
)
events = st.fixed_dictionaries(
    {"routing_key": st.just(SOURCE_TOKEN), "event_action": st.sampled_from(["trigger", "acknowledge", "resolve"])},
    optional={
        "dedup_key": anything,
        "payload": anything,
        "links": anything,
        "client": anything,
        "client_url": anything,
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | events | anything)
def test_no_body_whatever_is_answered_with_a_failure_of_ours(app, body):
    answer = enqueue(app, body)
    assert answer.status_code in {202, 400}, answer.text
    assert answer.json["status"] == ("success" if answer.status_code == 202 else "invalid event")
