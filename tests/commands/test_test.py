"""`rung test`: the examples that come with the config, one that fails on purpose, files, exit codes, the terminal."""

import fcntl
import json
import os
import pty
import shutil
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner

from functions.commands import _progress, main
from tests.scenarios.written import a_scenario

ROOT = Path(__file__).parents[2]
ON_PURPOSE = "tests/fixtures/scenarios/on-purpose.yaml"
RIGHT, WRONG = a_scenario("- {page: user1, at: 0s}"), a_scenario("- {page: user2, at: 0s}")

FAILED = """\
FAILED  this one thinks that it is user5's week
        tests/fixtures/scenarios/on-purpose.yaml:10

  line 16: expected acknowledge by user1 at 20m
                got refused: alert 1 was acknowledged by user4 8 min ago
  line 22: expected page to user5 on phone at 10m
                got user4 on email, slack, sms, phone at 10m
  line 23: expected page to user4 on phone by 5m
                got user4 on phone at 10m
  line 24: expected no page to user4
                got user4 on email, slack, sms, phone at 10m
  line 25: expected SLA acknowledgment breached at 6m
                got breached at 5m
  line 26: expected status acknowledged at 11m
                got escalated
  line 28: expected policy high in the end
                got critical

    at (UTC)             after  what happens
    Fri 20 Nov 16:30:00  0s     critical, takes the policy critical
    Fri 20 Nov 16:30:00  0s     level 1 (primary) -> user1 on email, slack, sms
    Fri 20 Nov 16:34:00  4m     SLA acknowledgment at risk, due 16:35:00 UTC -> user1 on email, slack
  + Fri 20 Nov 16:35:00  5m     SLA acknowledgment breached -> user1 on email, slack
    Fri 20 Nov 16:35:00  5m     reminder: nobody has answered (1 of 3) -> user1 on email, slack
  - Fri 20 Nov 16:35:00  5m     page to user4 on phone by 5m
  - Fri 20 Nov 16:36:00  6m     SLA acknowledgment breached
  - Fri 20 Nov 16:40:00  10m    page to user5 on phone
  - Fri 20 Nov 16:40:00  10m    no page to user4
  + Fri 20 Nov 16:40:00  10m    level 2 (secondary) -> user4 on email, slack, sms, phone
  - Fri 20 Nov 16:41:00  11m    status acknowledged
  + Fri 20 Nov 16:41:00  11m    status escalated
    Fri 20 Nov 16:42:00  12m    acknowledged by user4 -> user1 on email
  - Fri 20 Nov 16:50:00  20m    acknowledge by user1
  + Fri 20 Nov 16:50:00  20m    refused: alert 1 was acknowledged by user4 8 min ago
    Fri 20 Nov 16:55:00  25m    resolved by user4 -> user1 on email
  - Fri 20 Nov 16:55:00  25m    policy high in the end
  + Fri 20 Nov 16:55:00  25m    policy critical

2 scenarios, 1 failed
"""


def real(*words):
    """Run the real command, as CI does, with the config that Rung comes with."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("RUNG_", "COLUMNS"))}
    command = [sys.executable, "-m", "functions.commands", "test", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A config of its own, with a folder `tests`; the terminal stands above it."""
    shutil.copytree(ROOT / "config", tmp_path / "config", ignore=shutil.ignore_patterns("tests"))
    (tmp_path / "config" / "tests").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in [each for each in os.environ if each.startswith("RUNG_")]:
        monkeypatch.delenv(name)
    return tmp_path / "config" / "tests"


def rung(*words, **env):
    return CliRunner().invoke(main, ["test", *map(str, words)], env={"RUNG_CONFIG": "config", **env})


def test_the_examples_that_come_with_the_config_pass():
    done = real("-v")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[-1] == f"{len(lines) - 1} scenarios, all passed"
    assert len(lines) > 12
    assert all(line.startswith("passed  ") for line in lines[:-1])


def test_one_that_fails_on_purpose_shows_what_came_instead_in_the_timeline():
    done = real(ON_PURPOSE)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == FAILED


