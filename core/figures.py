"""Figures: what happened in a window [from, to), as core/tally.py counts it."""

from dataclasses import dataclass, field
from datetime import datetime

from core.spread import NOTHING, Spread

NIGHT_FROM, NIGHT_TO = 22, 7  # o'clock, by the config's zone
HOURS = 24


@dataclass(frozen=True, slots=True)
class Kept:
    """How many SLA clocks came to their end in time, and how many were breached."""

    kept: int = 0
    breached: int = 0

    @property
    def share(self) -> float | None:
        """The share that was kept, from 0 to 1; None when no clock came to its end."""
        total = self.kept + self.breached
        return self.kept / total if total else None


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """Notifications on one channel. Latency is from queued to delivered."""

    sent: int
    failed: int
    latency: Spread


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """One level of the ladder: how often it fired and was answered, and how long alerts stood at it unanswered."""

    fired: int
    answered: int
    time: Spread


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """Pages that came to one person, those between 22 and 7 o'clock, and alerts that the person answered."""

    pages: int
    night_pages: int
    answered: int


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What one source did: alerts it opened, and signals it sent about them, the first included."""

    opened: int
    signals: int


@dataclass(frozen=True, slots=True)
class SeverityFigures:
    """Alerts of one severity."""

    opened: int
    time_to_acknowledge: Spread
    time_to_resolve: Spread


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted in a window. Sections are ordered for people: the most first."""

    start: datetime
    end: datetime
    opened: int = 0
    reopened: int = 0
    answered: int = 0
    resolved: int = 0
    cleared_unanswered: int = 0  # resolved by their source before anybody answered
    exhausted: int = 0
    repeats: int = 0  # rounds of the ladder after the first
    reminders: int = 0
    time_to_acknowledge: Spread = NOTHING
    time_to_resolve: Spread = NOTHING
    severities: dict[str, SeverityFigures] = field(default_factory=dict)
    levels: dict[str, LevelFigures] = field(default_factory=dict)
    channels: dict[str, ChannelFigures] = field(default_factory=dict)
    people: dict[str, PersonFigures] = field(default_factory=dict)
    sources: dict[str, SourceFigures] = field(default_factory=dict)
    pages_by_hour: tuple[int, ...] = (0,) * HOURS
    sla: Kept = Kept()
    sla_by_clock: dict[str, Kept] = field(default_factory=dict)
    sla_by_severity: dict[str, Kept] = field(default_factory=dict)
    sla_by_source: dict[str, Kept] = field(default_factory=dict)
    sla_by_label: dict[str, Kept] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """Pages that came to somebody."""
        return sum(self.pages_by_hour)

    @property
    def night_pages(self) -> int:
        """Those of them that came at night."""
        return sum(pages for hour, pages in enumerate(self.pages_by_hour) if is_night(hour))


def is_night(hour: int) -> bool:
    """Say whether an hour of the day is one in which people sleep."""
    return hour >= NIGHT_FROM or hour < NIGHT_TO
