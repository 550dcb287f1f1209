"""How far the review of open alerts has come, in Redis; and the job that goes on with it."""

import json
from datetime import UTC, datetime

import redis

from core.adapters.jobs import rq_instant
from core.adapters.redis_client import unavailable
from core.adapters.scripts import register
from core.review import Mark

_MARK = "rung:review"


class RedisReview:
    """Reads and writes the mark. Every call raises StoreUnavailableError when it cannot be done."""

    def __init__(self, client: redis.Redis) -> None:
        """Take a client; nothing is sent until the first call."""
        self._client = client
        self._hint = register(client, "hint_review")

    def read(self) -> Mark:
        """Give the mark. A damaged one says that nothing was reviewed yet, which costs one more review."""
        with unavailable():
            written = self._client.get(_MARK)
        try:
            about, after, is_done = json.loads(written or "")
            return Mark(str(about), int(after), bool(is_done))
        except (ValueError, TypeError):
            return Mark()

    def write(self, mark: Mark) -> None:
        """Keep it."""
        with unavailable():
            self._client.set(_MARK, json.dumps([mark.about, mark.after, mark.is_done]))

    def hint(self) -> None:
        """Have a worker review soon, unless one is about to."""
        with unavailable():
            self._hint(args=[rq_instant(datetime.now(UTC))])  # for people who look at RQ's hashes
