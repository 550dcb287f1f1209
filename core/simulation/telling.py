"""A course in words, folded: for a terminal and for a picture. The clock is that of a zone."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.alert import Alert
from core.score_words import CLOCKS
from core.simulation.folding import SLA, Fold, folded, spacing
from core.simulation.repeating import Rounds, Walks, without_repeats
from core.simulation.script import TITLE
from core.simulation.steps import Step
from core.simulation.words import Line, what
from core.sla_clock import ClockKind
from core.timeline import EventKind
from core.times import say_duration

_WEEK = timedelta(days=6)
FEW = 4  # rounds that are named one by one
_COUNT = " ("  # behind what a reminder is about stands which of how many it is


def course_lines(course: Sequence[Step], start: datetime, zone: ZoneInfo, *, in_full: bool = False) -> Iterator[Line]:
    """Give a course as lines; unless wanted in full, rounds that repeat are one."""
    folds = folded(course)
    for each in folds if in_full else without_repeats(folds):
        if isinstance(each, Fold):
            yield _line(each.first.at, say(each, start, zone), each, start, zone)
        elif isinstance(each, Rounds):
            yield _line(each.begun[0][1], say_rounds(each, start), None, start, zone)
        else:
            yield _line(each.begun[0], say_walks(each, start), None, start, zone)


def headline(alerts: Sequence[Alert], course: Sequence[Step], zone: ZoneInfo, *, is_alone: bool) -> str:
    """Say what comes in, when, and which way it goes. `alerts` go the same way; `is_alone`: there are no others."""
    step = course[0]
    severity, policy, route = (step.details.get(name) for name in ("severity", "policy", "route"))
    by = f": policy {policy}" if policy != severity or route else ""
    named = _named(alerts, str(severity), is_alone=is_alone)
    return f"{named} on {date(step.at, zone)}{by}{f' by route {route}' if route else ''}."


def date(instant: datetime, zone: ZoneInfo) -> str:
    """Say an instant with its day in full: `Friday 20 November 2026 at 16:30 UTC`."""
    local = instant.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y} at {local:%H:%M}{f':{local:%S}' if local.second else ''} {local:%Z}"


def _named(alerts: Sequence[Alert], severity: str, *, is_alone: bool) -> str:
    titles = ", ".join(dict.fromkeys(f"\u201c{alert.title}\u201d" for alert in alerts))
    if is_alone and alerts[0].title == TITLE:
        return f"A {severity} alert comes in"
    if is_alone:
        return f"{titles} ({severity}) comes in"
    if len(alerts) == 1:
        return f"Alert {alerts[0].id}, {titles} ({severity}), comes in"
    return f"Alerts {_and([str(alert.id) for alert in alerts])} ({severity}), {titles}, come in"


def clock(instant: datetime, start: datetime, zone: ZoneInfo) -> str:
    """Say the time of day, with the day where it is not that of the start: `16:30`, `Sat 00:30`, `Mon 30 Nov 08:00`."""
    local, began = instant.astimezone(zone), start.astimezone(zone)
    time = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    if local.date() == began.date():
        return time
    return f"{local:%a} {time}" if instant - start < _WEEK else f"{local:%a} {local.day} {local:%b} {time}"


def after(instant: datetime, start: datetime) -> str:
    """Say how long after the start."""
    return say_duration(instant - start) if instant > start else "at once"


def say(fold: Fold, start: datetime, zone: ZoneInfo) -> str:
    """Say what happened."""
    if fold.kind in SLA:
        return say_marks(fold, start, zone)
    if fold.kind is EventKind.REMINDED:
        return say_reminders(fold)
    return f"{what(fold.first, zone)}, left at once" if fold.is_left else what(fold.first, zone)


def say_marks(fold: Fold, start: datetime, zone: ZoneInfo) -> str:
    """Say which clocks: `SLA resolution and policy timeout at risk, due 17:30`."""
    names = [CLOCKS[ClockKind(step.details["clock"])] for step in fold.steps]
    if fold.kind is EventKind.SLA_BREACHED:
        return f"SLA {_and(names)} breached"
    due = [clock(datetime.fromisoformat(step.details["deadline"]), start, zone) for step in fold.steps]
    if len(set(due)) == 1:
        return f"SLA {_and(names)} at risk, due {due[0]}"
    return f"SLA {_and([f'{name} (due {at})' for name, at in zip(names, due, strict=True)])} at risk"


def say_reminders(fold: Fold) -> str:
    """Say what is reminded of: `3 reminders, every 5 min: nobody has answered`."""
    reason = fold.first.details["reason"]
    every = spacing(fold)
    if every is None:
        return f"reminder: {reason}"
    of = " and ".join(part.partition(_COUNT)[0] for part in reason.split(" and "))
    return f"{len(fold.steps)} reminders, every {say_duration(every)}: {of}"


def say_rounds(rounds: Rounds, start: datetime) -> str:
    """Say which rounds go like an earlier one, and from when: `round 2: the same again; round 3 at 4 h, ...`."""
    (first, _), *more = rounds.begun
    again = "the same again" if rounds.like == 0 else f"round {rounds.like + 1} again"
    if len(more) < FEW:
        others = [f"round {number + 1} at {after(at, start)}" for number, at in more]
        return "; ".join([f"round {first + 1}: {again}", *others])
    last, ends = more[-1]
    return f"rounds {first + 1} to {last + 1}: {again}; the last at {after(ends, start)}"


def say_walks(walks: Walks, start: datetime) -> str:
    """Say when the round is walked again: `the same again, also at 7 min and 15 min`."""
    more = [after(at, start) for at in walks.begun[1:]]
    return f"the same again, also at {_and(more)}" if more else "the same again"


def who(fold: Fold) -> tuple[str, ...]:
    """Say who is told on what, those who are told alike together: `director, vp on email, sms`; and what fails."""
    told: dict[str, list[str]] = {}
    for person, channel in fold.first.told:
        told.setdefault(person, []).append(channel)
    alike: dict[str, list[str]] = {}
    for person, channels in told.items():
        of_person = [each.details for each in fold.failures if each.details["responder"] == person]
        alike.setdefault(_on(channels, of_person), []).append(person)
    return tuple(f"{', '.join(people)} {on}" for on, people in alike.items())


def _on(channels: Sequence[str], of_person: Sequence[dict[str, Any]]) -> str:
    """Say on what somebody is reached: `on email, sms (instead of slack)`, or `in vain on slack`."""
    failed = dict.fromkeys(each["channel"] for each in of_person if "after" not in each)
    instead: dict[str, list[str]] = {}
    for each in of_person:
        if "after" in each and each["channel"] not in failed:
            instead.setdefault(each["channel"], []).append(each["after"])
    reached = [channel for channel in channels if channel not in failed]
    reached += [f"{channel} (instead of {', '.join(before)})" for channel, before in instead.items()]
    if not reached:
        return f"in vain on {', '.join(failed)}"
    lost = [channel for channel in failed if not any(channel in before for before in instead.values())]
    return f"on {', '.join(reached)}" + (f", not on {', '.join(lost)}" if lost else "")


def _line(at: datetime, said: str, fold: Fold | None, start: datetime, zone: ZoneInfo) -> Line:
    told, kind = (who(fold), fold.kind) if fold else ((), EventKind.ESCALATED)
    return Line(clock(at, start, zone), after(at, start), said, told, kind)


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
