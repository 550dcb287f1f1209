"""How many answers went to somebody of late, counted in Redis: two machines must not write to each other for ever."""

import redis

from core.adapters.redis_client import unavailable

WITHIN = 600  # seconds, from the first that counts


def count_answer(client: redis.Redis, name: str) -> int:
    """Count one more answer of this name, and give how many there were within ten minutes."""
    key = f"rung:answers:{name}"
    with unavailable(), client.pipeline(transaction=True) as pipe:
        pipe.set(key, 0, nx=True, ex=WITHIN)
        pipe.incr(key)
        return int(pipe.execute()[1])
