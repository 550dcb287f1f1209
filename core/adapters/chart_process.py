"""Charts for whoever must not hold matplotlib: drawn in a process that ends, and kept in Redis for an hour."""

import base64
import hashlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any, cast

import redis

from core.adapters.redis_client import unavailable
from core.adapters.settings import ROOT

log = logging.getLogger("rung.charts")

_KEPT_FOR = 3600  # seconds
_WITHIN = 30  # seconds
# What charts are drawn from, and nothing that changes from one look to the next.
_DRAWN_FROM = ("report", "timezone", "series", "snapshots")


def charts_of(client: redis.Redis, view: Mapping[str, Any], names: Iterable[str]) -> dict[str, bytes]:
    """Give these charts of a report as PNG; none when they could not be drawn, since a report is right without."""
    wanted = list(names)
    if not wanted:
        return {}
    needed = {name: view[name] for name in _DRAWN_FROM} | {
        "figures": {name: view["figures"][name] for name in ("pages", "sla")}
    }
    asked = json.dumps({"view": needed, "names": wanted}, sort_keys=True)
    key = f"rung:charts:{hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()}"
    with unavailable():
        kept = cast("bytes | None", client.get(key))
    drawn = kept or _drawn(asked)
    if drawn and not kept:
        _keep(client, key, drawn)
    return {name: base64.b64decode(png) for name, png in json.loads(drawn).items()} if drawn else {}


def _keep(client: redis.Redis, key: str, drawn: bytes) -> None:
    """Keep them, if Redis takes anything: when it is full, people look at reports all the same."""
    try:
        client.set(key, drawn, ex=_KEPT_FOR)
    except redis.RedisError as error:
        log.warning("the charts were drawn but not kept: %s", error)


def _drawn(asked: str) -> bytes | None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    command = [sys.executable, "-m", "core.adapters.charts"]
    try:
        # What runs is ours; what was asked for goes in as its input.
        done = subprocess.run(  # noqa: S603
            command, input=asked.encode(), env=env, capture_output=True, timeout=_WITHIN, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        said = (getattr(error, "stderr", None) or b"").decode("utf-8", "replace").strip().splitlines()
        log.error("the charts could not be drawn: %s", said[-1] if said else error)  # noqa: TRY400 - its last line says it
        return None
    return done.stdout
