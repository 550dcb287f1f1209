"""Everything of the day that counts, each with the instant at which it counts, by the words of docs/reports.md.

It is read from what the API tells of each alert, and shares nothing with the product: no module of it is imported. Any
window is a choice among these things. Instants are milliseconds since 1970.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

View = dict[str, Any]

USED_UP = "the ladder was used up"  # where an alert stands that is exhausted
BEFORE_ANY_LEVEL = ""
PROMISES = ("acknowledgment", "resolution")
CLOCKS = (*PROMISES, "policy")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Raw:
    """What was read of the day: the config as it was written, each alert, and its timeline."""

    config: View
    alerts: dict[int, View]
    timelines: dict[int, list[View]]


@dataclass(frozen=True)
class Thing:
    """Something that counts at an instant. `ms` is how long it took, `life` which of the alert's lives it is of."""

    what: str
    at: int
    alert: View
    ms: int = 0
    of: View = field(default_factory=dict)
    life: int = 0


@dataclass(frozen=True)
class Life:
    """From when an alert was opened, or opened again: its events, and how bad it was from when on."""

    start: int
    events: list[View] = field(default_factory=list)
    severities: list[tuple[int, str]] = field(default_factory=list)

    @property
    def answer(self) -> View | None:
        return next(filter(is_answer, self.events), None)

    @property
    def resolved(self) -> View | None:
        return next((event for event in self.events if event["event"] == "resolved"), None)


