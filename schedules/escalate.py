"""The job behind an alert's timer: do whatever is due for it, then for every other alert."""

from schedules.parts import the_rung


def escalate(alert_id: int, timer: int) -> None:
    """Wake an alert. State is truth: a job that comes early, late or twice finds nothing to do."""
    engine = the_rung().engine
    engine.wake(alert_id, timer)
    engine.drain()
