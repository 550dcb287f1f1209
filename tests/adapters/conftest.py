"""A Redis of a test's own, which it may kill, starve or corrupt."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import RedisServer


@pytest.fixture
def own_server() -> Iterator[RedisServer]:
    folder = Path(tempfile.mkdtemp(prefix="rung-own-"))  # short: a socket's path has a limit
    server = RedisServer(folder)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder)
