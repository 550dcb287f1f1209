"""Send a real test page to a person and say, for each channel, what became of it."""

import os
import sys

import click


@click.command()
@click.argument("person")
@click.option("--channel", "channels", multiple=True, help="Only this channel; may be given several times.")
def command(person: str, channels: tuple[str, ...]) -> None:
    """Send a real test page to a person and say, for each channel, what became of it.

    Sends from here, with the config and environment of this terminal; no running Rung is needed, except when pages
    go to the built-in outbox.
    """
    # Imported here because this is the only command that sends.
    from core.wiring import wire
    from functions.commands._client import running_environment
    from functions.commands._test_page import send_test_page

    rung = wire({**running_environment(), **os.environ})
    if not send_test_page(rung, person, channels):
        sys.exit(1)
