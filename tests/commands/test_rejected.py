"""`rung rejected` and `rung rejected retry` against a real server: what they print, what they do, how they exit."""

import json

import pytest
from click.testing import CliRunner

from functions.commands import main
from tests.functions.test_retry_rejected import becomes


@pytest.fixture
def rung(terminal):
    return lambda *words: CliRunner().invoke(main, ["rejected", *words], env=terminal | {"COLUMNS": "160"})


def test_without_any_it_says_so(rung):
    for words in ([], ["retry"]):
        said = rung(*words)
        assert (said.exit_code, said.output) == (0, "Every webhook could be read.\n")
    assert json.loads(rung("--json").stdout) == {"rejected": []}


def test_the_table_shows_number_source_reason_and_beginning(app, rung):
    app.ingest(b'{"password": "hunter2", \x1b[2J')
    said = rung()
    assert said.exit_code == 0
    head, line, *_ = said.output.splitlines()
    assert head.split() == ["at", "(UTC)", "source", "reason", "it", "begins"]
    assert line.startswith("1  2026-11-23 10:00:00  generic  The body is not valid JSON")
    assert '"password": "***"' in said.output
    assert "\x1b" not in said.output
    assert json.loads(rung("--json").stdout) == app.get("/rejected").json


def test_all_are_read_again_oldest_first(app, rung):
    for status in ("firing", "ok"):
        app.ingest({"title": "Disk is full", "status": status, "id": "d"}, "grafana")
    becomes(app, grafana="generic")
    said = rung("retry")
    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "webhook 1 was read: alert 2 triggered",
        "webhook 2 was read: alert 2 resolved",
    ]
    assert app.get("/alerts/1").json["status"] == "resolved"


def test_one_is_read_again_by_its_number_and_printed_as_json(app, rung):
    for title in "abc":
        app.ingest({"title": title}, "grafana")
    becomes(app, grafana="generic")
    said = rung("retry", "2", "--json")
    assert json.loads(said.stdout)["alerts"] == [{"id": 2, "dedup_key": "b", "result": "triggered"}]
    assert [each["id"] for each in app.get("/rejected").json["rejected"]] == [3, 1]


def test_one_that_cannot_be_read_does_not_hold_up_the_rest_and_exits_1(app, rung):
    app.ingest(b"{broken", "grafana")
    app.ingest({"title": "a"}, "grafana")
    becomes(app, grafana="generic")
    said = rung("retry")
    assert said.exit_code == 1
    assert said.stdout == "webhook 2 was read: alert 2 triggered\n"
    assert said.stderr.startswith("rung: rejected webhook 1 still cannot be read: ")


def test_a_number_that_is_not_kept_exits_1(rung):
    said = rung("retry", "7")
    assert (said.exit_code, said.stderr) == (1, "rung: no rejected webhook 7 is kept\n")


@pytest.mark.parametrize("number", ["x", "0", "1.5"])
def test_what_is_no_number_is_wrong_usage(rung, number):
    assert rung("retry", number).exit_code == 2
