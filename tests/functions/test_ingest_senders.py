"""POST /ingest/<source> as Sentry, Healthchecks, Zabbix, Prometheus and senders of mappings use it."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from core.store import Filter
from tests.apps import FIXTURES, SOURCE_TOKEN, App, bearer, error
from tests.samples import T0

SECRET = "s3cret-of-the-integration"
MAPPING = {"key": "host", "title": "output", "status": "state", "labels": {"host": "host"}}
SOURCES = {
    "sentry": {"hmac_secret": SECRET},
    "sentry-by-token": {"type": "sentry", "token": SOURCE_TOKEN},
    "healthchecks": {"token": SOURCE_TOKEN},
    "zabbix": {"token": SOURCE_TOKEN},
    "prometheus": {"token": SOURCE_TOKEN},
    "nagios": {"token": SOURCE_TOKEN},
    "second": {"type": "nagios", "token": SOURCE_TOKEN, "severities": {"bad": "critical"}, "default_severity": "low"},
}


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, sources=SOURCES, mappings={"nagios": MAPPING})
    yield app
    app.redis.close()


def fixture(name):
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def alerts(app):
    return app.rung.engine.store.find(Filter())


def sentry(app, body, signature=None, resource="issue", **options):
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest() if signature is None else signature
    headers = {"Sentry-Hook-Signature": signed, "Sentry-Hook-Resource": resource, "Sentry-Hook-Timestamp": "1"}
    return app.http.post("/ingest/sentry", data=body, headers=headers, **options)


def test_a_hook_that_sentry_signed_needs_no_token(app):
    body = (FIXTURES / "sentry-issue.json").read_bytes()
    assert sentry(app, body).status_code == 202
    assert [(alert.title, alert.severity) for alert in alerts(app)] == [("KeyError: 'total'", "critical")]
    assert sentry(app, body.replace(b'"created"', b'"resolved"')).status_code == 202
    assert alerts(app) == []


@pytest.mark.parametrize("resource", ["installation", "comment", "error"])
def test_a_hook_that_is_no_alert_is_accepted_and_makes_none(app, resource):
    body = json.dumps({"action": "created", "data": {resource: {"uuid": "1", "code": "s3cret"}}}).encode()
    answer = sentry(app, body, resource=resource)
    assert (answer.status_code, answer.json) == (202, {"alerts": []})
    assert app.redis.keys("rung:alert:*") == []


@pytest.mark.parametrize("signature", ["", "x", "0" * 64, hmac.new(b"other", b"{}", "sha256").hexdigest(), "\u00fc"])
@pytest.mark.parametrize("headers", [{}, bearer(SOURCE_TOKEN), bearer("")])
def test_a_wrong_signature_is_turned_away_whatever_token_is_shown(app, signature, headers):
    sent = headers | {"Sentry-Hook-Signature": signature}
    answer = app.http.post("/ingest/sentry", data=b"{}", headers=sent)
    assert answer.status_code == 401
    assert SECRET not in answer.text
    assert app.redis.keys("rung:*") == []


def test_without_a_signature_a_source_with_a_secret_lets_nobody_in(app):
    assert app.http.post("/ingest/sentry", data=b"{}", headers=bearer(SOURCE_TOKEN)).status_code == 401


def test_a_source_of_sentry_without_a_secret_wants_its_token(app):
    body = (FIXTURES / "sentry-metric.json").read_bytes()
    assert app.http.post("/ingest/sentry-by-token", data=body).status_code == 401
    assert app.ingest(body, "sentry-by-token").status_code == 202


def test_the_test_button_of_healthchecks_makes_one_message_and_no_alert(app):
    assert (
        app.ingest(fixture("healthchecks-down.json") | {"name": "TEST", "n_pings": 42}, "healthchecks").status_code
        == 202
    )
    assert alerts(app) == []
    assert len(app.get("/outbox").json["messages"]) == 1


def test_no_address_of_a_check_is_kept_anywhere(app, caplog):
    caplog.set_level("DEBUG")
    check = fixture("healthchecks-down.json")
    assert app.ingest(check, "healthchecks").status_code == 202
    assert app.ingest(check | {"status": "odd"}, "healthchecks").status_code == 400
    assert len(app.redis.lrange("rung:rejected", 0, -1)) == 1
    kept = repr([app.redis.hgetall(key) for key in app.redis.keys("rung:alert:*")])
    kept += repr(app.redis.lrange("rung:rejected", 0, -1)) + app.get("/rejected").text + app.get("/alerts").text
    assert "s3cret" not in kept + caplog.text


@pytest.mark.parametrize("source", ["healthchecks", "nagios", "zabbix"])
def test_a_token_in_the_address_is_kept_nowhere(app, source, caplog):
    caplog.set_level("DEBUG")
    for body in ({"title": "x", "id": "1", "host": "a", "status": "odd", "state": "odd", "name": "n"}, {}):
        assert app.http.post(f"/ingest/{source}?token={SOURCE_TOKEN}&x=1", json=body).status_code == 400
    kept = app.redis.lrange("rung:rejected", 0, -1)
    assert len(kept) == 2
    assert SOURCE_TOKEN not in repr(kept) + app.get("/rejected").text + app.get("/alerts").text + caplog.text


def test_an_acknowledgment_in_zabbix_stops_the_ladder(app):
    problem = fixture("zabbix-problem.json")
    assert app.ingest(problem, "zabbix").status_code == 202
    assert app.ingest(problem | {"update_action": "acknowledged"}, "zabbix").status_code == 202
    told = [(each["event"], each.get("by"), each.get("via")) for each in app.events(1)]
    assert ("acknowledged", "zabbix", "source") in told
    assert app.ingest(problem | {"status": "RESOLVED"}, "zabbix").status_code == 202
    assert alerts(app) == []


def prometheus(app, *alerts_sent):
    return app.http.post("/ingest/prometheus/api/v2/alerts", json=list(alerts_sent), headers=bearer(SOURCE_TOKEN))


def test_prometheus_posts_as_to_an_alertmanager_and_its_alerts_end_by_the_stores_clock(app):
    alert = fixture("prometheus-alerts.json")[0]
    for minute in range(4):
        ends = (T0 + timedelta(minutes=minute + 4)).isoformat()
        assert prometheus(app, alert | {"endsAt": ends}).status_code == 202
        app.passes(60)
    assert [each.title for each in alerts(app)] == ["Disk of db-01 is full"]
    over = (T0 + timedelta(minutes=4)).isoformat()
    assert prometheus(app, alert | {"endsAt": over}).status_code == 202
    assert alerts(app) == []
    assert prometheus(app, alert | {"endsAt": over}).status_code == 202
    assert app.redis.keys("rung:alert:*") == [b"rung:alert:1"]


def test_an_alert_of_prometheus_that_ended_meanwhile_is_not_opened_when_it_is_read_again(app):
    alert = fixture("prometheus-alerts.json")[0]
    assert prometheus(app, alert | {"annotations": "odd"}).status_code == 400
    kept = json.loads(app.redis.lindex("rung:rejected", 0))
    app.redis.lset("rung:rejected", 0, json.dumps(kept | {"body": json.dumps([alert])}))
    app.passes(3600)
    assert app.post(f"/rejected/{kept['id']}/retry").status_code == 200
    assert alerts(app) == []


@pytest.mark.parametrize("path", ["/ingest/prometheus/api/v2/alerts", "/ingest/none/api/v2/alerts"])
def test_that_address_wants_the_token_too(app, path):
    answer = app.http.post(path, json=[], headers=bearer("wrong"))
    assert answer.status_code == (401 if "prometheus" in path else 404)


def test_a_source_of_a_mapping_has_words_and_a_default_of_its_own(app):
    for source, severity in (("nagios", "medium"), ("second", "low")):
        assert app.ingest({"host": "db-01", "output": "down", "state": "DOWN"}, source).status_code == 202
        assert alerts(app)[0].severity == severity
    assert app.ingest({"host": "db-01", "output": "up", "state": "UP"}, "nagios").status_code == 202
    assert [alert.source for alert in alerts(app)] == ["second"]


def test_a_body_that_a_mapping_does_not_know_is_read_again_once_it_does(app):
    answer = app.ingest({"host": "db-01", "output": "down", "state": "MELTED"}, "nagios")
    assert "the mapping knows no words of its own" in error(answer)
    assert app.post("/rejected/1/retry").status_code == 409
    mapping = app.rung.config.mappings["nagios"]
    app.rung.config.mappings["nagios"] = mapping.model_copy(update={"firing": ("MELTED",)})
    assert app.post("/rejected/1/retry").status_code == 200
    assert [alert.title for alert in alerts(app)] == ["down"]
