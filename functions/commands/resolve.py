"""Resolve alerts: it is over, and whoever was paged hears it once."""

import click

from functions.commands._answering import answer, as_json, note, who


@click.command()
@click.argument("alerts", nargs=-1, required=True, metavar="ALERT...")
@note
@who
@as_json
def command(alerts: tuple[str, ...], note: str | None, by: str | None, *, wants_json: bool) -> None:
    """Resolve alerts: it is over, and whoever was paged hears it once."""
    answer(alerts, "resolve", by, wants_json=wants_json, note=note)
