"""What providers send twice is done once: their name for it is kept for a day, in Redis.

While it is being done it is kept for as long as a provider waits. Whoever dies over it leaves it to the next delivery.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from core.adapters.redis_client import unavailable
from core.store import StoreUnavailableError

log = logging.getLogger("rung.replies")

_BYTES = 9
_DOING_FOR = 20  # seconds
_DONE_FOR = 86_400


@contextmanager
def once(client: redis.Redis, name: str) -> Iterator[bool]:
    """Give whether this is the first time; the name is kept unless what is done ends with an error."""
    key = f"rung:reply:{name}"
    ours = secrets.token_bytes(_BYTES)
    with unavailable():
        # The client asks again when a reply was lost; then the name is kept already, and by ourselves.
        is_first = bool(client.set(key, ours, nx=True, ex=_DOING_FOR)) or client.get(key) == ours
    is_done = False
    try:
        yield is_first
        is_done = True
    finally:
        if is_first:
            _remember(client, key, is_done=is_done)


def _remember(client: redis.Redis, key: str, *, is_done: bool) -> None:
    """Keep that it is done, or forget that it was begun. That Redis is away now changes nothing of what was done."""
    try:
        with unavailable():
            client.set(key, "done", ex=_DONE_FOR) if is_done else client.delete(key)
    except StoreUnavailableError as error:
        log.warning("%s may be done again when it comes again within the day: %s", key, error)
