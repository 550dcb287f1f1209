"""SLA clocks as they stand in an alert's record: what is owed, until when, and what became of it.

A clock is breached from its deadline on, unless it was met by then; once that was noticed it stays so. Met late is
breached. A mark is the instant from which a clock is at risk, or breached: the deadline.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class ClockKind(StrEnum):
    """What is owed. The policy's is its `sla_timeout`, until resolved, around the clock."""

    ACKNOWLEDGMENT = "acknowledgment"
    RESOLUTION = "resolution"
    POLICY = "policy"


class SlaStatus(StrEnum):
    """How a clock stands, from good to bad."""

    COMPLIANT = "compliant"
    AT_RISK = "at_risk"
    BREACHED = "breached"


_WORST_LAST = tuple(SlaStatus)


class Clock(BaseModel):
    """One clock. Instants are aware UTC."""

    model_config = ConfigDict(frozen=True)

    kind: ClockKind
    at_risk_at: datetime
    deadline: datetime
    in_business_hours: bool = False
    met_at: datetime | None = None
    warned: bool = False  # that it is at risk has been noticed
    breached: bool = False  # that it is breached has been noticed

    @property
    def is_running(self) -> bool:
        """Say whether it can still come to something."""
        return self.met_at is None and not self.breached

    @property
    def next_mark_at(self) -> datetime | None:
        """The instant of the next mark that nobody has noticed yet, None when none is to come."""
        if not self.is_running:
            return None
        return self.deadline if self.warned else min(self.at_risk_at, self.deadline)

    def status(self, now: datetime) -> SlaStatus:
        """Give how it stands at `now`."""
        if self.is_breached(now):
            return SlaStatus.BREACHED
        is_at_risk = self.met_at is None and (self.warned or self.at_risk_at <= now)
        return SlaStatus.AT_RISK if is_at_risk else SlaStatus.COMPLIANT

    def is_breached(self, now: datetime) -> bool:
        """Say whether it is breached at `now`. Met at the very deadline is in time, as long as nobody had noticed."""
        if self.breached:
            return True
        return self.deadline <= now if self.met_at is None else self.deadline < self.met_at


class Pause(BaseModel):
    """A time in which every clock stood still."""

    model_config = ConfigDict(frozen=True)

    start: datetime
    end: datetime


class SlaState(BaseModel):
    """All clocks of an alert. They started together; kinds for which nothing is owed are left out."""

    model_config = ConfigDict(frozen=True)

    started_at: datetime
    clocks: tuple[Clock, ...] = ()
    answered_at: datetime | None = None  # the first acknowledgment
    paused_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    def clock(self, kind: ClockKind) -> Clock | None:
        """Give the clock of a kind, None when nothing of that kind is owed."""
        return next((clock for clock in self.clocks if clock.kind is kind), None)

    @property
    def next_mark_at(self) -> datetime | None:
        """The instant of the next mark, None when none is to come or the clocks stand still."""
        if self.paused_at is not None:
            return None
        marks = [clock.next_mark_at for clock in self.clocks]
        return min((mark for mark in marks if mark is not None), default=None)

    def shown(self, now: datetime) -> datetime:
        """Give the instant at which the clocks stand at `now`: while they are paused, when that began."""
        return now if self.paused_at is None else min(now, self.paused_at)

    def status(self, now: datetime) -> SlaStatus | None:
        """Give the worst status of any clock at `now`, None when nothing is owed."""
        return max((clock.status(self.shown(now)) for clock in self.clocks), key=_WORST_LAST.index, default=None)
