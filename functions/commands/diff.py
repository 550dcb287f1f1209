"""Say what changes for whom between two configs; exit 1 when anything does."""

import json
import shutil
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from functions.commands._answering import as_json
from functions.commands._common import NO
from functions.commands._offline import instant, load_config, now, seconds

if TYPE_CHECKING:
    from datetime import datetime

    from core.comparing.compare import Comparison
    from core.config import Config

_HELP = """Say what changes for whom between two configs; exit 1 when anything does.

\b
rung diff /srv/rung/config ./config
git worktree add ../before main && rung diff ../before/config config

Alerts of each severity, of each source and heartbeat with a policy of its own and by each route are simulated under
both configs, unanswered, at every instant of the next weeks at which whom they page may change. Only what differs is
told. Overrides and silences that people ordered stand in neither config, so they are in neither simulation.

Exits 0 when nothing changes, 1 when anything does, 2 when a config cannot be read.
"""
_WIDEST = 100
_MOST_DAYS = 731


@click.command(help=_HELP)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--next", "ahead", default="4w", show_default=True, metavar="DURATION", help="How far to look ahead.")
@click.option("--from", "start", metavar="INSTANT", help="From when, by the new config's clock; now if left out.")
@as_json
def command(old: str, new: str, ahead: str, start: str | None, *, wants_json: bool) -> None:
    """Compare, and print what differs."""
    from core.comparing.compare import compare
    from core.comparing.telling import view

    before, after = load_config(old), load_config(new)
    begins, ends = _window(ahead, start, after)
    found = compare(before, after, begins, ends, _progress())
    if wants_json:
        click.echo(json.dumps(view(found), ensure_ascii=False))
    else:
        _print(found, after)
    raise SystemExit(0 if found.is_empty else NO)


def _window(ahead: str, start: str | None, config: "Config") -> "tuple[datetime, datetime]":
    begins = instant(start, config).replace(microsecond=0) if start else now()
    span = seconds(ahead)
    if not 0 < span <= timedelta(days=_MOST_DAYS).total_seconds():
        raise click.UsageError(f"--next {ahead}: look ahead for more than nothing and at most {_MOST_DAYS} days")
    return begins, begins + timedelta(seconds=span)


def _progress() -> Any:
    """Say how far it is, where a person watches and it takes a while."""
    if not sys.stderr.isatty():
        return lambda _done, _of: None

    def say(done: int, of: int) -> None:
        click.echo(f"\rcompared {done} of {of} kinds of alert" if done < of else f"\r{' ' * 50}\r", nl=False, err=True)

    return say


def _print(found: "Comparison", config: "Config") -> None:
    from zoneinfo import ZoneInfo

    from core.comparing.telling import lines

    width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
    for line in lines(found, ZoneInfo(config.timezone), width):
        click.secho(line.text, bold=line.is_head)
