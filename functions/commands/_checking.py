"""What `rung check` does: the findings about a folder, how they are said, and what they end in."""

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from core.config.faults import ConfigError
from core.config.validation import validated
from core.lint import Finding, FindingSeverity, in_files, is_refused, is_unreadable, lint, of_faults
from core.lint.words import groups, lines, summary, view
from core.rules import Rules
from functions.commands._common import NO, WRONG
from functions.commands._offline import read_config

_COLOURS = {FindingSeverity.ERROR: "red", FindingSeverity.WARNING: "yellow", FindingSeverity.ADVICE: "cyan"}
_WIDEST = 100


def findings_of(folder: str | None, days: int, *, online: bool) -> list[Finding]:
    """Give what is to be said about a folder; with `online` also about Redis and the channels.

    Raises SettingsError, SecretsError when `online`.
    """
    try:
        written = read_config(folder)
        config = validated(written)
    except ConfigError as error:
        return of_faults(error.faults)
    now = datetime.now(UTC)
    if not online:
        return lint(Rules(config), now, days, written)
    # Imported here because Redis and Apprise take a second to import.
    from functions.commands import _online

    standing, of_redis = _online.ask_redis()
    rules = Rules(config, standing)
    ways = [*_online.links_lead_nowhere(rules), *_online.ways_in(rules)]
    others = [*of_redis, *_online.ask_channels(rules), *ways]
    return sorted([*lint(rules, now, days, written), *in_files(others, written)], key=lambda finding: finding.rank)


def say(findings: Sequence[Finding], *, wants_json: bool) -> None:
    """Print them."""
    if wants_json:
        click.echo(json.dumps(view(findings), ensure_ascii=False))
        return
    width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
    for heading, severity, found in groups(findings):
        click.secho(f"{heading}\n", bold=True)
        for finding in found:
            click.secho(finding.code.value, fg=_COLOURS[severity])
            click.echo("\n".join([*lines(finding, width), ""]))
    if any(map(is_refused, findings)):
        click.echo("Rung refuses this config. What else there is to say comes when that is mended.")
    click.echo(summary(findings) or "All is well.")


def exit_code(findings: Sequence[Finding], *, strict: bool) -> int:
    """Give what they end in: 2 for a config that cannot be read, 1 for an error, or when strict for a warning."""
    if any(map(is_unreadable, findings)):
        return WRONG
    bad = {FindingSeverity.ERROR, *([FindingSeverity.WARNING] if strict else [])}
    return NO if any(finding.severity in bad for finding in findings) else 0
