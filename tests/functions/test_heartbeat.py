"""POST, GET or HEAD /heartbeat/<name>: who is let in and what is answered; GET /heartbeats: how they stand."""

import logging

import pytest

from tests.apps import API_TOKEN, PUBLIC_URL, SOURCE_TOKEN, TEAM_TOKEN, App, bearer, error
from tests.functions.browsers import signed_in, text
from tests.functions.test_ingest import basic

TOKEN = "token-of-the-backup"
HEARTBEATS = {
    "backup": {"interval": "5m", "token": TOKEN},
    "night-report": {"interval": "1d", "grace": "2h", "severity": "low", "token": "another-token"},
    "open_to_nobody": {"interval": 60},
}


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, heartbeats=HEARTBEATS)
    yield app
    app.redis.close()


def watched(app, seconds):
    """Let time pass with a web and a scheduler there, and none of the beats."""
    app.rung.beats.note_web()
    app.rung.heartbeats.arm()
    app.passes(seconds)
    app.redis.hset("rung:web", "at", app.now.timestamp())
    app.rung.heartbeats.sweep()


def last(app, name="backup"):
    return next(each for each in app.get("/heartbeats").json["heartbeats"] if each["name"] == name)["last_beat_at"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_beat_is_answered_with_the_instant_before_which_the_next_has_to_come(app, method):
    answer = getattr(app.http, method)("/heartbeat/backup", headers=bearer(TOKEN))
    assert (answer.status_code, answer.json) == (200, {"next_before": "2026-11-23T10:05:30Z"})
    assert last(app) == "2026-11-23T10:00:00Z"


def test_a_head_is_a_beat_too(app):
    answer = app.http.head(f"/heartbeat/backup?token={TOKEN}")
    assert (answer.status_code, answer.data) == (200, b"")
    assert last(app) == "2026-11-23T10:00:00Z"


@pytest.mark.parametrize("headers", [bearer(TOKEN), basic(TOKEN), bearer(API_TOKEN), bearer(TEAM_TOKEN)])
def test_its_own_token_and_api_tokens_let_a_beat_in(app, headers):
    assert app.http.post("/heartbeat/backup", headers=headers).status_code == 200


def test_a_token_in_the_address_lets_a_beat_in_and_stands_in_no_log_and_no_record(app, caplog):
    caplog.set_level(logging.DEBUG)
    assert app.http.get(f"/heartbeat/backup?token={TOKEN}").status_code == 200
    watched(app, 400)
    assert TOKEN not in caplog.text
    everything = [app.redis.dump(key) or b"" for key in app.redis.scan_iter()]
    assert len(everything) > 5
    assert not any(TOKEN.encode() in each for each in everything)


@pytest.mark.parametrize(
    "headers", [{}, bearer(""), bearer("wrong"), bearer(SOURCE_TOKEN), bearer("another-token"), basic("")]
)
def test_another_token_or_none_is_no_beat(app, headers):
    answer = app.http.post("/heartbeat/backup", headers=headers)
    assert answer.status_code == 401
    assert "send the heartbeat's token" in error(answer)
    assert last(app) is None


def test_a_heartbeat_without_a_token_takes_api_tokens_only(app):
    for headers in ({}, bearer(""), basic("")):
        assert app.http.post("/heartbeat/open_to_nobody", headers=headers).status_code == 401
    assert app.post("/heartbeat/open_to_nobody").status_code == 200


def test_a_cookie_is_no_beat(app):
    assert signed_in(app).get("/heartbeat/backup").status_code == 401
    assert last(app) is None


@pytest.mark.parametrize("name", ["nobody", "Backup", "backup%20", "%00", "x" * 5000])
def test_a_name_that_config_does_not_know_is_not_found(app, name):
    answer = app.get(f"/heartbeat/{name}")
    assert answer.status_code == 404
    assert "heartbeats.yaml" in error(answer)
    assert app.redis.keys("rung:heartbeat*") == []


def test_whatever_the_body_is_it_is_a_beat(app):
    for body in (b"", b"{broken", b"\xff" * 100_000, b'{"status": "failed"}'):
        answer = app.post("/heartbeat/backup", data=body, content_type="application/json")
        assert answer.status_code == 200


def test_the_next_beat_resolves_the_alert_of_the_silence(app):
    watched(app, 330)
    keys = {each["dedup_key"]: each["id"] for each in app.get("/alerts").json["alerts"]}
    assert set(keys) == {"backup", "open_to_nobody"}
    app.http.post("/heartbeat/backup", headers=bearer(TOKEN))
    assert app.get(f"/alerts/{keys['backup']}").json["status"] == "resolved"
    assert app.get(f"/alerts/{keys['open_to_nobody']}").json["status"] == "pending"


def test_the_list_says_how_each_stands_in_the_order_of_the_config(app):
    watched(app, 3600)
    app.http.post("/heartbeat/backup", headers=bearer(TOKEN))
    backup, report, nobody = app.get("/heartbeats").json["heartbeats"]
    assert backup == {
        "name": "backup",
        "interval": 300,
        "grace": 30,
        "severity": "high",
        "last_beat_at": "2026-11-23T11:00:00Z",
        "next_before": "2026-11-23T11:05:30Z",
        "missing_since": None,
    }
    assert (report["grace"], report["severity"], report["next_before"]) == (7200, "low", "2026-11-24T12:00:00Z")
    assert (nobody["next_before"], nobody["missing_since"]) == (None, "2026-11-23T10:01:06Z")


def test_before_a_scheduler_has_seen_them_nothing_is_known_of_them(app):
    assert {(each["next_before"], each["missing_since"]) for each in app.get("/heartbeats").json["heartbeats"]} == {
        (None, None)
    }
    assert "backup not watched yet never -" in text(signed_in(app).get("/heartbeats"))


def test_the_page_shows_what_is_missing_and_what_is_fine_and_no_token(app):
    watched(app, 3600)
    app.http.post("/heartbeat/backup", headers=bearer(TOKEN))
    answer = signed_in(app).get("/heartbeats")
    said = text(answer)
    assert "backup fine Mon 23 Nov 11:00:00 Mon 23 Nov 11:05:30" in said
    assert "open_to_nobody missing since Mon 23 Nov 10:01:06 never -" in said
    assert "Heartbeats" in text(signed_in(app).get("/"))
    assert TOKEN not in answer.text


def test_only_an_api_token_opens_the_list(app):
    for headers in ({}, bearer(TOKEN), bearer(SOURCE_TOKEN)):
        assert app.get("/heartbeats", headers=headers).status_code == 401


def test_who_signs_in_for_the_list_is_sent_there(app):
    assert signed_in(app).sign_in(next="/heartbeats").headers["Location"] == "./heartbeats"


def test_a_config_without_heartbeats_says_so_and_has_no_link_to_them(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url)
    assert app.get("/heartbeats").json == {"heartbeats": []}
    browser = signed_in(app)
    assert "None: heartbeats in the config names them." in text(browser.get("/heartbeats"))
    assert "Heartbeats" not in text(browser.get("/"))
    assert PUBLIC_URL.startswith("https")


def test_while_redis_is_away_no_beat_is_taken_for_one(tmp_path):
    app = App(tmp_path, f"unix://{tmp_path}/nothing-here.sock", heartbeats=HEARTBEATS)
    answer = app.http.post("/heartbeat/backup", headers=bearer(TOKEN))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert app.http.post("/heartbeat/backup", headers=bearer("wrong")).status_code == 401
