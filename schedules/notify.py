"""The job behind the outbox: send what is due until nothing is."""

from schedules.parts import here, the_dispatcher

# After so long another job goes on, so that RQ sees a worker that lives.
_BUDGET = 30.0  # seconds


def notify() -> None:
    """Send every notification that is due. Twice, or with nothing to send, it is harmless."""
    the_dispatcher().drain(_BUDGET, here.stopping)
