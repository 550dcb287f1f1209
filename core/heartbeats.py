"""Heartbeats: a job that falls silent raises an alert of the source `heartbeat`, and its next beat resolves it.

A watch in three steps, so that a process killed at any point leaves no job unwatched and no alert open for nothing:
take a heartbeat that is silent, under a lease; commit its alert; note that this was done. When a beat came in between,
the beat wins and the alert is resolved. A beat that ends a silence resolves first and is looked at once more after
`LOOK_AGAIN`, when whoever was about to raise an alert has done so.

Nobody is silent for longer than beats could be taken without a break: after one every job has its whole time again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from core.config import Config
from core.config.heartbeats import HEARTBEAT, Heartbeat
from core.engine import Engine
from core.signals import Signal, SignalStatus
from core.sources.making import make
from core.times import rfc3339, say_duration

LEASE = 5.0  # seconds that one scheduler has to raise an alert
LOOK_AGAIN = 5.0  # seconds; no shorter than the lease
BREAK = 5.0  # seconds without a web process that notes itself: until then beats may have been lost

_AT_MOST = 200  # in one sweep


@dataclass(frozen=True, slots=True)
class Beat:
    """A beat that was taken, and the instant before which the next has to come. `ends_alert`: one may be open."""

    next_before: datetime
    ends_alert: bool


@dataclass(frozen=True, slots=True)
class Look:
    """A heartbeat to do something about: it `is_back`, or else it is silent. `mark` says since when, for the store."""

    name: str
    is_back: bool
    mark: str
    at: datetime
    since: datetime
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Watched:
    """How a heartbeat stands. `next_before` is None while it is missing."""

    last: datetime | None
    next_before: datetime | None
    missing_since: datetime | None


class HeartbeatStore(Protocol):
    """When each beat last, and who looks after it. Every call raises StoreUnavailableError when it cannot be done."""

    def beat(self, name: str, patience: int) -> Beat:
        """Take a beat."""

    def arm(self, patience: Mapping[str, int]) -> list[str]:
        """Watch these, each for so many seconds of silence, and give the names of all others that are watched."""

    def take(self, limit: int) -> list[Look]:
        """Take those that have to be looked at now, so many at most, under a lease."""

    def settle(self, looks: Sequence[Look]) -> list[bool]:
        """Note that these were dealt with; say of each whether it stands, False when its beat came in between."""

    def forget(self, names: Sequence[str]) -> None:
        """Watch these no more."""

    def watched(self, names: Sequence[str]) -> dict[str, Watched]:
        """Say how these stand; those that are not watched yet are left out."""


class Heartbeats:
    """Takes beats, and looks after those that do not come."""

    def __init__(self, store: HeartbeatStore, engine: Engine) -> None:
        """Take where beats are kept, and the engine that alerts go to."""
        self._store = store
        self._engine = engine

    def beat(self, name: str) -> Beat:
        """Take a beat of a heartbeat of the config; an alert that it ends is resolved once this returns."""
        beat = self._store.beat(name, self._config.heartbeats[name].patience)
        if beat.ends_alert:
            self._resolve([name])
        return beat

    def arm(self) -> None:
        """Watch all that config names. What it names no more is forgotten, and its alert resolved."""
        heartbeats = self._config.heartbeats
        gone = self._store.arm({name: heartbeat.patience for name, heartbeat in heartbeats.items()})
        if gone:
            self._resolve(gone)
            self._store.forget(gone)

    def sweep(self) -> int:
        """Raise an alert for each that is silent, resolve that of each that is back, and give how many they were."""
        heartbeats = self._config.heartbeats
        looks = [look for look in self._store.take(_AT_MOST) if look.name in heartbeats] if heartbeats else []
        if not looks:
            return 0
        zone = ZoneInfo(self._config.timezone)
        silent = [look for look in looks if not look.is_back]
        self._engine.receive(HEARTBEAT, [silence_of(heartbeats[look.name], look, zone) for look in silent])
        self._resolve([look.name for look in looks if look.is_back])
        settled = self._store.settle(looks)
        self._resolve([look.name for look, stands in zip(looks, settled, strict=True) if not stands])
        return len(looks)

    def views(self) -> list[dict[str, Any]]:
        """Give every heartbeat of the config and how it stands as JSON: spans in seconds, times in RFC 3339 UTC."""
        return list(_views(self._config, self._store.watched(list(self._config.heartbeats))))

    @property
    def _config(self) -> Config:
        return self._engine.rules.config

    def _resolve(self, names: Sequence[str]) -> None:
        heartbeats = self._config.heartbeats
        self._engine.receive(HEARTBEAT, [return_of(name, heartbeats.get(name)) for name in names])


def silence_of(heartbeat: Heartbeat, look: Look, zone: ZoneInfo) -> Signal:
    """Give the signal of a heartbeat that is silent; it says when the last beat came, in the zone given."""
    said = f"{(look.last or look.since).astimezone(zone):%a %d %b %Y %H:%M:%S %Z}"
    ago = say_duration(look.at - (look.last or look.since))
    last = f"The last beat came at {said}, {ago} ago." if look.last else f"No beat has come since {said}, {ago} ago."
    grace = heartbeat.patience - heartbeat.interval
    later = f", and is missed {_say(grace)} later" if grace else ""
    return _signal(
        SignalStatus.FIRING, look.name, heartbeat, f"{last} One is expected every {_say(heartbeat.interval)}{later}."
    )


def return_of(name: str, heartbeat: Heartbeat | None) -> Signal:
    """Give the signal that a silence is over. Labels and title are those of its beginning, for routes that ask."""
    return _signal(SignalStatus.RESOLVED, name, heartbeat)


def _signal(status: SignalStatus, name: str, heartbeat: Heartbeat | None, description: str = "") -> Signal:
    title = heartbeat.title if heartbeat else None
    span = f" for {_say(heartbeat.interval)}" if heartbeat else ""
    return make(
        status,
        name,
        title or f"No heartbeat from {name}{span}",
        severity=heartbeat.severity.value if heartbeat else "",
        description=description,
        labels={HEARTBEAT: name},
    )


def _views(config: Config, watched: Mapping[str, Watched]) -> Iterator[dict[str, Any]]:
    for name, heartbeat in config.heartbeats.items():
        stands = watched.get(name, Watched(None, None, None))
        yield {
            "name": name,
            "interval": heartbeat.interval,
            "grace": heartbeat.patience - heartbeat.interval,
            "severity": heartbeat.severity.value,
            "last_beat_at": rfc3339(stands.last) if stands.last else None,
            "next_before": rfc3339(stands.next_before) if stands.next_before else None,
            "missing_since": rfc3339(stands.missing_since) if stands.missing_since else None,
        }


def _say(seconds: int) -> str:
    return say_duration(timedelta(seconds=seconds))
