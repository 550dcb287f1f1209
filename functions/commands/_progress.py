"""Progress on a terminal: one line that is written over, and only of what takes long enough to wonder about."""

import sys
import time

import click

from functions.commands._common import plain

_AFTER = 1.0  # seconds


class Progress:
    """How far something has come that has so many parts. Goes to standard error, and nowhere but to a terminal."""

    def __init__(self, total: int) -> None:
        """Take how many parts there are."""
        self._total = total
        self._began = time.monotonic()
        self._is_shown = False

    def show(self, number: int, name: str) -> None:
        """Say which part is at work."""
        if sys.stderr.isatty() and time.monotonic() - self._began > _AFTER:
            click.echo(f"\r\x1b[K{number} of {self._total}: {plain(name)[:50]}", err=True, nl=False)
            self._is_shown = True

    def clear(self) -> None:
        """Take the line away, for what is printed next."""
        if self._is_shown:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._is_shown = False
