"""A web process says that it is there while config has heartbeats: who is silent while none is there is not missed."""

import logging
import threading
import time

from core.store import StoreUnavailableError
from core.wiring import Rung

log = logging.getLogger("rung.web")

_EVERY = 1.0  # seconds; several notes fit into the break that counts


def note_that_web_is_here(rung: Rung) -> None:
    """Begin to say so, in a thread that ends with the process. A reload starts fresh processes, which ask again."""
    if rung.config.heartbeats:
        threading.Thread(target=_note, args=[rung], daemon=True, name="presence").start()


def _note(rung: Rung) -> None:
    while True:
        try:
            rung.beats.note_web()
        except StoreUnavailableError as error:
            log.debug("%s; beats cannot be taken either", error)
        time.sleep(_EVERY)
