"""rq-scheduler as Rung uses it: a tick is one script that moves a batch of due jobs, without a lock.

What rq-scheduler does by itself (one job at a time, behind a lock that is lost or deleted by others, jobs doubled or
dropped when it is killed between two calls) was measured and is replaced here. Two schedulers may run at once.
"""

import logging
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

import redis
from rq_scheduler import Scheduler

from core.adapters.jobs import ESCALATE_QUEUE, QUEUES, RungJob, RungQueue, rq_instant
from core.adapters.presence import note_scheduler
from core.adapters.redis_client import unavailable
from core.adapters.redis_clock import Clock, server_clock
from core.adapters.scripts import register
from core.store import StoreUnavailableError

log = logging.getLogger("rung.scheduler")

TICK_EVERY = 0.2  # seconds
SWEEP_EVERY = 1.0  # seconds
TIDY_EVERY = 30.0  # seconds
_TICKS_A_SWEEP = round(SWEEP_EVERY / TICK_EVERY)
_TICKS_A_TIDYING = round(TIDY_EVERY / TICK_EVERY)
_BATCH = 1000
_WHEN_REDIS_IS_AWAY = 0.5  # seconds


class RungScheduler(Scheduler):  # type: ignore[misc]
    """A scheduler that ticks several times a second and sweeps once a second; it outlives a Redis that restarts."""

    job_class = RungJob
    queue_class = RungQueue

    def __init__(
        self,
        client: redis.Redis,
        sweep: Callable[[], object],
        clock: Clock | None = None,
        tidy: Callable[[], bool] = lambda: False,
    ) -> None:
        """Take what to do beside moving jobs: `sweep` once a second, `tidy` twice a minute.

        `tidy` says whether it left something to do; then it is called every second until it has not.
        """
        super().__init__(queue_name=ESCALATE_QUEUE, connection=client, interval=TICK_EVERY)
        self._tick = register(client, "tick")
        self._sweep = sweep
        self._tidy = tidy
        self._is_untidy = False
        self._clock = clock or server_clock
        self._stopping = False

    def enqueue_jobs(self) -> int:
        """Move what is due until nothing more is, and give how many jobs moved."""
        total = 0
        while True:
            moved = self._move_batch()
            total += moved
            if moved < _BATCH:
                return total

    def run(self, burst: bool = False) -> None:  # noqa: FBT001, FBT002 - the signature of rq-scheduler
        """Tick and sweep until told to stop; once only with `burst`."""
        ticks = 0
        while not self._stopping:
            pause = self._one_round(ticks)
            ticks += 1
            if burst:
                return
            time.sleep(pause)

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """End the loop after the tick under way."""
        self._stopping = True

    def stop_on_signals(self) -> None:
        """End the loop on SIGINT and SIGTERM."""
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)

    def _one_round(self, tick: int) -> float:
        try:
            self.enqueue_jobs()
            if tick % _TICKS_A_SWEEP == 0:
                self._sweep()
                with unavailable():
                    note_scheduler(self.connection)
            if tick % _TICKS_A_TIDYING == 0 or (self._is_untidy and tick % _TICKS_A_SWEEP == 0):
                self._is_untidy = self._tidy()
        except StoreUnavailableError as error:
            log.warning("%s; trying again", error)
            return _WHEN_REDIS_IS_AWAY
        return TICK_EVERY

    def _move_batch(self) -> int:
        instant = rq_instant(datetime.now(UTC))  # for people who look at RQ's hashes; nothing is decided by it
        with unavailable():
            moved, parked = self._tick(args=[self._clock(), instant, _BATCH, *QUEUES])
        if parked:
            log.error("%d unreadable jobs were parked in rung:parked; their alerts are swept", parked)
        return int(moved)
