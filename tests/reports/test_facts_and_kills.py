"""Rows of open alerts, written by two at once who are killed while alerts change: a report is given what is true."""

import os
import random
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from core.commands import Acknowledge, Resolve
from core.wiring import Rung, wire
from tests.apps import environment
from tests.conftest import RedisServer, wait_for
from tests.reports import oracle
from tests.samples import signal

ROOT = Path(__file__).resolve().parents[2]
ALERTS, AT_ONCE = 2_000, 250


class Office:
    """A Rung with many open alerts, and processes that write their rows."""

    def __init__(self, folder: Path, server: RedisServer) -> None:
        self.env = environment(folder, server.url)
        self.rung: Rung = wire(self.env)
        self._fired = 0

    def fire(self, count: int) -> None:
        for _ in range(0, count, AT_ONCE):
            self._fired += AT_ONCE
            keys = range(self._fired - AT_ONCE, self._fired)
            self.rung.engine.receive("generic", [signal(f"k{key}", "low", labels={"team": "db"}) for key in keys])

    def change_some(self, dice: random.Random) -> None:
        ids = dice.sample(self.rung.engine.store.open_ids(0, 100_000), 20)
        for number, alert_id in enumerate(ids):
            command = Resolve if number % 3 == 0 else Acknowledge
            self.rung.engine.act(alert_id, command("user2", "api"))

    def start(self) -> subprocess.Popen[bytes]:
        env = {**os.environ, **self.env, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen([sys.executable, "-m", "functions.commands._mail_reports"], env=env, cwd=ROOT)

    def given(self):
        now = self.rung.facts.now()
        return oracle.given(self.rung.facts, now - timedelta(days=1), now + timedelta(days=1))

    def expected(self):
        return oracle.expected(self.rung.client, self.rung.facts.now(), self.rung.config.reporting.labels)


@pytest.fixture
def server():
    with tempfile.TemporaryDirectory(prefix="rung-facts-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture
def office(server, tmp_path):
    office = Office(tmp_path, server)
    office.fire(ALERTS)
    return office


def test_whoever_writes_rows_may_be_killed_at_any_time_with_redis_or_without(office, server):
    dice = random.Random(5)
    for number in range(3):
        before = office.rung.facts.changed()
        writers = [office.start(), office.start()]
        wait_for(lambda before=before: office.rung.facts.changed() < before, 30, "the first rows")
        office.change_some(dice)
        assert None in {writer.poll() for writer in writers}, "they are in the middle of it"
        for writer in writers:
            writer.kill()
            writer.wait()
        if number == 1:
            server.kill()
            server.start()
        assert office.given() == office.expected()
        office.fire(AT_ONCE)
    writers = [office.start(), office.start()]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert office.rung.facts.changed() == 0
    assert office.given() == office.expected()
    assert len(office.given()) == ALERTS + 3 * AT_ONCE
