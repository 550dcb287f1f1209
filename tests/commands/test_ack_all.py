"""`rung ack --all`: all that nobody has answered, mine or everybody's, a line for each."""

import json

import pytest
from click.testing import CliRunner

from core.commands import Acknowledge
from functions.commands import main


@pytest.fixture
def rung(terminal):
    """Run a `rung` command against the application, with what a person types at it."""

    def run(*words: str, typed: str = "", **changes: str):
        return CliRunner().invoke(main, list(words), input=typed, env=terminal | changes)

    return run


def statuses(app) -> list[str]:
    return [alert["status"] for alert in reversed(app.get("/alerts").json["alerts"])]


@pytest.fixture
def three(app):
    """Alert 1 has climbed to user5; 2 and 3 are user2's alone, and bob has 3."""
    app.fires("one")
    app.passes(600)
    app.fires("two")
    app.fires("three")
    app.does(3, Acknowledge("bob", "api"))


def test_mine_are_those_i_was_paged_about_and_nobody_asks(app, rung, three):
    said = rung("ack", "--all", "--mine", "--by", "user5")
    assert (said.exit_code, said.output) == (0, "alert 1 is acknowledged by user5: one\n")
    assert statuses(app) == ["acknowledged", "pending", "acknowledged"]


def test_who_i_am_is_the_login_name(app, rung, three):
    said = rung("ack", "--all", "--mine", LOGNAME="user2")
    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "alert 2 is acknowledged by user2: two",
        "alert 1 is acknowledged by user2: one",
    ]


def test_a_login_name_that_config_does_not_know_is_said_to_be(app, rung, three):
    said = rung("ack", "--all", "--mine", LOGNAME="root")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "there is no person 'root' in the config" in said.stderr


def test_without_a_login_name_it_asks_for_one(app, rung, three, monkeypatch):
    def nobody():
        raise OSError("no username set in the environment")

    monkeypatch.setattr("getpass.getuser", nobody)
    said = rung("ack", "--all", "--mine")
    assert said.exit_code == 2
    assert "say --by NAME" in said.stderr


def test_all_of_everybody_is_asked_about_first(app, rung, three):
    said = rung("ack", "--all", "--by", "user9", typed="n\n")
    assert said.exit_code == 1
    assert "Acknowledge all 2 unanswered alerts, whoever was paged?" in said.stderr
    assert statuses(app) == ["escalated", "pending", "acknowledged"]
    said = rung("ack", "--all", "--by", "user9", "-m", "all of it", typed="y\n")
    assert said.exit_code == 0
    assert said.stdout.splitlines() == [
        "alert 2 is acknowledged by user9: two",
        "alert 1 is acknowledged by user9: one",
    ]
    assert [event["note"] for event in app.events(2) if event["event"] == "acknowledged"] == ["all of it"]


def test_where_nobody_can_be_asked_nothing_is_done(app, rung, three):
    assert rung("ack", "--all").exit_code == 1
    assert statuses(app) == ["escalated", "pending", "acknowledged"]


def test_yes_asks_nobody(app, rung, three):
    said = rung("ack", "--all", "--yes")
    assert said.exit_code == 0
    assert statuses(app) == ["acknowledged"] * 3


def test_when_nothing_is_unanswered_it_says_so_and_asks_nobody(app, rung):
    said = rung("ack", "--all")
    assert (said.exit_code, said.output) == (0, "Nothing is unanswered.\n")
    said = rung("ack", "--all", "--mine", "--by", "user2")
    assert (said.exit_code, said.output) == (0, "Nothing that user2 was paged about is unanswered.\n")


def test_as_json_there_is_a_line_for_each(app, rung, three):
    said = rung("ack", "--all", "--yes", "--json")
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    assert [(line["id"], line["alert"]["status"]) for line in lines] == [(2, "acknowledged"), (1, "acknowledged")]


def test_more_than_one_request_takes_are_all_taken(app, rung, monkeypatch):
    monkeypatch.setattr("functions.acknowledge_many._AT_ONCE", 2)
    for number in range(5):
        app.fires(str(number))
    said = rung("ack", "--all", "--yes")
    assert len(said.stdout.splitlines()) == 5
    assert statuses(app) == ["acknowledged"] * 5


def test_one_that_somebody_took_in_between_is_said_and_exits_1(app, rung, monkeypatch):
    for number in range(3):
        app.fires(str(number))
    find = app.rung.engine.store.find

    def find_then_lose_a_race(wanted):
        found = find(wanted)
        app.does(2, Acknowledge("bob", "api"))
        return found

    monkeypatch.setattr(app.rung.engine.store, "find", find_then_lose_a_race)
    said = rung("ack", "--all", "--yes", "--by", "user2")
    assert said.exit_code == 1
    assert said.stderr == "rung: alert 2 was acknowledged by bob 0 s ago\n"
    assert len(said.stdout.splitlines()) == 2


@pytest.mark.parametrize("words", [["1", "--all"], ["--mine"], ["--mine", "1"], []])
def test_what_makes_no_sense_together_is_wrong_usage(app, rung, words):
    app.fires()
    assert rung("ack", *words).exit_code == 2
    assert statuses(app) == ["pending"]


def test_several_numbers_are_answered_at_once(app, rung, three):
    said = rung("ack", "1", "2", "3", "--by", "user2")
    assert said.exit_code == 1
    assert said.stdout.splitlines() == [
        "alert 1 is acknowledged by user2: one",
        "alert 2 is acknowledged by user2: two",
    ]
    assert said.stderr == "rung: alert 3 was acknowledged by bob 0 s ago\n"
