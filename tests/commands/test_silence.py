"""`rung silence` against a real server: what it asks for, what it prints, how it exits."""

import json

import pytest
from click.testing import CliRunner

from functions.app import create_app
from functions.commands import main
from tests.apps import API_TOKEN
from tests.commands.serving import serving


@pytest.fixture
def rung(terminal):
    return lambda *words: CliRunner().invoke(main, ["silence", *words], env=terminal | {"COLUMNS": "200"})


def test_it_silences_what_matches_and_says_how_many_open_alerts_that_covers(app, rung):
    app.fires("disk is full", labels={"team": "db"})
    app.fires("disk is slow", labels={"team": "db"})
    app.fires("cpu", labels={"team": "db"})
    said = rung("source=generic", "title=/disk is/", "--for", "2h", "--reason", "new disks", "--by", "alice")
    assert (said.exit_code, said.output) == (
        0,
        'silence 1 until 2026-11-23T12:00:00Z: source=generic title="/disk is/"; it covers 2 open alerts\n',
    )
    (kept,) = app.get("/silences").json["silences"]
    assert (kept["reason"], kept["by"]) == ("new disks", "alice")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["team!=db", "--to", "2026-11-23T12:00:00Z"], "until 2026-11-23T12:00:00Z: team!=db; it covers 1 open alert"),
        (["team=db", "--to", "2026-11-23 12:00"], "until 2026-11-23T12:00:00Z: team=db; it covers 1 open alert"),
        (["team=web", "--for", "90"], "until 2026-11-23T10:01:30Z: team=web; it covers no open alert"),
        (["--everything", "--for", "1m"], "until 2026-11-23T10:01:00Z: everything; it covers 2 open alerts"),
        (["--like", "#1", "--for", "1m"], "until 2026-11-23T10:01:00Z: source=generic team=db; it covers 1 open alert"),
        (
            ["team=db", "--from", "2026-11-24T00:00:00Z", "--for", "1h"],
            "from 2026-11-24T00:00:00Z to 2026-11-24T01:00:00Z: team=db; it covers 1 open alert",
        ),
    ],
)
def test_what_and_until_when_can_be_said_in_several_ways(app, rung, words, line):
    app.fires("a", labels={"team": "db"})
    app.fires("b")
    said = rung(*words)
    assert (said.exit_code, said.output) == (0, f"silence 1 {line}\n")


def test_as_json_it_is_the_silence(app, rung):
    said = rung("team=db", "--for", "2h", "--json")
    assert json.loads(said.stdout) == app.get("/silences").json["silences"][0]


def test_the_list_shows_what_holds_now_and_later(app, rung):
    assert rung("--list").output == "Nothing is silenced, now or later.\n"
    rung("team=db", "--for", "2h", "--reason", "[bold]disks[/bold]", "--by", "alice")
    rung("--everything", "--from", "2026-11-24T00:00:00Z", "--for", "1h", "--by", "bob")
    head, first, second = (line.split() for line in rung("--list").output.splitlines())
    assert head == ["when", "(UTC)", "what", "why"]
    assert first[:4] == ["1", "until", "2026-11-23", "12:00"]
    assert first[4:] == ["team=db", "covers", "no", "open", "alert", "[bold]disks[/bold],", "by", "alice"]
    assert second[:6] == ["2", "2026-11-24", "00:00", "to", "2026-11-24", "01:00"]
    assert json.loads(rung("--list", "--json").stdout) == app.get("/silences").json


def test_one_is_ended_by_its_number(app, rung):
    rung("team=db", "--for", "2h")
    app.passes(60)
    said = rung("--end", "1", "--by", "bob")
    assert (said.exit_code, said.output) == (
        0,
        "silence 1 ended at 2026-11-23T10:01:00Z: team=db\n",
    )
    assert rung("--list").output == "Nothing is silenced, now or later.\n"
    assert "ended" in rung("--list", "--all").output
    again = rung("--end", "1")
    assert (again.exit_code, again.stderr) == (1, "rung: silence 1 ended at 2026-11-23T10:01:00Z already, by bob\n")


def test_one_that_is_not_there_exits_1(rung):
    said = rung("--end", "7")
    assert (said.exit_code, "there is no silence 7" in said.stderr) == (1, True)
    assert rung("--like", "99", "--for", "1h").exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "say what to silence"),
        (["--for", "2h"], "say what to silence"),
        (["team=db", "--everything", "--for", "2h"], "say what to silence"),
        (["team=db", "--like", "1", "--for", "2h"], "say what to silence"),
        (["team=db"], "say for how long"),
        (["team=db", "--for", "2h", "--to", "2026-11-24T00:00:00Z"], "say for how long"),
        (["grafana", "--for", "2h"], "'grafana' is not NAME=VALUE"),
        (["severity=urgent", "--for", "2h"], "critical, high, medium, low"),
        (["title=/(/", "--for", "2h"], "regular expression"),
        (["team=~db.*", "--for", "2h"], "team=/db.*/"),
        (["team=db", "--for", "soon"], "a duration"),
        (["team=db", "--to", "tomorrow"], "an instant such as"),
        (["team=db", "--to", "2026-11-23T09:00:00Z"], "lies in the past"),
        (["--like", "x", "--for", "2h"], "is not an alert's number"),
        (["--end", "move"], "is not a silence's number"),
        (["--list", "--end", "1"], "stand by themselves"),
        (["--list", "team=db"], "stand by themselves"),
        (["--end", "1", "--for", "2h"], "stand by themselves"),
        (["team=db", "--for", "2h", "--all"], "--all goes with --list"),
    ],
)
def test_what_cannot_be_meant_exits_2_with_a_reason_and_silences_nothing(app, rung, words, said):
    answer = rung(*words)
    assert answer.exit_code == 2, answer.output
    assert said in " ".join(answer.stderr.split())
    assert app.get("/silences?ended=true").json["silences"] == []


def test_nothing_from_outside_commands_the_terminal(app, rung):
    app.fires("x", labels={"a": "\x1b[2J\x07 \x9b31m"})
    for words in (["--like", "1", "--for", "1h"], ["--list"], ["--end", "1"]):
        assert not {"\x1b", "\x07", "\x9b", "\r"} & set(rung(*words).output), words


def test_show_says_until_when_and_why(app, tmp_path, rung):
    alert = app.fires("a", labels={"team": "db"})
    rung("--like", str(alert), "--for", "2h", "--reason", "new disks", "--by", "alice")
    app.rung.engine.review([alert])
    with serving(create_app(app.rung)) as url:
        env = {"RUNG_PUBLIC_URL": url, "RUNG_API_TOKEN": API_TOKEN, "RUNG_DATA": str(tmp_path), "COLUMNS": "200"}
        said = CliRunner().invoke(main, ["show", str(alert)], env=env).output
    assert "alert 1 is pending, level 1 (primary), silenced until 2026-11-23T12:00:00Z: a" in said
    assert "It is silenced until 12:00:00 UTC (in 2 h): silence 1 (new disks, by alice). The ladder waits." in said
    assert "reason silence 1 (new disks, by alice), until 2026-11-23T12:00:00Z" in said
