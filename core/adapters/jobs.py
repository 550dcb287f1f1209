"""RQ as Rung uses it: job data is JSON, only functions on the list below run, and a queue skips what is gone.

The commit script writes job hashes itself, in one step with the alert they are about; `timer_job` gives their fields.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import redis
from rq import Queue, SimpleWorker
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.serializers import JSONSerializer

from core.alert import Alert
from core.messages import say_what_is_due

log = logging.getLogger("rung.worker")

ESCALATE_QUEUE = "escalate"
NOTIFY_QUEUE = "notify"
QUEUES = (ESCALATE_QUEUE, NOTIFY_QUEUE)

_ESCALATE = "schedules.escalate.escalate"
_NOTIFY = "schedules.notify.notify"
_REVIEW = "schedules.review.review"
ALLOWED = frozenset({_ESCALATE, _NOTIFY, _REVIEW})


class ForbiddenJobError(RuntimeError):
    """A job names a function that is not on the list. It is not run."""


class RungJob(Job):
    """A job whose data is JSON and whose function stands on the list."""

    def __init__(self, id: str | None = None, connection: Any = None, serializer: Any = None) -> None:  # noqa: A002, ARG002 - RQ's own names
        super().__init__(id, connection, JSONSerializer)

    @property
    def func(self) -> Callable[..., Any]:
        """Give the function, if it may run."""
        if self.func_name not in ALLOWED or self.instance is not None:
            raise ForbiddenJobError(f"job {self.id} names {self.func_name!r}, which is not one of {sorted(ALLOWED)}")
        return super().func  # type: ignore[no-any-return]

    def restore(self, raw_data: Any) -> Any:
        """Read a job and forget what could call other code: callbacks and webhooks."""
        restored = super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []
        return restored

    def cleanup(self, ttl: int | None = None, pipeline: Any = None, remove_from_queue: bool = True) -> None:  # noqa: FBT001, FBT002 - RQ's signature
        """Drop a job that is done. Its own commit may have dropped it already, where RQ would take offence."""
        if ttl == 0:
            (pipeline if pipeline is not None else self.connection).delete(self.key)
        else:
            super().cleanup(ttl, pipeline, remove_from_queue)


class RungQueue(Queue):
    """A queue that clears away the id of a job that is gone: its timer was replaced after it had come due.

    A job that cannot be read is parked; RQ's worker would quit over it.
    """

    job_class = RungJob

    @classmethod
    def _fetch_dequeued_job(cls, connection: Any, queue_key: str, job_id: str, *args: Any, **kwargs: Any) -> Any:
        try:
            found = super()._fetch_dequeued_job(connection, queue_key, job_id, *args, **kwargs)
        except (redis.ConnectionError, redis.TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of jobs; a forged hash makes RQ raise whatever it likes
            log.error("job %s cannot be read and is parked in rung:parked: %r", job_id, error)  # noqa: TRY400
            connection.hset("rung:parked", job_id, f"{error!r}")
            found = None
        if found is None:
            IntermediateQueue(queue_key, connection).remove(job_id)
        return found


class RungWorker(SimpleWorker):
    """A worker that runs jobs in its own process and comes back within a second after Redis does."""

    job_class = RungJob
    queue_class = RungQueue
    max_connection_wait_time = 1.0
    log_result_lifespan = False

    @property
    def stop_requested(self) -> bool:
        """Say whether this worker has been told to stop after its job."""
        return self._stop_requested


def worker(connection: redis.Redis, queue: str) -> RungWorker:
    """Give a worker for one queue: RQ loses jobs of a killed worker that listens on two."""
    queues = [RungQueue(queue, connection=connection)]
    return RungWorker(queues, connection=connection, log_job_description=False, worker_ttl=60)


@lru_cache(16)  # everything in a commit is of one instant
def rq_instant(instant: datetime) -> str:
    """Write an instant as RQ does in job hashes."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def timer_id(alert: Alert) -> str:
    """Give the id of the job that holds the alert's timer."""
    return f"escalate-{alert.id}-{alert.timer}"


def timer_job(alert: Alert, now: datetime) -> list[str]:
    """Give the job that holds the alert's timer: its id, then the fields and values of its hash. Empty without one."""
    if alert.wake_at is None:
        return []
    return [
        timer_id(alert),
        *("created_at", rq_instant(now)),
        *("data", f'["{_ESCALATE}",null,[{alert.id},{alert.timer}],{{}}]'),
        *("origin", ESCALATE_QUEUE),
        *("description", f"alert {alert.id}: {say_what_is_due(alert)}"),
        *("status", "scheduled"),
        *("timeout", "-1"),
        *("result_ttl", "0"),
        *("failure_ttl", "3600"),
    ]
