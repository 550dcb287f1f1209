"""Reassign alerts to another person or rotation, who is paged now."""

import click

from functions.commands._answering import answer, as_json, note, who


@click.command()
@click.argument("alerts", nargs=-1, required=True, metavar="ALERT...")
@click.option("--to", required=True, metavar="NAME", help="A person or rotation of the config.")
@note
@who
@as_json
def command(alerts: tuple[str, ...], to: str, note: str | None, by: str | None, *, wants_json: bool) -> None:
    """Reassign alerts to another person or rotation, who is paged now."""
    answer(alerts, "reassign", by, wants_json=wants_json, to=to, note=note)
