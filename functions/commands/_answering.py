"""What the answering commands share: who is answering, what to print."""

import getpass
import json
from collections.abc import Callable
from typing import Any

import click

from functions.commands._client import alert_path, post

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


def answer(alert: str, way: str, by: str | None, *, wants_json: bool, **said: Any) -> None:
    """Send an answer about one alert and print how it stands now."""
    after = post(alert_path(alert, way), {"by": by or getpass.getuser(), **said})
    if wants_json:
        click.echo(json.dumps(after, ensure_ascii=False))
    else:
        click.echo(say(after))


def say(alert: dict[str, Any]) -> str:
    """Say in one line how an alert stands."""
    status = str(alert["status"]).replace("_", " ")
    person = alert["resolved_by"] or alert["acknowledged_by"]
    by = f" by {person}" if person else ""
    level = f", level {alert['level'] + 1} ({alert['level_name']})" if status in {"pending", "escalated"} else ""
    until = f" until {alert['snoozed_until']}" if alert["snoozed_until"] else ""
    return f"alert {alert['id']} is {status}{by}{until}{level}: {alert['title']}"
