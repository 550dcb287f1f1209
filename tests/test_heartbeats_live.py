"""A heartbeat through Rung's own processes: it falls silent and is missed, its beat resolves, and web may be away."""

import os
import signal
import tempfile
import time
from pathlib import Path

import pytest
import redis
import requests

from tests.conftest import wait_for
from tests.processes import Api, running
from tests.samples import config_dict

TOKEN = "token-of-the-job"


@pytest.fixture(scope="module")
def rung():
    config = config_dict(heartbeats={"job": {"interval": 2, "grace": 0, "token": TOKEN}})
    with tempfile.TemporaryDirectory(prefix="rung-beat-") as folder, running(Path(folder), config) as processes:
        yield processes


def beat(rung) -> int:
    with requests.Session() as session:
        return session.get(f"{rung.url}/heartbeat/job?token={TOKEN}", timeout=5).status_code


def alerts(rung, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return Api(rung.url).get(f"/alerts?{asked}")["alerts"]


def test_silence_raises_an_alert_within_seconds_and_the_next_beat_resolves_it(rung):
    assert beat(rung) == 200
    assert alerts(rung) == []
    (alert,) = wait_for(lambda: alerts(rung), 6, "the alert")
    assert alert["title"] == "No heartbeat from job for 2 s"
    assert wait_for(lambda: Api(rung.url).get("/outbox")["messages"], 5, "the page")
    assert beat(rung) == 200
    assert alerts(rung) == []
    assert alerts(rung, status="resolved")[0]["id"] == alert["id"]


def test_a_web_that_was_away_gives_every_job_its_whole_time(rung):
    """It is stopped, and its last note pushed back by a minute."""
    with redis.Redis.from_url(rung.redis.url) as client:
        before = float(client.hget("rung:web", "since"))
        for pid in rung.pids("web"):
            os.kill(pid, signal.SIGSTOP)
        client.hset("rung:web", "at", time.time() - 60)
        for pid in reversed(rung.pids("web")):
            os.kill(pid, signal.SIGCONT)
        wait_for(lambda: float(client.hget("rung:web", "since")) > before, 5, "its return being noticed")
