"""What the API, the page and the terminal say about an alert's routes, and that its source flaps."""

import pytest
from click.testing import CliRunner

from core.commands import Resolve
from functions.app import create_app
from functions.commands import main
from tests.apps import API_TOKEN, App
from tests.commands.test_answers import serving
from tests.functions.browsers import signed_in, text

ROUTES = [{"name": "disks", "match": {"title": "/Disk/"}, "continue": True}, {"name": "the rest", "policy": "high"}]


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, routes=ROUTES, flapping={"changes": 2, "window": "15m"})
    yield app
    app.redis.close()


def flapping(app):
    for status in ("firing", "ok", "firing", "ok", "firing"):
        app.ingest({"title": "Disk is full", "severity": "high", "status": status})
    return app.get("/alerts/1").json


def terminal(app, tmp_path, *words):
    with serving(create_app(app.rung)) as url:
        env = {"RUNG_PUBLIC_URL": url, "RUNG_API_TOKEN": API_TOKEN, "RUNG_DATA": str(tmp_path / "none")}
        said = CliRunner().invoke(main, [*words], env=env | {"COLUMNS": "200"})
    assert said.exit_code == 0, said.output
    return said.output


def test_the_json_names_the_routes_and_says_whether_it_flaps(app):
    app.fires("Disk is full", "high")
    shown = app.get("/alerts/1").json
    assert (shown["routes"], shown["flapping"], shown["suppressed_until"]) == (["disks", "the rest"], False, None)
    assert flapping(app)["flapping"] is True
    app.does(1, Resolve("user2", "api"))
    assert app.get("/alerts/1").json["flapping"] is False


def test_the_page_names_the_routes_and_says_that_it_flaps(app):
    flapping(app)
    said = text(signed_in(app).get("/alerts/1"))
    assert "Routes disks, the rest" in said
    assert ", flapping" in said
    assert "route disks, the rest" in said
    assert "flapping changes 3, within 0 s" in said
    assert ", flapping" in text(signed_in(app).get("/"))


def test_the_page_of_an_alert_that_took_no_route_has_no_line_for_it(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url)
    app.fires()
    said = text(signed_in(app).get("/alerts/1"))
    assert "Routes" not in said
    assert "flapping" not in said


def test_the_terminal_names_the_routes_and_says_that_it_flaps(app, tmp_path):
    flapping(app)
    assert "high, policy high, routes disks, the rest, from generic since 2026-11-23T10:00:00Z, 3 times, flapping" in (
        terminal(app, tmp_path, "show", "1")
    )
    assert "flapping" in terminal(app, tmp_path, "alerts")
