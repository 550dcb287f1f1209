"""Names in scenarios that must be in the config: people, rotations, channels, levels, policies, routes, sources."""

from collections.abc import Callable, Collection, Iterator

from core.config import Config
from core.config.faults import Fault
from core.config.heartbeats import HEARTBEAT
from core.config.names import hint
from core.config.raw import Raw, value_at
from core.config.severities import normal_word
from core.reminders import ReminderKind
from core.scenarios.expectation import ANYBODY, MESSAGES, NO_MESSAGES
from core.timeline import EventKind

_SEVERITY = "critical, high, medium, low, or another word that config knows"
_TOLD = (
    EventKind.ACKNOWLEDGED,
    EventKind.UPDATED,
    EventKind.SNOOZED,
    EventKind.RESOLVED,
    EventKind.SEVERITY_CHANGED,
    EventKind.SLA_AT_RISK,
    EventKind.SLA_BREACHED,
)

Names = Callable[[Config], Collection[str]]


def _people(config: Config) -> Collection[str]:
    return config.people


def _rotations(config: Config) -> Collection[str]:
    return config.rotations


def _channels(config: Config) -> Collection[str]:
    return config.channels


def _somebody(config: Config) -> Collection[str]:
    return [*config.people, *config.rotations]


def _anybody(config: Config) -> Collection[str]:
    return [*_somebody(config), ANYBODY]


def _levels(config: Config) -> Collection[str]:
    return list(dict.fromkeys(level.level for policy in config.escalation.policies.values() for level in policy.levels))


def _sources(config: Config) -> Collection[str]:
    return [*config.sources, *([HEARTBEAT] if config.heartbeats else [])]


_WHO = "a person, a rotation or anybody"
_EXPECT = "scenarios.*.expect.*"
_GIVEN = "scenarios.*.given.*"
_REFERENCES: tuple[tuple[str, Names, str], ...] = (
    ("scenarios.*.unreachable.*", _people, "a person"),
    ("scenarios.*.down.*", _channels, "a channel"),
    ("scenarios.*.overrides.*.rotation", _rotations, "a rotation"),
    ("scenarios.*.overrides.*.member", _people, "a person"),
    ("scenarios.*.overrides.*.instead_of", _people, "a person"),
    (f"{_GIVEN}.alert.source", _sources, "a source"),
    (f"{_GIVEN}.*.by", _people, "a person"),
    (f"{_GIVEN}.reassign.to", _somebody, "a person or a rotation"),
    *((f"{_EXPECT}.{kind}{end}", _anybody, _WHO) for kind in (*MESSAGES, *NO_MESSAGES) for end in ("", ".*")),
    *((f"{_EXPECT}.on{end}", _channels, "a channel") for end in ("", ".*")),
    (f"{_EXPECT}.level", _levels, "the name of a level"),
    (f"{_EXPECT}.policy", lambda config: config.escalation.policies, "a policy"),
    (f"{_EXPECT}.route", lambda config: [route.name for route in config.routes], "a route"),
)


def check_names(raw: Raw, config: Config) -> Iterator[Fault]:
    """Give the faults of names that config does not have."""
    for pattern, names_in, what in _REFERENCES:
        names = names_in(config)
        for place, value in raw.matching(pattern):
            if isinstance(value, str) and value not in names:
                yield raw.fault(place, f"{what}{hint(value, names)}")
    yield from _check_severities(raw, config)
    yield from _check_abouts(raw)
    yield from _check_stand_ins(raw)


def _check_severities(raw: Raw, config: Config) -> Iterator[Fault]:
    """Tell of words that nobody knows: they would be the default severity, and a slip of the finger with them."""
    for place, value in raw.matching(f"{_GIVEN}.alert.severity"):
        source = config.sources.get(str(value_at(raw.values, (*place[:-1], "source")) or "generic"))
        known = {*config.severities.by_word, *(source.severities if source else ())}
        if isinstance(value, str) and normal_word(value) not in known:
            yield raw.fault(place, _SEVERITY)


def _check_abouts(raw: Raw) -> Iterator[Fault]:
    for kinds, words in (("reminder", "no_reminder"), tuple(ReminderKind)), (("notice", "no_notice"), _TOLD):
        for place, value in raw.matching(f"{_EXPECT}.about"):
            if value not in words and any(kind in value_at(raw.values, place[:-1]) for kind in kinds):
                yield raw.fault(place, f"one of {', '.join(words)}")


def _check_stand_ins(raw: Raw) -> Iterator[Fault]:
    for place, order in raw.matching("scenarios.*.overrides.*"):
        member = value_at(order, ("member",))
        if member is not None and value_at(order, ("instead_of",)) == member:
            yield raw.fault((*place, "instead_of"), "somebody else than member")
