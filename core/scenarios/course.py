"""The course of a scenario: what came of it, and how each alert stood when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from core.alert import Alert
from core.rules import Rules
from core.scenarios.messages import Sent
from core.scenarios.reading import Ready
from core.scenarios.times import When
from core.simulation.memory import Happened
from core.simulation.steps import Step


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that was given and did not go as it is written: what was wanted when, and what came of it."""

    given: int
    at: datetime
    wanted: str
    when: str
    got: str


@dataclass(slots=True)
class Course:
    """Filled while the scenario runs. `known` says since when an alert is called so: (instant, name, number)."""

    ready: Ready
    rules: Rules
    start: datetime
    zone: ZoneInfo
    end: datetime  # when nothing was due any more, or when it was told to stop
    known: list[tuple[datetime, str, int]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    happened: Sequence[Happened] = ()
    steps: Sequence[Step] = ()
    messages: Sequence[Sent] = ()

    def instant(self, when: When) -> datetime:
        """Give the instant of a time that is written in the scenario."""
        return when.instant(self.start, self.zone)

    def number(self, name: str | None, at: datetime) -> int | None:
        """Give the number of the alert that is called so at an instant; None for a name: of the only one."""
        found = [number for since, each, number in self.known if name in (None, each) and since <= at]
        return found[-1] if found else None

    def numbers(self, name: str | None) -> set[int]:
        """Give the numbers of all alerts that were ever called so; None for a name: of all."""
        return {number for _, each, number in self.known if name in (None, each)}

    def alert(self, name: str | None, at: datetime) -> Alert | None:
        """Give the alert that is called so, as it stood after all that happened up to an instant."""
        number = self.number(name, at)
        return next(
            (each.alert for each in reversed(self.happened) if each.alert.id == number and each.event.at <= at), None
        )
