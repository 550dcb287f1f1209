"""Say why an alert paged whom it paged, when and on what; or why it did not page somebody."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from core.why.words import told_lines
from functions.commands._answering import as_json, say
from functions.commands._client import alert_path, get

_HELP = """Say why an alert paged whom it paged, when and on what; or why it did not page somebody.

\b
rung why 42
rung why 42 --person bob

It asks the running Rung: what happened stands in the alert's timeline, with the policy as it was then.
"""
_WIDEST = 100  # characters: longer lines are hard to read


@click.command(help=_HELP)
@click.argument("alert")
@click.option("--person", metavar="NAME", help="Why this person was paged, or was not.")
@as_json
def command(alert: str, person: str | None, *, wants_json: bool) -> None:
    """Ask and print."""
    view = get(alert_path(alert, "why"), person=person)
    if wants_json:
        click.echo(json.dumps(view, ensure_ascii=False))
    else:
        _print(view)


def _print(view: dict[str, Any]) -> None:
    # Imported here so that --json does not pay for tables.
    from rich.console import Console
    from rich.text import Text

    console = Console()
    console.width = min(console.width, _WIDEST)
    about = view["person"]
    console.print(Text(say(view["alert"])), style="bold")
    console.print(Text(" ".join(filter(None, (view["what_happens_next"], view["due"])))))
    for note in view["notes"]:
        console.print(Text(note), style="yellow")
    if about:
        console.print(Text(f"\n{about['verdict']}"), style="bold")
    zone = ZoneInfo(view["timezone"])
    console.print(_table(about["reasons"] if about else view["steps"], zone))


def _table(entries: list[dict[str, Any]], zone: ZoneInfo) -> Any:
    """Give the entries with their times, under a line for each day."""
    from rich.table import Table
    from rich.text import Text

    table, day = Table(box=None, pad_edge=False, show_header=False), ""
    table.add_column(no_wrap=True, width=8)
    table.add_column(overflow="fold")
    for entry in entries:
        at = datetime.fromisoformat(entry["at"]).astimezone(zone) if entry["at"] else None
        if at and (new := f"{at:%a %d %b %Y, %Z}") != day:
            table.add_row("", Text(f"\n{new}", style="underline"))
            day = new
        table.add_row(Text(f"{at:%H:%M:%S}" if at else "", style="bold"), Text(entry["text"]))
        for line in _beside(entry):
            table.add_row("", line)
    return table


def _beside(entry: dict[str, Any]) -> Iterator[Any]:
    """Give whom a step told, a line further in, and what has changed since."""
    from rich.padding import Padding
    from rich.text import Text

    for told in entry["told"]:
        first, *others = told_lines(told)
        yield Padding(Text(first.text, style="red" if first.is_trouble else ""), (0, 0, 0, 2))
        for line in others:
            yield Padding(Text(line.text, style="red" if line.is_trouble else "dim"), (0, 0, 0, 4))
    if entry.get("changed"):
        yield Text(entry["changed"], style="yellow")
