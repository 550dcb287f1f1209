"""Presence: which of Rung's processes are there, and whether they agree, seen from what they leave in Redis."""

import hashlib
import hmac

import redis
from rq.worker_registration import get_keys

from core.adapters.jobs import ESCALATE_QUEUE, NOTIFY_QUEUE, RungQueue

_SCHEDULER = "rung:scheduler"
_SCHEDULER_GONE_AFTER = 15  # seconds
_KEY = "rung:secret_key"


def note_scheduler(client: redis.Redis) -> None:
    """Say that a scheduler is there, for the next seconds."""
    client.set(_SCHEDULER, 1, ex=_SCHEDULER_GONE_AFTER)


def missing_processes(client: redis.Redis) -> list[str]:
    """Say which processes nobody has seen for a while, and what does not happen without them."""
    missing = [] if client.exists(_SCHEDULER) else ["no scheduler runs: no level fires in time; start `rung scheduler`"]
    for queue, what in ((ESCALATE_QUEUE, "levels fire late"), (NOTIFY_QUEUE, "nobody is paged")):
        if not _has_worker(client, queue):
            missing.append(f"no worker takes jobs from the queue {queue!r}: {what}; start `rung worker`")
    return missing


def key_complaints(client: redis.Redis, secret_key: str) -> list[str]:
    """Say so when another process signs links with another key. The last one to start is remembered."""
    before = client.set(_KEY, _mark(secret_key), get=True)
    if before is None or before == _mark(secret_key):
        return []
    complaint = (
        "RUNG_SECRET_KEY is not the one that another process of this Rung had: links in messages lead nowhere "
        "when they differ; give every process the same"
    )
    return [complaint]


def key_differs(client: redis.Redis, secret_key: str) -> bool:
    """Say whether processes sign links with another key than this one. Nothing is noted."""
    last = client.get(_KEY)
    return last is not None and last != _mark(secret_key)


def _mark(secret_key: str) -> bytes:
    return hmac.new(secret_key.encode(), b"rung.key-check", hashlib.sha256).hexdigest()[:16].encode()


def _has_worker(client: redis.Redis, queue: str) -> bool:
    return any(client.exists(key) for key in get_keys(RungQueue(queue, connection=client)))
