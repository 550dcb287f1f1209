"""A few processes forked from one that has loaded everything: what dies is started again, and all end with it."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType

log = logging.getLogger("rung.worker")

_PAUSE = 0.5  # seconds before a process that died is started again
_LOOK_EVERY = 0.1  # seconds between looks for a child that died, or a parent that is gone
_STOP_WITHIN = 2.0  # seconds; then they are killed


class ProcessGroup:
    """Runs each function in a process of its own until told to stop."""

    def __init__(self, mains: Mapping[str, Callable[[], None]], on_hangup: Callable[[], object] = lambda: None) -> None:
        """Take what to run, by name, and what to do here on SIGHUP before it is handed on."""
        self._mains = mains
        self._on_hangup = on_hangup
        self._hung_up = False
        self._names: dict[int, str] = {}
        self._stopping = False

    def run(self) -> None:
        """Start all, keep them running, stop all on SIGTERM or SIGINT, hand SIGHUP on."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, self._note_hangup)
        for name in self._mains:
            self._start(name)
        while self._names:
            self._look_after_them()

    def _look_after_them(self) -> None:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            self._restart(pid, status)
        elif self._hung_up:
            self._hung_up = False
            self._on_hangup()
            self._signal_all(signal.SIGHUP)
        else:
            time.sleep(_LOOK_EVERY)

    def _start(self, name: str) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _be_child(self._mains[name], parent)
        self._names[pid] = name
        if self._stopping:  # the signal came between the look and the fork
            os.kill(pid, signal.SIGTERM)

    def _restart(self, pid: int, status: int) -> None:
        name = self._names.pop(pid)
        if self._stopping:
            return
        log.warning("the %s died (%s); starting it again", name, _say(status))
        time.sleep(_PAUSE)
        if not self._stopping:
            self._start(name)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping:
            return
        self._stopping = True
        self._signal_all(signal.SIGTERM)
        last_resort = threading.Timer(_STOP_WITHIN, self._signal_all, [signal.SIGKILL])
        last_resort.daemon = True  # it must not keep this process when all have ended in time
        last_resort.start()

    def _note_hangup(self, _number: int, _frame: FrameType | None) -> None:
        self._hung_up = True

    def _signal_all(self, number: int) -> None:
        for pid in list(self._names):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue


def _be_child(main: Callable[[], None], parent: int) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=[parent], daemon=True).start()
    code = 1
    try:
        main()
        code = 0
    except Exception:
        log.exception("a worker failed")
    finally:
        logging.shutdown()
        os._exit(code)


def _end_with(parent: int) -> None:
    """End this process when the one that forked it is gone, so that a kill -9 leaves nothing behind."""
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGKILL)


def _say(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit code {os.waitstatus_to_exitcode(status)}"
