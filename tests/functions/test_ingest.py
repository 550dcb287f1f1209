"""POST /ingest/<source>: who is let in, what is answered, and what no body can do to it."""

import base64
import io
import json
import unicodedata
from itertools import product

import pytest

from core.store import Filter
from tests.apps import API_TOKEN, FIXTURES, SOURCE_TOKEN, TEAM_TOKEN, bearer, error

MIB = 1024 * 1024
HALF = chr(0xD800)  # half a character: no UTF-8 can hold it
SOURCES = ("generic", "grafana", "alertmanager", "uptime-kuma")


def basic(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"anybody:{password}".encode()).decode()}


def rejected(app) -> list[dict]:
    return [json.loads(line) for line in app.redis.lrange("rung:rejected", 0, -1)]


def alerts(app):
    return app.rung.engine.store.find(Filter())


@pytest.mark.parametrize(
    ("source", "file", "results"),
    [
        ("generic", "generic-full.json", ["triggered"]),
        ("grafana", "grafana-unified.json", ["triggered", "ignored"]),
        ("grafana", "grafana-legacy.json", ["triggered"]),
        ("alertmanager", "alertmanager-group.json", ["triggered", "ignored"]),
        ("uptime-kuma", "uptime-kuma-down.json", ["triggered"]),
    ],
)
def test_a_real_body_of_each_source_is_taken(app, source, file, results):
    body = (FIXTURES / file).read_bytes()
    answer = app.ingest(body, source, content_type="application/json")
    assert answer.status_code == 202, answer.text
    lines = answer.json["alerts"]
    assert set(answer.json) == {"alerts"}
    assert all(set(line) == {"id", "dedup_key", "result"} for line in lines)
    found = [line["result"] for line in lines]
    assert found[0] == "triggered"
    assert set(found) <= set(results)
    again = app.ingest(body, source, content_type="application/json")
    assert again.json["alerts"][0] == {**lines[0], "result": "counted"}


def test_firing_counting_clearing_and_reopening_are_told_apart(app):
    body = {"title": "Disk is full", "severity": "high"}
    answers = [app.ingest({**body, "status": status}) for status in ("firing", "firing", "ok", "ok", "firing")]
    lines = [answer.json["alerts"][0] for answer in answers]
    assert [line["result"] for line in lines] == ["triggered", "counted", "resolved", "ignored", "reopened"]
    assert {line["id"] for line in lines} == {1}


def test_a_clear_that_meets_no_alert_has_no_id(app):
    answer = app.ingest({"title": "never seen", "status": "ok"})
    assert answer.json == {"alerts": [{"id": None, "dedup_key": "never seen", "result": "ignored"}]}


@pytest.mark.parametrize(
    "headers", [bearer(SOURCE_TOKEN), {"Authorization": f"bearer  {SOURCE_TOKEN} "}, basic(SOURCE_TOKEN)]
)
def test_the_sources_token_lets_it_in_as_bearer_and_as_password(app, headers):
    assert app.http.post("/ingest/generic", json={"title": "x"}, headers=headers).status_code == 202


def test_the_sources_token_lets_it_in_in_the_address(app):
    assert app.http.post(f"/ingest/generic?token={SOURCE_TOKEN}", json={"title": "x"}).status_code == 202


@pytest.mark.parametrize("token", [API_TOKEN, TEAM_TOKEN])
def test_an_api_token_lets_it_in_too(app, token):
    assert app.ingest({"title": "x"}, token=token).status_code == 202


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer("wrong"),
        bearer(""),
        {"Authorization": "Bearer"},
        {"Authorization": SOURCE_TOKEN},
        basic("wrong"),
        basic(""),
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic " + base64.b64encode(SOURCE_TOKEN.encode()).decode()},
        bearer(SOURCE_TOKEN + "x"),
        bearer(SOURCE_TOKEN[:-1]),
        {"Authorization": "Bearer t\xf6ken"},
    ],
)
def test_whoever_has_no_token_or_a_wrong_one_is_turned_away(app, headers):
    answer = app.http.post("/ingest/generic", json={"title": "x"}, headers=headers)
    assert answer.status_code == 401
    assert "Bearer <token>" in error(answer)
    assert answer.headers["WWW-Authenticate"]
    assert app.redis.keys("rung:*") == []


@pytest.mark.parametrize("query", ["?token=", "?token=wrong", "?token=%ff%fe", "?TOKEN=" + SOURCE_TOKEN])
def test_a_wrong_token_in_the_address_is_turned_away(app, query):
    assert app.http.post(f"/ingest/generic{query}", json={"title": "x"}).status_code == 401


def test_a_source_without_a_token_lets_nobody_in_without_one(app):
    source = app.rung.config.sources["generic"].model_copy(
        update={"token": type(app.rung.config.sources["generic"].token)("")}
    )
    app.rung.engine.rules.config = app.rung.config.model_copy(update={"sources": {"generic": source}})
    for headers in ({}, bearer(""), basic("")):
        assert app.http.post("/ingest/generic?token=", json={"title": "x"}, headers=headers).status_code == 401


