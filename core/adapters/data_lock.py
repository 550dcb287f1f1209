"""The lock on RUNG_DATA: one `rung up` at a time, counting whatever an earlier one left running.

Every process that `rung up` starts inherits the locked file, so the lock is free only when all of them have
ended, however they ended. Two servers on one append-only file would ruin it.
"""

import fcntl
import os
import time
from pathlib import Path

_POLL_SECONDS = 0.1


class AlreadyRunningError(Exception):
    """Something still runs on this data folder. The message says what to do."""


def acquire(path: Path, least_descriptor: int, patience: float) -> int:
    """Lock the file and give its descriptor, at least that high.

    While the `rung up` that holds it is gone but its processes still end, waits up to `patience` seconds.
    Raises AlreadyRunningError.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait_for(handle, path, time.monotonic() + patience)
        os.truncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        return fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, least_descriptor)
    finally:
        os.close(handle)  # the lock lives on in the duplicate


def is_alive(pid: int) -> bool:
    """Say whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _wait_for(handle: int, path: Path, deadline: float) -> None:
    while not _locked(handle):
        holder = int(os.pread(handle, 20, 0) or b"0")
        if (holder not in (0, os.getpid()) and is_alive(holder)) or time.monotonic() > deadline:
            raise AlreadyRunningError(_what_to_do(path, holder))
        time.sleep(_POLL_SECONDS)


def _what_to_do(path: Path, holder: int) -> str:
    if is_alive(holder):
        how = f"stop it with `kill {holder}`"
    else:
        how = f"`rung up` itself is gone, but what it started still runs: `fuser {path}` finds it"
    return f"a Rung already runs on this data folder: {how}, or give this one a folder of its own with RUNG_DATA"


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
