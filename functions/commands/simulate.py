"""Show what the config would do with an alert: who would be paged, when, on which channel."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.times import say_duration
from functions.commands._answering import as_json
from functions.commands._client import WrongUsageError
from functions.commands._common import NO
from functions.commands._offline import check_name, instant, load_config, no_such, now, seconds, signals_of

if TYPE_CHECKING:
    from core.config import Config
    from core.simulation.run import Simulation
    from core.simulation.script import Said
    from core.standing import Standing

_HELP = """Show what the config would do with an alert: who would be paged, when, on which channel.

\b
rung simulate --severity critical
rung simulate --severity high --at 2026-11-20T16:30 --ack 12m --resolve 2h
rung simulate --severity critical --unreachable alice --down slack --svg plan.svg
rung simulate --payload webhook.json --source grafana --ack 12m:alice

It needs no server and pages nobody: the engine that runs live runs with a simulated clock. What people do is written
as how long after the start, and by whom where that matters: 12m, 12m:alice; else whoever was paged last does it, about
every alert that came in. Who answers in time is not paged: at the same instant the answer comes first.

Overrides and silences that people ordered are not in the config; --live asks the running Rung for them. Which channels
can reach whom is as in the environment here: while no channel has credentials, all reach everybody. The alerts with
which Rung tells its operators of a failing channel are not shown, and storms are not bundled.

Exits 1 when Rung refuses what somebody does, such as an acknowledgment of what is resolved; the rest is shown.
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


def _answers(function: Callable[..., None]) -> Callable[..., None]:
    for verb, metavar, text in reversed(_ANSWERS):
        function = click.option(f"--{verb}", verb, multiple=True, metavar=metavar, help=text)(function)
    return function


@click.command(help=_HELP)
@click.option("--severity", metavar="WORD", help="How bad it is: critical, high, medium, low, or a sender's word.")
@click.option("--payload", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The body of a webhook.")
@click.option("--source", metavar="NAME", help="The source it comes from; generic unless you say otherwise.")
@click.option("--title", metavar="TEXT", help="Its title, for routes that match by it.")
@click.option("--label", "labels", multiple=True, metavar="NAME=VALUE", help="A label, for routes that match by it.")
@click.option(
    "--at", metavar="INSTANT", help="When it comes in: 2026-11-20T16:30 by the config's clock; now if left out."
)
@_answers
@click.option("--unreachable", multiple=True, metavar="PERSON", help="Pages to this person fail.")
@click.option("--down", multiple=True, metavar="CHANNEL", help="This channel is out of order.")
@click.option("--until", metavar="TIME", help="Stop so long after the start; if left out, when nothing more is due.")
@click.option("--config", "folder", metavar="FOLDER", help="The folder of the config; RUNG_CONFIG if left out.")
@click.option("--live", is_flag=True, help="With the overrides and silences that the running Rung has now.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Also write a picture into this file.")
@click.option("--full", "in_full", is_flag=True, help="Print every round, those too that repeat an earlier one.")
@as_json
def command(*, wants_json: bool, in_full: bool, svg: Path | None, **asked: Any) -> None:
    """Simulate, and print what came of it."""
    config = load_config(asked["folder"])
    simulation, start = _simulated(config, asked)
    if svg is not None:
        _draw(svg, simulation, start, config.timezone)
    if wants_json:
        from core.simulation.steps import rows

        click.echo(json.dumps(rows(simulation.happened, start), ensure_ascii=False))
    else:
        from functions.commands._simulation_output import show

        show(simulation, start, config, in_full=in_full)
    _tell_refusals(simulation, start)


def _simulated(config: "Config", asked: dict[str, Any]) -> "tuple[Simulation, datetime]":
    from core.rules import Rules
    from core.simulation.run import Simulation
    from core.simulation.script import act_of

    for person in asked["unreachable"]:
        check_name("person", person, config.people)
    for channel in asked["down"]:
        check_name("channel", channel, config.channels)
    start = instant(asked["at"], config) if asked["at"] else now().replace(second=0)
    end = start + timedelta(seconds=seconds(asked["until"])) if asked["until"] else None
    source = asked["source"] or "generic"
    signals, said = signals_of(config, source, asked), list(_said(asked, config))
    simulation = Simulation(Rules(config, _standing(start, asked)), start, asked["unreachable"], asked["down"])
    _tell_of_unknown_word(config, source, asked["severity"])
    received = simulation.receive(source, signals)
    alerts = dict.fromkeys(each.alert_id for each in received if each.alert_id)
    if not alerts:
        raise WrongUsageError("that body raises no alert, so there is nothing to simulate")
    simulation.run((act_of(each, start, source, alert) for each in said for alert in alerts), end)
    return simulation, start


def _standing(start: datetime, asked: dict[str, Any]) -> "Standing":
    from core.standing import NOTHING_STANDING

    if not asked["live"]:
        return NOTHING_STANDING
    from functions.commands._standing_orders import standing_orders

    return standing_orders(start)


def _said(asked: dict[str, Any], config: "Config") -> "Iterator[Said]":
    from core.simulation.run import LONGEST
    from core.simulation.script import parse_said

    end = seconds(asked["until"]) if asked["until"] else LONGEST.total_seconds()
    for verb, _, _ in _ANSWERS:
        for text in asked[verb]:
            try:
                said = parse_said(verb, text)
            except ValueError as error:
                raise click.UsageError(f"--{verb} {text}: {error}") from None
            if said.after.total_seconds() > end:
                raise click.UsageError(f"--{verb} {text}: by then the simulation is over; see --until")
            if said.by is not None and said.by not in config.people:
                click.echo(f"rung: --{verb} {text}: {no_such('person', said.by, config.people)}", err=True)
            yield said


def _tell_of_unknown_word(config: "Config", source: str, word: str | None) -> None:
    """Say so when a word means nothing to the source: live it would take the default without a word."""
    from core.config import knows_severity, severity_of
    from core.config.names import hint
    from core.severity import Severity

    if word is not None and not knows_severity(config, source, word):
        taken = severity_of(config, source, word).value
        click.echo(f"rung: no severity is called {word!r}{hint(word, list(Severity))}; taken as {taken}", err=True)


def _draw(path: Path, simulation: "Simulation", start: datetime, timezone: str) -> None:
    from functions._simulation_svg import picture

    try:
        path.write_text(picture(simulation, start, timezone), "utf-8")
    except OSError as error:
        raise WrongUsageError(f"{path} cannot be written: {error.strerror}") from None


def _tell_refusals(simulation: "Simulation", start: datetime) -> None:
    for refusal in simulation.refusals:
        click.echo(f"rung: after {say_duration(refusal.at - start)}: {refusal.reason}", err=True)
    if simulation.refusals:
        raise SystemExit(NO)