@pytest.mark.parametrize("source", ["nobody", "Generic", "generic%2F..", "%00", "%ed%a0%80", "x" * 3000])
def test_an_unknown_source_is_not_found_whatever_the_token(app, source):
    for headers in ({}, bearer(API_TOKEN)):
        answer = app.http.post(f"/ingest/{source}", json={"title": "x"}, headers=headers)
        assert answer.status_code == 404
        assert error(answer)


def test_an_unreadable_body_is_kept_with_its_secrets_masked_and_becomes_one_alert(app):
    body = b'{"title": "x", "password": "hunter2", broken'
    for _ in range(3):
        answer = app.ingest(body)
        assert answer.status_code == 400
        assert "The body was kept and an alert raised" in error(answer)
    (alert,) = alerts(app)
    assert (alert.title, alert.count) == ("unreadable webhook from generic", 3)
    assert len(rejected(app)) == 3
    assert "hunter2" not in json.dumps(rejected(app)) + alert.description


@pytest.mark.parametrize("body", [b"", b"  \n"])
@pytest.mark.parametrize("source", SOURCES)
def test_an_empty_body_is_refused_and_nothing_is_kept(app, source, body):
    answer = app.ingest(body, source)
    assert answer.status_code == 400
    assert error(answer)
    assert app.redis.keys("rung:*") == []


def test_one_bad_item_among_twenty_is_named_and_the_rest_is_taken(app):
    items = [{"title": f"t{n}"} for n in range(20)]
    items[7] = {"title": "t7", "status": "sideways"}
    answer = app.ingest({"alerts": items})
    assert answer.status_code == 202
    assert len(answer.json["alerts"]) == 19
    (bad,) = answer.json["rejected"]
    assert bad["index"] == 7
    assert "sideways" in bad["reason"]
    assert len(rejected(app)) == 1
    assert len(alerts(app)) == 20


