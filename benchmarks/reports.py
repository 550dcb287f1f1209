"""How long a report of 100,000 alerts takes, and that it costs what its window costs and not all history."""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import redis

from benchmarks import open_reports
from benchmarks.measures import Row
from benchmarks.stack import wait_until
from core.adapters.redis_facts import RedisFacts
from core.adapters.redis_server import find_server, server_command
from core.config import Config
from core.report import make_report, window
from core.report_times import Due, Kind, last_due, schedules_of
from core.report_view import report_view
from tests.reports.seeds import keep, seeded
from tests.samples import config

ALERTS = 100_000
GOAL = 2.0  # seconds
_END = datetime(2026, 11, 23, tzinfo=UTC)
_WEEK = timedelta(weeks=1)


def rows(runs: int = 5) -> list[Row]:
    """Reports of 100,000 closed alerts, of one day of seven, and while as many are open; what facts take in Redis."""
    closed, found = _of_closed(runs)
    return [*found, *open_reports.rows(runs, _config("weekly"), closed)]


def _of_closed(runs: int) -> tuple[float, list[Row]]:
    folder = Path(tempfile.mkdtemp(prefix="rung-bench-"))
    socket = folder / "redis.sock"
    server = subprocess.Popen(server_command(find_server(os.environ), folder, socket), stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis.from_url(f"unix://{socket}?db=0")
        wait_until(socket.exists)
        keep(client, seeded(ALERTS, _END - _WEEK, _END))
        return _measured(client, runs)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def _measured(client: redis.Redis, runs: int) -> tuple[float, list[Row]]:
    now = _END + timedelta(hours=9)
    facts = RedisFacts(client, lambda: repr(now.timestamp()))
    weekly, daily = _config("weekly"), _config("daily")
    whole = _median(facts, weekly, window(schedules_of(weekly)[Kind.WEEKLY], now, _END - _WEEK, _END), now, runs)
    a_day = _median(facts, daily, last_due(schedules_of(daily)[Kind.DAILY], now), now, runs)
    size = sum(client.memory_usage(key, samples=0) for key in client.scan_iter("rung:facts:*")) / ALERTS
    said = "figures, the window before, budgets, 200 alerts named"
    return whole, [
        Row(f"a report of {ALERTS:,} closed alerts", f"< {GOAL:.0f} s", f"{whole:.2f} s", said, whole < GOAL),
        Row(
            "a report of one day of seven",
            f"< {GOAL / 2:.0f} s",
            f"{a_day:.2f} s",
            "reads the day before too",
            a_day < GOAL / 2,
        ),
        Row("Redis memory for the facts of an alert", "<= 1 KiB", f"{size:,.0f} bytes", "", size <= 1024),
    ]


def _median(facts: RedisFacts, given: Config, due: Due, now: datetime, runs: int) -> float:
    spans = []
    for _ in range(runs):
        began = time.perf_counter()
        report_view(make_report(facts, given, due, now))
        spans.append(time.perf_counter() - began)
    return statistics.median(spans)


def _config(interval: str) -> Config:
    owed = {"acknowledgment_time": 300, "resolution_time": 3600, "business_hours": False, "allowed_breaches": 2}
    definitions = dict.fromkeys(("critical", "high", "medium"), owed)
    return config(sla={"definitions": definitions, "reporting": {"enabled": False, "interval": interval}})