def test_the_folder_tests_beside_the_config_is_run_when_nothing_is_named(folder):
    (folder / "b.yaml").write_text(RIGHT)
    (folder / "deeper").mkdir()
    (folder / "deeper" / "a.yml").write_text(WRONG)
    (folder / ".#b.yaml").write_text("[")
    (folder / "notes.txt").write_text("[")
    said = rung()
    assert (said.exit_code, said.output.splitlines()[-1]) == (1, "2 scenarios, 1 failed")
    assert "config/tests/deeper/a.yml:2\n" in said.output
    assert str(folder.parent) not in said.output


def test_a_config_elsewhere_is_tested_with_its_own_scenarios(folder, tmp_path):
    (folder / "a.yaml").write_text(RIGHT)
    elsewhere = tmp_path / "elsewhere"
    folder.parent.rename(elsewhere)
    assert rung("--config", "elsewhere").output == "1 scenario, all passed\n"
    assert rung(RUNG_CONFIG=str(elsewhere)).output == "1 scenario, all passed\n"


def test_scenarios_are_no_config(folder):
    (folder / "a.yaml").write_text("[ this is no config")
    assert CliRunner().invoke(main, ["simulate", "--severity", "low", "--config", "config"]).exit_code == 0


def test_files_and_folders_may_be_named_and_each_file_runs_once(folder):
    (folder / "a.yaml").write_text(RIGHT)
    (folder / "b.txt").write_text(RIGHT)
    assert rung(folder, folder / "a.yaml", folder / "b.txt").output == "2 scenarios, all passed\n"


def test_those_with_a_word_in_the_name_of_scenario_or_file(folder):
    (folder / "night.yaml").write_text(RIGHT)
    (folder / "day.yaml").write_text(WRONG.replace("name: one", "name: In the Evening"))
    assert rung("-k", "night").output == "1 scenario, all passed\n"
    assert rung("-k", "EVENING").output.endswith("\n1 scenario, 1 failed\n")
    said = rung("-k", "noon")
    assert (said.exit_code, said.stdout) == (2, "")
    assert said.stderr == "rung: no scenario has 'noon' in its name, or in that of its file\n"


@pytest.mark.parametrize("words", [(), ("config/tests",), ("config/tests", "config/tests")])
def test_no_scenarios_at_all_is_an_error(folder, words):
    said = rung(*words)
    assert (said.exit_code, said.stdout) == (2, "")
    assert "rung: there are no scenarios in config/tests" in said.stderr


def test_a_folder_that_is_not_there_is_an_error(folder):
    folder.rmdir()
    said = rung()
    assert said.exit_code == 2
    wanted = "a file with scenarios, or a folder with such files"
    assert said.stderr == f"rung: config/tests: found no such file or directory, wanted {wanted}\n"


def test_the_faults_of_all_files_are_told_and_nothing_is_run(folder):
    (folder / "a.yaml").write_text(RIGHT.replace("user1", "usr1"))
    (folder / "b.yaml").write_text(WRONG)
    (folder / "c.yaml").write_text("scenarios: [")
    (folder / "d.yaml").write_bytes(b"\xff")
    said = rung()
    assert (said.exit_code, said.stdout) == (2, "")
    assert [line.partition(": found")[0] for line in said.stderr.splitlines()] == [
        "rung: config/tests/a.yaml:8: scenarios[0].expect[0].page",
        "config/tests/c.yaml:2",
        "config/tests/d.yaml",
    ]


def test_a_file_of_many_megabytes_is_not_read(folder):
    (folder / "a.yaml").write_text(RIGHT + "#" * 5_000_000)
    assert rung().stderr == "rung: config/tests/a.yaml: found more than 5 MB, wanted smaller files\n"


def test_a_config_that_cannot_be_used_is_an_error_of_its_own(folder):
    (folder / "a.yaml").write_text(RIGHT)
    (folder.parent / "rung.yaml").write_text("timezone: Mars\n")
    said = rung()
    assert (said.exit_code, said.stdout) == (2, "")
    assert 'config/rung.yaml: timezone: found "Mars", wanted a time zone' in said.stderr


