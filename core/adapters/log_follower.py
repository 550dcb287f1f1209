"""Follows the log files that supervisord writes, so that a terminal shows them line by line.

Files stand between the processes and the terminal because a terminal may stop (Ctrl-S): a pipe would fill up
and stop the processes too, and nobody would be paged.
"""

import os
from pathlib import Path
from typing import BinaryIO

_LAST_BYTES = 16_384


class LogFollower:
    """One log file, from where it ends now. Goes along when the file is rotated."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._half = b""
        self._file = _opened(path)
        if self._file is not None:
            self._file.seek(0, os.SEEK_END)

    def lines(self) -> list[str]:
        """Give the whole lines written since the last call."""
        data = self._half + self._rest()
        if self._rotated():
            self.close()
            self._file = _opened(self._path)
            data += self._rest()
        *whole, self._half = data.split(b"\n")
        return [line.decode(errors="replace") for line in whole]

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _rest(self) -> bytes:
        return self._file.read() if self._file is not None else b""

    def _rotated(self) -> bool:
        try:
            now = self._path.stat()
        except FileNotFoundError:
            return False
        return self._file is None or os.fstat(self._file.fileno()).st_ino != now.st_ino


def last_lines(path: Path, count: int) -> list[str]:
    """Give the last lines of a log file, none when there is no file."""
    file = _opened(path)
    if file is None:
        return []
    with file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST_BYTES))
        return file.read().decode(errors="replace").splitlines()[-count:]


def _opened(path: Path) -> BinaryIO | None:
    try:
        return path.open("rb")
    except FileNotFoundError:
        return None
