"""Ten thousand alerts come, climb, are paged, clear and leave, in Rung's own processes: Redis is as it was before."""

import os
import signal
import tempfile
import time
from pathlib import Path

import pytest
import redis
import requests

from tests.conftest import wait_for
from tests.families import families
from tests.processes import SOURCE_TOKEN, running
from tests.samples import config_dict, level

FIRST, SECOND = level("first", 0, ["email"], ["user1"], 1), level("second", 1, ["email"], ["user2"], 3600)
REST = {"repeat_interval": 7200, "max_repeats": 0, "sla_timeout": 3600}
POLICIES = {"critical": {"levels": [FIRST, SECOND], **REST}, "low": {"levels": [FIRST | {"timeout": 3600}], **REST}}
AT_ONCE = 250  # alerts a body
CLIMBS = 10  # every so many
FACTS = b"rung:facts:"  # a row an alert stays, for reports, for as long as retention.facts says


@pytest.fixture
def rung():
    escalation = {"policies": POLICIES, "default_policy": "low", "catch_all": ["vp"], "reopen_within": 1}
    sources = {"generic": {"token": SOURCE_TOKEN}}
    # A source that flaps is remembered for longer than this test takes.
    config = config_dict(retention={"resolved": 1}, sources=sources, escalation=escalation, flapping={"changes": 0})
    with tempfile.TemporaryDirectory(prefix="rung-grows-") as folder, running(Path(folder), config) as processes:
        yield processes


@pytest.fixture
def client(rung):
    with redis.Redis.from_url(rung.redis.url) as client:
        yield client


def come_and_go(rung, client, count: int, mark: str) -> int:
    """Give how many were there when all were over."""
    send(rung, count, mark, "firing")
    wait_for(lambda: not climbing(client), 30, "every second level")
    send(rung, count, mark, "resolved")
    wait_for(lambda: not waiting(client), 30, "every message being sent")
    there = client.zcard("rung:closed")
    wait_for(lambda: last_may_go(client) < time.time(), 10, "the last being kept long enough")
    os.kill(rung.pids("scheduler")[0], signal.SIGTERM)  # the one that is started after it tidies up at once
    wait_for(lambda: not client.exists("rung:expire", "rung:unkey"), 30, "what is over leaving")
    wait_for(lambda: not [*client.scan_iter("rq:job:*")], 10, "the last job ending")
    return there


def send(rung, count: int, mark: str, status: str) -> None:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {SOURCE_TOKEN}"
        for start in range(0, count, AT_ONCE):
            body = [alert(f"{mark} {number}", status, number) for number in range(start, start + AT_ONCE)]
            assert session.post(f"{rung.url}/ingest/generic", json=body, timeout=30).status_code == 202


def alert(title: str, status: str, number: int) -> dict[str, str]:
    return {"title": title, "status": status, "severity": "low" if number % CLIMBS else "critical"}


def climbing(client) -> int:
    return client.zcount("rung:wake", "-inf", time.time() + 1800)


def last_may_go(client) -> float:
    ends = [client.zrange(key, -1, -1, withscores=True) for key in ("rung:expire", "rung:unkey")]
    return max((found[0][1] for found in ends if found), default=0.0)


def waiting(client) -> int:
    return client.exists("rq:queue:escalate", "rq:queue:notify", "rung:outbox:email")


def size(client) -> int:
    return sum(client.memory_usage(key, samples=0) for key in client.scan_iter() if not key.startswith(FACTS))


def test_what_redis_holds_is_the_same_before_and_after_ten_thousand_alerts(rung, client):
    come_and_go(rung, client, 500, "before")  # fills the outbox, which keeps the last thousand messages
    before, bytes_before = families(client), size(client)
    there = come_and_go(rung, client, 10_000, "after")
    assert there > 5000, "they were there"
    assert client.get("rung:last_id") == b"10500"
    assert b"after 9" in client.lindex("rung:messages", 0)
    after = families(client)
    assert before.pop("rung:facts:*")[1] >= 500
    assert after.pop("rung:facts:*")[1] >= 10_500
    assert after == before
    assert size(client) < bytes_before * 1.05
