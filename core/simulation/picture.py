"""What a picture of a course shows: stages one after the other, rungs that climb among them, each with its notes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.simulation.folding import FIRED, SLA, Fold, folded
from core.simulation.repeating import Rounds, Walks, without_repeats
from core.simulation.steps import Step
from core.simulation.telling import FEW, after, clock, say, who
from core.timeline import EventKind
from core.times import say_duration


class Tone(StrEnum):
    """What a stage or a note is to look like."""

    RUNG = "rung"  # a level fires
    MISSED = "missed"  # one that reaches nobody
    ANSWER = "answer"  # somebody has it, or it is over
    AGAIN = "again"  # rounds that repeat
    END = "end"  # nobody ever answered
    QUIET = "quiet"  # everything else: reminders, silences
    WARNING = "warning"
    BREACH = "breach"


@dataclass(frozen=True, slots=True)
class Note:
    """What happens while a stage lasts; `told` says who hears of it, a line each."""

    when: str
    text: str
    told: tuple[str, ...]
    tone: Tone


@dataclass(slots=True)
class Stage:
    """One card. `height` is how far up the ladder it stands; `wait` says what leads to the next one."""

    tone: Tone
    height: int
    title: str
    when: str
    text: tuple[str, ...]
    at: datetime
    begins_round: bool = False
    wait: str = ""
    notes: list[Note] = field(default_factory=list)


_BESIDE = SLA | {
    EventKind.REMINDED,
    EventKind.COUNTED,
    EventKind.SEVERITY_CHANGED,
    EventKind.FLAPPING,
    EventKind.UNSNOOZED,
}
_TONES = {EventKind.SLA_AT_RISK: Tone.WARNING, EventKind.SLA_BREACHED: Tone.BREACH}
_ANSWERS = frozenset({EventKind.ACKNOWLEDGED, EventKind.UPDATED, EventKind.SNOOZED, EventKind.RESOLVED})


def heading(headline: str, course: Sequence[Step]) -> str:
    """Give the heading of a course, which says so when nobody does anything about it."""
    kinds = {step.kind for step in course}
    return headline if kinds & (_ANSWERS | {EventKind.REASSIGNED}) else f"{headline} Nobody answers."


def stages(course: Sequence[Step], start: datetime, zone: ZoneInfo) -> list[Stage]:
    """Give the stages of a course; what was routed is for the heading."""
    found: list[Stage] = []
    for each in without_repeats(folded(course)):
        if isinstance(each, Fold) and each.kind is EventKind.ROUTED:
            continue
        if isinstance(each, Fold) and found and (each.kind in _BESIDE or _pages_catch_all(each)):
            found[-1].notes.append(_note(each, start, zone))
            continue
        stage = _stage(each, found[-1].height if found else 0, start, zone)
        if found:
            found[-1].wait = _wait(found[-1], stage)
        found.append(stage)
    return found


def _stage(each: Fold | Rounds | Walks, height: int, start: datetime, zone: ZoneInfo) -> Stage:
    if isinstance(each, Fold):
        return _of_fold(each, height, start, zone)
    if isinstance(each, Walks):
        text = ["From level 1 on", *(f"Again at {after(at, start)}" for at in each.begun[1:])]
        return Stage(
            Tone.AGAIN, height, "The same again", _when(each.begun[0], start, zone), tuple(text), each.begun[0]
        )
    at = each.begun[0][1]
    title = "The same again" if each.like == 0 else f"As in round {each.like + 1} again"
    return Stage(Tone.AGAIN, height, title, _when(at, start, zone), tuple(_of_rounds(each, start)), at)


def _of_rounds(rounds: Rounds, start: datetime) -> Iterator[str]:
    (first, _), *more = rounds.begun
    yield f"Round {first + 1}, from level 1 on"
    if len(more) < FEW:
        yield from (f"Round {number + 1} at {after(at, start)}" for number, at in more)
    else:
        number, at = more[-1]
        yield f"And so on until round {number + 1} at {after(at, start)}"


def _of_fold(fold: Fold, height: int, start: datetime, zone: ZoneInfo) -> Stage:
    step = fold.first
    when = _when(step.at, start, zone)
    if fold.kind in FIRED or (fold.kind is EventKind.SKIPPED and step.place.level is not None):
        return _rung(fold, when)
    if fold.kind is EventKind.EXHAUSTED:
        text = _paged(fold) or (_sentence(step.details["reason"]),)
        return Stage(Tone.END, height + 1, "Nobody ever answered", when, ("The ladder is used up.", *text), step.at)
    title = _said(fold, start, zone)
    tone = Tone.ANSWER if fold.kind in _ANSWERS else Tone.QUIET
    told = _paged(fold) if fold.kind is EventKind.REASSIGNED else tuple(f"Tells {each}" for each in who(fold))
    return Stage(tone, height, title, when, (*_AND_SO.get(fold.kind, ()), *told, *_noted(step)), step.at)


def _rung(fold: Fold, when: str) -> Stage:
    step, place = fold.first, fold.first.place
    level = place.level or 0
    again = f"Round {place.round + 1}, level" if place.round else "Level"
    title = f"{again} {level + 1}: {place.level_name}"
    is_missed = fold.kind is EventKind.SKIPPED or fold.is_left
    text = _paged(fold) if fold.kind in FIRED else (_sentence(step.details["reason"]),)
    more = _of_firing(step) if fold.kind in FIRED else ()
    stage = Stage(Tone.MISSED if is_missed else Tone.RUNG, level, title, when, (*text, *more), step.at)
    stage.begins_round = bool(place.round) and level == 0
    return stage


def _paged(fold: Fold) -> tuple[str, ...]:
    return tuple(f"Pages {told}" for told in who(fold))


def _of_firing(step: Step) -> Iterator[str]:
    details = step.details
    if details.get("by"):
        yield f"{details['by']} asked for it"
    if details.get("unreachable"):
        yield f"Not reached: {', '.join(details['unreachable'])}"
    if details.get("unwilling"):
        yield str(details["unwilling"])


def _note(fold: Fold, start: datetime, zone: ZoneInfo) -> Note:
    at = fold.first.at
    when = clock(at, start, zone) if at == start else f"{after(at, start)} \u00b7 {clock(at, start, zone)}"
    return Note(
        when, _said(fold, start, zone), tuple(f"to {told}" for told in who(fold)), _TONES.get(fold.kind, Tone.QUIET)
    )


def _wait(stage: Stage, following: Stage) -> str:
    """Say why the next stage follows, where no person brought it about."""
    if following.tone not in {Tone.RUNG, Tone.MISSED, Tone.AGAIN, Tone.END}:
        return ""
    if stage.tone is Tone.AGAIN:
        return "still no answer"
    if stage.tone is Tone.MISSED and following.at == stage.at:
        return "reaches nobody"
    return f"no answer for {say_duration(following.at - stage.at)}" if stage.tone is Tone.RUNG else ""


def _pages_catch_all(fold: Fold) -> bool:
    return fold.kind is EventKind.SKIPPED and bool(fold.first.told)


def _when(at: datetime, start: datetime, zone: ZoneInfo) -> str:
    span = after(at, start) if at == start else f"after {after(at, start)}"
    return f"{clock(at, start, zone)} \u00b7 {span}"


def _noted(step: Step) -> tuple[str, ...]:
    note = step.details.get("note")
    return (f"\u201c{note}\u201d",) if note else ()


def _said(fold: Fold, start: datetime, zone: ZoneInfo) -> str:
    title = _TITLES.get(fold.kind)
    return title(fold.first, start, zone) if title else _sentence(say(fold, start, zone))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _resolved(step: Step, _start: datetime, _zone: ZoneInfo) -> str:
    by = step.details.get("by")
    return f"{by} says that it is over" if step.details.get("via") == "source" else f"{by} resolves it"


def _snoozed(step: Step, start: datetime, zone: ZoneInfo) -> str:
    until = clock(datetime.fromisoformat(step.details["until"]), start, zone)
    return f"{step.details['by']} snoozes it until {until}"


_TITLES: Mapping[EventKind, Callable[[Step, datetime, ZoneInfo], str]] = {
    EventKind.ACKNOWLEDGED: lambda step, _start, _zone: f"{step.details['by']} acknowledges it",
    EventKind.UPDATED: lambda step, _start, _zone: f"{step.details['by']} says how it goes",
    EventKind.REASSIGNED: lambda step, _start, _zone: f"{step.details['by']} gives it to {step.details['to']}",
    EventKind.UNSNOOZED: lambda _step, _start, _zone: "The snooze is over",
    EventKind.RESOLVED: _resolved,
    EventKind.SNOOZED: _snoozed,
}
_AND_SO: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.ACKNOWLEDGED: ("Paging stops.",),
    EventKind.UPDATED: ("Paging stops.",),
    EventKind.SNOOZED: ("Paging stops until then.",),
    EventKind.RESOLVED: ("It is over.",),
}
