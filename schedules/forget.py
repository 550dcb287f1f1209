"""Twice a minute: what has been kept long enough leaves Redis, a little at a time so that nobody waits for it."""

from core.store import AlertStore
from core.wiring import Rung

_AT_ONCE = 200
_AT_MOST = 5_000


def forget(store: AlertStore) -> bool:
    """Drop what is over and has been kept long enough, so much at most; say whether there may be more of it."""
    gone = 0
    while gone < _AT_MOST:
        dropped = store.forget(_AT_ONCE)
        if not dropped:
            return False
        gone += dropped
    return True


def forget_orders(rung: Rung) -> int:
    """Drop overrides and silences that ended as long ago as resolved alerts are kept, and say how many."""
    _, now = rung.engine.present()
    return rung.standing.forget(now, rung.engine.rules.keep_resolved)
