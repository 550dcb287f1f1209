"""The application as a whole: one shape for every error, headers on every answer, and a Redis that is away."""

import logging
import time

import pytest
from gunicorn.http.body import Body, ChunkedReader
from gunicorn.http.unreader import IterUnreader
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.apps import App, bearer, error

DOORS = [
    ("get", "/alerts"),
    ("get", "/alerts/1"),
    ("get", "/alerts/1/timeline"),
    ("get", "/alerts/1/why"),
    ("get", "/outbox"),
    ("get", "/heartbeats"),
    ("get", "/reports"),
    ("get", "/reports/daily"),
    ("post", "/alerts/1/ack"),
    ("post", "/alerts/1/resolve"),
    ("post", "/alerts/1/updates"),
    ("post", "/alerts/1/escalate"),
    ("get", "/oncall"),
    ("get", "/oncall/oncall_primary/timeline"),
    ("get", "/oncall/oncall_primary.ics"),
    ("post", "/oncall/overrides/1/end"),
]


@pytest.fixture
def dead(tmp_path):
    """An application whose Redis is away, and that does not try again."""
    app = App(tmp_path, f"unix://{tmp_path}/nothing-here.sock")
    app.redis.connection_pool.connection_kwargs["retry"] = Retry(NoBackoff(), 0)
    return app


@pytest.mark.parametrize(
    "path", ["/nothing", "/alerts/", "/alerts/1/nothing", "/ingest/", "/ingest", "/%00", "/\ud7ff"]
)
def test_what_is_not_there_is_not_found_in_the_one_shape(app, path):
    answer = app.get(path)
    assert answer.status_code == 404
    assert error(answer)


