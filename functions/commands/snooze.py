"""Snooze alerts: you have them, and when the time comes the same level is paged again."""

import click

from functions.commands._answering import answer, as_json, note, who


@click.command()
@click.argument("alerts", nargs=-1, required=True, metavar="ALERT...")
@click.option("--for", "span", metavar="DURATION", help="For how long: 30m, 2h, 1d.")
@click.option("--until", metavar="INSTANT", help="Until when: 2026-11-22T07:00:00Z.")
@note
@who
@as_json
def command(
    alerts: tuple[str, ...],
    span: str | None,
    until: str | None,
    note: str | None,
    by: str | None,
    *,
    wants_json: bool,
) -> None:
    """Snooze alerts: you have them, and when the time comes the same level is paged again."""
    if (span is None) == (until is None):
        raise click.UsageError("say for how long with --for 2h, or until when with --until 2026-11-22T07:00:00Z")
    answer(alerts, "snooze", by, wants_json=wants_json, until=until, note=note, **{"for": span})
