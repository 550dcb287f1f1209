"""What people do in a simulation, as it is typed: `12m`, or `12m:alice` for who does it; a snooze is `10m+2h`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.commands import Acknowledge, Clear, Command, Escalate, Resolve, Snooze, Update
from core.config.durations import parse_duration
from core.simulation.run import Act, Simulation
from core.timeline import EventKind

TITLE = "Simulated alert"  # of one that is described by no title of its own
VIA = "simulation"
_SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing somebody does, so long after the start; `by` None: whoever was paged last. `lasts` is of a snooze."""

    verb: str
    after: timedelta
    by: str | None = None
    lasts: timedelta = timedelta()


def parse_said(verb: str, text: str) -> Said:
    """Read `12m`, `12m:alice`; of a snooze `10m+2h`, `10m+2h:alice`. ValueError says what is wanted."""
    when, _, by = text.partition(":")
    when, _, lasts = when.partition("+") if verb == "snooze" else (when, "", "")
    if verb == "snooze" and not lasts:
        raise ValueError("say for how long too: 10m+2h")
    span = timedelta(seconds=parse_duration(lasts)) if lasts else timedelta()
    return Said(verb, timedelta(seconds=parse_duration(when)), by or None, span)


def act_of(said: Said, start: datetime, source: str, alert_id: int = 1) -> Act:
    """Give what is done about an alert, and when."""
    at = start + said.after

    def do(simulation: Simulation) -> None:
        by = said.by or paged_last(simulation, alert_id)
        simulation.act(alert_id, _COMMANDS[said.verb](said, by, at, source))

    return Act(at, do)


def paged_last(simulation: Simulation, alert_id: int) -> str:
    """Give the first of those whom the firing asks that counts now: the one who would answer."""
    cause = simulation.alert(alert_id).cause
    asked = (
        str(each.event.details["responder"])
        for each in simulation.happened
        if each.alert.id == alert_id and each.event.kind is EventKind.NOTIFIED and each.event.details["cause"] == cause
    )
    return next(asked, _SOMEBODY)


def _snooze(said: Said, by: str, at: datetime, _source: str) -> Command:
    return Snooze(by, VIA, until=at + said.lasts)


_COMMANDS: Mapping[str, Callable[[Said, str, datetime, str], Command]] = {
    "ack": lambda _said, by, _at, _source: Acknowledge(by, VIA),
    "update": lambda _said, by, _at, _source: Update(by, VIA),
    "resolve": lambda _said, by, _at, _source: Resolve(by, VIA),
    "escalate": lambda _said, by, _at, _source: Escalate(by, VIA),
    "snooze": _snooze,
    "clear": lambda _said, _by, _at, source: Clear(source),
}
VERBS = tuple(_COMMANDS)
