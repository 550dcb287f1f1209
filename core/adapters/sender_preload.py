"""Loaded by the fork server and by nobody else: everything a sender process needs, once, before it forks."""

import gc
from multiprocessing import spawn

import pebble.pool.process  # noqa: F401 - a sender unpickles pebble's worker first

from core.adapters import sender, sender_process  # noqa: F401 - inherited by every sender process


def _leave_main_alone(_name: str) -> None:
    """Keep a sender from running the owner's main module again: it needs nothing of it."""


spawn._fixup_main_from_name = _leave_main_alone  # type: ignore[attr-defined]  # noqa: SLF001 - no public switch
spawn._fixup_main_from_path = _leave_main_alone  # type: ignore[attr-defined]  # noqa: SLF001 - no public switch

sender.prime()

# What is loaded by now stays for good: the collector must not touch, and so copy, the shared pages.
gc.collect()
gc.freeze()
