"""On what it was measured: the machine, and the versions of what runs."""

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

from core.adapters.redis_server import find_server

_PACKAGES = ("flask", "gunicorn", "redis", "rq", "apprise")


def machine() -> str:
    """Give the processor, how many cores of it there are, and the memory."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{_processor()}, {os.cpu_count()} cores, {gib:.0f} GiB, {platform.system()} {platform.machine()}"


def versions() -> str:
    """Give the versions of Python, of the Redis that is measured, and of the packages that matter."""
    packages = [f"{name} {version(name)}" for name in _PACKAGES]
    return ", ".join([f"Python {platform.python_version()}", _server(), *packages])


def _server() -> str:
    program = find_server(os.environ)
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\bv=([\d.]+)", said)
    return f"{program.name} {found[1] if found else said.strip()}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.exists() else None
    return found[1] if found else platform.processor() or "an unknown processor"
