"""Say how it goes. On an alert that nobody has, this counts as the acknowledgment."""

import click

from functions.commands._answering import answer, as_json, note, who


@click.command()
@click.argument("alerts", nargs=-1, required=True, metavar="ALERT...")
@note
@who
@as_json
def command(alerts: tuple[str, ...], note: str | None, by: str | None, *, wants_json: bool) -> None:
    """Say how it goes. On an alert that nobody has, this counts as the acknowledgment."""
    answer(alerts, "updates", by, wants_json=wants_json, note=note)
