"""The supervisord process of `rung up`: `python -m core.adapters.supervisord CONFIG PARENT_PID`.

As it comes, supervisord waits up to two seconds before it starts again what died, waits ever longer for what
keeps dying and gives up in the end. It leaves alone the children of what died, and its own when it is killed.
Here what dies is started again within half a second, what keeps dying every two seconds, for ever. What it
leaves behind is killed first: a web worker without its master would hold the port. On Linux nothing outlives
its parent.
"""

import ctypes
import os
import signal
import sys
from contextlib import suppress

from supervisor import poller, process, supervisord
from supervisor.states import ProcessStates

_LONGEST_PAUSE = 2  # seconds; supervisord's own grows by one with every failure
_POLL_SECONDS = 0.1
_PR_SET_PDEATHSIG = 1


class PromptPoller(poller.Poller):  # type: ignore[misc]
    """Looks after the children several times a second, not once."""

    def poll(self, timeout: float) -> tuple[list[int], list[int]]:
        """Wait for output of a child, but not for long."""
        ready: tuple[list[int], list[int]] = super().poll(min(timeout, _POLL_SECONDS))
        return ready


class LoyalProcess(process.Subprocess):  # type: ignore[misc]
    """A child that is started again for ever, and takes its own children along when it dies."""

    parent = 0  # supervisord's own process id

    def change_state(self, new_state: int, expected: bool = True) -> None:  # noqa: FBT001, FBT002 - supervisor's
        """Keep the pause before the next start short."""
        if new_state == ProcessStates.BACKOFF:
            # One is added before it is used as the pause.
            self.backoff: int = min(self.backoff, _LONGEST_PAUSE - 1)
        super().change_state(new_state, expected)

    def finish(self, pid: int, sts: int) -> None:
        """Kill what is left of the group of the one that died."""
        with suppress(ProcessLookupError, PermissionError):  # nothing is left; macOS refuses for a dead group
            os.killpg(pid, signal.SIGKILL)
        super().finish(pid, sts)

    def _prepare_child_fds(self) -> None:
        super()._prepare_child_fds()
        end_with(self.parent)


def end_with(parent: int) -> None:
    """Have Linux send SIGTERM to this process when its parent ends; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before it could be watched
            os.kill(os.getpid(), signal.SIGTERM)


def main(config: str, parent: int) -> None:
    """Run supervisord in the foreground until it is told to stop."""
    end_with(parent)
    poller.Poller = PromptPoller
    LoyalProcess.parent = os.getpid()
    process.Subprocess = LoyalProcess
    supervisord.main(["-c", config])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
