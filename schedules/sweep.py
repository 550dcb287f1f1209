"""Once a second: what is over a second overdue and that no job has taken is done here, so many at most."""

from core.engine import Engine

_OVERDUE_BY = 1.0  # seconds
_AT_MOST = 500


def sweep(engine: Engine) -> int:
    """Do what is overdue, in this process, pushing no jobs: a sweep that pushes jobs feeds its own backlog."""
    return engine.drain(_OVERDUE_BY, _AT_MOST)
