"""Scenarios as people write them, read and run with the sample config.

They start on a Friday at ten, in the week of user1 and user4.
"""

import textwrap
from pathlib import Path

from core.config import Config
from core.config.faults import ConfigError
from core.config.interpolation import Surroundings
from core.rules import Rules
from core.scenarios.course import Course
from core.scenarios.failure import Failure
from core.scenarios.judging import failures
from core.scenarios.reading import Ready, document_of, read_from
from core.scenarios.running import run
from tests.samples import config

SURROUNDINGS = Surroundings({}, lambda path: Path(path).read_text("utf-8"))
START = "2026-11-20T10:00"
CRITICAL = "- alert: {severity: critical, title: Disk is full}"


def a_scenario(expect: str, given: str = CRITICAL, more: str = "", start: str = START) -> str:
    """Give the text of a file with one scenario; `given` and `expect` are YAML lists, `more` are further keys."""
    head = f"scenarios:\n  - name: one\n    at: {start}\n{textwrap.indent(more, ' ' * 4)}\n"
    lists = {"given": given, "expect": expect}
    return head + "".join(f"    {name}:\n{textwrap.indent(text, ' ' * 6)}\n" for name, text in lists.items())


def read(text: str, bodies: dict[str, bytes] | None = None, rung_config: Config | None = None) -> list[Ready]:
    """Read a file's text; `bodies` are the files beside it."""

    def read_body(path: str) -> bytes:
        if path not in (bodies or {}):
            raise FileNotFoundError(2, "No such file or directory")
        return (bodies or {})[path]

    return read_from(document_of("file.yaml", text, SURROUNDINGS), rung_config or config(), read_body)


def faults(text: str, bodies: dict[str, bytes] | None = None, rung_config: Config | None = None) -> list[str]:
    """Give what is told of a file that cannot be read."""
    try:
        read(text, bodies, rung_config)
    except ConfigError as error:
        return [str(fault) for fault in error.faults]
    return []


def course(text: str, bodies: dict[str, bytes] | None = None, rung_config: Config | None = None) -> Course:
    """Run the only scenario of a file."""
    rung_config = rung_config or config()
    [ready] = read(text, bodies, rung_config)
    return run(ready, Rules(rung_config))


def failed(
    expect: str,
    given: str = CRITICAL,
    more: str = "",
    *,
    bodies: dict[str, bytes] | None = None,
    rung_config: Config | None = None,
    start: str = START,
) -> list[Failure]:
    """Give what fails of a scenario."""
    return failures(course(a_scenario(expect, given, more, start), bodies, rung_config))


def told(found: list[Failure]) -> list[tuple[str, str]]:
    """Give what was expected and what came instead, of each failure."""
    return [(failure.expected, failure.got) for failure in found]
