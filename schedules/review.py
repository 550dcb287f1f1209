"""The job behind a silence that was added or ended, and the scheduler's own look: open alerts show what covers them."""

from core.review import review as review_open_alerts
from core.wiring import Rung
from schedules.parts import the_rung

# After so many another job goes on, so that RQ sees a worker that lives.
_A_JOB = 5_000
_A_LOOK = 300


def review() -> None:
    """Review open alerts. State is truth: twice, or with nothing to review, it is harmless."""
    rung = the_rung()
    if review_open_alerts(rung.engine, rung.review, _A_JOB, between=rung.engine.drain):
        rung.review.hint()


def look(rung: Rung) -> None:
    """Once a second: review a few, when a silence has begun or ended by itself, or a job was lost."""
    review_open_alerts(rung.engine, rung.review, _A_LOOK)