def ms(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(milliseconds=1)


def moment(instant: int) -> datetime:
    return EPOCH + timedelta(milliseconds=instant)


def is_answer(event: View) -> bool:
    """An acknowledgment, an update, a snooze, or a resolution by a person; a source that clears is none."""
    if event["event"] == "resolved":
        return event["via"] != "source"
    return event["event"] in {"acknowledged", "updated", "snoozed"}


def is_firing(event: View) -> bool:
    return event["event"] in {"triggered", "escalated"}


def level_name(event: View) -> str:
    return f"{event['level'] + 1} ({event['level_name']})"


def lives_of(raw: Raw, alert: View) -> list[Life]:
    lives = [Life(ms(alert["created_at"]))]
    for event in raw.timelines[alert["id"]]:
        if event["event"] == "reopened":
            lives.append(Life(ms(event["at"])))
        if event["event"] in {"routed", "reopened", "severity_changed"}:
            lives[-1].severities.append((ms(event["at"]), event["severity"]))
        lives[-1].events.append(event)
    return lives


def things_of_the_day(raw: Raw, end: int) -> list[Thing]:
    """Everything before this instant: deadlines lie in the future too, and alerts go on while they are read."""
    return [thing for alert in raw.alerts.values() for thing in _things_of(raw, alert) if thing.at < end]


def _things_of(raw: Raw, alert: View) -> Iterator[Thing]:
    for number, life in enumerate(lives_of(raw, alert)):
        yield Thing("reopened" if number else "opened", life.start, alert, life=number)
        yield from _ends(alert, life, number)
        yield from _promises(raw, alert, life, number)
        yield from _stays(alert, life)
        yield from _rounds(alert, life)
        for event in life.events:
            if is_firing(event):
                yield Thing("fired", ms(event["at"]), alert, of={"level": level_name(event)})
            elif event["event"] in {"exhausted", "reminded"}:
                yield Thing(event["event"], ms(event["at"]), alert)
    for each in alert["notifications"]:
        if each["state"] in {"sent", "failed"}:
            settled = ms(each["settled_at"])
            yield Thing(each["state"], settled, alert, settled - ms(each["queued_at"]), each)


def _ends(alert: View, life: Life, number: int) -> Iterator[Thing]:
    """The first answer, and the end; one that its source ended before is cleared unanswered."""
    answer, resolved = life.answer, life.resolved
    if answer:
        at, of = ms(answer["at"]), {"by": answer["by"], "level": _level_at(life, answer)}
        yield Thing("answered", at, alert, at - life.start, of, number)
    if resolved:
        at = ms(resolved["at"])
        yield Thing("resolved", at, alert, at - life.start, {"by": resolved["by"]}, number)
        if not answer:
            yield Thing("cleared", at, alert)


def _level_at(life: Life, answer: View) -> str:
    """How far the ladder had come when the answer came."""
    before = life.events[: life.events.index(answer)]
    for event in reversed(before):
        if event["event"] == "exhausted":
            return USED_UP
        if is_firing(event):
            return level_name(event)
    return BEFORE_ANY_LEVEL


def _stays(alert: View, life: Life) -> Iterator[Thing]:
    """How long nobody answered at a level: from when it fired, time under a silence left out, when that ended."""
    for index, event in enumerate(life.events):
        if not is_firing(event):
            continue
        end = next((ms(later["at"]) for later in life.events[index + 1 :] if _ends_a_stay(later)), None)
        if end is not None:
            start, of = ms(event["at"]), {"level": level_name(event)}
            silent = sum(max(0, min(end, ends) - max(start, begins)) for begins, ends in _silences(life, end))
            yield Thing("stood", end, alert, end - start - silent, of)


def _ends_a_stay(event: View) -> bool:
    """The next firing, an answer, the end of the alert or of its ladder, or that the level reached nobody."""
    is_left = event["event"] == "skipped" and "level" in event
    return is_left or is_firing(event) or is_answer(event) or event["event"] in {"resolved", "exhausted"}


def _silences(life: Life, end: int) -> list[tuple[int, int]]:
    marks = [event for event in life.events if event["event"] in {"suppressed", "unsuppressed"}]
    ends = [*(ms(event["at"]) for event in marks[1:]), end]
    return [(ms(e["at"]), until) for e, until in zip(marks, ends, strict=False) if e["event"] == "suppressed"]


def _rounds(alert: View, life: Life) -> Iterator[Thing]:
    """Rounds of the ladder after the first."""
    before = 0
    for event in filter(is_firing, life.events):
        if event["round"] > before:
            yield Thing("repeat", ms(event["at"]), alert)
        before = event["round"]


def _promises(raw: Raw, alert: View, life: Life, number: int) -> Iterator[Thing]:
    """The clocks that were kept, when they were met, and those that were broken, at their deadline."""
    for clock in CLOCKS:
        ends = life.resolved if clock != "acknowledgment" else life.answer or life.resolved
        met = ms(ends["at"]) if ends else None
        if outcome := _outcome(met, _deadlines(raw, alert, life, clock)):
            what, at = outcome
            yield Thing(what, at, alert, of={"clock": clock}, life=number)


def _deadlines(raw: Raw, alert: View, life: Life, clock: str) -> list[tuple[int, int | None]]:
    """Each severity's deadline, from the same start, and until when it held; the last one holds for ever."""
    found = []
    for index, (_, severity) in enumerate(life.severities):
        until = life.severities[index + 1][0] if index + 1 < len(life.severities) else None
        if owed := _owed(raw, alert, severity, clock):
            found.append((deadline_of(raw.config, life.start, *owed), until))
    return found


def _outcome(met: int | None, deadlines: Sequence[tuple[int, int | None]]) -> tuple[str, int] | None:
    """What came first while it held: that it was met, or its deadline. None while neither has come."""
    for deadline, until in deadlines:
        held_then = met is not None and (until is None or met < until)
        if met is not None and held_then and met <= deadline:
            return "kept", met
        if held_then or until is None or deadline < until:
            return "broken", deadline
    return None


def _owed(raw: Raw, alert: View, severity: str, clock: str) -> tuple[int, bool] | None:
    """How many seconds, and whether only those of the office count."""
    if clock == "policy":
        own = raw.config["sources"].get(alert["source"], {}).get("policy")
        return raw.config["escalation"]["policies"][own or severity]["sla_timeout"], False
    owed = raw.config["sla"]["definitions"].get(severity)
    return (owed[f"{clock}_time"], owed["business_hours"]) if owed else None


def deadline_of(config: View, start: int, seconds: int, in_office: bool) -> int:
    """The instant at which so many seconds have passed, of the office's hours or of all."""
    if not in_office:
        return start + seconds * 1000
    left, at = seconds * 1000, start
    for opens, closes in _office_days(config["sla"]["business_hours"], start):
        at = max(at, opens)
        if closes - at >= left:
            return at + left
        left -= max(0, closes - at)
    raise AssertionError("the office did not open for two weeks")


def _office_days(office: View, start: int) -> Iterator[tuple[int, int]]:
    zone = ZoneInfo(office["timezone"])
    today = moment(start).astimezone(zone).date()
    for day in (today + timedelta(days=n) for n in range(15)):
        if day.weekday() in office["weekdays"]:
            opens, closes = (time.fromisoformat(office[key]) for key in ("start_time", "end_time"))
            yield tuple(ms(datetime.combine(day, at, zone).isoformat()) for at in (opens, closes))
