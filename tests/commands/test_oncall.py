"""`rung oncall` against a real server: what it prints, what it orders, and how it exits."""

import json

import pytest
from click.testing import CliRunner

from functions.app import create_app
from functions.commands import main
from tests.apps import API_TOKEN, PUBLIC_URL, App
from tests.commands.serving import serving
from tests.functions.test_oncall import escalation_of
from tests.samples import PEOPLE, rotation

FROM_TO = ("--from", "2026-11-24 18:00", "--to", "2026-11-25 09:00")


@pytest.fixture
def app(client, redis_server, tmp_path):
    rotations = {
        "oncall_primary": rotation("user1", "user2", "user3") | {"timezone": "Europe/Berlin"},
        "oncall_secondary": rotation("user4", "user5", "user6"),
    }
    people = PEOPLE | {"user2": PEOPLE["user2"] | {"name": "User Two"}}
    app = App(tmp_path, redis_server.url, rotations=rotations, people=people)
    yield app
    app.redis.close()


def running(app, tmp_path, url):
    env = {"RUNG_PUBLIC_URL": url, "RUNG_API_TOKEN": API_TOKEN, "RUNG_DATA": str(tmp_path / "none")}
    return lambda *words: CliRunner().invoke(main, ["oncall", *words], env=env)


@pytest.fixture
def rung(app, tmp_path, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "alice")
    with serving(create_app(app.rung)) as url:
        yield running(app, tmp_path, url)


def test_it_says_who_until_when_and_who_is_next_by_the_rotations_clock_with_the_weekday(rung):
    said = rung()
    assert said.exit_code == 0, said.output
    assert said.output.splitlines() == [
        "oncall_primary: User Two (user2) until Mon 30 Nov 09:00 CET, then user3",
        "oncall_secondary: user5 until Mon 30 Nov 09:00 UTC, then user6",
    ]


def test_one_rotation_at_another_time_with_the_shifts_ahead(rung):
    said = rung("oncall_primary", "--at", "2026-12-01T00:00:00Z", "--next", "1w")
    assert said.output.splitlines() == [
        "oncall_primary: user3 until Mon 07 Dec 09:00 CET, then user1",
        "  Mon 30 Nov 09:00 to Mon 07 Dec 09:00 CET: user3",
        "  Mon 07 Dec 09:00 to Mon 14 Dec 09:00 CET: user1",
    ]
    assert rung("--rotation", "oncall_primary").output == rung("oncall_primary").output


def test_json_is_what_the_api_says(app, rung):
    assert json.loads(rung("--json", "--next", "2w").stdout) == app.get("/oncall?next=2w").json
    assert json.loads(rung("--ics", "--json").stdout) == app.get("/oncall/calendars").json


def test_ics_prints_the_addresses_to_subscribe_to(app, rung):
    lines = dict(line.split("  ") for line in rung("--ics").output.splitlines())
    assert set(lines) == {"oncall_primary", "oncall_secondary", *PEOPLE}
    assert all(address.startswith(f"{PUBLIC_URL}/oncall/") for address in lines.values())
    assert app.get(lines["user2"].removeprefix(PUBLIC_URL), headers={}).status_code == 200
    [line] = rung("oncall_secondary", "--ics").output.splitlines()
    assert line == f"oncall_secondary  {lines['oncall_secondary']}"
    assert (rung("db", "--ics").exit_code, rung("--ics", "db").stdout) == (1, "")


def test_somebody_stands_in_in_the_name_of_the_login(app, rung):
    said = rung(
        "--override", "user1", *FROM_TO, "--rotation", "oncall_primary", "--instead-of", "user2", "--note", "trip"
    )
    assert said.exit_code == 0, said.output
    assert said.output.splitlines() == [
        "oncall_primary: user1 instead of user2, Tue 24 Nov 18:00 to Wed 25 Nov 09:00 CET (override 1 by alice: trip)",
        "  Tue 24 Nov 18:00 to Wed 25 Nov 09:00 CET: user1, override 1",
    ]
    [event] = app.get("/oncall/oncall_primary/timeline").json["events"]
    assert (event["by"], event["via"]) == ("alice", "terminal")
    assert rung("oncall_primary").output.splitlines() == [
        "oncall_primary: User Two (user2) until Tue 24 Nov 18:00 CET, then user1",
        "  coming: user1 instead of user2, Tue 24 Nov 18:00 to Wed 25 Nov 09:00 CET (override 1 by alice: trip)",
    ]


