"""The ladder of an alert that nobody answers, as the events of a simulation tell it: its first round, and the end.

Later rounds walk the same levels at later times, and whom the catch-all stands for is asked at the start: who is paged
depends on when, not on the round.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.alert import Alert
from core.config import Config
from core.config.policy import Policy
from core.oncall import members_of
from core.severity import Severity
from core.timeline import Event, EventKind

Pair = tuple[str, str]

_FIRED = frozenset({EventKind.TRIGGERED, EventKind.ESCALATED})


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a level names: people and rotations, and everybody they may ever stand for."""

    names: tuple[str, ...]
    people: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, names: Iterable[str], config: Config) -> "Asked":
        """Give whom these names stand for."""
        people = {name: frozenset(members_of(config, name) if name in config.rotations else [name]) for name in names}
        return cls(tuple(people), people)


@dataclass(frozen=True, slots=True)
class Way:
    """What an alert is given when it comes in. `quiet_after`: seconds of silence after which it resolves by itself."""

    policy_name: str
    policy: Policy
    severity: Severity
    auto_resolves: bool
    quiet_after: int | None
    levels: tuple[Asked, ...]
    catch_all: Asked

    @classmethod
    def of(cls, alert: Alert, config: Config) -> "Way":
        """Give the way that an alert took."""
        levels = tuple(Asked.of(level.responders, config) for level in alert.policy.levels)
        catch_all = Asked.of(config.escalation.catch_all, config)
        resolving = (alert.auto_resolves, alert.quiet_after)
        return cls(alert.policy_name, alert.policy, alert.severity, *resolving, levels, catch_all)


@dataclass(frozen=True, slots=True)
class Firing:
    """A level that fired; `pages` are whom it paged on what, or `nobody` says why it paged none.

    It fired so long `after` the alert came in, whenever that was; or `at` an instant, whenever the alert came in,
    because of a silence. `waited` says which one, when the level itself waited for its end.
    """

    level: int
    name: str
    after: timedelta | None = None
    at: datetime | None = None
    pages: tuple[Pair, ...] = ()
    nobody: str = ""
    waited: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The first round. `fruitless` are whom it paged for want of anybody on it, `at_the_end` the catch-all of then.

    `silenced` says what still silenced it when nobody looked any further.
    """

    way: Way
    firings: tuple[Firing, ...]
    fruitless: tuple[Pair, ...]
    at_the_end: tuple[Pair, ...]
    silenced: str = ""


@dataclass(slots=True)
class _Told:
    event: Event
    pages: list[Pair] = field(default_factory=list)
    waited: str = ""


def firings_of(events: Iterable[Event], start: datetime) -> tuple[Firing, ...]:
    """Give the levels of the first round that fired or were skipped.

    What moves with `start` is told by its microsecond: nothing in a config has any.
    """
    told = [each for each in _told(events) if "level" in each.event.details]
    return tuple(_firing(each, start) for each in told)


def fruitless_pages(events: Iterable[Event]) -> tuple[Pair, ...]:
    """Give whom the first round paged because nobody on it could be reached."""
    told = [each for each in _told(events) if "level" not in each.event.details]
    return tuple(told[0].pages) if told else ()


def _told(events: Iterable[Event]) -> Iterator[_Told]:
    found: dict[int | None, _Told] = {}
    reason, freed = "", None
    for event in events:
        details = event.details
        if event.kind is EventKind.SUPPRESSED:
            reason = str(details["reason"])
        elif event.kind is EventKind.UNSUPPRESSED:
            freed = event.at
        elif event.kind is EventKind.NOTIFIED and details["cause"] in found:
            found[details["cause"]].pages.append((details["responder"], details["channel"]))
        elif (event.kind in _FIRED or event.kind is EventKind.SKIPPED) and details["round"] == 0:
            found[event.number] = _Told(event, waited=reason if event.at == freed else "")
    yield from found.values()


def _firing(told: _Told, start: datetime) -> Firing:
    event = told.event
    moves = event.at.microsecond == start.microsecond
    when: dict[str, Any] = {"after": event.at - start} if moves else {"at": event.at}
    skipped = str(event.details["reason"]) if event.kind is EventKind.SKIPPED else ""
    pages = tuple(told.pages)
    name = str(event.details["level_name"])
    return Firing(event.details["level"], name, **when, pages=pages, nobody=skipped, waited=told.waited)
