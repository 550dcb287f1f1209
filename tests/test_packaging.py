"""What stands between a fresh machine and Rung: the lock, the Makefile, and the Python that is found."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


def name_of(requirement):
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-")


def locked():
    """Give the locked lines, each with its hashes."""
    return [line for line in re.sub(r"\\\n", "", LOCK).splitlines() if not line.lstrip().startswith("#")]


def test_every_locked_package_has_one_version_and_hashes():
    assert len(locked()) > 20
    assert [line for line in locked() if not re.match(r"[a-z0-9.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_every_package_of_the_project_is_locked():
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    assert {name_of(each) for each in wanted} - {name_of(line) for line in locked()} == set()


def test_the_lock_names_no_registry_and_no_file():
    assert "://" not in LOCK
    assert "--index" not in LOCK
    assert "--find-links" not in LOCK
    assert " @ " not in LOCK


def make(*words, cwd=ROOT):
    """Run make as a person does, even when these tests were started by make with another VENV."""
    env = {name: value for name, value in os.environ.items() if name not in ("VENV", "MAKEFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", *words], cwd=cwd, env=env, capture_output=True, text=True, check=False)


@needs_make
def test_make_help_lists_every_target_with_a_word_about_it():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    listed = dict(re.findall(r"make ([a-z-]+) +(\S.*)", make("help").stdout))
    assert targets == set(listed)
    assert {"install", "run", "test", "lint", "check", "bench", "clean", "lock", "lock-check"} <= targets


@needs_make
def test_without_a_suitable_python_make_says_what_to_install(tmp_path):
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    done = make("install", "PYTHON=/nowhere/python3", cwd=tmp_path)
    assert done.returncode != 0
    assert "Rung needs Python 3.11 or later with its venv module; looked for: /nowhere/python3" in done.stderr
    assert not (tmp_path / ".venv").exists()


@needs_make
def test_a_python_that_is_too_old_is_passed_over(tmp_path):
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    old = tmp_path / "old"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = make(".venv/bin/python", f"PYTHONS={old} {sys.executable}", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / ".venv" / "bin" / "python").exists()


def test_the_ci_script_is_sound_shell():
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0
