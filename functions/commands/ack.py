"""Acknowledge alerts: you have them, and the ladder stops."""

import click

from functions.commands._acknowledge_all import acknowledge_all
from functions.commands._answering import answer, as_json, note, who


@click.command()
@click.argument("alerts", nargs=-1, metavar="[ALERT]...")
@click.option("--all", "every", is_flag=True, help="All that nobody has answered.")
@click.option("--mine", is_flag=True, help="With --all: only those that you (--by) were paged about.")
@click.option("--yes", "-y", is_flag=True, help="With --all: do not ask whether to go on.")
@note
@who
@as_json
def command(
    alerts: tuple[str, ...], note: str | None, by: str | None, *, every: bool, mine: bool, yes: bool, wants_json: bool
) -> None:
    """Acknowledge alerts: you have them, and the ladder stops."""
    if bool(alerts) == every:
        raise click.UsageError("say which alerts, such as `rung ack 41 42`, or --all")
    if mine and not every:
        raise click.UsageError("--mine goes with --all: `rung ack --all --mine`")
    if every:
        acknowledge_all(by, note, mine=mine, sure=yes or mine, wants_json=wants_json)
    else:
        answer(alerts, "ack", by, wants_json=wants_json, note=note)
