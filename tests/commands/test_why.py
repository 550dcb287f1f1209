"""`rung why`: what it prints, in 80 columns, and how it exits."""

import json

import pytest
from click.testing import CliRunner

from core.commands import Acknowledge
from functions.commands import main
from tests.functions.test_why import lived


@pytest.fixture
def rung(terminal):
    env = terminal | {"COLUMNS": "80"}
    return lambda *words, **more: CliRunner().invoke(main, [str(word) for word in words], env=env | more)


def printed(result) -> list[str]:
    assert result.exit_code == 0, result.stderr
    return [line.rstrip() for line in result.stdout.splitlines()]


STORY = """\
alert 1 is acknowledged by user5: Disk is full
user5 has it; the ladder waits.
Pages go to the built-in outbox and to nobody's phone or mailbox: no channel has
credentials.

          Mon 23 Nov 2026, UTC
10:00:00  It came in from generic as critical. No route took it, so it goes by
          the policy of its severity, critical: up to 4 rounds of primary,
          secondary, manager and executive.
10:00:00  Level 1 (primary) fired at once, because it has no delay. Its
          channels: email, slack and sms.
            user2 on email, slack and sms: sent
              on call in oncall_primary, Mon 23 Nov 09:00 to Mon 30 Nov 09:00
              UTC
10:10:00  Level 2 (secondary) fired because nobody had answered for 10 min: its
          delay of 10 min had passed, which is later than level 1's timeout of 5
          min (until 10:05:00 UTC). Its channels: email, slack, sms and phone.
            user5 on email, slack, sms and phone: sent
              on call in oncall_secondary, Mon 23 Nov 09:00 to Mon 30 Nov 09:00
              UTC
10:10:00  user5 acknowledged it via sms, and the ladder stopped: level 3
          (manager) was due at 10:30:00 UTC. “on my way”
"""
ABOUT_A_PERSON = """\
alert 1 is acknowledged by user5: Disk is full
user5 has it; the ladder waits.
Pages go to the built-in outbox and to nobody's phone or mailbox: no channel has
credentials.

team_manager was not paged: user5 acknowledged before it came to team_manager.

          Mon 23 Nov 2026, UTC
10:10:00  Level 3 (manager) would have paged team_manager at 10:30:00 UTC, but
          user5 acknowledged before, at 10:10:00 UTC.
"""


def test_the_story_of_an_alert(app, rung):
    assert printed(rung("why", lived(app))) == STORY.splitlines()


def test_why_somebody_was_not_paged(app, rung):
    assert printed(rung("why", f"#{lived(app)}", "--person", "team_manager")) == ABOUT_A_PERSON.splitlines()


def test_why_somebody_was_paged(app, rung):
    lines = printed(rung("why", lived(app), "--person", "user2"))
    assert lines[5] == "user2 was paged at 10:00:00 UTC, on email, slack and sms."
    assert lines[8:10] == ["10:00:00  Page, level 1 (primary).", "            user2 on email, slack and sms: sent"]


def test_a_reason_of_no_instant_stands_without_a_time(app, rung):
    app.fires(severity="low")
    lines = printed(rung("why", 1, "--person", "vp"))
    assert lines[-2:] == [
        "          Policy low asks oncall_primary. vp is none of these, and has no turn",
        "          in oncall_primary.",
    ]


def test_a_story_of_several_days_has_a_line_for_each(app, rung):
    app.fires(severity="low")
    app.passes(86_400)
    app.does(1, Acknowledge("user2", "api"))
    lines = printed(rung("why", 1))
    assert "          Mon 23 Nov 2026, UTC" in lines
    assert "          Tue 24 Nov 2026, UTC" in lines


def test_config_that_changed_is_said_in_the_story(app, rung):
    app.fires(severity="low")
    line = app.redis.lrange("rung:timeline:1", 2, 2)[0]
    app.redis.lset("rung:timeline:1", 2, line.replace(b"user2", b"user3"))
    said = " ".join(" ".join(printed(rung("why", 1))).split())
    assert "not by config and overrides as they are now: they have changed since" in said
    assert "By config and overrides as they are now user2 would have been asked: they have changed since." in said


def test_lines_keep_a_width_that_can_be_read_on_a_wide_terminal(app, rung):
    lines = printed(rung("why", lived(app), COLUMNS="250"))
    assert max(map(len, lines)) <= 100
    assert len(lines) < len(STORY.splitlines())


def test_as_json_it_is_what_the_api_answers(app, rung):
    alert = lived(app)
    said = rung("why", alert, "--person", "user2", "--json")
    assert (said.exit_code, json.loads(said.stdout)) == (0, app.get(f"/alerts/{alert}/why?person=user2").json)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["99"], 1, "rung: there is no alert 99\n"),
        (["1", "--person", "usr2"], 1, "rung: config has no person 'usr2' (did you mean user2?)\n"),
        (["x"], 2, "rung: 'x' is not an alert's number; `rung alerts` lists them\n"),
    ],
)
def test_what_cannot_be_answered_says_why_and_exits_as_it_should(app, rung, words, code, said):
    app.fires()
    result = rung("why", *words)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", said)


def test_where_no_rung_runs_it_is_out_of_reach(rung, tmp_path):
    nothing = {"RUNG_PUBLIC_URL": None, "RUNG_API_TOKEN": None, "RUNG_DATA": str(tmp_path / "none"), "PORT": None}
    assert rung("why", 1, **nothing).exit_code == 3
