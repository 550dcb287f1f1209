"""What providers send twice is done once: their name for it is kept for a day, in Redis.

While it is being done it is kept for as long as a provider waits. Whoever dies over it leaves it to the next delivery.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from core.adapters.redis_client import unavailable

_DOING_FOR = 20  # seconds
_DONE_FOR = 86_400


@contextmanager
def once(client: redis.Redis, name: str) -> Iterator[bool]:
    """Give whether this is the first time; the name is kept unless what is done ends with an error."""
    key = f"rung:reply:{name}"
    with unavailable():
        is_first = bool(client.set(key, "doing", nx=True, ex=_DOING_FOR))
    is_done = False
    try:
        yield is_first
        is_done = True
    finally:
        if is_first:
            with unavailable():
                client.set(key, "done", ex=_DONE_FOR) if is_done else client.delete(key)
