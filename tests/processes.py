"""Rung's own processes for tests, and a supervisor of a few lines that starts again whatever dies."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
import yaml

from tests.conftest import RedisServer, free_port, wait_for

ROOT = Path(__file__).resolve().parents[1]
API_TOKEN = "api-token-of-the-tests"
SOURCE_TOKEN = "source-token-of-the-tests"


def write_config(folder: Path, config: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rung.yaml").write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")
    return folder


class Processes:
    """web, worker and scheduler against a Redis of their own; each is started again when it dies.

    `env` is what their environment has beside the usual.
    """

    def __init__(self, folder: Path, config: dict[str, Any], **env: str) -> None:
        self.folder = folder
        self.redis = RedisServer(folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PORT": str(self.port),
            "REDIS_URL": self.redis.url,
            "RUNG_CONFIG": str(write_config(folder / "config", config)),
            "RUNG_DATA": str(folder / "data"),
            "RUNG_API_TOKEN": API_TOKEN,
            "RUNG_SOURCE_TOKEN": SOURCE_TOKEN,
            "RUNG_SECRET_KEY": "k" * 32,
            "TZ": "UTC",
            **env,
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def start(self) -> None:
        self.redis.start()
        for name in ("web", "worker", "scheduler"):
            self._start(name)
        threading.Thread(target=self._keep_alive, daemon=True).start()
        wait_for(self.is_ready, 20, "web being ready")

    def stop(self) -> None:
        self._stopping.set()
        with self._lock:
            for process in self._running.values():
                process.terminate()
            for process in self._running.values():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.kill()
        self.redis.kill()

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def pids(self, name: str) -> list[int]:
        """The process of this name and all its descendants."""
        with self._lock:
            return _family(self._running[name].pid)

    def kill_one(self, name: str, dice: random.Random) -> None:
        """SIGKILL one process of this name or of its descendants; for Redis, start it again."""
        if name == "redis":
            self.redis.kill()
            self.redis.start()
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(dice.choice(self.pids(name)), signal.SIGKILL)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def _start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "functions.commands", name]
            self._running[name] = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=log, stderr=log)

    def _keep_alive(self) -> None:
        while not self._stopping.wait(0.1):
            with self._lock:
                for name in [name for name, process in self._running.items() if process.poll() is not None]:
                    if not self._stopping.is_set():
                        self._start(name)


class Api:
    """The HTTP API as a sender and an operator use it: again until it answers, as Alertmanager does."""

    def __init__(self, url: str) -> None:
        self._url = url

    def post_until_accepted(self, path: str, body: dict[str, Any], token: str, seconds: float = 60) -> dict[str, Any]:
        """Post again and again until the answer is 2xx, and give it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(requests.RequestException):
                headers = {"Authorization": f"Bearer {token}"}
                answer = requests.post(f"{self._url}{path}", json=body, headers=headers, timeout=5)
                if answer.ok:
                    return answer.json()
                assert answer.status_code in {500, 502, 503}, answer.text
            time.sleep(0.05)
        raise AssertionError(f"{path} was not accepted within {seconds} s")

    def get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {API_TOKEN}"}
        answer = requests.get(f"{self._url}{path}", headers=headers, timeout=10)
        assert answer.ok, answer.text
        return answer.json()


@contextlib.contextmanager
def running(folder: Path, config: dict[str, Any], **env: str) -> Iterator[Processes]:
    processes = Processes(folder, config, **env)
    try:
        processes.start()
        yield processes
    finally:
        processes.stop()


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(member for child in children for member in _family(int(child)))]
