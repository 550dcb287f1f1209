"""Twice a minute: what reports need of alerts that are over is written down, and what has been kept long enough goes.

In this order: an alert leaves only once its facts have been written.
"""

from datetime import timedelta

from core.adapters.redis_facts import RedisFacts
from core.mailing import keep_records
from core.wiring import Rung
from schedules.forget import forget

_AT_ONCE = 200
_AT_MOST = 600  # a quarter of a second: timers wait meanwhile


def tidy(rung: Rung) -> bool:
    """Digest and forget, so much at most; say whether there may be more of it."""
    if digest(rung.facts):
        return True
    keep = timedelta(seconds=rung.config.retention.facts)
    rung.facts.forget(keep)
    rung.reports.forget(keep, keep_records(rung.config))
    return forget(rung.engine.store)


def digest(facts: RedisFacts) -> bool:
    """Write the facts of what is over, so much at most; say whether there is more."""
    done = 0
    while done < _AT_MOST:
        written = facts.digest(_AT_ONCE)
        done += written
        if written < _AT_ONCE:
            return False
    return True
