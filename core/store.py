"""What the engine asks of a store. State is truth; a job in a queue is only a hint to look at it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from core.alert import Alert
from core.bundles import Bundle
from core.config.bundling import Bundling
from core.decision import Decision
from core.ledger import Entry, Key
from core.outcomes import OutcomeKind


class StoreUnavailableError(RuntimeError):
    """The store is out of reach or refuses to write. Nothing was half-written; try again."""


@lru_cache(4096)  # every webhook asks three times
def _digest(source: str, dedup_key: str) -> str:
    text = f"{source}\0{dedup_key}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes signals one alert: the source and the dedup key."""

    source: str
    dedup_key: str

    @property
    def digest(self) -> str:
        """A short name for it, the same in every process."""
        return _digest(self.source, self.dedup_key)


@dataclass(frozen=True, slots=True)
class Stored:
    """An alert as it stands in the store. `failed_cause`: every page of that event failed for good."""

    alert: Alert
    version: int
    failed_cause: int | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An alert whose record is damaged, or was written by a newer Rung."""

    alert_id: int
    reason: str


class UnreadableRecordError(RuntimeError):
    """Somebody asked for an alert whose record cannot be read."""

    def __init__(self, unreadable: Unreadable) -> None:
        super().__init__(f"the record of alert {unreadable.alert_id} cannot be read: {unreadable.reason}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a look into the store gave. `now` is the store's clock; ids from `first_id` on are reserved.

    `standing` is the version of the standing orders: whoever has read another has to read them again.
    """

    now: datetime
    first_id: int
    stored: tuple[Stored | Unreadable | None, ...]
    standing: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A decision and the state it was made about. `identity` is given when a new alert takes over the key."""

    decision: Decision
    before: Stored | None
    identity: Identity | None = None
    pointed_to: int | None = None  # the alert that held the key when it was looked up
    dealt_with: int | None = None  # the `failed_cause` that the decision is about
    key_until: datetime | None = None  # a resolved alert holds its dedup key so long, for re-opening
    keep_until: datetime | None = None  # and is kept so long


@dataclass(frozen=True, slots=True)
class Claim:
    """A notification that is ours to send until the lease runs out, with the alert and its whole ledger.

    `bundle`: the alerts that its message is about, when there are several. `raw`: the entry as it is written, of one
    that was only read.
    """

    key: Key
    entry: Entry
    alert: Alert
    ledger: dict[str, Entry]
    now: datetime
    bundle: tuple[int, ...] = ()
    raw: str = ""

    @property
    def sent_as(self) -> str:
        """The name of its message among those that went to the person of late."""
        return self.entry.bundle or f"{self.entry.token}/{self.key.member}"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of one attempt. `token` is the lease it was made under; no `outcome` when nothing was to be sent.

    `instead_of`: written only while the entry is still this one, as it is written, whoever has the lease.
    """

    key: Key
    token: str
    entry: Entry
    retry_at: datetime | None = None
    events: tuple[str, ...] = ()
    did_not_go_as: str = ""  # the message's name among those that went to the person, when it did not go after all
    failed_over_to: tuple[tuple[Key, Entry], ...] = ()
    message: dict[str, Any] | None = None
    outcome: OutcomeKind | None = None
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which alerts to list, newest first. `after` is the last id of the page before."""

    statuses: frozenset[str] = field(default_factory=frozenset)
    severities: frozenset[str] = field(default_factory=frozenset)
    limit: int = 50
    after: int | None = None


class AlertStore(Protocol):
    """Alerts, their timelines and timers. Every call raises StoreUnavailableError when it cannot be done."""

    def look_up(self, identities: Sequence[Identity], ids: Sequence[int] = (), spare_ids: int = 0) -> Snapshot:
        """Read the alerts behind these identities, then those of these ids, and reserve ids, so many to spare."""

    def commit(self, changes: Sequence[Change], standing: int | None = None) -> list[bool]:
        """Write each change whose alert is unchanged; say which were written.

        Nothing is written when the standing orders are of another version than `standing`, by which it was decided.
        """

    def due(self, overdue_by: float, limit: int) -> list[int]:
        """Give the ids of alerts whose wake_at passed this many seconds ago or more, earliest first."""

    def open_ids(self, after: int, limit: int) -> list[int]:
        """Give the ids of open alerts above `after`, lowest first."""

    def postpone(self, alert_id: int, seconds: float) -> None:
        """Look at this alert again only so much later: it cannot be read now and must not hold up the others."""

    def timeline(self, alert_id: int) -> list[dict[str, Any]]:
        """Give the events of an alert, oldest first."""

    def find(self, wanted: Filter) -> list[Alert]:
        """Give a page of alerts, newest first."""

    def forget(self, limit: int) -> int:
        """Drop what has been kept long enough, so much at most, and say how much that was."""

    def keep_rejected(self, rejected: dict[str, Any]) -> None:
        """Keep what could not be read, where an operator sees it, under a number of its own."""

    def rejected(self) -> Iterator[dict[str, Any]]:
        """Give what could not be read, newest first, each with its `id` and `at`."""

    def count_rejected(self) -> int:
        """Say how many of them are kept; nothing of them is read."""

    def drop_rejected(self, record: dict[str, Any]) -> None:
        """Keep this one no longer; that it is gone already is fine."""


class Ledger(Protocol):
    """The notifications, and who is sending which."""

    def claim(self, limit: int, per_channel: int, busy: dict[str, int], bundling: Bundling) -> list[Claim]:
        """Take a lease on what is due, at most so many messages in all and for each channel; a bundle is one."""

    def read(self, key: Key) -> Claim | None:
        """Give a notification as it stands, with no lease on it; None when it is not kept."""

    def settle(self, settlements: Sequence[Settlement]) -> list[bool]:
        """Record outcomes; say which were recorded and which came too late."""

    def renew(self, keys: Sequence[Key]) -> None:
        """Extend the leases of what is still being sent."""

    def keep_bundle(self, bundle: Bundle, seconds: int) -> None:
        """Keep what a bundle lists for so long."""

    def bundle(self, bundle_id: str) -> Bundle | None:
        """Give what a bundle lists; None when it is not kept any more."""

    def hint(self) -> None:
        """Have the outbox looked at again soon."""

    def entries(self, alert_id: int) -> dict[str, Entry]:
        """Give the ledger of an alert."""

    def entries_of(self, alert_ids: Sequence[int]) -> list[dict[str, Entry]]:
        """Give the ledgers of these alerts, in this order, in one round trip."""

    def messages(self, limit: int) -> list[dict[str, Any]]:
        """Give what went to the built-in outbox, newest first."""

    def add_message(self, message: dict[str, Any]) -> None:
        """Put a message into the built-in outbox."""

    def first_in(self, name: str, seconds: int) -> bool:
        """Say whether this is the first call of this name within so many seconds."""

    def failing(self) -> dict[str, datetime]:
        """Give what operators were told is failing, by the name it was noted under, and since when."""

    def note_failing(self, name: str, since: datetime) -> None:
        """Note that operators are told of this."""

    def forget_failing(self, names: Sequence[str]) -> None:
        """Note that these fail no more; at least one name."""
