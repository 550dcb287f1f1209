"""What `rung test` prints: for each scenario that fails what was expected and came instead, and its timeline."""

import os
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click

from functions.commands._common import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.scenarios.course import Course
    from core.scenarios.diff import Row
    from core.scenarios.failure import Failure

_COLOURS = {"-": "red", "+": "green"}
_NARROW = 20  # columns for a text, below which nobody can read it
_WHEN = len("Fri 20 Nov 16:30:00")


def print_passed(course: "Course", *, wants_all: bool) -> None:
    """Name a scenario that passed, and show its timeline when that is wanted."""
    from core.scenarios.diff import diff

    _say(f"passed  {plain(course.ready.scenario.name)}")
    if wants_all:
        _say("")
        _print_rows(diff(course, (), None), course.zone.key)
        _say("")


def print_failed(course: "Course", failures: "Sequence[Failure]", *, wants_all: bool) -> None:
    """Say what of a scenario failed, and show it in its timeline, or in all of it."""
    from core.scenarios.diff import CONTEXT, diff

    ready = course.ready
    _say(click.style(f"FAILED  {plain(ready.scenario.name)}", fg="red", bold=True))
    _say(f"        {plain(ready.file)}:{ready.line}\n")
    for failure in failures:
        where = f"line {failure.line}: "
        _say_long(f"  {where}expected ", failure.expected)
        _say_long("got ".rjust(len(f"  {where}expected ")), failure.got)
    _say("")
    _print_rows(diff(course, failures, None if wants_all else CONTEXT), course.zone.key)
    _say("")


def in_all(total: int, failed: int) -> str:
    """Say how many scenarios there were, and how many of them failed."""
    return f"{total} {'scenario' if total == 1 else 'scenarios'}, {f'{failed} failed' if failed else 'all passed'}"


def as_rows(course: "Course", failures: "Sequence[Failure]") -> dict[str, Any]:
    """Give a scenario as JSON: how it went, and of one that failed the timeline too."""
    from core.simulation.steps import rows

    ready = course.ready
    said = [{"line": each.line, "expected": each.expected, "got": each.got} for each in failures]
    return {
        "name": ready.scenario.name,
        "file": ready.file,
        "line": ready.line,
        "passed": not failures,
        "failures": said,
        **({"timeline": rows(course.happened, course.start)} if failures else {}),
    }


def _print_rows(rows: "Sequence[Row]", zone: str) -> None:
    width = max(len("after"), *(len(row.after) for row in rows))
    _say(click.style(f"    {f'at ({zone})':<{_WHEN}}  {'after':<{width}}  what happens", dim=True))
    for row in rows:
        head = f"  {row.mark} {row.when:<{_WHEN}}  {row.after:<{width}}  " if row.when else "    "
        _say_long(head, row.what, fg=_COLOURS.get(row.mark), dim=None if row.when else True)


def _say_long(head: str, text: str, **style: Any) -> None:
    """Print a text after its head; on a terminal it goes on below its beginning where the line ends."""
    text = plain(text)
    if sys.stdout.isatty():
        room = max(_NARROW, shutil.get_terminal_size().columns - len(head))
        text = f"\n{' ' * len(head)}".join(textwrap.wrap(text, room, break_on_hyphens=False))
    _say(click.style(f"{head}{text}", **style))


def _say(line: str) -> None:
    click.echo(line, color=False if os.environ.get("NO_COLOR") else None)
