"""The terminal of `rung up`: lines go to it until it is gone, and then Rung stops."""

import errno
import os
import sys
import termios

_GONE = (errno.EPIPE, errno.EIO)


class Terminal:
    """Standard output, and the terminal that standard input is, if it is one."""

    def __init__(self) -> None:
        self.is_gone = False
        self._was_terminal = sys.stdin is not None and sys.stdin.isatty()

    def say(self, line: str) -> None:
        """Print a line; a reader that went away is noted, not raised."""
        if self.is_gone:
            return
        try:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except OSError as error:
            if error.errno not in _GONE:
                return  # a full disk, say: the line is lost, and paging is not
            self.is_gone = True
            # What Python still holds for the dead reader must not fail once more at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def has_hung_up(self) -> bool:
        """Say whether a SIGHUP just meant that the terminal window was closed."""
        if not self._was_terminal:
            return False
        try:
            termios.tcgetattr(sys.stdin.fileno())
        except termios.error:
            return True
        return False
