"""A process beside a long-lived one, one at a time: started when there is work, ended when it takes too long."""

import logging
import os
import subprocess
import sys
import time

from core.adapters.settings import ROOT

log = logging.getLogger("rung.scheduler")

_WITHIN = 900.0  # seconds
_STOP_WITHIN = 8.0  # seconds; less than service managers give before they kill all of us


class SideProcess:
    """Runs one module of ours at a time, with this process's environment."""

    def __init__(self, module: str, within: float = _WITHIN, stop_within: float = _STOP_WITHIN) -> None:
        """Take the module to run, how many seconds it may take, and how many to end when it is told to."""
        self._command = [sys.executable, "-m", module]
        self._within = within
        self._stop_within = stop_within
        self._process: subprocess.Popen[bytes] | None = None
        self._until = 0.0

    def start(self) -> bool:
        """Start it unless it runs; say whether it was started."""
        if self.is_running():
            return False
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(self._command, env={**os.environ, "PYTHONPATH": path})  # noqa: S603 - ours
        self._until = time.monotonic() + self._within
        return True

    def is_running(self) -> bool:
        """Say whether it runs; one that takes too long is ended."""
        if self._process is None:
            return False
        code = self._process.poll()
        if code is None and time.monotonic() > self._until:
            log.error("%s did not end within %.0f s and was stopped", self._command[-1], self._within)
            self._process.kill()
            code = self._process.wait()
        if code is None:
            return True
        if code:
            log.error("%s ended with exit code %d; it is tried again", self._command[-1], code)
        self._process = None
        return False

    def stop(self) -> None:
        """Tell it to end, and end it when it does not."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(self._stop_within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
