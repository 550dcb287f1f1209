"""Test the config: run scenario files, each with what happens and who should be paged, as unit tests for paging."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from functions.commands._answering import as_json
from functions.commands._client import WrongUsageError
from functions.commands._common import NO
from functions.commands._offline import load_config
from functions.commands._progress import Progress
from functions.commands._scenario_files import scenarios_in
from functions.commands._scenario_output import as_rows, in_all, print_failed, print_passed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.config import Config
    from core.scenarios.course import Course
    from core.scenarios.failure import Failure
    from core.scenarios.reading import Ready

    Result = tuple[Course, list[Failure]]

_HELP = """Test the config: run scenario files, each with what happens and who should be paged.

\b
rung test                          # the folder `tests` beside the config's files
rung test tests/night.yaml -v
rung test -k friday --config /etc/rung

It needs no server and pages nobody: the engine that runs live runs with a simulated clock. What is not as expected is
shown in the timeline, with - where it should have been and + where something else was. Exit codes: 0 when all passed,
1 when one failed, 2 when a file or the config cannot be read. docs/scenarios.md says what a file may hold.
"""


@click.command(help=_HELP)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE or FOLDER]...")
@click.option("--config", "folder", metavar="FOLDER", help="The folder of the config; RUNG_CONFIG if left out.")
@click.option("-k", "word", metavar="WORD", help="Only scenarios with this in their name or their file's, in any case.")
@click.option("-v", "verbosity", count=True, help="Name every scenario; -vv: show the whole timeline of every one.")
@as_json
def command(files: tuple[Path, ...], folder: str | None, word: str | None, verbosity: int, *, wants_json: bool) -> None:
    """Read all files before any runs: a fault in one of them is not to look like a failure."""
    config = load_config(folder)
    found = [each for each in scenarios_in(files, folder, config) if _is_wanted(each, word)]
    if not found:
        raise WrongUsageError(f"no scenario has {word!r} in its name, or in that of its file")
    results = _results(found, config)
    failed = _print_json(results) if wants_json else _print(results, len(found), verbosity)
    if failed:
        raise SystemExit(NO)


def _is_wanted(ready: "Ready", word: str | None) -> bool:
    return word is None or word.casefold() in f"{ready.scenario.name} {Path(ready.file).name}".casefold()


def _results(found: "Sequence[Ready]", config: "Config") -> "Iterator[Result]":
    from core.rules import Rules
    from core.scenarios.judging import failures
    from core.scenarios.running import run

    rules, progress = Rules(config), Progress(len(found))
    for number, ready in enumerate(found, 1):
        progress.show(number, ready.scenario.name)
        course = run(ready, rules)
        failed = failures(course)
        progress.clear()
        yield course, failed


def _print(results: "Iterable[Result]", total: int, verbosity: int) -> int:
    failed = 0
    for course, failures in results:
        if failures:
            failed += 1
            print_failed(course, failures, wants_all=verbosity > 1)
        elif verbosity:
            print_passed(course, wants_all=verbosity > 1)
    click.echo(in_all(total, failed))
    return failed


def _print_json(results: "Iterable[Result]") -> int:
    scenarios = [as_rows(course, failures) for course, failures in results]
    failed = sum(not each["passed"] for each in scenarios)
    click.echo(json.dumps({"scenarios": scenarios, "total": len(scenarios), "failed": failed}, ensure_ascii=False))
    return failed
