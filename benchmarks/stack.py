"""What is measured: Rung's own processes against a Redis of their own, and hello-world on the same gunicorn."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import redis
import yaml

from benchmarks.load import request
from core.adapters.redis_server import find_server, server_command

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "a-token-for-the-benchmark"


def policy(*levels: tuple[int, int]) -> dict:
    """A ladder of (delay, timeout) levels, one person and one channel each."""
    return {
        "levels": [
            {
                "level": f"level{n}",
                "delay": delay,
                "notification_channels": ["hook"],
                "responders": ["someone"],
                "timeout": timeout,
            }
            for n, (delay, timeout) in enumerate(levels)
        ],
        "repeat_interval": 86400,
        "max_repeats": 0,
        "sla_timeout": 86400,
    }


def config(hook: str) -> dict:
    """Sources by what their alerts do: `now` pages once, `next` climbs after 6 s, `later` waits a day."""
    policies = {
        "now": policy((0, 86400)),
        "next": policy((0, 1), (6, 86400)),
        "later": policy((86400, 86400)),
    }
    return {
        "escalation": {"policies": policies, "default_policy": "now", "catch_all": [], "reopen_within": 300},
        "people": {"someone": {"hook": "x"}},
        "channels": {"hook": {"url": hook}},
        "sources": {name: {"type": "generic", "token": TOKEN, "policy": name} for name in policies},
        # A burst pages one person on one channel, and every page is to be sent, not a bundle of them.
        "bundling": {"after": 0},
    }


class Stack:
    """Redis and the processes named, in a folder of their own."""

    def __init__(self, hook: str = "", processes: tuple[str, ...] = ("web", "worker", "scheduler")) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rung-bench-"))
        self.socket = self.folder / "redis.sock"
        self.port = free_port()
        self._names = processes
        self._running: list[subprocess.Popen[bytes]] = []
        (self.folder / "config").mkdir()
        (self.folder / "config" / "rung.yaml").write_text(yaml.safe_dump(config(hook)))
        self.env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PORT": str(self.port),
            "REDIS_URL": f"unix://{self.socket}?db=0",
            "RUNG_CONFIG": str(self.folder / "config"),
            "RUNG_DATA": str(self.folder),
            "RUNG_API_TOKEN": TOKEN,
            "TZ": "UTC",
        }

    @property
    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(self.env["REDIS_URL"])

    def start(self) -> None:
        self._spawn("redis", *server_command(find_server(os.environ), self.folder, self.socket))
        wait_until(self.socket.exists)
        for name in self._names:
            self._spawn(name, sys.executable, "-m", "functions.commands", name)
        wait_until(lambda: answers(self.port, "/readyz"))
        if "worker" in self._names:
            wait_until(lambda: self.redis.scard("rq:workers") >= 2)
            time.sleep(1)  # the sender processes

    def stop(self) -> None:
        for process in reversed(self._running):
            process.terminate()
            process.wait(20)

    def _spawn(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self._running.append(subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=log, stderr=log))


@contextlib.contextmanager
def running(hook: str = "", processes: tuple[str, ...] = ("web", "worker", "scheduler")) -> Iterator[Stack]:
    stack = Stack(hook, processes)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@contextlib.contextmanager
def hello_world() -> Iterator[int]:
    """Give the port of a Flask app that says hello, on gunicorn as Rung runs it."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.hello", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
        try:
            wait_until(lambda: answers(port, "/"))
            yield port
        finally:
            process.terminate()


def alerts(count: int, source: str, each: int = 1) -> list[bytes]:
    """Give requests that raise so many alerts, `each` to a body, no two alike."""
    mark = time.time_ns()
    bodies = (
        [{"title": f"alert {mark} {n} {i}", "severity": "critical", "labels": {"host": "db1"}} for i in range(each)]
        for n in range(count // each)
    )
    path = f"/ingest/{source}"
    return [request(path, json.dumps(body if each > 1 else body[0]).encode(), TOKEN) for body in bodies]


def answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until(condition, seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError("it did not start")
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
