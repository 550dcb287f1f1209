"""What a job is given besides its ids: the Rung of the process that runs it, set once when a worker starts."""

from collections.abc import Callable
from dataclasses import dataclass

from core.dispatcher import Dispatcher
from core.wiring import Rung


@dataclass
class Parts:
    """The parts of this process. `stopping` says whether it has been told to stop."""

    rung: Rung | None = None
    dispatcher: Dispatcher | None = None
    stopping: Callable[[], bool] = lambda: False


here = Parts()


def the_rung() -> Rung:
    """Give the Rung of this process."""
    if here.rung is None:
        raise RuntimeError("this process was not started as a worker; start one with `rung worker`")
    return here.rung


def the_dispatcher() -> Dispatcher:
    """Give the dispatcher of this process."""
    if here.dispatcher is None:
        raise RuntimeError("this worker does not send; start one with `rung worker`")
    return here.dispatcher
