"""Signal: one firing or resolved report inside a webhook body, the same whoever sent it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class SignalStatus(StrEnum):
    """What a signal reports. A test is a sender's test button: a message, never an alert."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"  # somebody took it at the sender's; it makes no alert
    RESOLVED = "resolved"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Signal:
    """One report. `dedup_key` is the same for a firing and its resolved; `severity` is as given."""

    status: SignalStatus
    dedup_key: str
    title: str
    severity: str | None = None
    description: str = ""
    link: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request as it came: raw body, content type, and the query of a GET. No other request has its `request_id`.

    `received_at` is the store's clock, where a source needs to know the time.
    """

    body: bytes
    content_type: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    request_id: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BadItem:
    """One report of a body that could not be read while its siblings could."""

    index: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source made of a webhook: signals in the order of the body, and what it could not read."""

    signals: tuple[Signal, ...]
    bad_items: tuple[BadItem, ...] = ()


class UnreadableError(ValueError):
    """The whole body cannot be read. The message says why, in words for the person who set it up."""


class EmptyBodyError(UnreadableError):
    """There is no body at all: a health probe or a "test connection" button, so nothing is lost."""