def test_a_payload_and_a_reference_begin_where_the_file_is(folder):
    (folder / "bodies").mkdir()
    (folder / "bodies" / "a.json").write_text('{"title": "A", "severity": "low"}')
    (folder / "who").write_text("user1\n")
    given = "- alert: {payload: bodies/a.json}"
    (folder / "a.yaml").write_text(a_scenario('- {page: "${file:who}", on: email}', given))
    assert rung().output == "1 scenario, all passed\n"


def test_json_for_programs(folder):
    (folder / "a.yaml").write_text(RIGHT)
    (folder / "b.yaml").write_text(WRONG.replace("name: one", "name: two"))
    said = rung("--json")
    assert said.exit_code == 1
    told = json.loads(said.stdout)
    assert (told["total"], told["failed"]) == (2, 1)
    one, two = told["scenarios"]
    assert one == {"name": "one", "file": "config/tests/a.yaml", "line": 2, "passed": True, "failures": []}
    assert (two["name"], two["file"], two["line"], two["passed"]) == ("two", "config/tests/b.yaml", 2, False)
    assert two["failures"] == [
        {"line": 8, "expected": "page to user2 at 0s", "got": "user1 on email, slack, sms at 0s"}
    ]
    assert two["timeline"][0] | {"event": "routed", "offset_seconds": 0} == two["timeline"][0]


def test_verbose_names_those_that_pass_and_twice_shows_every_step(folder):
    (folder / "a.yaml").write_text(RIGHT)
    assert rung("-v").output == "passed  one\n1 scenario, all passed\n"
    told = rung("-vv").output
    assert told.startswith(
        "passed  one\n\n    at (UTC)             after  what happens\n    Fri 20 Nov 10:00:00  0s     "
    )
    assert "nobody ever answered: the ladder is used up -> team_manager" in told
    (folder / "a.yaml").write_text(WRONG)
    assert " more steps" in rung("-v").output
    assert " more steps" not in rung("-vv").output


def test_nothing_in_a_scenario_commands_the_terminal(folder):
    hostile = '- alert: {severity: low, title: "A"}\n- at: 1m\n  update: {by: user1, note: "\\e[2Jgone"}'
    (folder / "a.yaml").write_text(a_scenario("- {page: user2}", hostile))
    told = rung("-vv").output
    assert "gone" in told
    assert "\x1b" not in told


def on_terminal(columns, *words, **env):
    """What the command prints on a terminal of so many columns."""
    command = [sys.executable, "-m", "functions.commands", "test", *words]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("RUNG_", "COLUMNS", "NO_COLOR"))}
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(command, cwd=ROOT, env=plain | env, stdout=theirs, stderr=theirs, stdin=theirs)
    os.close(theirs)
    told = b""
    try:
        while piece := os.read(ours, 65536):
            told += piece
    except OSError:  # a terminal whose last writer is gone says so with an error
        process.wait()
    os.close(ours)
    return told.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [80, 140])
def test_on_a_terminal_long_lines_go_on_below_their_beginning(columns):
    told = on_terminal(columns, ON_PURPOSE, NO_COLOR="1")
    assert max(len(line) for line in told.splitlines()) <= columns
    assert "\x1b" not in told
    if columns == 80:
        indent = " " * len("  + Fri 20 Nov 16:40:00  10m    ")
        assert f"10m    level 2 (secondary) -> user4 on email, slack,\n{indent}sms, phone\n" in told
    else:
        assert told == FAILED


def test_on_a_terminal_what_was_expected_is_red_and_what_came_is_green():
    told = on_terminal(140, ON_PURPOSE)
    assert "\x1b[31m  - Fri 20 Nov 16:40:00  10m    page to user5 on phone\x1b[0m\n" in told
    assert "\x1b[32m  + Fri 20 Nov 16:40:00  10m    level 2" in told


def test_how_far_it_has_come_is_said_on_a_terminal_when_it_takes_long(monkeypatch, capsys):
    clock = iter([0.0, 0.5, 1.5])
    monkeypatch.setattr(_progress.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    progress = _progress.Progress(300)
    progress.show(1, "one")
    progress.clear()
    progress.show(2, "two\x1b[2J" + "x" * 60)
    progress.clear()
    told = capsys.readouterr().err
    assert "one" not in told
    assert "2 of 300: two" in told
    assert "\x1b[2J" not in told
