"""What the workers run: RQ, one queue a process, with the parts that the jobs of that queue need."""

import os
import signal

from core.adapters.jobs import ESCALATE_QUEUE, NOTIFY_QUEUE, worker
from core.adapters.redis_client import connect
from core.adapters.sender_pool import SenderPool
from core.wiring import Rung, wire
from schedules.parts import here

_SENDERS = 8
_DEADLINE = 15.0  # seconds a send may take


def climb() -> None:
    """Run the jobs behind timers."""
    _work(_prepared(), ESCALATE_QUEUE)


def send() -> None:
    """Run the jobs that empty the outbox, with sender processes beside this one."""
    rung = _prepared()
    with SenderPool(size=_SENDERS, deadline=_DEADLINE) as pool:
        here.dispatcher = rung.dispatcher(pool, _SENDERS)
        if not rung.engine.rules.outbox_mode:
            pool.warm()  # the first page at night must not wait for processes to start
        _work(rung, NOTIFY_QUEUE)


def _prepared() -> Rung:
    here.rung = rung = wire(os.environ)
    signal.signal(signal.SIGHUP, lambda *_: rung.reload())
    return rung


def _work(rung: Rung, queue: str) -> None:
    # A client of its own: RQ stretches the time limits of the one it is given.
    worker(connect(rung.settings.redis_url), queue).work(logging_level="WARNING")
