"""Session: one run of `rung up`, from the start of its processes until none is left."""

import json
import os
import re
import shutil
import signal
import subprocess
import time

from core.adapters import data_lock
from core.adapters.log_follower import LogFollower
from core.adapters.secrets_file import write_private
from core.adapters.supervision import LOCK_DESCRIPTOR_FROM, STOP_SECONDS, Supervision, SupervisionError
from functions.commands._readiness import is_ready, probe, what_is_wrong
from functions.commands._signals import Signals
from functions.commands._stack import Stack
from functions.commands._terminal import Terminal

_TICK_SECONDS = 0.1
_COMPLAIN_AFTER = 10.0  # seconds without an answer
_LOCK_PATIENCE = 6.0  # seconds that what an earlier run left needs to stop
_WATCHED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
_STOPPING = {signal.SIGINT, signal.SIGTERM}
_SUPERVISOR = "supervisord"
_WORTH_SAYING = re.compile(r"exited: |spawned: |spawnerr: |with SIGKILL")


def take_config(stack: Stack) -> bool:
    """Have the config validated, and copy it to where the processes read it when it is good.

    The faults go to standard error. A process that dies while the operator's folder holds a fault starts again with
    the copy.
    """
    env = {**stack.env, "RUNG_CONFIG": str(stack.settings.config)}
    # Our own module, run by our own interpreter.
    if subprocess.run(stack.config_check, env=env, check=False).returncode:  # noqa: S603
        return False
    fresh = stack.run_folder / "config.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    for file in stack.settings.config.glob("*.yaml"):
        shutil.copyfile(file, fresh / file.name)
    shutil.rmtree(stack.config_copy, ignore_errors=True)
    fresh.rename(stack.config_copy)
    return True


def lock_data(stack: Stack) -> int:
    """Take the data folder for one run; give the descriptor. Raises AlreadyRunningError."""
    return data_lock.acquire(stack.run_folder / "lock", LOCK_DESCRIPTOR_FROM, _LOCK_PATIENCE)


class Session:
    """The processes, their logs on the terminal, and what the signals ask for."""

    def __init__(self, stack: Stack, lock: int, terminal: Terminal) -> None:
        self._stack = stack
        self._lock: int | None = lock
        self._terminal = terminal
        self._supervision = Supervision(stack.programs, stack.run_folder, stack.env)
        self._run_file = stack.settings.data / "run.json"
        names = (_SUPERVISOR, *(each.name for each in stack.programs if not each.needed_by_others))
        self._logs = {name: LogFollower(self._supervision.log(name)) for name in names}
        self._ready = False
        self._complain_at = time.monotonic() + _COMPLAIN_AFTER

    def run(self) -> None:
        """Keep everything running until SIGINT, SIGTERM or the end of the terminal; then stop it all."""
        with Signals(*_WATCHED) as signals:
            try:
                self._start()
                while not _STOPPING & (arrived := signals.wait(_TICK_SECONDS)) and not self._left_alone(arrived):
                    self._tick(reload=signal.SIGHUP in arrived)
            finally:
                self._stop()

    def _left_alone(self, arrived: set[int]) -> bool:
        return self._terminal.is_gone or (signal.SIGHUP in arrived and self._terminal.has_hung_up())

    def _tick(self, *, reload: bool) -> None:
        self._show_logs()
        if self._supervision.ended:
            self._start_again()
        if not self._ready:
            self._look_whether_ready()
        if reload:
            self._reload()

    def _show_logs(self) -> None:
        for name, log in self._logs.items():
            for line in log.lines():
                if name != _SUPERVISOR:
                    self._terminal.say(f"{name:<10}| {line}")
                elif self._ready and _WORTH_SAYING.search(line):
                    self._terminal.say(f"{'up':<10}| {line}")

    def _look_whether_ready(self) -> None:
        if is_ready(probe(self._stack.settings.port)):
            self._ready = True
            self._write_run_file()
            self._greet()
        elif time.monotonic() > self._complain_at:
            self._complain_at = float("inf")
            for line in what_is_wrong(self._stack, self._supervision):
                self._terminal.say(f"{'up':<10}| {line}")
            self._terminal.say(f"{'up':<10}| Rung keeps trying; Ctrl-C stops it.")

    def _greet(self) -> None:
        # Imported here because it is not needed before the first answer, and rich takes its time.
        from functions.commands._banner import banner

        self._terminal.say(banner(self._stack))

    def _write_run_file(self) -> None:
        found = {
            "url": self._stack.url,
            "redis_url": self._stack.redis_url,
            "pid": os.getpid(),
            "api_token": self._stack.secrets.api_token,
        }
        write_private(self._run_file, json.dumps(found, indent=2) + "\n")

    def _reload(self) -> None:
        if not take_config(self._stack):
            self._terminal.say(f"{'up':<10}| nothing was changed: the processes go on with the config they have")
            return
        try:
            self._supervision.reload()
        except SupervisionError as error:
            self._terminal.say(f"{'up':<10}| the new config was not handed on ({error}); send SIGHUP again")
        else:
            self._terminal.say(f"{'up':<10}| the config is good and was handed on")

    def _start_again(self) -> None:
        """Start supervisord anew once all that the dead one ran has ended."""
        self._supervision.require_long_life()
        self._terminal.say(f"{'up':<10}| supervisord died; starting everything again")
        self._unlock()
        self._lock = lock_data(self._stack)
        self._start()

    def _start(self) -> None:
        if self._lock is not None:
            self._supervision.start(self._lock)

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _stop(self) -> None:
        self._terminal.say(f"{'up':<10}| stopping")
        self._run_file.unlink(missing_ok=True)
        self._supervision.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        while not self._supervision.ended and time.monotonic() < deadline:
            self._show_logs()
            time.sleep(_TICK_SECONDS / 2)
        self._supervision.kill()
        self._show_logs()
        for log in self._logs.values():
            log.close()
        self._unlock()
