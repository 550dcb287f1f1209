"""What the answering commands share: who is answering, what to print."""

import getpass
import json
from collections.abc import Callable, Iterable
from typing import Any

import click

from functions.commands._client import SaidNoError, alert_path, post
from functions.commands._common import NO

Command = Callable[..., None]


def who(function: Command) -> Command:
    """Add --by: the person who answers."""
    return click.option(
        "--by", default=None, metavar="NAME", help="Who answers; your login name unless you say otherwise."
    )(function)


def note(function: Command) -> Command:
    """Add --note."""
    return click.option("--note", "-m", default=None, metavar="TEXT", help="What to say about it.")(function)


def as_json(function: Command) -> Command:
    """Add --json."""
    return click.option("--json", "wants_json", is_flag=True, help="Print JSON, for programs.")(function)


def answer_command(way: str, summary: str | None) -> click.Command:
    """Give the command that answers in this way; `summary` is the docstring of its file."""

    @click.command(help=summary)
    @click.argument("alerts", nargs=-1, required=True, metavar="ALERT...")
    @note
    @who
    @as_json
    def command(alerts: tuple[str, ...], note: str | None, by: str | None, *, wants_json: bool) -> None:
        answer(alerts, way, by, wants_json=wants_json, note=note)

    return command


def answer(alerts: Iterable[str], way: str, by: str | None, *, wants_json: bool, **said: Any) -> None:
    """Send an answer about each alert and print how it stands now; exit 1 when any was refused."""
    refused = False
    for path in [alert_path(alert, way) for alert in alerts]:  # a slip of the finger must not leave half of them done
        try:
            after = post(path, {"by": by or login_name(), **said})
        except SaidNoError as error:
            refused = True
            click.echo(f"rung: {error}", err=True)
        else:
            click.echo(json.dumps(after, ensure_ascii=False) if wants_json else say(after))
    if refused:
        raise SystemExit(NO)


def login_name() -> str | None:
    """Give the login name; None where there is none, as in many containers: then the token's name answers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None


def say(alert: dict[str, Any]) -> str:
    """Say in one line how an alert stands."""
    status = str(alert["status"]).replace("_", " ")
    person = alert["resolved_by"] or alert["acknowledged_by"]
    by = f" by {person}" if person else ""
    level = f", level {alert['level'] + 1} ({alert['level_name']})" if status in {"pending", "escalated"} else ""
    until = f" until {alert['snoozed_until']}" if alert["snoozed_until"] else ""
    return f"alert {alert['id']} is {status}{by}{until}{level}{_silenced(alert)}: {alert['title']}"


def _silenced(alert: dict[str, Any]) -> str:
    if not alert["suppressed"] or alert["status"] == "resolved":
        return ""
    return f", silenced until {alert['suppressed_until']}" if alert["suppressed_until"] else ", silenced"
