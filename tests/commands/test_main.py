"""The `rung` command as a whole: it finds its commands, imports little, and exits with the right code."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
import redis
from click.testing import CliRunner

import functions.commands
from core.adapters.settings import SettingsError
from core.config.faults import ConfigError, Fault
from functions.commands import main

ROOT = Path(__file__).parents[2]
HEAVY = ("redis", "flask", "rq", "apprise", "pydantic", "gunicorn", "rich", "requests")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Commands of our own instead of those of Rung."""
    monkeypatch.setattr(functions.commands, "_FOLDER", tmp_path)
    return tmp_path


def imported_by(code):
    script = f"{code}; import sys; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[-2]


def test_each_file_is_one_command_with_its_first_line_as_summary(folder):
    (folder / "wake_up.py").write_text('"""Wake somebody up.\n\nMore.\n"""\nraise RuntimeError\n')
    (folder / "_helper.py").write_text('"""No command."""\n')
    said = CliRunner().invoke(main, ["--help"])
    assert said.exit_code == 0
    assert "wake-up  Wake somebody up." in said.output
    assert "helper" not in said.output


def test_an_unknown_command_is_wrong_usage():
    said = CliRunner().invoke(main, ["dance"])
    assert said.exit_code == 2
    assert "No such command 'dance'" in said.output


def test_every_command_of_rung_has_a_summary_and_can_be_imported():
    context = click.Context(main)
    assert "up" in main.list_commands(context)
    for name in main.list_commands(context):
        assert functions.commands._summary(name), name
        assert isinstance(main.get_command(context, name), click.Command), name


def test_help_imports_nothing_heavy():
    code = "from functions.commands import main; main(['--help'], standalone_mode=False)"
    assert imported_by(code) == ""


def test_up_imports_nothing_heavy_before_it_is_ready():
    assert imported_by("import functions.commands.up") == ""


def fails_with(error, monkeypatch):
    def fail():
        raise error

    command = click.Command("failing", callback=fail)
    monkeypatch.setattr(type(main), "get_command", lambda *_: command)
    return CliRunner().invoke(main, ["failing"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("PORT is 'x'"), 2),
        (ConfigError([Fault("a.yaml", "people", "1", "a mapping")]), 2),
        (redis.ConnectionError("no Redis at 127.0.0.1:6379"), 3),
        (redis.exceptions.BusyLoadingError("loading"), 3),
    ],
    ids=["settings", "config", "redis", "redis loading"],
)
def test_what_a_person_can_put_right_is_one_line_and_an_exit_code(error, code, monkeypatch):
    said = fails_with(error, monkeypatch)
    assert (said.exit_code, said.stderr) == (code, f"rung: {error}\n")


def test_a_bug_keeps_its_traceback(monkeypatch):
    assert isinstance(fails_with(KeyError("oops"), monkeypatch).exception, KeyError)


def test_every_error_that_has_an_exit_code_exists():
    import importlib

    from functions.commands._common import _EXIT_CODES

    for name in _EXIT_CODES:
        module, _, kind = name.rpartition(".")
        assert issubclass(getattr(importlib.import_module(module), kind), Exception), name
