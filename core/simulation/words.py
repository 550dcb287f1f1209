"""A simulation in words: a line a step, and at the end what it came to."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.score_words import CLOCKS
from core.simulation.script import VIA
from core.simulation.steps import Pair, Step
from core.sla_clock import ClockKind
from core.timeline import EventKind
from core.times import say_duration, say_when
from core.wording import lines_of

_FIRED = frozenset({EventKind.TRIGGERED, EventKind.ESCALATED})
_SLA = {EventKind.SLA_AT_RISK: "at risk", EventKind.SLA_BREACHED: "breached"}


@dataclass(frozen=True, slots=True)
class Line:
    """One step in words. `after` is counted from the start; `kind` lets whoever prints it choose a colour."""

    when: str
    after: str
    what: str
    told: tuple[str, ...]
    kind: EventKind


def lines(steps: Sequence[Step], start: datetime, zone: ZoneInfo) -> Iterator[Line]:
    """Give each step as a line, by the clock of a zone."""
    are_several = len({step.alert for step in steps}) > 1
    for step in steps:
        said = f"alert {step.alert}: {what(step, zone)}" if are_several else what(step, zone)
        after = say_duration(step.at - start) if step.at > start else "at once"
        yield Line(f"{step.at.astimezone(zone):%a %d %b %H:%M:%S}", after, said, told_in_words(step.told), step.kind)


def told_in_words(told: Iterable[Pair]) -> tuple[str, ...]:
    """Say who is told on what: `user1 on email, slack`, a text for each person."""
    people: dict[str, list[str]] = {}
    for person, channel in told:
        people.setdefault(person, []).append(channel)
    return tuple(f"{person} on {', '.join(channels)}" for person, channels in people.items())


def in_all(steps: Sequence[Step]) -> str:
    """Say what it came to: pages, people, reminders, and how it ended."""
    kinds = Counter(step.kind for step in steps)
    pages = sum(len(step.told) for step in steps if step.kind in _FIRED)
    people = {person for step in steps for person, _ in step.told}
    said = [
        _many(sum(kinds[kind] for kind in _FIRED), "firing of a level", "firings of a level"),
        _many(kinds[EventKind.REMINDED], "reminder", "reminders"),
        _many(kinds[EventKind.SLA_BREACHED], "SLA clock breached", "SLA clocks breached"),
    ]
    messages = _many(sum(len(step.told) for step in steps), "message", "messages")
    told = f"{messages} to {_many(len(people), 'person', 'people')}, {pages} of them pages of levels"
    return f"In all: {', '.join(said)}; {told}."


def place_in_words(step: Step) -> str:
    """Say the level and the round as people count: `level 2 (secondary)`, `round 2, level 1 (primary)`."""
    place = step.place
    if place.level is None:
        return ""
    again = f"round {place.round + 1}, " if place.round else ""
    return f"{again}level {place.level + 1} ({place.level_name})"


def what(step: Step, zone: ZoneInfo) -> str:
    """Say what happened, but for who was told."""
    if step.kind in _SLA:
        return _mark(step, zone)
    say = _SAID.get(step.kind)
    return say(step) if say else _otherwise(step, zone)


def _routed(step: Step) -> str:
    route = f" by route {step.details['route']}" if step.details.get("route") else ""
    return f"{step.details['severity']}, takes the policy {step.details['policy']}{route}"


def _skipped(step: Step) -> str:
    if step.told:
        return f"{step.details['reason']}: the catch-all is paged"
    return f"{place_in_words(step)} is left: {step.details['reason']}"


def _why(step: Step) -> str:
    """Say what else there is to say of a firing: who asked for it, whom nothing reaches, who wants no such pages."""
    details = step.details
    by = [f"asked for by {details['by']}"] if details.get("by") else []
    reason = [str(details["reason"])] if details.get("reason") else []
    missing = [f"{', '.join(details['unreachable'])} cannot be reached"] if details.get("unreachable") else []
    unwilling = [str(details["unwilling"])] if details.get("unwilling") else []
    said = "; ".join(by + reason + missing + unwilling)
    return f" ({said})" if said else ""


def _mark(step: Step, zone: ZoneInfo) -> str:
    clock = CLOCKS[ClockKind(step.details["clock"])]
    deadline = datetime.fromisoformat(step.details["deadline"])
    due = f", due {say_when(deadline, step.at, zone)}" if step.kind is EventKind.SLA_AT_RISK else ""
    return f"SLA {clock} {_SLA[step.kind]}{due}"


def _failed(step: Step) -> str:
    retry_at = step.details.get("retry_at")
    wait = say_duration(datetime.fromisoformat(retry_at) - step.at) if retry_at else ""
    again = f"; tried again after {wait}" if wait else ""
    return f"{step.details['responder']} is not reached on {step.details['channel']}: {step.details['reason']}{again}"


def _moved(step: Step) -> str:
    details = step.details
    return f"{details['channel']} is tried for {details['responder']} instead of {details['after']}"


def _otherwise(step: Step, zone: ZoneInfo) -> str:
    details = {name: value for name, value in step.details.items() if (name, value) != ("via", VIA)}
    if until := details.pop("until", None):
        details["until"] = say_when(datetime.fromisoformat(until), step.at, zone)
    reason = details.pop("reason", None)
    [line] = lines_of([{"at": "", "event": step.kind, **details}])
    said = " ".join(filter(None, (line["what"], line["details"], line["note"])))
    return f"{said}: {reason}" if reason else said


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


_SAID: Mapping[EventKind, Callable[[Step], str]] = {
    EventKind.ROUTED: _routed,
    EventKind.TRIGGERED: lambda step: place_in_words(step) + _why(step),
    EventKind.ESCALATED: lambda step: place_in_words(step) + _why(step),
    EventKind.SKIPPED: _skipped,
    EventKind.EXHAUSTED: lambda step: f"nobody ever answered: the ladder is used up{_why(step)}",
    EventKind.REMINDED: lambda step: f"reminder: {step.details['reason']}",
    EventKind.NOTIFICATION_FAILED: _failed,
    EventKind.FAILED_OVER: _moved,
}
