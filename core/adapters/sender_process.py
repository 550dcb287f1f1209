"""What runs inside a sender process. The owner names these functions, so importing this must cost nothing."""

import logging
import os
import signal
import sys
import threading
import warnings
from multiprocessing import parent_process
from multiprocessing.connection import wait

from pebble.common.types import CONSTS

from core.outcomes import Message, Outcome, OutcomeKind

_LOCK_TIMEOUT = 5.0
_GRACE = 2.0


def start() -> None:
    """Make this process fit to send: quiet, quickly killed, and gone when its owner is."""
    # pebble asks with SIGTERM and holds its lock meanwhile; Python would answer after the name look-up.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # A sender killed inside pebble's lock would otherwise hold up the others for a minute.
    CONSTS.channel_lock_timeout = _LOCK_TIMEOUT
    threading.Thread(target=_die_with_owner, name="owner-watch", daemon=True).start()
    # Free when the fork server has it already; otherwise paid here and not out of the first send's deadline.
    from core.adapters import sender  # noqa: PLC0415 - start-up time of the owner

    sender.prime()
    # From here on whatever a library writes about a send may hold a token.
    logging.getLogger().handlers = [logging.NullHandler()]
    warnings.simplefilter("ignore")


def run(url: str, message: Message, deadline: float) -> Outcome:
    """Send, and kill this process when the owner has not done so shortly after the deadline in seconds."""
    from core.adapters import sender  # noqa: PLC0415 - start-up time of the owner

    signal.setitimer(signal.ITIMER_REAL, deadline + _GRACE)
    try:
        return sender.send(url, message)
    except Exception as error:  # noqa: BLE001 - the edge of the process: an error's text may hold the URL
        return Outcome(OutcomeKind.UNAVAILABLE, f"the sender failed ({type(error).__name__})")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def is_preloaded() -> bool:
    """Say whether this process got Apprise from the fork server."""
    return "core.adapters.sender_preload" in sys.modules


def _die_with_owner() -> None:
    owner = parent_process()
    if owner is None or owner.pid is None:
        return
    # The sentinel stays open while a fork of the owner lives; the pidfd tells of the owner alone.
    signs: list[int] = [owner.sentinel]
    if hasattr(os, "pidfd_open"):
        signs.append(_pidfd_or_exit(owner.pid))
    wait(signs)
    os._exit(1)


def _pidfd_or_exit(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        os._exit(1)
