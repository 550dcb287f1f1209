"""Start everything: Redis, web, scheduler and worker, kept alive until Ctrl-C."""

import errno
import os
import socket

import click

from functions.commands._common import WRONG
from functions.commands._session import Session, lock_data, take_config
from functions.commands._stack import Stack, prepare
from functions.commands._terminal import Terminal


class PortError(Exception):
    """The port cannot be used. The message says why and what to do."""


@click.command
def command() -> None:
    """Start Redis, web, scheduler and worker, and keep them running until Ctrl-C.

    The address, the tokens and a first command to try are printed when Rung is ready. What dies is started
    again. Redis is the one at REDIS_URL, else a server of Rung's own with its data in RUNG_DATA. SIGHUP has
    the config read again.
    """
    start(prepare(os.environ))


def start(stack: Stack) -> None:
    """Check what can be checked, then run the stack until it is told to stop. Exits 2 when the config is bad.

    Raises AlreadyRunningError, PortError.
    """
    lock = lock_data(stack)
    _check_port(stack.settings.port)
    if not take_config(stack):
        raise SystemExit(WRONG)
    Session(stack, lock, Terminal()).run()


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortError(_port_message(port, error)) from None


def _port_message(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use: stop what listens there, or choose another, such as PORT={port + 1}"
    return f"port {port} cannot be used ({error.strerror}): choose another, such as PORT=8080"