def test_two_people_swap_and_end_it(app, rung):
    window = ("--from", "2026-11-29T00:00", "--to", "2026-12-02T00:00")
    said = rung("oncall_primary", "--swap", "user2", "user3", *window, "--by", "user3")
    assert said.output.splitlines() == [
        "oncall_primary: user2 and user3 swap, Sun 29 Nov 00:00 to Wed 02 Dec 00:00 CET (overrides 1 and 2 by user3)",
        "  Sun 29 Nov 00:00 to Mon 30 Nov 09:00 CET: user3, override 1",
        "  Mon 30 Nov 09:00 to Wed 02 Dec 00:00 CET: User Two (user2), override 2",
    ]
    said = rung("--end", "#1")
    assert said.output.splitlines() == [
        "override 1 of oncall_primary was taken back",
        "override 2 of oncall_primary was taken back",
    ]
    assert app.get("/oncall/oncall_primary/timeline").json["events"][-1]["by"] == "alice"


def test_one_that_runs_ends_and_then_there_is_nothing_to_end(app, rung):
    rung("oncall_primary", "--override", "vp", "--to", "2026-11-25T09:00")
    app.passes(60)
    assert rung("--end", "1").output == "override 1 of oncall_primary has ended\n"
    app.passes(1)
    said = rung("--end", "1")
    assert (said.exit_code, said.stderr) == (1, "rung: override 1 ended at 2026-11-23T10:01:00Z already\n")
    assert (rung("--end", "7").exit_code, rung("--end", "7").stderr) == (1, "rung: there is no override 7\n")


def test_an_override_that_changes_nothing_is_taken_and_says_so(rung):
    said = rung("oncall_primary", "--override", "vp", "--instead-of", "user1", *FROM_TO)
    assert (said.exit_code, said.output.splitlines()[1]) == (
        0,
        "  Nobody's turn falls into that time, so it changes nothing.",
    )


def test_an_order_as_json_is_what_the_api_says(rung):
    said = json.loads(rung("oncall_primary", "--override", "vp", *FROM_TO, "--json").stdout)
    assert set(said) == {"timezone", "overrides", "shifts"}
    assert json.loads(rung("--end", "1", "--json").stdout)["event"] == "override_removed"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["db"], 1, "config has no rotation 'db': one of oncall_primary, oncall_secondary"),
        (["--at", "noon"], 2, "at: an instant such as"),
        (["--next", "1y"], 2, "next: a time ahead such as 4w"),
        (["--override", "vp", *FROM_TO], 2, "say which rotation: one of oncall_primary, oncall_secondary"),
        (["--override", "nobody", *FROM_TO, "--rotation", "oncall_primary"], 2, "config has no person 'nobody'"),
        (["oncall_primary", "--override", "vp"], 2, "say until when with --to"),
        (["oncall_primary", "--override", "vp", "--to", "2026-11-22T00:00"], 2, "that lies in the past"),
        (["oncall_primary", "--override", "vp", "--swap", "a", "b"], 2, "--override and --swap do not go together"),
        (["--ics", "--end", "1"], 2, "--ics and --end do not go together"),
        (["--to", "2026-11-25"], 2, "--to does not belong to a question"),
        (["--swap", "a", "b", "--instead-of", "c", "--at", "x"], 2, "--at, --instead-of do not belong to --swap"),
        (["--end", "1", "--next", "4w"], 2, "--next does not belong to --end"),
        (["oncall_primary", "--end", "1"], 2, "--end needs no rotation"),
        (["one", "--rotation", "other"], 2, "say one rotation, not one and other"),
    ],
)
def test_what_cannot_be_done_is_said_and_exits_with_the_right_code(rung, words, code, message):
    said = rung(*words)
    assert said.exit_code == code
    assert message in said.stderr
    assert said.stdout == ""


def test_the_only_rotation_need_not_be_named(client, redis_server, tmp_path):
    app = App(
        tmp_path,
        redis_server.url,
        rotations={"db": rotation("user1")},
        escalation=escalation_of("user1"),
        sources={},
    )
    with serving(create_app(app.rung)) as url:
        said = running(app, tmp_path, url)("--override", "vp", *FROM_TO, "--by", "ada")
    assert said.output.splitlines()[0] == "db: vp, Tue 24 Nov 18:00 to Wed 25 Nov 09:00 UTC (override 1 by ada)"
    app.redis.close()


def test_without_a_running_rung_it_says_why_it_cannot_tell(tmp_path):
    env = {"RUNG_PUBLIC_URL": None, "RUNG_API_TOKEN": None, "RUNG_DATA": str(tmp_path), "PORT": None}
    said = CliRunner().invoke(main, ["oncall"], env=env)
    assert said.exit_code == 3
    assert said.stderr == (
        "rung: no running Rung was found; start one with `rung up`, or set RUNG_PUBLIC_URL and RUNG_API_TOKEN to "
        "reach another (who is on call depends on overrides, which only a running Rung knows)\n"
    )
