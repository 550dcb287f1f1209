"""Show what the config would do with an alert: who would be paged, when, on which channel."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from functions.commands._answering import as_json
from functions.commands._client import WrongUsageError
from functions.commands._common import NO
from functions.commands._offline import instant, load_config, now, seconds, signals_of

if TYPE_CHECKING:
    from core.config import Config
    from core.simulation.run import Simulation
    from core.simulation.words import Line

_HELP = """Show what the config would do with an alert: who would be paged, when, on which channel.

\b
rung simulate --severity critical
rung simulate --severity high --at 2026-11-20T16:30 --ack 12m --resolve 2h
rung simulate --payload webhook.json --source grafana --unreachable alice

It needs no server and pages nobody: the engine that runs live runs with a simulated clock. What people do is written
as how long after the start, and by whom where that matters: 12m, 12m:alice. Who answers in time is not paged: at the
same instant the answer comes first. Overrides and silences that people ordered are not in the config, and so not in
what this shows.
"""

# What people may do: the option, how its value is written, and what it means.
_ANSWERS = (
    ("ack", "TIME[:WHO]", "Somebody acknowledges it, so long after the start."),
    ("update", "TIME[:WHO]", "Somebody says how it goes."),
    ("resolve", "TIME[:WHO]", "Somebody resolves it."),
    ("escalate", "TIME[:WHO]", "Somebody wants the next level."),
    ("snooze", "TIME+SPAN[:WHO]", "Somebody takes it for later: 10m+2h."),
    ("clear", "TIME", "Its source says that it is over."),
)
_COLOURS = {
    "triggered": "bold",
    "escalated": "bold",
    "exhausted": "bold red",
    "skipped": "yellow",
    "sla_at_risk": "yellow",
    "sla_breached": "red",
    "notification_failed": "yellow",
    "acknowledged": "green",
    "resolved": "green",
    "reminded": "dim",
    "routed": "dim",
}


def _answers(function: Callable[..., None]) -> Callable[..., None]:
    for verb, metavar, text in reversed(_ANSWERS):
        function = click.option(f"--{verb}", verb, multiple=True, metavar=metavar, help=text)(function)
    return function


@click.command(help=_HELP)
@click.option("--severity", metavar="WORD", help="How bad it is: critical, high, medium, low, or a sender's word.")
@click.option("--payload", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The body of a webhook.")
@click.option("--source", metavar="NAME", help="The source it comes from; generic unless you say otherwise.")
@click.option("--title", default="Simulated alert", metavar="TEXT", help="Its title, for routes that match by it.")
@click.option("--label", "labels", multiple=True, metavar="NAME=VALUE", help="A label, for routes that match by it.")
@click.option(
    "--at", metavar="INSTANT", help="When it comes in: 2026-11-20T16:30 by the config's clock; now if left out."
)
@_answers
@click.option("--unreachable", multiple=True, metavar="PERSON", help="Pages to this person fail.")
@click.option("--down", multiple=True, metavar="CHANNEL", help="This channel is out of order.")
@click.option("--until", metavar="TIME", help="Stop so long after the start; if left out, when nothing more is due.")
@click.option("--config", "folder", metavar="FOLDER", help="The folder of the config; RUNG_CONFIG if left out.")
@as_json
def command(*, wants_json: bool, **asked: Any) -> None:
    """Simulate, and print what came of it."""
    config = load_config(asked["folder"])
    simulation, start = _simulated(config, asked)
    if wants_json:
        from core.simulation.steps import rows

        click.echo(json.dumps(rows(simulation.happened, start), ensure_ascii=False))
    else:
        _print(simulation, start, config)
    for refusal in simulation.refusals:
        click.echo(f"rung: {refusal.at - start} after the start: {refusal.reason}", err=True)
    if simulation.refusals:
        raise SystemExit(NO)


def _simulated(config: "Config", asked: dict[str, Any]) -> "tuple[Simulation, datetime]":
    from core.rules import Rules
    from core.simulation.run import Simulation

    _check_names("person", asked["unreachable"], config.people)
    _check_names("channel", asked["down"], config.channels)
    start = instant(asked["at"], config) if asked["at"] else now()
    source = asked["source"] or "generic"
    signals = signals_of(config, source, asked)
    simulation = Simulation(Rules(config), start, asked["unreachable"], asked["down"])
    if not any(each.alert_id for each in simulation.receive(source, signals)):
        raise WrongUsageError("that body raises no alert, so there is nothing to simulate")
    simulation.run(
        _acts(asked, start, source), start + timedelta(seconds=seconds(asked["until"])) if asked["until"] else None
    )
    return simulation, start


def _acts(asked: dict[str, Any], start: datetime, source: str) -> Iterator[Any]:
    from core.simulation.script import act_of, parse_said

    for verb, _, _ in _ANSWERS:
        for text in asked[verb]:
            try:
                yield act_of(parse_said(verb, text), start, source)
            except ValueError as error:
                raise click.UsageError(f"--{verb} {text}: {error}") from None


def _check_names(what: str, names: Iterable[str], known: Iterable[str]) -> None:
    from core.config.names import hint

    for name in names:
        if name not in known:
            raise WrongUsageError(f"config has no {what} {name!r}{hint(name, list(known))}")


def _print(simulation: "Simulation", start: datetime, config: "Config") -> None:
    # Imported here so that --json does not pay for tables.
    from zoneinfo import ZoneInfo

    from rich.console import Console

    from core.simulation.steps import steps
    from core.simulation.words import in_all, lines

    found = steps(simulation.happened)
    console = Console()
    console.print(_table(list(lines(found, start, ZoneInfo(config.timezone))), config.timezone))
    console.print(f"\n{in_all(found)}")


def _table(lines: "list[Line]", zone: str) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in (f"at ({zone})", "after", "what happens", "who is told"):
        table.add_column(name, overflow="fold")
    before = ""
    for line in lines:
        told = [*line.told, *[""] * (not line.told)]
        when = line.when if line.when != before else ""
        table.add_row(
            when, line.after if when else "", Text(line.what), Text("\n".join(told)), style=_COLOURS.get(line.kind, "")
        )
        before = line.when
    return table
