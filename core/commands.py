"""What can happen to an alert: what people do, what the source says, what time brings."""

from dataclasses import dataclass
from datetime import datetime

from core.config.policy import Policy
from core.severity import Severity
from core.signals import Signal


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A person takes it. `via` is the way the answer came: api, link, terminal, ..."""

    by: str
    via: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """A person says how it goes; counts as the acknowledgment."""

    by: str
    via: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Resolve:
    """A person says that it is over."""

    by: str
    via: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Escalate:
    """A person wants the next level now."""

    by: str
    via: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """A person takes it for later: at `until` the same level fires again."""

    by: str
    via: str
    until: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Reassign:
    """A person gives it to somebody else: `to` is a person or a rotation, and is paged now."""

    by: str
    via: str
    to: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Fire:
    """The source reports it (again). Severity and policy are what config makes of the signal today."""

    source: str
    signal: Signal
    severity: Severity
    policy_name: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Clear:
    """The source says that it is over."""

    source: str


@dataclass(frozen=True, slots=True)
class Suppress:
    """A silence or maintenance window begins."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsuppress:
    """The silence or maintenance window ends."""

    reason: str


@dataclass(frozen=True, slots=True)
class Wake:
    """Time has passed: do whatever is due."""


@dataclass(frozen=True, slots=True)
class PagesFailed:
    """Every page of this event failed for good: nobody was reached."""

    event: int


Command = (
    Acknowledge
    | Update
    | Resolve
    | Escalate
    | Snooze
    | Reassign
    | Fire
    | Clear
    | Suppress
    | Unsuppress
    | Wake
    | PagesFailed
)
