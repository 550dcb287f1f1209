"""The process that sends reports: how it ends when it cannot do anything, and what it says then."""

import os
import subprocess
import sys
from pathlib import Path

from tests.apps import environment

ROOT = Path(__file__).resolve().parents[2]


def ended(env):
    command = [sys.executable, "-m", "functions.commands._mail_reports"]
    env = {**os.environ, **env, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_a_config_that_is_broken_on_disk_is_told_in_words(tmp_path, redis_server):
    env = environment(tmp_path, redis_server.url)
    (tmp_path / "config" / "rung.yaml").write_text("people: [")
    done = ended(env)
    assert done.returncode == 2
    assert "reports that are due wait until the config can be read:" in done.stdout
    assert "wanted valid YAML" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_redis_that_is_away_is_told_in_words_without_its_password(tmp_path):
    done = ended(environment(tmp_path, "redis://:password-of-redis@127.0.0.1:1/0"))
    assert done.returncode == 3
    assert "Redis is out of reach" in done.stdout
    assert "password-of-redis" not in done.stdout + done.stderr
