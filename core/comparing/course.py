"""How it goes on when nobody ever answers: rounds, the end, reminders. Found by simulating the policy.

Every level that names anybody finds somebody here, so that what is told is the policy's, whoever is on call.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.comparing.ladder import Way
from core.comparing.phrases import counted, exactly
from core.config import Config, Person
from core.config.policy import Level
from core.config.sla import Sla
from core.config.tracking import ResponseTracking
from core.rules import Rules
from core.signals import SignalStatus
from core.simulation.run import Simulation
from core.sources.making import make
from core.timeline import Event, EventKind

_SOMEBODY = "somebody"
_START = datetime(2026, 1, 1, tzinfo=UTC)  # any instant will do: nothing here depends on it
_SOURCE = "*"


@dataclass(frozen=True, slots=True)
class Course:
    """When rounds begin, when the ladder is used up, when the first round reminds: how long after the start.

    `waits` are how long after its firing each of its levels reminds.
    """

    rounds: tuple[timedelta, ...]
    exhausted: timedelta | None
    waits: tuple[tuple[timedelta, ...], ...]


def timing(way: Way, rules: Rules) -> tuple[object, ...]:
    """Give all that the rounds of a way depend on."""
    policy = way.policy
    levels = tuple(
        (level.delay, level.timeout, bool(level.responders), _has_channel(level, rules)) for level in policy.levels
    )
    return (levels, policy.repeat_interval, policy.max_repeats)


def reminding(way: Way, rules: Rules) -> tuple[object, ...]:
    """Give what config says of the reminders of a way."""
    written = rules.config.response_tracking
    first = written.timeouts.acknowledgment.get(way.severity, written.acknowledgment_timeout)
    reminders = written.reminders
    return (first, reminders.enabled, reminders.interval.get(way.severity), reminders.max_reminders)


def course_of(way: Way, config: Config) -> Course:
    """Give the course of alerts that take a way under a config."""
    simulation = Simulation(Rules(_plain(way, config)), _START)
    simulation.receive(_SOURCE, [make(SignalStatus.FIRING, "compared", "An alert", severity=way.severity.value)])
    simulation.run()
    events = [each.event for each in simulation.happened]
    begun: dict[int, timedelta] = {}
    for event in events:
        if event.kind in {EventKind.ESCALATED, EventKind.SKIPPED} and event.details["round"]:
            begun.setdefault(event.details["round"], event.at - _START)
    end = next((event.at - _START for event in events if event.kind is EventKind.EXHAUSTED), None)
    return Course(tuple(begun.values()), end, tuple(_waits(events)))


def round_changes(old: Course, new: Course) -> Iterator[str]:
    """Say what differs in how it goes on after the first round."""
    if len(old.rounds) != len(new.rounds):
        yield f"{counted(len(new.rounds) + 1, 'round')} instead of {len(old.rounds) + 1}"
    for number, (before, after) in enumerate(zip(old.rounds, new.rounds, strict=False), 2):
        if before != after:
            yield f"round {number} after {exactly(after)} instead of {exactly(before)}"
            break
    if old.exhausted != new.exhausted and old.exhausted is not None and new.exhausted is not None:
        yield f"the ladder is used up after {exactly(new.exhausted)} instead of {exactly(old.exhausted)}"


def reminder_changes(old: Course, new: Course) -> Iterator[str]:
    """Say what differs in the reminders of the first round."""
    before, after = (sum(map(len, each.waits)) for each in (old, new))
    if before != after:
        yield f"{counted(after, 'reminder')} in the first round instead of {before or 'none'}"
    pairs = [pair for pair in zip(old.waits, new.waits, strict=False) if all(pair)]
    first = next(((a[0], b[0]) for a, b in pairs if a[0] != b[0]), None)
    every = next(((a[1] - a[0], b[1] - b[0]) for a, b in pairs if min(len(a), len(b)) > 1), None)
    if first:
        yield f"the first reminder after {exactly(first[1])} instead of {exactly(first[0])}"
    if every and every[0] != every[1]:
        yield f"then one every {exactly(every[1])} instead of {exactly(every[0])}"


def _has_channel(level: Level, rules: Rules) -> bool:
    return not set(rules.channels_in_use).isdisjoint(level.notification_channels)


def _plain(way: Way, config: Config) -> Config:
    """Give the config in which everything takes the policy of a way, with somebody in the place of whoever is named."""
    levels = tuple(
        level.model_copy(update={"responders": (_SOMEBODY,) if level.responders else ()}) for level in way.policy.levels
    )
    policies = {way.severity.value: way.policy.model_copy(update={"levels": levels})}
    escalation = config.escalation.model_copy(update={"policies": policies, "catch_all": [_SOMEBODY]})
    tracking = ResponseTracking(
        acknowledgment_timeout=config.response_tracking.acknowledgment_timeout,
        timeouts=config.response_tracking.timeouts,
        reminders=config.response_tracking.reminders,
    )
    nothing: dict[str, object] = {
        "rotations": {},
        "routes": (),
        "silences": (),
        "maintenance": (),
        "sources": {},
        "heartbeats": {},
    }
    people = {_SOMEBODY: Person.model_validate({})}
    plain = {"people": people, "outbox": True, "sla": Sla(), "response_tracking": tracking}
    return config.model_copy(update={"escalation": escalation} | nothing | plain)


def _waits(events: Sequence[Event]) -> Iterator[tuple[timedelta, ...]]:
    """Give, for each level that fired in the first round, when it reminded."""
    fired: list[tuple[datetime, list[timedelta]]] = []
    for event in events:
        if event.kind in {EventKind.TRIGGERED, EventKind.ESCALATED}:
            if event.details["round"]:
                break
            fired.append((event.at, []))
        elif event.kind is EventKind.REMINDED:
            fired[-1][1].append(event.at - fired[-1][0])
    yield from (tuple(waits) for _, waits in fired)
