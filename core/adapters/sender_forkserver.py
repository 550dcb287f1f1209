"""The fork server that sender processes come from: it has Apprise loaded, so that they start in milliseconds.

Three habits of multiprocessing are undone here: a preload that cannot be imported is skipped without a word,
the server's import path is not the owner's, and a fork of the owner takes its parent's server for its own.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, process
from pathlib import Path
from weakref import WeakMethod

_PROJECT = Path(__file__).parents[2]
_PRELOAD = "core.adapters.sender_preload"

_forgetters: list[WeakMethod[Callable[[], None]]] = []


def run_fork_server() -> None:
    """See that this process has its fork server; returns at once, the server loads on its own."""
    multiprocessing.get_context("forkserver").set_forkserver_preload([_PRELOAD])
    with _project_on_the_path():
        forkserver.ensure_running()


def when_forked(forget: Callable[[], None]) -> None:
    """Call this method in every fork of this process, as long as its object lives."""
    _forgetters[:] = [reference for reference in _forgetters if reference() is not None]
    _forgetters.append(WeakMethod(forget))


@contextmanager
def _project_on_the_path() -> Iterator[None]:
    """Let the server import the project wherever it was started; its command line leaves no other way."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_PROJECT), before)))
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def _forget_the_parents() -> None:
    """In a fork: the server and the processes are the parent's, and ending them is not ours to do."""
    server = forkserver._forkserver  # noqa: SLF001 - there is no public reset
    alive = vars(server).get("_forkserver_alive_fd")
    if alive is not None:
        os.close(alive)  # or the parent's server would outlive the parent
    forkserver.ForkServer.__init__(server)  # in place: other modules hold it
    process._children.clear()  # type: ignore[attr-defined]  # noqa: SLF001 - pebble kills these when we exit
    for reference in _forgetters:
        if (forget := reference()) is not None:
            forget()


os.register_at_fork(after_in_child=_forget_the_parents)
