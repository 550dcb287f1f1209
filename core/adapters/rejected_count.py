"""How many webhooks wait to be read again, for the navigation of every page: one call, and nothing of them is read."""

import redis

from core.adapters.redis_client import unavailable


def rejected_count(client: redis.Redis) -> int:
    """Count the rejected webhooks that are kept. Raises StoreUnavailableError."""
    with unavailable():
        return client.llen("rung:rejected")
