"""What changes for alerts that no simulation of a case shows.

Who may raise them, what senders' words mean, and which of them routes and narrow silences take.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain
from typing import TypeVar
from zoneinfo import ZoneInfo

from core.comparing.cases import Case
from core.comparing.phrases import exactly, listed
from core.comparing.routes import route_changes, say_window
from core.config import Config, Source, severity_of
from core.config.heartbeats import Heartbeat
from core.config.silences import Maintenance, PlannedSilence
from core.local_time import aware
from core.match_words import words_of
from core.matching import compiled
from core.severity import Severity

_UNKNOWN = "\0"  # no sender's word

Silence = PlannedSilence | Maintenance
T = TypeVar("T", Source, Heartbeat, Silence)


def told_beside(old: Config, new: Config, cases: Sequence[Case]) -> tuple[str, ...]:
    """Give a line for each change."""
    return tuple(
        chain(
            _sources(old.sources, new.sources),
            _words(old, new),
            route_changes(old.routes, new.routes, new.timezone),
            _silences(old, new, cases),
            _heartbeats(old.heartbeats, new.heartbeats),
        )
    )


def _sources(old: Mapping[str, Source], new: Mapping[str, Source]) -> Iterator[str]:
    for name, before, after in _side_by_side(old, new):
        if after is None:
            yield f"source {name} is gone: its webhooks are refused"
        elif before is None:
            yield f"source {name} is new{f': it takes the policy {after.policy}' if after.policy else ''}"


def _words(old: Config, new: Config) -> Iterator[str]:
    """Tell of the senders' words that mean another severity now, of all senders and of single ones."""
    everywhere = _meanings(old, new, None)
    yield from _say_words(everywhere, "")
    for name, before, after in _side_by_side(old.sources, new.sources):
        if before is None or after is None:
            continue
        if (before.severities, before.default_severity) != (after.severities, after.default_severity):
            own = _meanings(old, new, name)
            yield from _say_words({word: own[word] for word in own if own[word] != everywhere.get(word)}, name)


Meaning = tuple[Severity, Severity]


def _meanings(old: Config, new: Config, source: str | None) -> dict[str, Meaning]:
    """Give what each word meant and means, of those whose meaning is another one now."""
    own = [each.sources[source].severities for each in (old, new)] if source else []
    known = dict.fromkeys(chain(old.severities.by_word, new.severities.by_word, *own, [_UNKNOWN]))
    found = {word: tuple(severity_of(each, source or "", word) for each in (old, new)) for word in known}
    return {word: (before, after) for word, (before, after) in found.items() if before is not after}


def _say_words(meanings: Mapping[str, Meaning], source: str) -> Iterator[str]:
    alike: dict[Meaning, list[str]] = {}
    for word, meaning in meanings.items():
        alike.setdefault(meaning, []).append(word)
    by = f" of {source}" if source else ""
    for (before, after), words in alike.items():
        change = f"{after.value} instead of {before.value}"
        if known := [f'"{word}"' for word in words if word != _UNKNOWN]:
            several = len(known) > 1
            yield f"word{'s' if several else ''} {listed(known)}{by} mean{'' if several else 's'} {change}"
        if _UNKNOWN in words:
            yield f"any other word{by}, or none, means {change}"


def _silences(old: Config, new: Config, cases: Sequence[Case]) -> Iterator[str]:
    """Tell of silences and windows that cover no alert that was simulated: by title, labels or a single source."""
    zone = new.timezone
    for kind, pair in (
        ("silence", (old.silences, new.silences)),
        ("maintenance window", (old.maintenance, new.maintenance)),
    ):
        written: list[dict[str, Silence]] = [{each.name: each for each in side} for side in pair]
        for name, before, after in _side_by_side(*written):
            said = [None if each is None else _when(each, zone) for each in (before, after)]
            if said[0] != said[1] and not any(_covers(each, cases) for each in (before, after) if each is not None):
                yield f'{kind} "{name}" {_change(*said)}'


def _covers(silence: Silence, cases: Sequence[Case]) -> bool:
    holds = compiled(silence.match)
    return any(holds(case.facts(case.severity)) for case in cases)


def _when(silence: Silence, zone: str) -> str:
    match = words_of(silence.match)
    if isinstance(silence, Maintenance):
        return f"{match}, {say_window(silence, zone)}"
    start, end = (aware(each, ZoneInfo(zone)).astimezone(ZoneInfo(zone)) for each in (silence.start, silence.end))
    return f"{match}, {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"


def _heartbeats(old: Mapping[str, Heartbeat], new: Mapping[str, Heartbeat]) -> Iterator[str]:
    for name, before, after in _side_by_side(old, new):
        if before is None or after is None:
            said = [None if each is None else _say_heartbeat(each) for each in (before, after)]
            yield f"heartbeat {name} {_change(*said)}"
            continue
        if before.severity is not after.severity:
            yield f"heartbeat {name} is {after.severity.value} instead of {before.severity.value}"
        if before.patience != after.patience:
            yield f"heartbeat {name} is {_missed(after)} instead of {_missed(before)}"


def _say_heartbeat(heartbeat: Heartbeat) -> str:
    return f"{heartbeat.severity.value}, {_missed(heartbeat)}"


def _missed(heartbeat: Heartbeat) -> str:
    return f"missed after {exactly(timedelta(seconds=heartbeat.patience))}"


def _change(old: str | None, new: str | None) -> str:
    if old is None:
        return f"is new: {new}"
    return "is gone" if new is None else f"is {new} instead of {old}"


def _side_by_side(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    """Give what either has by its name, from both; what is gone comes last."""
    yield from ((name, old.get(name), new.get(name)) for name in dict.fromkeys((*new, *old)))
