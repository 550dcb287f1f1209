"""The one clock of every process on every machine: that of Redis. Tests give another, of simulated time."""

from collections.abc import Callable

import redis

from core.adapters.redis_client import unavailable

# Gives seconds since 1970 as text, for a script; '' where the script is to ask its own server.
Clock = Callable[[], str]


def server_clock() -> str:
    """Let Redis tell the time."""
    return ""


def seconds_now(client: redis.Redis, clock: Clock) -> float:
    """Give the clock in seconds since 1970. Raises StoreUnavailableError."""
    if told := clock():
        return float(told)
    with unavailable():
        seconds, micros = client.time()
    return float(seconds) + micros / 1e6
