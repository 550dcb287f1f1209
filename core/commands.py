"""What can happen to an alert: what people do, what the source says, what time brings."""

from dataclasses import dataclass, field
from datetime import datetime

from core.config.policy import Policy
from core.config.routes import BY_SOURCE, AutoResolve
from core.severity import Severity
from core.signals import Signal


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says. `via` is the way the answer came: api, link, page, source, ..."""

    by: str
    via: str
    note: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Acknowledge(Answer):
    """A person takes it."""


@dataclass(frozen=True, slots=True)
class Update(Answer):
    """A person says how it goes; counts as the acknowledgment."""


@dataclass(frozen=True, slots=True)
class Resolve(Answer):
    """A person says that it is over."""


@dataclass(frozen=True, slots=True)
class Escalate(Answer):
    """A person wants the next level now."""


@dataclass(frozen=True, slots=True)
class Snooze(Answer):
    """A person takes it for later: at `until` the same level fires again."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Reassign(Answer):
    """A person gives it to somebody else: `to` is a person or a rotation, and is paged now."""

    to: str


@dataclass(frozen=True, slots=True)
class Fire:
    """The source reports it (again). Severity, policy and the rest are what config makes of the signal today.

    `dedup_key` is the alert's, where it is not the signal's own; in a group the signal's own is the `member`.
    """

    source: str
    signal: Signal
    severity: Severity
    policy_name: str
    policy: Policy
    dedup_key: str | None = None
    routes: tuple[str, ...] = ()
    auto_resolve: AutoResolve = BY_SOURCE
    member: str | None = None
    changes: tuple[datetime, ...] = ()  # when the source changed its mind during the alert before


@dataclass(frozen=True, slots=True)
class Clear:
    """The source says that it is over; of a group, that its `member` is."""

    source: str
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Suppress:
    """A silence or maintenance window begins. `until` is when to look again; None: when somebody says so."""

    reason: str
    until: datetime | None = None


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
