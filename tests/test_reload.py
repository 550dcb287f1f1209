"""SIGHUP reads the config again in every process; a bad one changes nothing and is said in the log."""

import os
import signal
import tempfile
from pathlib import Path

import pytest
import requests

from tests.conftest import wait_for
from tests.processes import SOURCE_TOKEN, Api, running, write_config
from tests.samples import config_dict


@pytest.fixture(scope="module")
def processes():
    with running(Path(tempfile.mkdtemp(prefix="rung-hup-")), config_dict()) as processes:
        yield processes


def hang_up(processes, *names):
    for name in names:
        os.kill(processes.pids(name)[0], signal.SIGHUP)


def ingest(processes, source: str) -> int:
    headers = {"Authorization": f"Bearer {SOURCE_TOKEN}"}
    body = {"title": f"from {source}"}
    return requests.post(f"{processes.url}/ingest/{source}", json=body, headers=headers, timeout=5).status_code


def test_a_new_source_is_let_in_after_a_reload_of_web(processes):
    assert ingest(processes, "fresh") == 404
    changed = config_dict()
    changed["sources"] = {**changed["sources"], "fresh": {"type": "generic", "token": SOURCE_TOKEN}}
    write_config(processes.folder / "config", changed)
    hang_up(processes, "web")
    wait_for(lambda: ingest(processes, "fresh") == 202, 10, "the new source")


def test_workers_page_the_people_of_the_new_config(processes):
    """The policy is copied when an alert triggers, but who is on call is looked up when a level fires."""
    changed = config_dict()
    changed["sources"] = {"generic": {"token": SOURCE_TOKEN, "policy": "critical", "speedup": 300}}
    api = Api(processes.url)
    write_config(processes.folder / "config", changed)
    hang_up(processes, "web")
    wait_for(lambda: ingest(processes, "fresh") == 404, 10, "web having reloaded")
    changed["rotations"]["oncall_secondary"]["members"] = ["vp"]
    write_config(processes.folder / "config", changed)
    hang_up(processes, "worker", "scheduler")
    wait_for(lambda: processes.log("worker").count("config was reloaded") == 3, 10, "parent and workers reloading")
    wait_for(lambda: "config was reloaded" in processes.log("scheduler"), 10, "the scheduler having reloaded")
    alert = api.post_until_accepted("/ingest/generic", {"title": "swap"}, SOURCE_TOKEN)["alerts"][0]["id"]
    told = wait_for(
        lambda: {n["responder"] for n in api.get(f"/alerts/{alert}")["notifications"] if n["level"] == 1}, 10, "level 2"
    )
    assert told == {"vp"}


def test_a_bad_config_changes_nothing_and_is_said(processes):
    bad = config_dict()
    bad["escalation"] = {**bad["escalation"], "default_policy": "nosuch"}
    write_config(processes.folder / "config", bad)
    hang_up(processes, "web", "worker", "scheduler")
    for name in ("web", "worker", "scheduler"):
        wait_for(lambda name=name: "the old one stays in force" in processes.log(name), 10, f"{name} saying so")
        assert "escalation.default_policy" in processes.log(name)
    assert ingest(processes, "generic") == 202
