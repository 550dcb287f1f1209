"""A real Redis for every test that needs one: started once, emptied before each test."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from hypothesis import settings

from core.adapters.redis_server import find_server, server_command

# How long an example takes says more about what else the machine does than about the code.
settings.register_profile("rung", deadline=None)
settings.load_profile("rung")


def wait_for(condition, seconds=10.0, what="it"):
    """Poll until the condition gives something true, and give that."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.02)
    pytest.fail(f"{what} did not happen within {seconds} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RedisServer:
    """A server of our own on a unix socket, which tests may kill and start again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}?db=0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = server_command(find_server(os.environ), self.folder, self.socket)
        log = (self.folder / "redis.log").open("ab")
        self.process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_for(self.answers, what="Redis answering")

    def answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url, socket_timeout=2).ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    folder = Path(tempfile.mkdtemp(prefix="rung-test-"))  # short: a socket's path has a limit
    server = RedisServer(folder)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder)


@pytest.fixture
def client(redis_server: RedisServer) -> Iterator[redis.Redis]:
    from core.adapters.redis_client import connect

    client = connect(redis_server.url)
    client.flushall()
    yield client
    client.close()
