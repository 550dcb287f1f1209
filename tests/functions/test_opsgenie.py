"""/v2/alerts: what Alertmanager, Grafana and Uptime Kuma send to Opsgenie, its replies, and whose alerts they touch."""

import json
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.store import Filter
from tests.apps import API_TOKEN, FIXTURES, SOURCE_TOKEN, App, bearer

OTHER_TOKEN = "token-of-the-grafana"
SOURCES = {
    "generic": {"token": "token-of-the-generic"},
    "opsgenie": {"token": SOURCE_TOKEN},
    "grafana": {"type": "opsgenie", "token": OTHER_TOKEN, "policy": "critical"},
    "closed": {"type": "opsgenie"},
}
CREATE = json.loads((FIXTURES / "opsgenie-create.json").read_text(encoding="utf-8"))
ALIAS = CREATE["alias"]


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, sources=SOURCES)
    yield app
    app.redis.close()


def key(token=SOURCE_TOKEN):
    return {"Authorization": f"GenieKey {token}"}


def create(app, token=SOURCE_TOKEN, **fields):
    return app.http.post("/v2/alerts", json=CREATE | fields, headers=key(token))


def act(app, path, body=None, method="POST", token=SOURCE_TOKEN, **options):
    sent = {} if body is None else {"json": body}
    return app.http.open(f"/v2/alerts/{path}", method=method, headers=key(token), **sent, **options)


def alerts(app):
    return app.rung.engine.store.find(Filter())


def assert_accepted(answer):
    assert answer.status_code == 202, answer.text
    assert set(answer.json) == {"result", "took", "requestId"}
    assert answer.json["result"] == "Request will be processed"
    assert isinstance(answer.json["took"], float)
    UUID(answer.json["requestId"])


def assert_refused(answer, status, words):
    assert answer.status_code == status, answer.text
    assert set(answer.json) == {"message", "took", "requestId"}
    assert words in answer.json["message"]


def test_a_create_is_answered_as_opsgenie_does_and_makes_an_alert(app):
    assert_accepted(create(app))
    (alert,) = alerts(app)
    assert (alert.source, alert.severity, alert.dedup_key) == ("opsgenie", "critical", ALIAS)
    assert alert.link == "https://grafana.example.com/d/7"


def test_alertmanager_creates_updates_and_closes_one_alert(app):
    for _ in range(2):
        assert_accepted(create(app))
        assert_accepted(act(app, f"{ALIAS}/message?identifierType=alias", {"message": "still full"}, "PUT"))
        assert_accepted(act(app, f"{ALIAS}/description?identifierType=alias", {"description": "99 %"}, "PUT"))
    assert [alert.title for alert in alerts(app)] == [CREATE["message"]]
    assert_accepted(act(app, f"{ALIAS}/close?identifierType=alias", {"source": "http://alertmanager.example.com:9093"}))
    assert alerts(app) == []
    assert app.get("/alerts/1").json["resolved_by"] == "opsgenie"


def test_grafana_creates_and_closes_at_the_address_of_its_contact_point(app):
    body = {
        "alias": "f3a1",
        "description": "x",
        "tags": ["a:b"],
        "source": "Grafana",
        "message": "[FIRING:1] Disk",
        "details": {"url": "https://grafana.example.com/alerting/list"},
    }
    assert_accepted(app.http.post("/v2/alerts", json=body, headers=key(OTHER_TOKEN)))
    (alert,) = alerts(app)
    assert (alert.source, alert.link) == ("grafana", "https://grafana.example.com/alerting/list")
    assert_accepted(act(app, "f3a1/close?identifierType=alias", {"source": "Grafana"}, token=OTHER_TOKEN))
    assert alerts(app) == []


@pytest.mark.parametrize(
    "name",
    [
        "shop",
        "shop front",
        "a/b",
        "/health",
        "a//b",
        "trailing/",
        "50% off",
        "a?b#c&d=e",
        "Füllstand 🔥",
        "close",
        "x/close",
        "requests",
        "%2F",
        "..",
        ".",
        "+",
        " padded ",
        "a;b",
        "x" * 400,
    ],
)
def test_a_monitor_of_uptime_kuma_is_closed_by_its_name_whatever_that_is(app, name):
    body = {
        "message": f"Uptime Kuma Alert: {name}",
        "alias": name,
        "description": "down",
        "source": "Uptime Kuma",
        "priority": "P2",
    }
    assert_accepted(app.http.post("/v2/alerts", json=body, headers=key()))
    assert len(alerts(app)) == 1
    assert_accepted(act(app, f"{quote(name, safe='')}/close?identifierType=alias", {"source": "Uptime Kuma"}))
    assert alerts(app) == []


def test_the_test_button_of_uptime_kuma_makes_one_message_and_no_alert(app):
    body = {
        "message": "rung Testing",
        "alias": "uptime-kuma-notification-test",
        "source": "Uptime Kuma",
        "priority": "P5",
    }
    assert_accepted(app.http.post("/v2/alerts", json=body, headers=key()))
    assert alerts(app) == []
    assert len(app.get("/outbox").json["messages"]) == 1


def test_an_acknowledgment_stops_the_ladder_and_says_who(app):
    create(app)
    assert_accepted(act(app, f"{ALIAS}/acknowledge?identifierType=alias", {"user": "alice", "note": "on it"}))
    told = [(each["event"], each.get("by"), each.get("via")) for each in app.events(1)]
    assert ("acknowledged", "opsgenie", "source") in told


