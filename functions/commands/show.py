"""Show one alert: its state, its timeline, who was told what with what outcome, and what happens next."""

import json
from datetime import datetime
from typing import Any

import click

from core.wording import in_short, lines_of, outcome, what
from functions.commands._answering import as_json, say
from functions.commands._client import alert_path, get


@click.command()
@click.argument("alert")
@as_json
def command(alert: str, *, wants_json: bool) -> None:
    """Show one alert: its state, its timeline, who was told what with what outcome, and what happens next."""
    shown = get(alert_path(alert))
    shown["timeline"] = get(alert_path(alert, "timeline"))["events"]
    if wants_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        _print(shown)


def _print(shown: dict[str, Any]) -> None:
    # Imported here so that --json does not pay for tables.
    from rich.console import Console
    from rich.text import Text

    console = Console()
    console.print(Text(say(shown)), style="bold")
    console.print(Text(_facts(shown)))
    for line in filter(None, (shown["description"], shown["link"])):
        console.print(Text(line))
    console.print(Text(shown["what_happens_next"]), style="bold")
    for clock in shown["sla_in_words"]:
        console.print(Text(f"SLA {clock['clock']} {clock['said']}"))
    if shown["responses"]:
        console.print("\nResponses", style="underline")
        console.print(_responses(shown["responses"]))
    console.print("\nTimeline", style="underline")
    console.print(_timeline(shown["timeline"]))
    console.print("\nWho was told", style="underline")
    console.print(_told(shown["notifications"]))


def _facts(shown: dict[str, Any]) -> str:
    times = f", {shown['count']} times" if shown["count"] > 1 else ""
    routes = f", routes {', '.join(shown['routes'])}" if shown["routes"] else ""
    flapping = ", flapping" if shown["flapping"] else ""
    way = f"{shown['severity']}, policy {shown['policy']}{routes}"
    return f"{way}, from {shown['source']} since {shown['created_at']}{times}{flapping}"


def _timeline(events: list[dict[str, Any]]) -> Any:
    table = _table("at (UTC)", "what happened", "")
    for line in lines_of(in_short(events)):
        note = f"“{line['note']}”" if line["note"] else ""
        said = " ".join(filter(None, (line["details"], note)))
        table.add_row(*_plain(_moment(line["at"]), line["what"], said))
    return table


def _responses(responses: list[dict[str, Any]]) -> Any:
    table = _table("at (UTC)", "what", "who", "id", "")
    for each in responses:
        note = f"“{each['note']}”" if each["note"] else ""
        who = f"{each['by']} via {each['via']}"
        table.add_row(*_plain(_moment(each["at"]), each["response"], who, each["id"], note))
    return table


def _moment(instant: str) -> str:
    return datetime.fromisoformat(instant).strftime("%d %b %H:%M:%S")


def _told(notifications: list[dict[str, Any]]) -> Any:
    if not notifications:
        return "Nobody yet."
    table = _table("at (UTC)", "who", "channel", "what", "outcome")
    for n in notifications:
        settled = f" at {_moment(n['settled_at'])[-8:]}" if n["settled_at"] else ""
        table.add_row(*_plain(_moment(n["queued_at"]), n["responder"], n["channel"], what(n), outcome(n) + settled))
    return table


def _table(*names: str) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _plain(*cells: str) -> list[Any]:
    """Cells as text: what came from outside must not be read as markup."""
    from rich.text import Text

    return [Text(cell) for cell in cells]
