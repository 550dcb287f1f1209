"""List alerts, newest first: the open ones unless you ask otherwise."""

import json
from datetime import UTC, datetime
from typing import Any

import click

from core.times import say_duration
from functions.commands._answering import as_json
from functions.commands._client import get


@click.command()
@click.option(
    "--status",
    default="",
    metavar="WORDS",
    help="pending, escalated, acknowledged, in_progress or resolved; several with commas.",
)
@click.option("--severity", default="", metavar="WORDS", help="critical, high, medium or low; several with commas.")
@click.option("--limit", default=50, show_default=True, help="How many at most.")
@click.option("--after", default=None, type=int, metavar="ALERT", help="Only those older than this one.")
@as_json
def command(status: str, severity: str, limit: int, after: int | None, *, wants_json: bool) -> None:
    """List alerts, newest first: the open ones unless you ask otherwise."""
    page = get("/alerts", status=status, severity=severity, limit=limit, after=after)
    if wants_json:
        click.echo(json.dumps(page, ensure_ascii=False))
    elif page["alerts"]:
        _print(page)
    else:
        click.echo("No alerts." if status or severity else "No open alerts.")


def _print(page: dict[str, Any]) -> None:
    # Imported here because most commands print a line and should not pay for tables.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    is_wide = console.width >= _WIDE
    names = [name for name in _COLUMNS if is_wide or name not in _ONLY_WHEN_WIDE]
    rows = [dict(zip(_COLUMNS, _cells(alert), strict=True)) for alert in page["alerts"]]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(
            name,
            overflow="fold",
            no_wrap=name != "title" if is_wide else name in {"", "severity"},
            min_width={"": max(len(row[""]) for row in rows), "title": 16}.get(name) if rows else None,
        )
    for row in rows:
        table.add_row(*(Text(row[name]) for name in names))
    console.print(table)
    if page["next"]:
        click.echo(f"There may be more: rung alerts --after {page['next']}")


_COLUMNS = ("", "severity", "status", "level", "age", "next", "SLA", "title")
_ONLY_WHEN_WIDE = frozenset({"level", "age"})  # what a narrow terminal goes without, so that the title has room
_WIDE = 110  # characters


def _cells(alert: dict[str, Any]) -> tuple[str, ...]:
    person = alert["acknowledged_by"] or alert["resolved_by"]
    status = alert["status"].replace("_", " ") + (f" ({person})" if person else "")
    return (
        str(alert["id"]),
        alert["severity"],
        status
        + (", used up" if alert["exhausted"] else "")
        + (", silenced" if alert["suppressed"] and alert["status"] != "resolved" else "")
        + (", flapping" if alert["flapping"] else ""),
        f"{alert['level'] + 1} ({alert['level_name']})",
        _span(alert["created_at"]),
        f"in {_span(alert['wake_at'])}" if alert["wake_at"] else "-",
        _sla(alert["sla"]),
        alert["title"],
    )


def _sla(sla: dict[str, Any] | None) -> str:
    """Say the worst status, and how long is left until the next deadline of what is still owed."""
    if sla is None:
        return "-"
    clocks = [clock for clock in sla.values() if isinstance(clock, dict)]
    waiting = [clock for clock in clocks if clock["met_at"] is None and clock["breached_at"] is None]
    left = min((clock["deadline"] for clock in waiting if "paused_at" not in clock), default=None)
    status = {"compliant": "in time"}.get(sla["status"], str(sla["status"]).replace("_", " "))
    return f"{status}, {_span(left)} left" if left else status


def _span(instant: str) -> str:
    return say_duration(abs(datetime.now(UTC) - datetime.fromisoformat(instant)))
