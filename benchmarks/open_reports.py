"""The weekly report while 100,000 alerts are open: read live, from their rows, and what webhooks notice of it."""

import http.client
import json
import statistics
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from benchmarks.measures import Row
from benchmarks.open_alerts import fill
from benchmarks.stack import TOKEN, Stack, running
from core.config import Config
from core.report import make_report, window
from core.report_times import Due, Kind, schedules_of
from core.report_view import report_view
from core.wiring import Rung, wire
from tests.reports.seeds import keep, seeded

OPEN, CLOSED = 100_000, 1_000
GOAL = 5.0  # seconds
_WEEK = timedelta(weeks=1)
_SENDERS = 8
_PAUSE = 0.01  # seconds between two webhooks of a sender
_IDLE = 3.0  # seconds
_SLOWEST = 0.25  # seconds


def rows(runs: int, config: Config, closed: float) -> list[Row]:
    """Give the rows; `closed` is how long the report of as many closed alerts took in this run."""
    with running(processes=("web",)) as stack:
        rung = wire(stack.env)
        end = rung.facts.now()
        keep(stack.redis, seeded(CLOSED, end - _WEEK, end))
        stack.redis.set("rung:last_id", CLOSED)
        fill(stack.redis, config, OPEN, end - _WEEK, end)
        due = window(schedules_of(config)[Kind.WEEKLY], end, end - _WEEK, end)
        live = _span(lambda: _make(rung, config, due, end))
        writing = _span(rung.facts.digest_open)
        written = statistics.median(_span(lambda: _make(rung, config, due, end)) for _ in range(runs))
        size = sum(stack.redis.memory_usage(key, samples=0) for key in stack.redis.scan_iter("rung:facts:*")) / OPEN
        return [
            Row(
                f"a weekly report while {OPEN:,} are open, {CLOSED:,} closed",
                f"< {GOAL:.0f} s",
                f"{written:.1f} s",
                f"{closed:.1f} s for {OPEN:,} closed; {live:.0f} s when all have just changed",
                written < GOAL,
            ),
            Row(
                "writing the facts of an open alert, beside",
                "<= 1 ms",
                f"{writing / OPEN * 1e3:.2f} ms",
                "",
                writing / OPEN <= 1e-3,
            ),
            Row("Redis memory for the facts of an open alert", "<= 3 KiB", f"{size:,.0f} bytes", "", size <= 3 * 1024),
            _webhooks(stack, due, runs),
        ]


def _make(rung: Rung, config: Config, due: Due, now: datetime) -> None:
    report_view(make_report(rung.facts, config, due, now))


def _span(does: Callable[[], object]) -> float:
    began = time.perf_counter()
    does()
    return time.perf_counter() - began


def _webhooks(stack: Stack, due: Due, runs: int) -> Row:
    query = urlencode({"from": due.start.isoformat(), "to": due.end.isoformat(), "format": "json"})
    address = f"http://127.0.0.1:{stack.port}/reports/weekly?{query}"
    asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {TOKEN}"})
    idle, busy = [], []
    for _ in range(runs):
        idle += _latencies(stack.port, lambda: time.sleep(_IDLE))
        busy += _latencies(stack.port, lambda: urllib.request.urlopen(asked, timeout=300).read())
    slow, usual = (statistics.quantiles(each, n=100)[98] for each in (busy, idle))
    return Row(
        "webhooks while the web makes that report",
        f"p99 <= {_SLOWEST * 1e3:.0f} ms",
        f"p99 {slow * 1e3:.0f} ms, p50 {statistics.median(busy) * 1e3:.0f} ms",
        f"p99 {usual * 1e3:.0f} ms, p50 {statistics.median(idle) * 1e3:.0f} ms without",
        slow <= _SLOWEST,
    )


def _latencies(port: int, meanwhile: Callable[[], object]) -> list[float]:
    """Give how long each webhook took, in seconds, while something else goes on."""
    found: list[float] = []
    is_over = threading.Event()
    senders = [threading.Thread(target=_send, args=(port, number, is_over, found)) for number in range(_SENDERS)]
    for sender in senders:
        sender.start()
    try:
        meanwhile()
    finally:
        is_over.set()
        for sender in senders:
            sender.join()
    return found


def _send(port: int, number: int, is_over: threading.Event, found: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    while not is_over.wait(_PAUSE):
        body = json.dumps({"title": f"probe {number} {time.time_ns()}", "severity": "critical"})
        began = time.perf_counter()
        connection.request("POST", "/ingest/later", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 202:
            raise RuntimeError(f"a webhook was answered {answer.status}")
        found.append(time.perf_counter() - began)
