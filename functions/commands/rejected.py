"""List webhooks that could not be read; `rung rejected retry` reads them again after a change of config."""

import json
from collections.abc import Iterable
from typing import Any

import click

from core.wording import what_became
from functions.commands._answering import as_json
from functions.commands._client import SaidNoError, get, post
from functions.commands._common import NO

_NONE = "Every webhook could be read."
_SHOWN = 60  # characters of a body


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def command(context: click.Context, *, wants_json: bool) -> None:
    """List webhooks that could not be read, newest first; `retry` reads them again after a change of config."""
    if context.invoked_subcommand is not None:
        return
    page = get("/rejected")
    if wants_json:
        click.echo(json.dumps(page, ensure_ascii=False))
    elif page["rejected"]:
        _print(page["rejected"])
    else:
        click.echo(_NONE)


@command.command()
@click.argument("numbers", nargs=-1, metavar="[N]...", type=click.IntRange(min=1))
@as_json
def retry(numbers: tuple[int, ...], *, wants_json: bool) -> None:
    """Read these again, or all of them, oldest first; exit 1 when one of them still cannot be read."""
    wanted = numbers or tuple(each["id"] for each in reversed(get("/rejected")["rejected"]))
    if not wanted and not wants_json:
        click.echo(_NONE)
    refused = [number for number in wanted if not _retried(number, wants_json=wants_json)]
    if refused:
        raise SystemExit(NO)


def _retried(number: int, *, wants_json: bool) -> bool:
    try:
        taken = post(f"/rejected/{number}/retry", {})
    except SaidNoError as error:
        click.echo(f"rung: {error}", err=True)
        return False
    line = json.dumps({"id": number, **taken}, ensure_ascii=False) if wants_json else what_became(number, taken)
    click.echo(line)
    return "rejected" not in taken


def _print(rejected: Iterable[dict[str, Any]]) -> None:
    # Imported here so that --json does not pay for tables.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "at (UTC)", "source", "reason", "it begins"):
        table.add_column(name, overflow="fold")
    for each in rejected:
        begins = " ".join(each["body"][:_SHOWN].split())
        cells = (str(each["id"]), each["at"][:19].replace("T", " "), each["source"], each["reason"], begins)
        table.add_row(*(Text("".join(filter(str.isprintable, cell))) for cell in cells))
    Console().print(table)
