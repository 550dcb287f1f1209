"""`rung diff` as one types it: what it prints, as text and as JSON, and what it exits with."""

import json
from pathlib import Path

import pytest
import time_machine
import yaml
from click.testing import CliRunner

from functions.commands import main
from tests.comparing.telling import sample
from tests.samples import T0

DEFAULT = Path(__file__).parents[2] / "config"
SWAPPED = {"rotations__oncall_primary__members": ["user2", "user1", "user3"]}


@pytest.fixture(autouse=True)
def _bare(tmp_path, monkeypatch):
    """A terminal of 80 columns in an empty folder, in which nothing of Rung is set."""
    monkeypatch.chdir(tmp_path)
    for name in ("EMAIL_URL", "SLACK_URL", "SMS_URL", "PHONE_URL", "CONFIG", "CONFIG_BASE", "SOURCE_TOKEN"):
        monkeypatch.delenv(f"RUNG_{name}", raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def diff(tmp_path):
    """Write two configs into folders `old` and `new`, and compare them at T0."""

    def look(old, new, *options):
        for name, written in (("old", old), ("new", new)):
            (tmp_path / name).mkdir(exist_ok=True)
            text = written if isinstance(written, str) else yaml.safe_dump(written, sort_keys=False)
            (tmp_path / name / "rung.yaml").write_text(text)
        with time_machine.travel(T0, tick=False):
            said = CliRunner().invoke(main, ["diff", "old", "new", *options])
        assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
        return said

    return look


def test_two_configs_that_are_the_same_exit_0(diff):
    said = diff(sample(), sample())
    assert (said.exit_code, said.output) == (0, "Nothing changes for anybody: both configs mean the same.\n")
    said = diff(sample(), sample(), "--json")
    assert said.exit_code == 0
    assert json.loads(said.output) == {
        "from": "2026-11-23T10:00:00Z",
        "to": "2026-12-21T10:00:00Z",
        "differences": [],
        "which_alerts": [],
        "also_changed": [],
        "without_effect": [],
    }


def test_a_folder_and_itself_are_the_same(monkeypatch):
    said = CliRunner().invoke(main, ["diff", str(DEFAULT), str(DEFAULT)])
    assert (said.exit_code, said.output) == (0, "Nothing changes for anybody: both configs mean the same.\n")


def test_what_changes_exits_1_and_is_told_in_80_columns_with_the_most_telling_first(diff):
    new = sample(
        escalation__policies__high__levels__1__delay=2400,
        escalation__policies__critical__levels__0__notification_channels=["email", "slack", "sms", "phone"],
        people__user1__phone="+15550109876",
        routes=[{"name": "db", "match": {"labels": {"team": "db"}}, "severity": "high"}],
        **SWAPPED,
    )
    said = diff(sample(routes=[]), new)
    assert said.exit_code == 1
    assert max(map(len, said.output.splitlines())) <= 80
    head = """\
Alerts of Mon 23 Nov 2026 10:00 to Mon 21 Dec 2026 10:00, UTC:

every alert
  until Mon 30 Nov 09:00, Mon 14 Dec 09:00 to Mon 21 Dec 09:00
    level 1 (primary): user1 instead of user2
  Mon 7 Dec 09:00 to Mon 14 Dec 09:00
    level 1 (primary): user2 instead of user1

"""
    assert said.output.startswith(head)
    assert "\ncritical\n  level 1 (primary): by phone too\n" in said.output
    tail = '\nsenders, routes and silences\n  route "db" is new: it takes team=db\n\nAlso changed: people.user1.phone\n'
    assert said.output.endswith(tail)


def test_json_says_of_each_change_for_which_alerts_and_when(diff):
    new = sample(
        escalation__policies__high__levels__1__delay=2400,
        maintenance=[{"name": "m", "everything": True, "weekdays": ["saturday"], "from": "22:00", "to": "04:00"}],
        rotations__oncall_secondary__members=["user5", "user4", "user6"],
        people__user1__phone="+15550109876",
        severities={"default": "low"},
    )
    said = diff(sample(), new, "--json", "--next", "1w")
    assert said.exit_code == 1
    answer = json.loads(said.output)
    assert answer == {
        "from": "2026-11-23T10:00:00Z",
        "to": "2026-11-30T10:00:00Z",
        "differences": [
            {
                "alerts": [case(severity) for severity in ("critical", "high", "medium", "low")],
                "kind": "silence",
                "level": None,
                "change": 'pages wait for the end of maintenance window "m"',
                "when": [{"from": "2026-11-28T22:00:00Z", "to": "2026-11-29T04:00:00Z"}],
                "when_is": "page",
            },
            {
                "alerts": [case(severity) for severity in ("critical", "high", "medium")],
                "kind": "who",
                "level": 1,
                "change": "level 2 (secondary): user4 instead of user5",
                "when": [{"from": "2026-11-23T10:00:00Z", "to": "2026-11-30T09:00:00Z"}],
                "when_is": "page",
            },
            *(
                {
                    "alerts": [case("high")],
                    "kind": "time",
                    "level": level,
                    "change": change,
                    "when": None,
                    "when_is": None,
                }
                for level, change in (
                    (1, "level 2 (secondary): 10 min later, after 40 min"),
                    (2, "level 3 (manager): 10 min later, after 1 h 10 min"),
                )
            ),
            {
                "alerts": [case("high")],
                "kind": "rounds",
                "level": None,
                "change": "the ladder is used up after 10 h 10 min instead of 10 h",
                "when": None,
                "when_is": None,
            },
        ],
        "which_alerts": ["any other word, or none, means low instead of medium"],
        "also_changed": ["people.user1.phone"],
        "without_effect": [],
    }


def case(severity, **more):
    return {"severity": severity, "source": None, "heartbeat": None, "route": None} | more


def test_json_names_sources_heartbeats_and_routes(diff):
    written = {
        "sources__grafana__policy": "high",
        "heartbeats__backup": {"interval": "1h", "policy": "high"},
        "routes": [{"name": "db", "match": {"severity": "low"}, "policy": "high"}],
    }
    new = sample(escalation__policies__high__levels__0__notification_channels=["email"], **written)
    [change] = [
        each for each in json.loads(diff(sample(**written), new, "--json").output)["differences"] if each["level"] == 0
    ]
    assert change["alerts"] == [
        case("high"),
        *(case(severity, source="grafana") for severity in ("critical", "high", "medium", "low")),
        case("high", heartbeat="backup"),
        case("low", route="db"),
    ]


def test_what_has_no_effect_is_a_change_all_the_same(diff):
    said = diff(sample(), sample(rotations__spare={"type": "daily", "members": ["vp"], "start_time": "09:00"}))
    assert said.exit_code == 1
    assert said.output == (
        "Alerts of Mon 23 Nov 2026 10:00 to Mon 21 Dec 2026 10:00, UTC:\n"
        "  no ladder changes\n"
        "\n"
        "Changed without effect in this time: rotations.spare\n"
    )


def test_no_secret_and_no_contact_is_ever_printed(diff):
    others = {f"channels__{name}": False for name in ("email", "slack", "phone")}
    url = "twilio://AC1:{}@+15550109999/{{phone}}"
    old = sample(channels__sms__url=url.format("hush-one"), sources__grafana__token="hush-two", **others)
    new = sample(
        channels__sms__url=url.format("hush-three"),
        sources__grafana__token="hush-four",
        **others,
        people__user1__phone="+15550109876",
        api_tokens={"robot": "hush-five"},
    )
    for options in ((), ("--json",)):
        said = diff(old, new, *options)
        assert said.exit_code == 1
        assert "channels.sms.url" in said.output
        for secret in ("hush", "5550109876", "5550100001"):
            assert secret not in said.output + said.stderr


@pytest.mark.parametrize("broken", ["old", "new"])
def test_a_broken_config_exits_2_and_is_the_one_that_is_named(diff, broken):
    bad = sample(escalation__catch_all=["nobody-here"])
    said = diff(*((bad, sample()) if broken == "old" else (sample(), bad)))
    assert said.exit_code == 2
    assert f"{broken}/rung.yaml" in said.stderr
    assert "nobody-here" in said.stderr
    assert said.stdout == ""


def test_a_folder_that_is_not_there_exits_2():
    said = CliRunner().invoke(main, ["diff", "nowhere", str(DEFAULT)])
    assert said.exit_code == 2
    assert "nowhere" in said.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--next", "0"], "--next 0: look ahead for more than nothing and at most 731 days"),
        (["--next", "732d"], "--next 732d: look ahead for more than nothing and at most 731 days"),
        (["--next", "soon"], "soon"),
        (["--from", "tomorrow"], "tomorrow"),
        (["--from", "9999-12-31T00:00"], "a year from 1971 to 8999"),
    ],
)
def test_wrong_usage_exits_2(diff, options, said):
    answer = diff(sample(), sample(), *options)
    assert answer.exit_code == 2
    assert said in answer.stderr


def test_it_begins_when_it_is_told_by_the_new_clock_or_any_other(diff):
    new = sample(timezone="Europe/Berlin", **SWAPPED)
    said = diff(sample(timezone="Europe/Berlin"), new, "--from", "2026-11-29T12:00", "--next", "2d")
    assert said.output.splitlines()[0] == "Alerts of Sun 29 Nov 2026 12:00 to Tue 1 Dec 2026 12:00, Europe/Berlin:"
    assert said.output.splitlines()[3] == "  until Mon 30 Nov 09:00"
    tokyo = diff(sample(), sample(**SWAPPED), "--from", "2026-11-29T12:00:00.7+09:00", "--next", "2d")
    assert tokyo.output.splitlines()[0] == "Alerts of Sun 29 Nov 2026 03:00 to Tue 1 Dec 2026 03:00, UTC:"


def test_two_years_are_not_too_long(diff):
    said = diff(sample(), sample(**SWAPPED), "--next", "731d")
    assert said.exit_code == 1
    assert "times more" in said.output


def test_the_help_says_what_is_in_neither(diff):
    said = " ".join(CliRunner().invoke(main, ["diff", "--help"]).output.split())
    assert "Overrides and silences that people ordered stand in neither config" in said
