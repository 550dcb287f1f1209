"""What people order about who is on call: an override, a swap, or the end of one. Pure: what is written comes out.

A window that has begun holds from now on: who was on call is never written anew. What ends before its time ends now
and stays on record; what has not begun is taken back. Of a swap both halves end, or one of the two would be on call
for both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.config.names import hint
from core.local_time import aware
from core.oncall import check_person, check_rotation, members_of, override_views, zone_of
from core.oncall_words import moment
from core.overrides import Override, is_swap, swap
from core.rules import Rules
from core.standing import Standing
from core.times import rfc3339


class BadOrderError(ValueError):
    """The order makes no sense as it stands; the message says what is wrong."""


class NoSuchOverrideError(LookupError):
    """There is no override of this number."""


class OverrideEndedError(RuntimeError):
    """It has ended already, so there is nothing to end."""


class Change(StrEnum):
    """What can happen to the overrides of a rotation, for its timeline."""

    ADDED = "override_added"
    ENDED = "override_ended"
    REMOVED = "override_removed"


@dataclass(frozen=True, slots=True)
class Orderer:
    """Who orders, on which way (api, page, terminal), and the instant, UTC."""

    by: str
    via: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """From when (None: now) to when; a time without an offset is by the clock of the rotation."""

    start: datetime | None
    end: datetime


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to be written: overrides as they are now, overrides that go, and the event that says so."""

    rotation: str
    put: tuple[Override, ...]
    drop: tuple[Override, ...]
    event: dict[str, Any]


def added(overrides: Sequence[Override], orderer: Orderer) -> Orders:
    """Put new overrides of one rotation in force."""
    return Orders(overrides[0].rotation, tuple(overrides), (), _event(Change.ADDED, overrides, orderer))


def new_override(
    rules: Rules,
    rotation: str,
    window: Window,
    orderer: Orderer,
    *,
    member: str,
    instead_of: str | None,
    number: str,
    note: str = "",
) -> Override:
    """Give the override that was asked for. Raises UnknownNameError, BadOrderError."""
    check_rotation(rules.config, rotation)
    check_person(rules.config, member)
    if instead_of is not None:
        _check_member(rules, rotation, instead_of, "so it never is anybody's turn to stand in for")
    starts_at, ends_at = _instants(rules, rotation, window, orderer.at)
    try:
        return Override(number, rotation, member, starts_at, ends_at, instead_of, orderer.by, note, orderer.at)
    except ValueError as error:
        raise BadOrderError(str(error)) from error


def new_swap(
    rules: Rules,
    rotation: str,
    window: Window,
    orderer: Orderer,
    *,
    members: tuple[str, str],
    numbers: tuple[str, str],
    note: str = "",
) -> tuple[Override, Override]:
    """Give the overrides of the swap that was asked for. Raises UnknownNameError, BadOrderError."""
    check_rotation(rules.config, rotation)
    for member in members:
        check_person(rules.config, member)
        _check_member(rules, rotation, member, "so there is nothing to swap; an override has them stand in")
    window_in_utc = _instants(rules, rotation, window, orderer.at)
    try:
        return swap(numbers, rotation, members, window_in_utc, by=orderer.by, note=note, created_at=orderer.at)
    except ValueError as error:
        raise BadOrderError(str(error)) from error


def ended(standing: Standing, number: str, orderer: Orderer) -> Orders:
    """End an override, and the other half of a swap. Raises NoSuchOverrideError, OverrideEndedError.

    To end it twice within a second is fine: the reply to the first order may have been lost.
    """
    now = orderer.at.replace(microsecond=0)
    found = next((each for each in standing.overrides if each.id == number), None)
    if found is None:
        raise NoSuchOverrideError(f"there is no override {number}")
    if found.ends_at < now:
        raise OverrideEndedError(f"override {number} ended at {rfc3339(found.ends_at)} already")
    both = (found, *(each for each in standing.overrides if is_swap(found, each) and each.ends_at >= now))
    if found.starts_at >= now:
        return Orders(found.rotation, (), both, _event(Change.REMOVED, both, orderer))
    left = tuple(replace(each, ends_at=now) for each in both)
    return Orders(found.rotation, left, (), _event(Change.ENDED, left, orderer))


def _instants(rules: Rules, rotation: str, window: Window, now: datetime) -> tuple[datetime, datetime]:
    zone = zone_of(rules.config, rotation)
    start, end = aware(window.start, zone) if window.start else now, aware(window.end, zone)
    if window.start and end <= start:
        raise BadOrderError(f"it must end after it begins: from {moment(start, zone)} to {moment(end, zone)} does not")
    if end <= now:
        raise BadOrderError(
            f"that lies in the past: it would end at {moment(end, zone)}, and it is {moment(now, zone)} now "
            f"(times without an offset are by the clock of {zone.key})"
        )
    return max(start, now), end


def _check_member(rules: Rules, rotation: str, person: str, why: str) -> None:
    members = members_of(rules.config, rotation)
    if person not in members:
        raise BadOrderError(f"{person!r} takes no turns in {rotation}, {why}{hint(person, members)}")


def _event(change: Change, overrides: Sequence[Override], orderer: Orderer) -> dict[str, Any]:
    return {
        "at": rfc3339(orderer.at),
        "event": change.value,
        "by": orderer.by,
        "via": orderer.via,
        "overrides": override_views(overrides),
    }