def test_more_than_a_mebibyte_is_too_large_with_and_without_its_length_said(app):
    body = json.dumps({"title": "x" * MIB}).encode()
    answer = app.ingest(body)
    assert answer.status_code == 413
    assert "1024 KiB" in error(answer)
    chunked = app.http.post(
        "/ingest/generic",
        input_stream=io.BytesIO(body),
        headers={**bearer(SOURCE_TOKEN), "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert chunked.status_code == 413
    assert app.redis.keys("rung:*") == []


def test_a_chunked_body_within_the_limit_is_taken(app):
    answer = app.http.post(
        "/ingest/generic",
        input_stream=io.BytesIO(b'{"title": "chunked"}'),
        headers={**bearer(SOURCE_TOKEN), "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 202


def test_just_under_a_mebibyte_is_taken(app):
    body = json.dumps({"title": "big", "description": "x" * (MIB - 100)}).encode()
    assert app.ingest(body).status_code == 202
    assert len(alerts(app)[0].description) == 20_000


def test_a_thousand_alerts_in_one_body_are_taken(app):
    answer = app.ingest({"alerts": [{"title": f"t{n}"} for n in range(1000)]})
    assert [line["id"] for line in answer.json["alerts"]] == list(range(1, 1001))


def test_a_test_signal_makes_one_message_in_the_outbox_and_no_alert(app):
    answer = app.ingest({"title": "Hello", "status": "test"})
    assert (answer.status_code, answer.json) == (202, {"alerts": []})
    assert [m["title"] for m in app.get("/outbox").json["messages"]] == ["Test from generic: Hello"]
    assert alerts(app) == []


def test_uptime_kuma_may_send_by_get_with_its_parts_in_the_query(app):
    query = {
        "token": SOURCE_TOKEN,
        "msg": "[db] [🔴 Down] timeout",
        "heartbeat": '{"status": 0, "monitorID": 7}',
        "monitor": '{"id": 7, "name": "db"}',
    }
    answer = app.http.get("/ingest/uptime-kuma", query_string=query)
    assert answer.status_code == 202, answer.text
    (alert,) = alerts(app)
    assert alert.title == "db"
    assert SOURCE_TOKEN not in alert.model_dump_json()


def test_a_get_without_parts_is_no_alert(app):
    assert app.http.get(f"/ingest/generic?token={SOURCE_TOKEN}").status_code == 400
    assert app.redis.keys("rung:*") == []


def test_a_record_that_cannot_be_read_refuses_no_webhook(app):
    """A newer Rung wrote the alert of one of twenty: it becomes a new alert, and the nineteen are taken."""
    items = [{"title": f"t{n}"} for n in range(20)]
    app.ingest({"alerts": items})
    app.redis.hset("rung:alert:8", "d", '{"record_version":2}')
    answer = app.ingest({"alerts": items})
    assert answer.status_code == 202
    results = [line["result"] for line in answer.json["alerts"]]
    assert (results.count("counted"), results[7]) == (19, "triggered")
    assert [line["result"] for line in app.ingest({"alerts": items}).json["alerts"]] == ["counted"] * 20
    assert app.redis.hget("rung:alert:8", "d") == b'{"record_version":2}'


def test_text_of_any_kind_comes_out_as_it_went_in(app):
    title = "Ärger auf дб-01 日本 \U0001f525 <b>&\"'"
    alert = app.fires(title, labels={"wo": "Köln"})
    shown = app.get(f"/alerts/{alert}").json
    assert (shown["title"], shown["labels"]) == (title, {"wo": "Köln"})


HOSTILE = {
    "deep list": b"[" * 100_000,
    "deep object": b'{"a":' * 100_000,
    "deep labels": b'{"title":"x","labels":{"a":' + b"[" * 900 + b"]" * 900 + b"}}",
    "deep description": b'{"title":"x","description":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "NaN": b'{"title": NaN, "severity": -Infinity, "dedup_key": NaN, "labels": {"a": Infinity}}',
    "long title": json.dumps({"title": "x" * 200_000}).encode(),
    "long everything": json.dumps(dict.fromkeys(("title", "severity", "dedup_key", "link"), "y" * 200_000)).encode(),
    "many labels": json.dumps({"title": "x", "labels": {f"l{n}": "v" * 50 for n in range(5000)}}).encode(),
    "NUL": b'{"title": "a\\u0000b", "dedup_key": "\\u0000", "severity": "\\u0000", "labels": {"\\u0000": "\\u0000"}}',
    "raw NUL": b'{"title": "a\x00b"}',
    "half characters": json.dumps(
        dict.fromkeys(
            ("title", "dedup_key", "severity", "description", "link", "status", "id", "state", "message"), HALF
        )
    ).encode(),
    "half characters in labels": json.dumps(
        {"title": "\udfff", "labels": {"\ud800": "\udc00", "b": ["\ud800"]}}
    ).encode(),
    "half characters as names": json.dumps({"\ud800": "\ud800", "title": "x"}).encode(),
    "escapes": b'{"title": "\\u001b[2J\\u0007\\u202e", "dedup_key": "\\r\\nX: y"}',
    "huge number": b'{"title": ' + b"9" * 5000 + b"}",
    "huge key": b'{"title": "x", "dedup_key": ' + b"9" * 4000 + b"}",
    "float key": b'{"title": "x", "dedup_key": 1e400, "id": 1e-400}',
    "nothing": b"null",
    "a number": b"17",
    "a text": b'"text"',
    "an empty list": b"[]",
    "a list of nothing": b'[null, [], 0, "", {}]',
    "an empty object": b"{}",
    "wrong types": b'{"title": {"a": 1}, "labels": 7, "status": [], "severity": {}, "link": 3, "alerts": {}}',
    "no UTF-8": b"\xff\xfe\x00\x01",
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "a form": b"title=x&title=y&%00=%ff",
    "duplicate names": b'{"title": "a", "title": "b", "status": "firing", "status": "ok"}',
    "group": b'{"alerts": [{"status": "firing", "labels": {"a": "\\ud800"}, "fingerprint": "\\ud800"}]}',
    "group of wrong types": b'{"alerts": [{"status": 1, "labels": [], "annotations": 3}], "status": "firing"}',
    "heartbeat": b'{"heartbeat": {"status": 0, "msg": "\\ud800"}, "monitor": {"id": "\\ud800", "name": "\\u0000"}}',
    "word of a slow pattern": b"x" * 900_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_body_whatever_is_answered_with_a_failure_of_ours(app, name):
    types = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
    for source, content_type in product(SOURCES, types):
        answer = app.ingest(HOSTILE[name], source, content_type=content_type)
        assert answer.status_code in {202, 400}, f"{source}: {answer.status_code} {answer.text}"
        assert answer.json
    for alert in alerts(app):
        assert app.get(f"/alerts/{alert.id}").status_code == 200
        assert len(alert.title) <= 300
        assert not {unicodedata.category(each) for each in alert.title} & {"Cc", "Cs", "Zl", "Zp"}
    assert app.get("/alerts").status_code == 200


def test_after_all_hostile_bodies_every_alert_can_still_climb_and_be_sent(app):
    for body in HOSTILE.values():
        app.ingest(body)
    app.passes(1000)
    opened = alerts(app)
    assert len(opened) > 5
    sender = app.rung.dispatcher(None, 8)
    sender.drain(60)
    assert len(app.get("/outbox").json["messages"]) > 5
    for alert in opened:
        assert app.get(f"/alerts/{alert.id}").status_code == 200
        assert (
            app.http.get(app.rung.links.make(alert.id, "user2").removeprefix("https://rung.example.com")).status_code
            == 200
        )
