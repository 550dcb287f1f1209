"""Signals as values: they are collected, and a loop reads them when it is ready to."""

import os
import select
import signal
from types import TracebackType
from typing import Self

_BUFFER = 64


class Signals:
    """Collects the given signals while the `with` block runs. Main thread only."""

    def __init__(self, *numbers: signal.Signals) -> None:
        self._numbers = numbers
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)

    def __enter__(self) -> Self:
        """Begin to collect."""
        self._old_fd = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        # A handler that does nothing, not SIG_IGN: the number still arrives through the pipe.
        self._old = {number: signal.signal(number, lambda *_: None) for number in self._numbers}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put back what was there before."""
        for number, handler in self._old.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_fd)
        os.close(self._reader)
        os.close(self._writer)

    def wait(self, seconds: float) -> set[int]:
        """Wait until a signal arrives, at most that long, and give what arrived."""
        ready, _, _ = select.select([self._reader], [], [], seconds)
        return set(os.read(self._reader, _BUFFER)) if ready else set()
