"""How a simulation is printed: a headline and a table for each alert, those that go the same way once."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.config import Config, outbox_mode
from core.simulation.folding import alike, by_alert
from core.simulation.run import Simulation
from core.simulation.steps import Step, steps
from core.simulation.telling import course_lines, headline
from core.simulation.words import in_all

_WITHOUT_CREDENTIALS = "No channel has credentials here, so every channel is taken to reach everybody."
_COLOURS = {
    "triggered": "bold",
    "escalated": "bold",
    "reassigned": "bold",
    "exhausted": "bold red",
    "skipped": "yellow",
    "sla_at_risk": "yellow",
    "sla_breached": "red",
    "notification_failed": "yellow",
    "acknowledged": "green",
    "updated": "green",
    "resolved": "green",
    "reminded": "dim",
}


def show(simulation: Simulation, start: datetime, config: Config, *, in_full: bool) -> None:
    """Print what came of a simulation; unless wanted in full, rounds that repeat are one line."""
    zone, found = ZoneInfo(config.timezone), steps(simulation.happened)
    console, courses = Console(highlight=False), by_alert(found)
    for numbers in alike(courses):
        course = courses[numbers[0]]
        alerts = [simulation.alert(number) for number in numbers]
        console.print(Text(headline(alerts, course, zone, is_alone=len(courses) == 1), style="bold"))
        console.print(_table(course[1:], start, zone, in_full=in_full))
        console.print()
    console.print(Text(in_all(found)))
    if outbox_mode(config) and not config.outbox:
        console.print(Text(_WITHOUT_CREDENTIALS, style="dim"))


def _table(course: Sequence[Step], start: datetime, zone: ZoneInfo, *, in_full: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("after", no_wrap=True)
    table.add_column("at", no_wrap=True)
    table.add_column("what happens", overflow="fold")
    table.add_column("who is told", overflow="fold")
    before = None
    for line in course_lines(course, start, zone, in_full=in_full):
        when = ("", "") if (line.after, line.when) == before else (line.after, line.when)
        before = line.after, line.when
        told = Text("\n".join(line.told))
        table.add_row(*when, Text(line.what), told, style=_COLOURS.get(line.kind, ""))
    return table
