"""Supervision: the processes of one `rung up`, started and kept alive by supervisord.

This side writes supervisord's config, starts it, and talks to it; `core.adapters.supervisord` is the process.
Secrets reach the processes through the environment that supervisord inherits, never through its config file.
"""

import hashlib
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.adapters.secrets_file import write_private

LOCK_DESCRIPTOR_FROM = 64  # supervisord closes what is below it (minfds) in its children; the lock stays open
STOP_SECONDS = 4.5  # what stopping may take before supervisord itself is killed

_GROUP = "rung"
_LONGEST_SOCKET_PATH = 85  # the system's limit is 104 on macOS, and supervisord adds ".<pid>" while it binds
_SHORT_LIFE_SECONDS = 2.0
_APP_STOP_SECONDS = 3
_REDIS_STOP_SECONDS = 1


class SupervisionError(Exception):
    """supervisord does not answer, or refuses."""


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep alive. What the others need starts before them and stops after them."""

    name: str
    command: tuple[str, ...]
    needed_by_others: bool = False


class Supervision:
    """supervisord over a table of programs, with its files in one folder. One thread only."""

    def __init__(self, programs: Sequence[Program], folder: Path, env: Mapping[str, str]) -> None:
        self._programs = tuple(programs)
        self._folder = folder
        self._env = dict(env)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    @property
    def socket(self) -> Path:
        """Where supervisord listens, for `supervisorctl -s unix://...`."""
        return socket_folder(self._folder) / "supervisor.sock"

    def log(self, name: str) -> Path:
        """Give the file that holds what the program of that name prints."""
        return self._folder / f"{name}.log"

    def start(self, lock: int) -> None:
        """Start supervisord with the descriptor of the data lock, for it and its children to inherit."""
        config = self._folder / "supervisord.conf"
        write_private(config, config_text(self._programs, self.socket))
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own module, run by our own interpreter
            [sys.executable, "-m", "core.adapters.supervisord", str(config), str(os.getpid())],
            env=self._env,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(lock,),
            start_new_session=True,  # Ctrl-C in the terminal is for `rung up` alone
        )

    @property
    def ended(self) -> bool:
        """Say whether supervisord is gone."""
        return self._process is None or self._process.poll() is not None

    def require_long_life(self) -> None:
        """Raise SupervisionError when supervisord ended so soon that starting it again would not help."""
        if time.monotonic() - self._started_at < _SHORT_LIFE_SECONDS:
            raise SupervisionError(f"supervisord does not stay up; see {self.log('supervisord')}")

    def ask_to_stop(self) -> None:
        """Ask supervisord to stop everything: the processes together, then what they needed."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End supervisord at once, when asking did not help."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def reload(self) -> None:
        """Send SIGHUP to every process but those that the others need. Raises SupervisionError."""
        self._call("signalProcessGroup", _GROUP, "HUP")

    def states(self) -> dict[str, str]:
        """Give each program's state in supervisord's words, such as RUNNING. Raises SupervisionError."""
        return {each["name"]: each["statename"] for each in self._call("getAllProcessInfo")}

    def _call(self, method: str, *arguments: str) -> Any:
        # Imported here because they cost 8 MB in `rung up`, which seldom needs them.
        from http.client import HTTPException  # noqa: PLC0415
        from xmlrpc.client import Error, ServerProxy  # noqa: PLC0415

        from supervisor.xmlrpc import SupervisorTransport  # noqa: PLC0415

        transport = SupervisorTransport(serverurl=f"unix://{self.socket}")
        try:
            with ServerProxy("http://127.0.0.1", transport=transport) as proxy:
                return getattr(proxy.supervisor, method)(*arguments)
        except (OSError, HTTPException, Error) as error:
            raise SupervisionError(str(error)) from error


def socket_folder(folder: Path) -> Path:
    """Give the folder for unix sockets: the given one, or when its path is too long for a socket, a private
    one in the system's temporary folder that is the same at every start.
    """  # noqa: D205 - one sentence over two lines
    if len(os.fsencode(folder)) + len("/supervisor.sock") <= _LONGEST_SOCKET_PATH:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"rung-{os.getuid()}-{digest}"
    short.mkdir(mode=0o700, exist_ok=True)
    status = short.lstat()
    if status.st_uid != os.getuid() or status.st_mode & 0o077 or short.is_symlink():
        raise PermissionError(f"{short} is not a private folder of this user; remove it")
    return short


def config_text(programs: Sequence[Program], socket: Path) -> str:
    """Give supervisord's config for the programs, to be run in the folder where the logs shall be."""
    # Names of files are relative: supervisord reads a percent sign in a path once here and twice there.
    apps = ",".join(each.name for each in programs if not each.needed_by_others)
    sections = [
        f"""
[supervisord]
nodaemon=true
silent=true
logfile=supervisord.log
logfile_maxbytes=1MB
logfile_backups=1
loglevel=info
pidfile=supervisord.pid
childlogdir=.
minfds={LOCK_DESCRIPTOR_FROM}

[unix_http_server]
file={_escaped(socket)}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[group:{_GROUP}]
programs={apps}
priority=20
""",
        *(_program_text(each) for each in programs),
    ]
    return "".join(sections)


def _program_text(program: Program) -> str:
    return f"""
[program:{program.name}]
command={_escaped(shlex.join(program.command))}
priority={10 if program.needed_by_others else 20}
startsecs=1
startretries=1000
autorestart=true
stopwaitsecs={_REDIS_STOP_SECONDS if program.needed_by_others else _APP_STOP_SECONDS}
killasgroup=true
redirect_stderr=true
stdout_logfile={program.name}.log
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=1
"""


def _escaped(value: object) -> str:
    return str(value).replace("%", "%%")
