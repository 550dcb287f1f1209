"""What the workers run: RQ, one queue a process, with the parts that the jobs of that queue need.

The config is read by their common parent and never by them: a config that is broken on disk must not keep a worker
that died from being started again.
"""

import logging
import signal
import threading

from core.adapters.jobs import ESCALATE_QUEUE, NOTIFY_QUEUE, worker
from core.adapters.redis_client import connect
from core.adapters.sender_pool import SenderPool
from core.wiring import Rung
from schedules.parts import here

log = logging.getLogger("rung.worker")

_SENDERS = 8


def climb(rung: Rung) -> None:
    """Run the jobs behind timers."""
    _be_part_of(rung)
    _work(rung, ESCALATE_QUEUE)


def send(rung: Rung) -> None:
    """Run the jobs that empty the outbox, with sender processes beside this one."""
    _be_part_of(rung)
    with SenderPool(size=_SENDERS) as pool:
        here.dispatcher = rung.dispatcher(pool, _SENDERS)
        if not rung.engine.rules.outbox_mode:
            pool.warm()  # the first page at night must not wait for processes to start
        _work(rung, NOTIFY_QUEUE)


def reload_on_hangup(rung: Rung) -> None:
    """Have SIGHUP read the config again, outside the signal handler, where nothing else is half-done."""
    signal.signal(signal.SIGHUP, lambda *_: threading.Thread(target=rung.reload).start())


def _be_part_of(rung: Rung) -> None:
    here.rung = rung
    reload_on_hangup(rung)


def _work(rung: Rung, queue: str) -> None:
    # A client of its own: RQ stretches the time limits of the one it is given.
    rq_worker = worker(connect(rung.settings.redis_url), queue)
    here.stopping = lambda: rq_worker.stop_requested
    rq_worker.work(logging_level="WARNING")
