"""Sender processes: killed at the deadline and replaced, so that a hung target holds up nobody but itself.

Whatever happens to a process, the future of a send ends in an Outcome.
"""

import multiprocessing
import signal
import threading
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from core.adapters import sender_process
from core.adapters.sender_forkserver import run_fork_server, when_forked
from core.outcomes import Message, Outcome, OutcomeKind

_PATIENCE = 2.0

_Task = Future[Outcome]


class SenderPool:
    """Sends messages in `size` processes, each send within `deadline` seconds from its own start.

    Processes start with the first send, or with `warm()`. One pool serves every thread of its process,
    and a fork of that process starts its own.
    """

    def __init__(self, size: int = 8, deadline: float = 15.0) -> None:
        self._size = size
        self._deadline = deadline
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._tasks: set[_Task] = set()
        self._closed = False
        when_forked(self._forget)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Start the processes now; returns when the first is ready, BrokenProcessPool when none can be."""
        with self._lock:
            ready = self._running_pool().schedule(sender_process.is_preloaded)
        ready.result()

    def submit(self, url: str, message: Message) -> Future[Outcome]:
        """Send when a process is free. The future gives an Outcome in every case, and cannot be cancelled."""
        answer: Future[Outcome] = Future()
        answer.set_running_or_notify_cancel()
        task = self._schedule(url, message)
        if task is None:
            answer.set_result(Outcome(OutcomeKind.UNAVAILABLE, "no sender process could be started"))
        else:
            task.add_done_callback(partial(self._settle, answer))
        return answer

    def close(self, patience: float = _PATIENCE) -> None:
        """Take no more, wait `patience` seconds for what is under way, then end the processes."""
        with self._lock:
            self._closed = True
            pool, tasks, self._pool = self._pool, set(self._tasks), None
        wait(tasks, timeout=patience)
        if pool is not None:
            _end(pool, tasks)

    def _forget(self) -> None:
        """Begin again without processes, in a fork: the parent's are not ours, and its lock may be held."""
        self._lock = threading.Lock()
        self._pool = None
        self._tasks = set()

    def _schedule(self, url: str, message: Message) -> _Task | None:
        with self._lock:
            if self._closed:
                raise RuntimeError("the sender pool is closed: submit before close()")
            pool = self._running_pool()
            arguments = (url, message, self._deadline)
            try:
                task: _Task = pool.schedule(sender_process.run, args=arguments, timeout=self._deadline)
            except RuntimeError:
                # It broke since we looked. The ledger sends again, into a new pool.
                return None
            self._tasks.add(task)
        return task

    def _running_pool(self) -> ProcessPool:
        if self._pool is not None and self._pool.active:
            return self._pool
        if self._pool is not None:
            threading.Thread(target=_end, args=(self._pool, self._tasks), daemon=True).start()
        run_fork_server()
        context = multiprocessing.get_context("forkserver")
        self._tasks = set()
        self._pool = ProcessPool(self._size, initializer=sender_process.start, context=context)
        return self._pool

    def _settle(self, answer: Future[Outcome], task: _Task) -> None:
        with self._lock:
            self._tasks.discard(task)
        answer.set_result(self._outcome(task))

    def _outcome(self, task: _Task) -> Outcome:
        if task.cancelled():
            return Outcome(OutcomeKind.UNAVAILABLE, "the sender process was stopped")
        match task.exception():
            case None:
                return task.result()
            case TimeoutError():
                return self._too_late()
            case ProcessExpired(exitcode=code) if code == -signal.SIGALRM:
                return self._too_late()
            case ProcessExpired() | BrokenProcessPool():
                what = "was stopped" if self._closed else "died"
                return Outcome(OutcomeKind.UNAVAILABLE, f"the sender process {what}")
            case error:
                return Outcome(OutcomeKind.UNAVAILABLE, f"the sender failed ({type(error).__name__})")

    def _too_late(self) -> Outcome:
        return Outcome(OutcomeKind.UNAVAILABLE, f"no answer within {self._deadline:g} s")


def _end(pool: ProcessPool, tasks: set[_Task]) -> None:
    """End a pool's processes, then settle what they will never settle."""
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()
    for task in list(tasks):
        task.cancel()
