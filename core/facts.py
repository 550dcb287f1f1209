"""Facts: what reports need to know of one alert, in one compact row. Written once it is over; read instead of it.

Every figure counts at an instant that stands in the row, so the figures of two adjacent windows add up. Instants are
milliseconds since 1970, UTC. Rows are named tuples and not models: a report reads a hundred thousand of them.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple

from pydantic_core import to_json

ROW_VERSION = 1

DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1).toordinal()

Instant = int

# The clocks that SLA compliance and breach budgets are about; the policy's own, its `sla_timeout`, is none of them.
OWED = frozenset({"acknowledgment", "resolution"})


class Sent(NamedTuple):
    """One notification that came to an end: delivered, or failed for good. `kind` is a page or a notice."""

    responder: str
    channel: str
    kind: str
    queued_at: Instant
    settled_at: Instant
    delivered: bool


class Clock(NamedTuple):
    """One SLA clock: met, or breached from its deadline on, or neither yet. `name` is acknowledgment, ..."""

    name: str
    deadline: Instant
    met_at: Instant | None
    breached_at: Instant | None

    @property
    def decided_at(self) -> Instant | None:
        """The instant from which its outcome stands for good; a breach counts at the deadline."""
        return self.breached_at if self.breached_at is not None else self.met_at


class Stay(NamedTuple):
    """One firing of a level until it was left or answered, e.g. of `2 (secondary)`. It counts at its end.

    `start` is as long before that as nobody had answered, time under a silence left out.
    """

    level: str
    start: Instant
    end: Instant


class Life(NamedTuple):
    """From when it was opened, or opened again, until it was resolved.

    A person who resolves it without a word before has answered it; a source that clears it has not.
    """

    opened_at: Instant
    answered_at: Instant | None = None
    answered_by: str = ""
    answered_via: str = ""
    answered_level: str = ""
    resolved_at: Instant | None = None
    resolved_by: str = ""
    clocks: tuple[Clock, ...] = ()


class Facts(NamedTuple):
    """The row of one alert. `fired` are the firings of a level, `rounds` those that began the ladder again."""

    id: int
    title: str
    source: str
    severity: str
    policy: str
    labels: dict[str, str]
    signals: int
    lives: tuple[Life, ...]
    stays: tuple[Stay, ...] = ()
    fired: tuple[tuple[str, Instant], ...] = ()
    rounds: tuple[Instant, ...] = ()
    exhausted: tuple[Instant, ...] = ()
    reminders: tuple[Instant, ...] = ()
    sent: tuple[Sent, ...] = ()

    def dump(self) -> bytes:
        """Give the row as JSON: a list, because names of fields would be half of it."""
        return to_json([ROW_VERSION, *self])

    def instants(self) -> Iterator[Instant]:
        """Give every instant at which something of it counts."""
        for life in self.lives:
            decided = (clock.decided_at for clock in life.clocks)
            yield from (at for at in (life.opened_at, life.answered_at, life.resolved_at, *decided) if at is not None)
        yield from (stay.end for stay in self.stays)
        yield from (at for _, at in self.fired)
        yield from (*self.rounds, *self.exhausted, *self.reminders)
        yield from (sent.settled_at for sent in self.sent)

    def days(self) -> list[str]:
        """Give the UTC days on which something of it counts, `2026-11-23`, oldest first."""
        return [day_name(day) for day in sorted({at // DAY_MS for at in self.instants()})]


def to_ms(instant: datetime) -> Instant:
    """Give the milliseconds since 1970, cut off, as the timeline writes them."""
    return int(instant.timestamp() * 1000 + 0.0005)  # .timestamp() is a hair below for some whole milliseconds


def from_ms(instant: Instant) -> datetime:
    """Give the aware UTC datetime."""
    return datetime.fromtimestamp(instant / 1000, UTC)


def day_name(day: int) -> str:
    """Give the name of a UTC day, counted since 1970."""
    return date.fromordinal(_EPOCH + day).isoformat()


def days_between(start: datetime, end: datetime) -> list[str]:
    """Give the names of the UTC days that a window [start, end) touches, oldest first."""
    if end <= start:
        return []
    return [day_name(day) for day in range(to_ms(start) // DAY_MS, (to_ms(end) - 1) // DAY_MS + 1)]