@pytest.mark.parametrize("kind", ["?identifierType=id", "?identifierType=tiny", "?identifierType=ID", ""])
def test_an_alert_is_named_by_its_number_too(app, kind):
    create(app)
    assert_accepted(act(app, f"1/acknowledge{kind}"))
    assert app.get("/alerts/1").json["status"] == "acknowledged"
    assert_accepted(act(app, f"1/close{kind}"))
    assert app.get("/alerts/1").json["status"] == "resolved"


@pytest.mark.parametrize("number", ["7", "0", "01x", "-1", "1.0", "9" * 15, "9" * 3000, "²", ALIAS, "%20"])
@pytest.mark.parametrize("action", ["close", "acknowledge"])
def test_a_number_of_no_alert_is_not_found(app, number, action):
    create(app)
    assert_refused(act(app, f"{number}/{action}?identifierType=id"), 404, "Alert does not exist")
    assert len(alerts(app)) == 1


def test_what_is_done_to_an_alias_nobody_created_is_accepted_and_dropped(app):
    """As at Opsgenie, which says so before it looks."""
    for action in ("close", "acknowledge"):
        assert_accepted(act(app, f"never-seen/{action}?identifierType=alias"))
    assert app.redis.keys("rung:alert:*") == []


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{broken", b"\xff\xfe", b"[" * 100_000, b"x=1"])
def test_a_close_closes_whatever_its_body_is(app, body):
    create(app)
    answer = app.http.post(f"/v2/alerts/{ALIAS}/close?identifierType=alias", data=body, headers=key())
    assert_accepted(answer)
    assert alerts(app) == []


def test_alerts_of_another_source_are_not_touched(app):
    create(app)
    app.ingest({"title": "Disk is full", "dedup_key": ALIAS}, token="token-of-the-generic")
    for action in ("acknowledge", "close"):
        assert_accepted(act(app, f"{ALIAS}/{action}?identifierType=alias", token=OTHER_TOKEN))
        assert_refused(act(app, f"1/{action}", token=OTHER_TOKEN), 404, "Alert does not exist")
        assert_refused(act(app, f"2/{action}"), 404, "Alert does not exist")
    assert {alert.status for alert in alerts(app)} == {"pending"}


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "GenieKey",
        "GenieKey ",
        f"GenieKey {SOURCE_TOKEN}x",
        "GenieKey token-of-the-generic",
        f"GenieKey {API_TOKEN}",
        f"Bearer {SOURCE_TOKEN}",
        SOURCE_TOKEN,
        "GenieKey \u00fc",
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", ""), ("POST", "/x/close"), ("PUT", "/x/message"), ("GET", "/requests/1")]
)
def test_a_wrong_key_is_refused_everywhere_and_leaves_nothing(app, given, method, path):
    headers = {"Authorization": given} if given is not None else {}
    answer = app.http.open(f"/v2/alerts{path}", method=method, json=CREATE, headers=headers)
    assert_refused(answer, 401, "Key is not valid")
    assert SOURCE_TOKEN not in answer.text
    assert app.redis.keys("rung:*") == []


def test_the_scheme_may_be_written_in_any_case(app):
    answer = app.http.post("/v2/alerts", json=CREATE, headers={"Authorization": f"geniekey  {SOURCE_TOKEN}"})
    assert_accepted(answer)


def test_what_rung_does_not_do_is_not_found(app):
    create(app)
    assert_refused(act(app, f"{ALIAS}/escalate?identifierType=alias"), 404, "Not Found")
    assert act(app, f"{ALIAS}", method="DELETE").status_code in {404, 405}
    assert app.http.get("/v2/alerts", headers=key()).status_code == 405


def test_a_request_was_processed_before_anybody_asks(app):
    request_id = create(app).json["requestId"]
    answer = app.http.get(f"/v2/alerts/requests/{request_id}", headers=key())
    assert answer.status_code == 200
    assert (answer.json["requestId"], answer.json["data"]["isSuccess"]) == (request_id, True)


def test_a_create_that_cannot_be_read_is_refused_for_good_kept_and_becomes_an_alert(app):
    assert_refused(create(app, message="", apiKey="s3cret"), 422, "no message")
    (alert,) = alerts(app)
    assert alert.title == "unreadable webhook from opsgenie"
    (kept,) = app.redis.lrange("rung:rejected", 0, -1)
    assert "s3cret" not in kept.decode() + alert.model_dump_json()
    assert SOURCE_TOKEN not in kept.decode() + alert.model_dump_json()


def test_an_empty_create_is_refused_and_leaves_nothing(app):
    assert_refused(app.http.post("/v2/alerts", headers=key()), 422, "empty")
    assert app.redis.keys("rung:alert:*") == []


def test_a_source_of_this_type_may_be_sent_to_by_its_name_too(app):
    answer = app.http.post("/ingest/opsgenie", json=CREATE, headers=bearer(SOURCE_TOKEN))
    assert (answer.status_code, answer.json["alerts"][0]["dedup_key"]) == (202, ALIAS)


leaves = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from([chr(0xD800), "a\0b", "x" * 600])
)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*CREATE, "url"]), inner, max_size=5),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=100) | anything,
    path=st.text(max_size=12),
    action=st.sampled_from(["", "/close", "/acknowledge"]),
)
def test_nothing_whatever_is_answered_with_a_failure_of_ours(app, body, path, action):
    sent = {"data": body} if isinstance(body, bytes) else {"json": body}
    where = f"/{quote(path, safe='', errors='replace')}{action}?identifierType=alias" if action else ""
    assert app.http.post(f"/v2/alerts{where}", headers=key(), **sent).status_code in {202, 404, 405, 422}
