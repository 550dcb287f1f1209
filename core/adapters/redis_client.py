"""One way to make a Redis client: short time limits, a few quick repeats, and one error for "out of reach"."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from core.store import StoreUnavailableError

# A call is repeated when its reply was lost, so everything sent this way must bear being done twice.
_REPEATS = 2
_ANSWER_WITHIN = 2.0  # seconds; with the repeats a Redis that hangs is noticed well before senders give up
_CONNECT_WITHIN = 1.0  # seconds


def connect(url: str) -> redis.Redis:
    """Give a client for this address; it connects when it is first used."""
    return redis.Redis.from_url(
        url,
        socket_timeout=_ANSWER_WITHIN,
        socket_connect_timeout=_CONNECT_WITHIN,
        retry=Retry(ExponentialBackoff(cap=0.2, base=0.02), _REPEATS),
        retry_on_error=[redis.ConnectionError, redis.TimeoutError],
        health_check_interval=30,
    )


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn every error of Redis into StoreUnavailableError, in words."""
    try:
        yield
    except redis.RedisError as error:
        raise StoreUnavailableError(f"Redis is out of reach or refuses to write: {_say(error)}") from error


def _say(error: redis.RedisError) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no reason given'}"