@pytest.mark.parametrize(("method", "path"), [("delete", "/alerts/1"), ("put", "/alerts"), ("post", "/outbox")])
def test_a_method_that_is_not_allowed_is_said_so_with_those_that_are(app, method, path):
    answer = getattr(app.http, method)(path)
    assert answer.status_code == 405
    assert error(answer)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_while_redis_is_away_every_door_says_so_and_when_to_come_back(dead, method, path):
    answer = getattr(dead, method)(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json["error"]["code"] == "unavailable"
    assert "nothing-here.sock" not in error(answer)


@pytest.mark.parametrize(
    "body", [{"title": "x"}, [{"title": "a"}, {"title": "b", "status": "test"}], {"title": "x", "status": "test"}, b"{"]
)
def test_while_redis_is_away_no_webhook_is_accepted(dead, body):
    answer = dead.ingest(body)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


@pytest.mark.parametrize("way", ["snooze", "reassign"])
def test_while_redis_is_away_answers_that_need_more_say_so_too(dead, way):
    assert (
        dead.post(f"/alerts/1/{way}", json={"snooze": {"for": "1h"}, "reassign": {"to": "vp"}}[way]).status_code == 503
    )


def test_trying_again_while_redis_is_away_takes_no_more_than_a_moment(tmp_path):
    app = App(tmp_path, f"unix://{tmp_path}/nothing-here.sock")
    started = time.monotonic()
    assert app.ingest({"title": "x"}).status_code == 503
    assert time.monotonic() - started < 3


def test_while_redis_is_away_tokens_and_bodies_are_still_checked(dead):
    assert dead.get("/alerts", headers={}).status_code == 401
    assert dead.ingest({"title": "x"}, token="wrong").status_code == 401
    assert dead.ingest({"title": "x"}, source="nobody").status_code == 404
    assert dead.post("/alerts/1/ack", json={"by": 7}).status_code == 400
    assert dead.get("/alerts?limit=x").status_code == 400


def test_a_full_redis_takes_nothing_and_says_so(app):
    app.fires("before")
    before = app.redis.dbsize()
    app.redis.config_set("maxmemory", 1)
    try:
        answer = app.ingest({"title": "after"})
        shown = app.get("/alerts/1")
    finally:
        app.redis.config_set("maxmemory", 0)
    assert answer.status_code == 503
    assert shown.status_code == 200, "reading still works"
    assert app.redis.dbsize() == before
    assert app.ingest({"title": "after"}).status_code == 202


@pytest.mark.parametrize("path", ["/healthz", "/alerts", "/nothing", "/a/forged"])
def test_every_answer_carries_headers_that_keep_browsers_careful(app, path):
    headers = app.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_a_failure_of_ours_tells_nothing_about_itself(app, monkeypatch):
    def fail(wanted):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(app.rung.engine.store, "find", fail)
    answer = app.get("/alerts")
    assert answer.status_code == 500
    assert "secret detail" not in error(answer)


def test_the_token_of_the_environment_cannot_be_taken_over_by_one_of_the_config(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, api_tokens={"operator": "another-token"})
    assert app.get("/alerts").status_code == 200
    assert app.get("/alerts", headers=bearer("another-token")).status_code == 401


def test_these_are_all_the_routes_there_are(app):
    """A file in the folder of doors is a door by being there; one that nobody meant to be one would be seen here."""
    routes = {
        f"{rule.rule} {','.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))}" for rule in app.flask.url_map.iter_rules()
    }
    assert routes == {
        "/ GET",
        "/a/<token> GET",
        "/a/<token> POST",
        "/alerts GET",
        "/alerts/ack POST",
        "/alerts/<int:alert_id> GET",
        "/alerts/<int:alert_id>/ack POST",
        "/alerts/<int:alert_id>/escalate POST",
        "/alerts/<int:alert_id>/reassign POST",
        "/alerts/<int:alert_id>/resolve POST",
        "/alerts/<int:alert_id>/snooze POST",
        "/alerts/<int:alert_id>/timeline GET",
        "/alerts/<int:alert_id>/updates POST",
        "/alerts/<int:alert_id>/why GET",
        "/b/<token> GET",
        "/b/<token> POST",
        "/deliveries GET",
        "/generic/2010-04-15/create_event.json POST",
        "/healthz GET",
        "/heartbeat/<name> GET,POST",
        "/heartbeats GET",
        "/ingest/<source> GET,POST,PUT",
        "/ingest/<source>/api/v2/alerts POST",
        "/oncall GET",
        "/oncall/<rotation>.ics GET",
        "/oncall/<rotation>/overrides POST",
        "/oncall/<rotation>/timeline GET",
        "/oncall/calendars GET",
        "/oncall/overrides/<override_id> DELETE",
        "/oncall/overrides/<override_id>/end POST",
        "/oncall/person/<name>.ics GET",
        "/outbox GET",
        "/readyz GET",
        "/rejected GET",
        "/rejected/<int:rejected_id>/retry POST",
        "/reply/email POST",
        "/reply/ntfy/<token>/<action> POST",
        "/reply/slack GET",
        "/reply/slack POST",
        "/reply/sms POST",
        "/reply/sms/<token> POST",
        "/reply/telegram POST",
        "/reply/voice/<token> POST",
        "/reply/voice/<token>/status POST",
        "/reports GET",
        "/reports/<any(daily, weekly, sla):kind> GET",
        "/sign-in GET",
        "/sign-in POST",
        "/sign-out POST",
        "/silences GET",
        "/silences POST",
        "/silences/<int:silence_id> DELETE",
        "/silences/<int:silence_id>/end POST",
        "/v2/alerts POST",
        "/v2/alerts/requests/<request_id> GET",
        "/v2/alerts/<path:identifier>/<action> POST,PUT",
        "/v2/alerts//<path:identifier>/<action> POST,PUT",
        "/v2/enqueue POST",
        "/you GET",
        "/you POST",
    }


@pytest.mark.parametrize("path", ["/generic/2010-04-15/create_event.json", "/reply/slack", "/v2/enqueue"])
@pytest.mark.parametrize("sent", [b"zz\r\nhello\r\n", b"5\r\nhelloXX", b"-5\r\nhello\r\n0\r\n\r\n"])
def test_chunks_that_cannot_be_read_are_the_senders_fault_and_fill_no_log(app, caplog, path, sent):
    body = Body(ChunkedReader(None, IterUnreader(iter([sent]))))  # as gunicorn hands it over
    given = {"wsgi.input": body, "wsgi.input_terminated": True}
    with caplog.at_level(logging.INFO):
        answer = app.http.post(path, headers={"Transfer-Encoding": "chunked"}, environ_overrides=given)
    assert (answer.status_code, error(answer)) == (400, "the body was sent in chunks that cannot be read")
    assert not caplog.records
