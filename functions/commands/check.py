"""Look through the config: what is wrong with it, and what will not work as one thinks."""

import sys

import click

from functions.commands._answering import as_json

_MOST_DAYS = 731


@click.command()
@click.argument("folder", required=False)
@click.option("--config", "named", metavar="FOLDER", help="The same as FOLDER, as other commands have it.")
@click.option("--strict", is_flag=True, help="Exit 1 on a warning, too.")
@click.option("--days", type=click.IntRange(1, _MOST_DAYS), default=90, help="How far ahead to look; 90 unless told.")
@click.option("--online", is_flag=True, help="Ask Redis and the servers of the channels, too. Nothing is sent.")
@as_json
def command(folder: str | None, named: str | None, days: int, *, strict: bool, online: bool, wants_json: bool) -> None:
    """Look through the config: what is wrong with it, and what will not work as one thinks.

    FOLDER is the one that RUNG_CONFIG names unless told. No running Rung is needed. Each finding has a code, which
    docs/checks.md explains.

    Exits 1 when there is an error, 2 when the config cannot be read at all.

    While no channel has a URL, as in a CI without secrets, it cannot tell who lacks a contact: docs/checks.md says what
    to set there.
    """
    if folder is not None and named is not None:
        raise click.UsageError("name the folder once: as FOLDER or with --config")
    # Imported here because reading a config takes libraries that `rung check --help` need not wait for.
    from functions.commands._checking import exit_code, findings_of, say

    findings = findings_of(folder if named is None else named, days, online=online)
    say(findings, wants_json=wants_json)
    sys.exit(exit_code(findings, strict=strict))
