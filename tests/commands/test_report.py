"""`rung report` against a real server: text, JSON, CSV, a file, and how it exits."""

import json

import pytest
from click.testing import CliRunner

from core.facts import Life
from functions.commands import main
from tests.apps import App
from tests.reports.rows import ALL, at, facts
from tests.reports.seeds import keep
from tests.samples import T0

MONDAY = ["--from", "2026-11-23", "--to", "2026-11-24"]


@pytest.fixture
def app(client, redis_server, tmp_path, monkeypatch):
    monkeypatch.setattr("functions.reports.charts_of", lambda _client, _view, names: dict.fromkeys(names, b"\x89PNG"))
    app = App(tmp_path, redis_server.url)
    app.now = T0.replace(day=24, hour=12)
    keep(app.redis, ALL)
    yield app
    app.redis.close()


@pytest.fixture
def rung(terminal):
    return lambda *words: CliRunner().invoke(main, ["report", *map(str, words)], env=terminal)


def test_a_report_as_text(rung):
    said = rung("daily", *MONDAY)
    assert said.exit_code == 0
    assert said.output.startswith("Daily summary: Monday 23 November 2026\n=====")
    assert "Half of the answers came within 11 min, nine in ten within 20 min.\n" in said.output
    assert "In short\n--------\n! 1 alert used up the whole ladder before anybody answered.\n3 new" in said.output
    assert "5 pages, 2 of them at night (22 to 7 o'clock).\n" in said.output
    lines = said.output.splitlines()
    assert "severity  new  answered in (median)  (90 %)  resolved in (median)  (90 %)" in lines
    assert "critical    2                11 min  20 min                   1 h     1 h" in lines
    assert "user1       4         1        1" in lines
    where = lines.index("2      critical  Alert 2")
    assert lines[where + 1 : where + 3] == [
        "                 Mon 23 Nov 23:00 from grafana, answered by user4 after 20 min,",
        "                 resolved after 2 h, breached: acknowledgment",
    ]
    assert max(map(len, lines)) <= 80
    assert said.output.endswith("\n\nTimes are by the clock of UTC.\n")


def test_a_title_obeys_no_terminal(app, rung):
    keep(app.redis, [facts(9, Life(at("10:00")), title="\x1b[2Jgone\nnext")])
    said = rung("daily", *MONDAY)
    assert "\x1b" not in said.output
    assert "[2Jgone next" in said.output


def test_a_long_title_stays_in_its_column(app, rung):
    keep(app.redis, [facts(9, Life(at("10:00")), title="x" * 120, source="y" * 90)])
    lines = rung("daily", *MONDAY).output.splitlines()
    where = lines.index(f"9      critical  {'x' * 63}")
    assert lines[where + 1] == " " * 17 + "x" * 57
    assert max(map(len, lines)) <= 80


def test_the_same_as_json_and_as_csv(app, rung):
    assert json.loads(rung("daily", *MONDAY, "--json").output) == app.get(
        "/reports/daily?from=2026-11-23&to=2026-11-24"
    ).json | {"made_at": "2026-11-24T12:00:00Z"}
    said = rung("daily", *MONDAY, "--csv")
    assert said.output.splitlines()[0].startswith("id,title,severity,source,opened_at")
    assert len(said.output.splitlines()) == 4


def test_the_same_as_a_file(rung, tmp_path):
    file = tmp_path / "report.html"
    said = rung("sla", *MONDAY, "--html", file)
    assert (said.exit_code, said.output) == (0, f"written to {file}\n")
    assert file.read_text("utf-8").lstrip().startswith("<!doctype html>")
    assert rung("sla", "--html", tmp_path / "nowhere" / "x.html").exit_code == 2


def test_the_window_that_is_running(rung):
    said = rung("daily", "--current")
    assert said.output.startswith("Daily summary: Tuesday 24 November 2026, 00:00 to 12:00 UTC\n")


def test_what_became_of_the_mails(app, rung):
    assert rung("sent").output == "No report was due yet.\n"
    claimed = app.rung.reports.claim("daily:2026-11-24", "t", app.now, app.now - T0)
    mail = {"state": "failed", "reason": "no such user", "late": True, "again": False}
    app.rung.reports.note(claimed, "manager@example.com", mail)
    assert rung("sent").output == "2026-11-24T12:00:00Z  daily   manager@example.com: failed, late: no such user\n"
    waiting = {"state": "waiting", "reason": "connection refused", "again": True}
    app.rung.reports.note(claimed, "manager@example.com", waiting)
    assert rung("sent").output.endswith("manager@example.com: to be tried again: connection refused\n")
    assert json.loads(rung("sent", "--json").output)["sent"][0]["report"] == "daily"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["daily", "--csv", "--json"], "choose one of --html, --csv and --json"),
        (["daily", "--current", "--from", "2026-11-22"], "--current is a window of its own"),
        (["daily", "--from", "yesterday"], "from: 'yesterday' is no instant"),
        (["daily", "--from", "2027-01-01", "--to", "2027-01-02"], "the window lies in the future"),
        (["daily", "--from", "2027-01-01"], "the window lies in the future"),
        (["sent", "--csv"], "`rung report sent` lists all mails"),
        (["sent", "--from", "2026-11-23"], "`rung report sent` lists all mails"),
        (["monthly"], "'monthly' is not one of 'daily', 'weekly', 'sla', 'sent'"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_reported_is_wrong_usage(rung, words, told):
    said = rung(*words)
    assert said.exit_code == 2
    assert told in said.stderr
