"""`rung simulate --live` against a real server: with the overrides and silences that people ordered there."""

import json

import pytest
from click.testing import CliRunner

from functions.app import create_app
from functions.commands import main
from functions.commands._standing_orders import standing_orders
from tests.apps import API_TOKEN, App
from tests.commands.serving import serving
from tests.samples import T0

FROM_TO = {"from": "2026-11-24T18:00:00Z", "to": "2026-11-25T09:00:00Z"}
EVENING = "2026-11-24T20:00:00+00:00"


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url)
    yield app
    app.redis.close()


@pytest.fixture
def env(app, tmp_path):
    with serving(create_app(app.rung)) as url:
        yield {"RUNG_PUBLIC_URL": url, "RUNG_API_TOKEN": API_TOKEN, "RUNG_DATA": str(tmp_path / "none")}


@pytest.fixture
def rung(env, tmp_path):
    def run(*words, **changes):
        told = ["simulate", "--config", str(tmp_path / "config"), "--at", EVENING, *words, "--json"]
        return CliRunner().invoke(main, told, env=env | changes)

    return run


def ordered(app):
    """People order an override and two silences, one of them already ended."""
    order = {"member": "vp", "instead_of": "user2", "note": "trip", "by": "alice", **FROM_TO}
    assert app.post("/oncall/oncall_primary/overrides", json=order).status_code == 201
    silence = {"match": {"labels": {"team": "/db|web/"}}, "reason": "move", "by": "bob", **FROM_TO}
    assert app.post("/silences", json=silence).status_code == 201
    everything = app.post("/silences", json={"everything": True, "for": "30d", "by": "bob"}).json["id"]
    app.passes(60)
    assert app.post(f"/silences/{everything}/end", json={"by": "carol"}).status_code == 200


def first_page(said):
    return [row["responder"] for row in json.loads(said.stdout) if row["event"] == "notified"][:1]


def test_an_override_counts_with_live_and_not_without(app, rung):
    ordered(app)
    assert first_page(rung("--severity", "critical")) == ["user2"]
    assert first_page(rung("--severity", "critical", "--live")) == ["vp"]
    after_it = ("--at", "2026-11-25T09:00:00+00:00")
    assert first_page(rung("--severity", "critical", "--live", *after_it)) == ["user2"]


def test_a_silence_counts_with_live_until_it_ends_and_one_that_was_ended_does_not(app, rung):
    ordered(app)
    said = json.loads(rung("--severity", "critical", "--label", "team=db", "--live").stdout)
    told = [(row["offset_seconds"], row["event"]) for row in said if row["event"] in {"suppressed", "triggered"}]
    assert told == [(0, "suppressed"), (13 * 3600, "triggered")]
    other = json.loads(rung("--severity", "critical", "--label", "team=mail", "--live").stdout)
    assert "suppressed" not in {row["event"] for row in other}


def test_what_is_ordered_comes_over_whole(app, env, monkeypatch):
    ordered(app)
    monkeypatch.setenv("RUNG_PUBLIC_URL", env["RUNG_PUBLIC_URL"])
    monkeypatch.setenv("RUNG_API_TOKEN", API_TOKEN)
    found, there = standing_orders(T0), app.rung.engine.present()[0].standing
    assert found.overrides == there.overrides
    assert sorted(found.silences, key=lambda each: each.id) == sorted(there.silences, key=lambda each: each.id)
    assert len(found.silences) == 2


def test_without_a_running_rung_it_is_out_of_reach_and_nothing_is_shown(rung, tmp_path):
    said = rung("--severity", "critical", "--live", RUNG_PUBLIC_URL="", RUNG_DATA=str(tmp_path / "none"))
    assert (said.exit_code, said.stdout) == (3, "")
    assert "no running Rung was found" in said.stderr
