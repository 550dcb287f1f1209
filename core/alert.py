"""The alert: what someone must answer. One immutable record; every change makes a new one.

The policy stands in the record as it was when the alert triggered, so editing YAML never bends a running ladder.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.config.policy import Level, Policy
from core.reminders import Sent
from core.severity import Severity
from core.sla_clock import SlaState

RECORD_VERSION = 1

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

# From version n to n + 1. A record is upgraded when it is read and written back with its next change.
_UPGRADES: Mapping[int, Upgrade] = {}


class Status(StrEnum):
    """Where an alert stands with the people who must answer it."""

    PENDING = "pending"  # unanswered, first firing
    ESCALATED = "escalated"  # unanswered, any later firing
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"


UNANSWERED = frozenset({Status.PENDING, Status.ESCALATED})
ANSWERED = frozenset({Status.ACKNOWLEDGED, Status.IN_PROGRESS})


class Alert(BaseModel):
    """One alert. Times are aware UTC; levels and rounds count from 0."""

    model_config = ConfigDict(frozen=True)

    record_version: int
    id: int
    source: str
    dedup_key: str
    title: str
    description: str = ""
    link: str | None = None
    labels: dict[str, str] = {}
    severity: Severity
    status: Status = Status.PENDING
    suppressed: bool = False
    suppressed_until: datetime | None = None  # then it is looked at again; None: until somebody says so
    suppressed_reason: str = ""
    exhausted: bool = False
    policy_name: str
    policy: Policy

    round: int = 0
    level: int = 0
    round_started_at: datetime
    level_fired_at: datetime | None = None  # None: the level's delay has not passed yet
    left_at: datetime | None = None  # the level reached nobody and was left at once, then
    round_reached_someone: bool = False
    levels_fired: int = 0  # in this round, with somebody to page
    levels_failed: int = 0  # of these, those none of whose pages could be delivered
    round_opened_at: datetime | None = None  # when the round began, once it has been walked again
    fruitless: int = 0  # how many times in a row the round has been walked without one delivery
    retry_at: datetime | None = None  # then the round is walked again: not one page of it could be delivered
    firings: int = 0
    cause: int = 0  # the event whose pages ask for an answer now

    routes: tuple[str, ...] = ()  # the routes it took
    auto_resolves: bool = True  # False: only people resolve it, whatever the source says
    quiet_after: int | None = None  # seconds without a signal after which it resolves by itself
    members: tuple[str, ...] = ()  # of a group: the keys of the signals that fire now
    is_overfull: bool = False  # a group of more signals than can be told apart: only people resolve it
    cleared_at: datetime | None = None  # since then the source says that it is over
    changes: tuple[datetime, ...] = ()  # when its source last changed its mind
    flapping_until: datetime | None = None  # its source changes its mind so often that it stays open until then

    created_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    snoozed_until: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    lives: int = 1  # how many times it was opened
    count: int = 1
    last_signal_at: datetime
    paged: tuple[tuple[str, str], ...] = ()  # (responder, channel), each once

    sla: SlaState | None = None  # None: nothing is owed
    updated_at: datetime | None = None  # the last update since somebody has it
    reassigned_to: str | None = None  # whom the level asks instead of its responders
    reminded: tuple[Sent, ...] = ()
    reminders: int = 0  # how many have been sent
    remind_at: datetime | None = None
    expires_at: datetime | None = None  # then the acknowledgment runs out

    wake_at: datetime | None = None
    timer: int = 0  # the number of the timer that holds wake_at
    events: int = 0  # how many events the timeline has been given

    @property
    def current_level(self) -> Level:
        """The level that pages now, or whose delay is running."""
        return self.policy.levels[self.level]

    @property
    def round_due_from(self) -> datetime:
        """The instant from which the next round is counted."""
        return self.round_opened_at or self.round_started_at

    @property
    def told_at(self) -> datetime | None:
        """When whoever has it last said anything: the acknowledgment, or an update since; None when nobody has it."""
        if self.acknowledged_at is None:
            return None
        return max(self.acknowledged_at, self.updated_at or self.acknowledged_at)

    @property
    def is_suppressed_by_hand(self) -> bool:
        """Say whether it is silenced until somebody says otherwise, whatever silences there are."""
        return self.suppressed and self.suppressed_until is None

    @property
    def is_flapping(self) -> bool:
        """Say whether its source changes its mind too often to be believed."""
        return self.flapping_until is not None

    @property
    def is_unanswered(self) -> bool:
        """Say whether somebody still has to answer."""
        return self.status in UNANSWERED

    @property
    def is_open(self) -> bool:
        """Say whether it is not resolved."""
        return self.status is not Status.RESOLVED

    def dump(self) -> str:
        """Give the record as JSON; what stands at its default is left out."""
        return self.model_dump_json(exclude_defaults=True)


def load(record: str | bytes) -> Alert:
    """Read a record of any version. Raises ValueError for one that a newer Rung wrote."""
    head = record[:64]
    if (b'"record_version":1,' if isinstance(head, bytes) else '"record_version":1,') in head:  # type: ignore[operator]
        return Alert.model_validate_json(record)
    return Alert.model_validate(_upgraded(json.loads(record)))


def _upgraded(fields: dict[str, Any]) -> dict[str, Any]:
    version = int(fields["record_version"])
    if version > RECORD_VERSION:
        raise ValueError(f"alert {fields.get('id')} was written by a newer Rung (record version {version})")
    for step in range(version, RECORD_VERSION):
        fields = _UPGRADES[step](fields) | {"record_version": step + 1}
    return fields
