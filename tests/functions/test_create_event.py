"""POST /generic/2010-04-15/create_event.json: PagerDuty's first events API, as old senders speak it."""

import json

import pytest

from core.store import Filter
from tests.apps import API_TOKEN, SOURCE_TOKEN, App
from tests.sources.bodies import MAPPINGS

SOURCES = {
    "generic": {"token": "token-of-the-generic"},
    "checks": {"type": "pagerduty-v1", "token": SOURCE_TOKEN, "default_severity": "high"},
    "pagerduty": {"token": "token-of-v2"},
    "closed": {"type": "pagerduty-v1"},
}


@pytest.fixture
def app(client, redis_server, tmp_path):
    mappings = {"pagerduty-v1": MAPPINGS["pagerduty-v1"].model_dump(mode="json")}
    app = App(tmp_path, redis_server.url, sources=SOURCES, mappings=mappings)
    yield app
    app.redis.close()


def event(kind="trigger", **fields):
    event = {
        "service_key": SOURCE_TOKEN,
        "incident_key": "check-7",
        "event_type": kind,
        "description": "Backup is late",
    }
    return event | {"client": "Checks", "client_url": "https://checks.example.com/7"} | fields


def create(app, body):
    sent = {"data": body} if isinstance(body, bytes) else {"json": body}
    return app.http.post("/generic/2010-04-15/create_event.json", **sent)


def alerts(app):
    return app.rung.engine.store.find(Filter())


def test_trigger_acknowledge_and_resolve_are_one_alert_and_answered_as_pagerduty_does(app):
    for kind in ("trigger", "acknowledge", "resolve"):
        answer = create(app, event(kind))
        assert (answer.status_code, answer.json) == (
            200,
            {"status": "success", "message": "Event processed", "incident_key": "check-7"},
        )
    told = [(each["event"], each.get("by")) for each in app.events(1)]
    assert ("acknowledged", "checks") in told
    assert ("resolved", "checks") in told
    assert app.redis.keys("rung:alert:*") == [b"rung:alert:1"]


def test_the_alert_says_what_the_event_said(app):
    create(app, event())
    (alert,) = alerts(app)
    assert (alert.source, alert.title, alert.severity) == ("checks", "Backup is late", "high")
    assert alert.link == "https://checks.example.com/7"
    assert SOURCE_TOKEN not in alert.model_dump_json()


def test_the_key_that_is_answered_ends_the_alert(app):
    key = create(app, event(incident_key=None)).json["incident_key"]
    assert len(alerts(app)) == 1
    assert create(app, event("resolve", incident_key=key)).json["incident_key"] == key
    assert alerts(app) == []


@pytest.mark.parametrize("key", [None, "", "wrong", "token-of-the-generic", "token-of-v2", API_TOKEN, 7, [], {}, True])
def test_a_key_of_no_source_is_refused_for_good_and_leaves_nothing(app, key):
    answer = create(app, event(service_key=key))
    assert (answer.status_code, answer.json["status"]) == (400, "invalid event")
    assert "Invalid service key" in " ".join(answer.json["errors"])
    assert SOURCE_TOKEN not in answer.text
    assert app.redis.keys("rung:*") == []


@pytest.mark.parametrize("body", [b"", b"{broken", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_a_body_without_a_key_that_can_be_read_is_refused_and_not_kept(app, body):
    assert create(app, body).status_code == 400
    assert app.redis.keys("rung:*") == []


def test_an_event_of_a_known_sender_that_cannot_be_read_is_kept_without_its_key(app):
    answer = create(app, event("assign"))
    assert (answer.status_code, "is unknown" in json.dumps(answer.json["errors"])) == (400, True)
    assert [alert.title for alert in alerts(app)] == ["unreadable webhook from checks"]
    (kept,) = app.redis.lrange("rung:rejected", 0, -1)
    assert "assign" in kept.decode()
    assert SOURCE_TOKEN not in kept.decode()
