"""`rung heartbeats` against a real server: what it prints, and how it exits."""

import json

import pytest
from click.testing import CliRunner

from functions.app import create_app
from functions.commands import main
from tests.apps import API_TOKEN, App
from tests.commands.serving import serving

HEARTBEATS = {"backup": {"interval": "5m"}, "report": {"interval": "1d"}}


def rung(app, tmp_path, *words):
    with serving(create_app(app.rung)) as url:
        env = {"RUNG_PUBLIC_URL": url, "RUNG_API_TOKEN": API_TOKEN, "RUNG_DATA": str(tmp_path / "none")}
        return CliRunner().invoke(main, ["heartbeats", *words], env=env | {"COLUMNS": "160"})


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, heartbeats=HEARTBEATS)
    yield app
    app.redis.close()


def test_the_table_shows_last_next_and_missing_since(app, tmp_path):
    app.rung.beats.note_web()
    app.rung.heartbeats.arm()
    app.post("/heartbeat/backup")
    app.passes(330)
    app.redis.hset("rung:web", "at", app.now.timestamp())
    app.rung.heartbeats.sweep()
    said = rung(app, tmp_path)
    assert said.exit_code == 0
    assert [line.split() for line in said.output.splitlines()[1:]] == [
        ["backup", "2026-11-23", "10:00:00", "-", "2026-11-23", "10:05:30"],
        ["report", "never", "2026-11-24", "12:24:00", "-"],
    ]
    assert json.loads(rung(app, tmp_path, "--json").stdout) == app.get("/heartbeats").json


def test_without_any_it_says_so(client, redis_server, tmp_path):
    said = rung(App(tmp_path, redis_server.url), tmp_path)
    assert (said.exit_code, said.output) == (0, "No heartbeats: `heartbeats` in the config names them.\n")
