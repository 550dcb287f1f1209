"""Say what changes for whom between two configs; exit 1 when anything does."""

import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from functions.commands._answering import as_json
from functions.commands._common import NO
from functions.commands._offline import instant, load_config, now, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.comparing.compare import Difference
    from core.config import Config

_HELP = """Say what changes for whom between two configs; exit 1 when anything does.

\b
rung diff /srv/rung/config ./config
git worktree add ../before main && rung diff ../before/config config

Alerts of each severity, of each source with a policy of its own and by each route are simulated under both configs,
unanswered, at every instant of the next weeks at which whom they page may change. Only what differs is shown. What
people ordered (overrides, silences) is in neither.
"""
_MOST_CASES = 8


@click.command(help=_HELP)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--next", "ahead", default="4w", show_default=True, metavar="DURATION", help="How far to look ahead.")
@click.option("--from", "start", metavar="INSTANT", help="From when, by the new config's clock; now if left out.")
@as_json
def command(old: str, new: str, ahead: str, start: str | None, *, wants_json: bool) -> None:
    """Compare, and print what differs."""
    from core.comparing.compare import compare

    before, after = load_config(old), load_config(new)
    begins = instant(start, after) if start else now()
    ends = begins + timedelta(seconds=seconds(ahead))
    found = compare(before, after, begins, ends, _progress())
    if wants_json:
        click.echo(json.dumps({"differences": [_view(each) for each in found]}, ensure_ascii=False))
    else:
        _print(found, after, ahead)
    raise SystemExit(NO if found else 0)


def _progress() -> Any:
    """Say how far it is, where a person watches and it takes a while."""
    if not sys.stderr.isatty():
        return lambda _done, _of: None

    def say(done: int, of: int) -> None:
        click.echo(f"\rcompared {done} of {of} kinds of alert" if done < of else f"\r{' ' * 50}\r", nl=False, err=True)

    return say


def _view(difference: "Difference") -> dict[str, Any]:
    from core.times import rfc3339

    spans = [{"from": rfc3339(start), "to": rfc3339(end)} for start, end in difference.spans]
    return {"alerts": difference.cases, "changes": difference.changes, "when": spans or None}


def _print(found: "Sequence[Difference]", config: "Config", ahead: str) -> None:
    from zoneinfo import ZoneInfo

    from rich.console import Console
    from rich.text import Text

    from core.comparing.spans import say_spans

    console, zone = Console(), ZoneInfo(config.timezone)
    if not found:
        console.print(f"Nothing changes for anybody in the next {ahead}.")
    for each in found:
        when = say_spans(each.spans, zone)
        console.print(Text(_cases(each.cases), style="bold") + Text(f", {when} ({config.timezone})" if when else ""))
        for change in each.changes:
            console.print(Text(f"  {change}"))


def _cases(names: "Sequence[str]") -> str:
    more = len(names) - _MOST_CASES
    return ", ".join(names[:_MOST_CASES]) + (f" and {more} more" if more > 0 else "")
