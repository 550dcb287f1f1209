"""Which server is started, that it keeps what it is told, and what is said about a Redis that would not."""

import os
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from core.adapters import redis_server
from core.adapters.redis_server import (
    NoServerError,
    find_server,
    packaged_server,
    redis_complaints,
    server_command,
)


def program(folder, name, says):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def test_a_server_on_path_comes_before_the_packaged_one(tmp_path):
    found = program(tmp_path, "redis-server", "Redis server v=7.0.15 sha=00000000:0")
    assert find_server({"PATH": str(tmp_path)}) == found


def test_redis_comes_before_valkey_and_valkey_will_do(tmp_path):
    valkey = program(tmp_path, "valkey-server", "Valkey server v=8.0.1")
    assert find_server({"PATH": str(tmp_path)}) == valkey
    found = program(tmp_path, "redis-server", "Redis server v=6.2.0")
    assert find_server({"PATH": str(tmp_path)}) == found


@pytest.mark.parametrize("says", ["Redis server v=6.0.16", "something else", ""])
def test_a_server_that_is_too_old_or_something_else_is_passed_over(tmp_path, says):
    program(tmp_path, "redis-server", says)
    assert find_server({"PATH": str(tmp_path)}) == packaged_server()


def test_without_a_server_on_path_the_packaged_one_is_taken(tmp_path):
    found = find_server({"PATH": str(tmp_path)})
    assert found.name == "valkey-server"
    assert os.access(found, os.X_OK)


def test_without_any_server_the_error_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setattr(redis_server, "packaged_server", lambda: None)
    with pytest.raises(NoServerError, match=r"install redis-server 6\.2 or later.*or set REDIS_URL"):
        find_server({"PATH": str(tmp_path)})


@contextmanager
def server(binary, folder, *options):
    """Run a server until the block ends; give a client once it answers."""
    socket = folder / "redis.sock"
    command = [*server_command(binary, folder, socket), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    client = redis.Redis(unix_socket_path=str(socket))
    try:
        deadline = time.monotonic() + 10
        while not answers(client):
            assert process.poll() is None, process.stdout.read()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield client
    finally:
        client.close()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)


def answers(client):
    try:
        return client.ping()
    except redis.ConnectionError:
        return False


BINARIES = {str(each): each for each in (packaged_server(), find_server(os.environ)) if each}


@pytest.fixture(params=BINARIES.values(), ids=[path.name for path in BINARIES.values()])
def binary(request):
    return request.param


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="rung-") as short:  # a socket's path must be short
        yield Path(short)


def test_rungs_own_server_has_no_port_and_nothing_to_complain_about(binary, folder):
    with server(binary, folder) as client:
        assert client.config_get("port") == {"port": "0"}
        assert (folder / "redis.sock").stat().st_mode & 0o777 == 0o700
        assert redis_complaints(client) == []


def test_a_kill_loses_nothing_that_was_answered(binary, folder):
    with server(binary, folder) as client:
        client.set("alert", "open")
        os.kill(client.info()["process_id"], signal.SIGKILL)
    with server(binary, folder) as client:
        assert client.get("alert") == b"open"


def test_each_weak_setting_is_one_complaint_that_says_what_to_do(binary, folder):
    weak = ("--appendonly", "no", "--maxmemory-policy", "allkeys-lru", "--appendfsync", "no")
    with server(binary, folder, *weak) as client:
        keeping, evicting, syncing = redis_complaints(client)
    assert "CONFIG SET appendonly yes" in keeping
    assert "maxmemory-policy is allkeys-lru" in evicting
    assert "CONFIG SET appendfsync everysec" in syncing


def test_the_complaints_are_the_same_for_a_client_that_decodes(binary, folder):
    with server(binary, folder, "--appendfsync", "no") as client:
        decoding = redis.Redis(unix_socket_path=str(folder / "redis.sock"), decode_responses=True)
        assert redis_complaints(decoding) == redis_complaints(client) != []
        decoding.close()


def test_a_redis_that_refuses_config_is_complained_about(binary, folder):
    with server(binary, folder) as client:
        client.execute_command("ACL", "SETUSER", "default", "-config")
        [complaint] = redis_complaints(client)
    assert "refuses CONFIG" in complaint
    assert "appendfsync is everysec or always" in complaint


def test_a_redis_that_refuses_info_is_complained_about(binary, folder):
    with server(binary, folder) as client:
        client.execute_command("ACL", "SETUSER", "default", "-info")
        [complaint] = redis_complaints(client)
    assert "refuses INFO" in complaint


class OldRedis:
    """A Redis of 2020 with good settings."""

    def info(self):
        return {"redis_version": "6.0.16", "aof_enabled": 1, "maxmemory_policy": "noeviction"}

    def config_get(self, name):
        return {name: "always"}


def test_a_redis_that_is_too_old_is_complained_about():
    assert redis_complaints(OldRedis()) == ["Redis is version 6.0.16: Rung needs 6.2 or later; upgrade it"]


def test_a_redis_out_of_reach_is_no_complaint_but_an_error(folder):
    with pytest.raises(redis.ConnectionError):
        redis_complaints(redis.Redis(unix_socket_path=str(folder / "none"), retry=None))
