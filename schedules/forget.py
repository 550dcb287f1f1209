"""Twice a minute: what has been kept long enough leaves Redis, a little at a time so that nobody waits for it."""

from core.store import AlertStore

_AT_ONCE = 200
_AT_MOST = 5_000


def forget(store: AlertStore) -> int:
    """Drop what is over and has been kept long enough, and give how much that was."""
    gone = 0
    while gone < _AT_MOST and (dropped := store.forget(_AT_ONCE)):
        gone += dropped
    return gone
