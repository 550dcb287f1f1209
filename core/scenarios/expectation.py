"""What is expected in a scenario: who is told or not, on which channel, when; what happens; how an alert stands."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Discriminator, Field, Tag

from core.config.base import Section
from core.config.matching import listed, some
from core.config.severities import SeverityName
from core.scenarios.given import Named
from core.scenarios.times import Moment
from core.sla_clock import ClockKind
from core.timeline import EventKind

ANYBODY = "anybody"

_WHO = f"a person, a rotation or {ANYBODY}"
_SEVERAL_WHO = f"{_WHO}, or a list of these"
_ON = "a channel, or a list of channels"
_ABOVE_ZERO = "a whole number, 1 or more"
_BETWEEN = "two times, such as [10m, 11m]"
_STATUS = "pending, escalated, unanswered, acknowledged, in_progress, resolved, exhausted, suppressed or snoozed"
_CLOCK = "acknowledgment, resolution or policy"
_NEVER_ASKED = frozenset({EventKind.NOTIFIED, EventKind.DELIVERED})  # page, reminder and notice ask for these
_EVENTS = tuple(kind for kind in EventKind if kind not in _NEVER_ASKED)
_EVENT = f"an event of a timeline: {', '.join(_EVENTS)}"


class StatusWord(StrEnum):
    """How an alert may be expected to stand: its status, or what may be true beside it."""

    PENDING = "pending"
    ESCALATED = "escalated"
    UNANSWERED = "unanswered"  # one of these two
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    EXHAUSTED = "exhausted"
    SUPPRESSED = "suppressed"
    SNOOZED = "snoozed"


def _tag(value: object) -> str:
    return "[several]" if isinstance(value, list | tuple) else "[one]"


def _of_a_timeline(kind: EventKind) -> EventKind:
    if kind not in _EVENTS:
        raise ValueError(f"page, reminder or notice instead, or {_EVENT}")
    return kind


_Person = Annotated[str, Field(description=_WHO)]
_Channel = Annotated[str, Field(description="a channel")]
Who = Annotated[
    Annotated[_Person, Tag("[one]")]
    | Annotated[tuple[_Person, ...], some(_SEVERAL_WHO), Field(description=_SEVERAL_WHO), Tag("[several]")],
    Discriminator(_tag),
    Field(description=_SEVERAL_WHO),
]
Channels = Annotated[
    Annotated[_Channel, Tag("[one]")]
    | Annotated[tuple[_Channel, ...], some(_ON), Field(description=_ON), Tag("[several]")],
    Discriminator(_tag),
    Field(description=_ON),
]
Event = Annotated[EventKind, AfterValidator(_of_a_timeline), Field(description=_EVENT)]
Clock = Annotated[ClockKind, Field(description=_CLOCK)]
Positive = Annotated[int, Field(ge=1, description=_ABOVE_ZERO)]


class Expectation(Section):
    """One expectation: exactly one of what stands above `alert`, narrowed by what fits to it of the rest."""

    page: Who | None = None
    no_page: Who | None = None
    no_other_page: Who | None = None
    failed_page: Who | None = None
    reminder: Who | None = None
    no_reminder: Who | None = None
    notice: Who | None = None
    no_notice: Who | None = None
    status: Annotated[StatusWord, Field(description=_STATUS)] | None = None
    policy: Annotated[str, Field(description="a policy")] | None = None
    severity: SeverityName | None = None
    route: Annotated[str, Field(description="a route")] | None = None
    event: Event | None = None
    no_event: Event | None = None
    at_risk: Clock | None = None
    breached: Clock | None = None
    in_time: Clock | None = None

    alert: Named | None = None
    on: Channels = ()
    level: Annotated[str, Field(description="the name of a level")] | None = None
    round: Positive | None = None
    about: Annotated[str, Field(description="what it is about")] | None = None
    times: Positive | None = None
    at: Moment | None = None
    between: Annotated[tuple[Moment, Moment], Field(description=_BETWEEN)] | None = None
    by: Moment | None = None
    since: Annotated[Moment | None, Field(alias="from")] = None

    @property
    def kind(self) -> str:
        """The name of what is expected."""
        return next(name for name in KINDS if getattr(self, name) is not None)

    @property
    def who(self) -> tuple[str, ...]:
        """Whom a message is expected to go to, or not to."""
        return listed(getattr(self, self.kind))

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that are named; none: any."""
        return listed(self.on)


MESSAGES = ("page", "failed_page", "reminder", "notice")
NO_MESSAGES = ("no_page", "no_other_page", "no_reminder", "no_notice")
STATES = ("status", "policy", "severity", "route")
EVENTS = ("event", "no_event")
MARKS = ("at_risk", "breached")
KINDS = (*MESSAGES, *NO_MESSAGES, *STATES, *EVENTS, *MARKS, "in_time")

TIMES = ("at", "between", "by", "from")  # at most one of them
_PLACE = ("level", "round")
CONDITIONS = {
    **dict.fromkeys(MESSAGES, ("alert", "on", *_PLACE, "times", *TIMES)),
    **dict.fromkeys(NO_MESSAGES, ("alert", "on", *_PLACE, *TIMES)),
    **dict.fromkeys(STATES, ("alert", "at")),
    "event": ("alert", *_PLACE, "times", *TIMES),
    "no_event": ("alert", *_PLACE, *TIMES),
    **dict.fromkeys(MARKS, ("alert", *TIMES)),
    "in_time": ("alert",),
}
for _kind in ("reminder", "no_reminder", "notice", "no_notice"):
    CONDITIONS[_kind] = ("about", *CONDITIONS[_kind])
