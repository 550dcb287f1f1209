"""Gunicorn around the app: a few processes with some threads each, forked from one that has loaded everything.

Threads that wait for Redis gather behind one another and share its round trips; with few of them there is little to
share, and a few slow senders would hold up all others.
"""

from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from core.wiring import Rung
from functions._presence import note_that_web_is_here
from functions.app import create_app

WORKERS = 2
THREADS = 16

# Where workers touch a file to show that they live; on a disk that hangs they would be taken for dead.
_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes a private file in it


class Server(BaseApplication):  # type: ignore[misc]
    """Serves one Rung. SIGHUP reads the config again and starts fresh processes with what is in force then."""

    def __init__(self, rung: Rung, host: str, port: int) -> None:
        self._rung = rung
        self._bind = f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Give the application."""
        return create_app(self._rung)

    def _options(self) -> dict[str, Any]:
        return {
            "bind": self._bind,
            "workers": WORKERS,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": 30,
            "graceful_timeout": 2,
            "keepalive": 15,
            "backlog": 2048,
            "control_socket_disable": True,
            "worker_tmp_dir": str(_MEMORY) if _MEMORY.is_dir() else None,
            "post_worker_init": lambda _worker: note_that_web_is_here(self._rung),
            "on_reload": lambda _arbiter: self._rung.reload(),
            "loglevel": "warning",
        }
