"""List heartbeats: when each came last, when the next has to come, and since when one is missing."""

import json
from datetime import datetime
from typing import Any

import click

from functions.commands._answering import as_json
from functions.commands._client import get


@click.command()
@as_json
def command(*, wants_json: bool) -> None:
    """List heartbeats: when each came last, when the next has to come, and since when one is missing."""
    page = get("/heartbeats")
    if wants_json:
        click.echo(json.dumps(page, ensure_ascii=False))
    elif page["heartbeats"]:
        _print(page["heartbeats"])
    else:
        click.echo("No heartbeats: `heartbeats` in the config names them.")


def _print(heartbeats: list[dict[str, Any]]) -> None:
    # Imported here so that --json does not pay for tables.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("heartbeat", "last (UTC)", "next before (UTC)", "missing since (UTC)"):
        table.add_column(name, overflow="fold")
    for each in heartbeats:
        instants = (each["last_beat_at"], each["next_before"], each["missing_since"])
        cells = (each["name"], _moment(instants[0], "never"), *(_moment(instant, "-") for instant in instants[1:]))
        table.add_row(*map(Text, cells))
    Console().print(table)


def _moment(instant: str | None, otherwise: str) -> str:
    return datetime.fromisoformat(instant).strftime("%Y-%m-%d %H:%M:%S") if instant else otherwise
