"""The measures of design section 10. Each gives its figures of several runs, and what they are compared with."""

import contextlib
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import rate, request
from benchmarks.sink import Sink
from benchmarks.stack import ROOT, Stack, alerts, free_port, hello_world, running, wait_until
from core.alert import load


@dataclass(frozen=True)
class Row:
    """One line of the table: the figure is the median of the runs, in words with its unit."""

    goal: str
    target: str
    figure: str
    baseline: str
    met: bool


def ingest(runs: int) -> list[Row]:
    """One alert a request, and twenty, against hello world; web and Redis only, so that nothing else is measured."""
    hellos, ones, twenties = [], [], []
    with hello_world() as hello, running(processes=("web",)) as stack:
        for _ in range(runs):
            hellos.append(rate(hello, lambda count: [request("/")] * count, 6000))
            ones.append(rate(stack.port, lambda count: alerts(count, "later"), 3000))
            twenties.append(20 * rate(stack.port, lambda count: alerts(count * 20, "later", 20), 200))
    one = statistics.median(a / b for a, b in zip(ones, hellos, strict=True))
    twenty = statistics.median(a / b for a, b in zip(twenties, hellos, strict=True))
    said = f"hello world {statistics.median(hellos):,.0f} req/s"
    return [
        Row(
            "ingest, 1 alert a request, committed",
            ">= 0.3 of hello",
            f"{one:.2f} ({statistics.median(ones):,.0f}/s)",
            said,
            one >= 0.3,
        ),
        Row(
            "ingest, 20 alerts a request",
            ">= 3.3 of hello",
            f"{twenty:.2f} ({statistics.median(twenties):,.0f} alerts/s)",
            said,
            twenty >= 3.3,
        ),
    ]


def idle_latency(runs: int) -> Row:
    """From the webhook to the request at the sink, one alert at a time."""
    spans = []
    with _sink() as sink, running(f"json://127.0.0.1:{sink.port}") as stack:
        for number in range(runs * 20):
            body = alerts(1, "now")
            began = time.time()
            rate(stack.port, lambda _, body=body: body, 1, connections=1)
            spans.append(sink.wait_for(number + 1)[-1][0] - began)
    spans = spans[3:]
    p50, p95 = _percentile(spans, 50) * 1e3, _percentile(spans, 95) * 1e3
    return Row(
        "webhook accepted to request at the sink, idle",
        "p50 <= 25 ms, p95 <= 60 ms",
        f"p50 {p50:.0f} ms, p95 {p95:.0f} ms",
        "includes starting the client, some ms",
        p50 <= 25 and p95 <= 60,
    )


def burst(runs: int) -> Row:
    """A thousand alerts at once, one channel each, until all are at the sink."""
    rates = []
    with _sink() as sink, running(f"json://127.0.0.1:{sink.port}") as stack:
        for _ in range(runs):
            sink.forget()
            began = time.time()
            rate(stack.port, lambda count: alerts(count, "now"), 1000)
            rates.append(1000 / (sink.wait_for(1000)[-1][0] - began))
    median = statistics.median(rates)
    return Row("burst of 1,000 alerts until all are at the sink", ">= 300/s", f"{median:,.0f}/s", "", median >= 300)


def next_level(runs: int) -> list[Row]:
    """How late the next level is at the sink: idle, with 100,000 open, and with 1,000 due at once."""
    idle, crowded = [], []
    with _sink() as sink, running(f"json://127.0.0.1:{sink.port}") as stack:
        for _ in range(runs):
            idle += _lateness(stack, sink, 20)
        storm = [max(_lateness(stack, sink, 1000)) for _ in range(runs)]
        rate(stack.port, lambda count: alerts(count * 50, "later", 50), 2000)
        for _ in range(runs):
            crowded += _lateness(stack, sink, 20)
    return [
        _late_row("next level at the sink after it was due, idle", idle),
        _late_row("the same with 100,000 open", crowded),
        Row(
            "1,000 due at once: all at the sink",
            "within 5 s",
            f"{statistics.median(storm):.1f} s",
            "stock rq-scheduler: 8 s",
            statistics.median(storm) <= 5,
        ),
    ]


def _late_row(goal: str, spans: list[float]) -> Row:
    p99 = _percentile(spans, 99)
    return Row(goal, "p99 <= 1.5 s", f"p99 {p99:.2f} s, p50 {_percentile(spans, 50):.2f} s", "", p99 <= 1.5)


def _lateness(stack: Stack, sink: Sink, count: int) -> list[float]:
    """Raise alerts whose second level is due 6 s after; give how late each came to the sink."""
    sink.forget()
    rate(stack.port, lambda bodies: alerts(bodies * 20, "next", 20), count // 20)
    arrivals = sink.wait_for(2 * count)
    second: dict[int, float] = {}
    for at, alert in arrivals:
        second[alert] = at if alert in second else 0.0  # what comes second is the page of the second level
    return [at - _created(stack, alert) - 6 for alert, at in second.items()]


def _created(stack: Stack, alert: int) -> float:
    return load(stack.redis.hget(f"rung:alert:{alert}", "d")).created_at.timestamp()


def memory() -> list[Row]:
    """Redis memory for each open alert with its job, key and timeline; and everything that `rung up` starts."""
    with running(processes=("web",)) as stack:
        before = stack.redis.info("memory")["used_memory"]
        rate(stack.port, lambda count: alerts(count * 50, "later", 50), 200)
        each = (stack.redis.info("memory")["used_memory"] - before) / 10_000
    whole, started = _rung_up()
    return [
        Row("Redis memory for an open alert", "<= 3 KiB", f"{each / 1024:.2f} KiB", "", each <= 3 * 1024),
        Row("memory (PSS) of everything `rung up` starts", "<= 250 MiB", f"{whole:.0f} MiB", "", whole <= 250),
        Row("`rung up` to first answer", "<= 3 s", f"{started:.1f} s", "", started <= 3),
    ]


def _rung_up() -> tuple[float, float]:
    stack = Stack()
    env = {**stack.env, "PORT": str(free_port())}
    del env["REDIS_URL"]
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "functions.commands", "up"], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as up:
        try:
            assert up.stdout is not None
            wait_until(lambda: "Rung is running" in up.stdout.readline())  # type: ignore[union-attr]
            took = time.monotonic() - began
            time.sleep(5)
            return sum(_pss(pid) for pid in _family(up.pid)) / 1024, took
        finally:
            up.terminate()


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _sink():
    return contextlib.closing(Sink())


def _percentile(spans: list[float], percent: int) -> float:
    ordered = sorted(spans)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
