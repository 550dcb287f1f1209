"""Reasons: why somebody was paged about an alert, or was not: a code for programs, a sentence or two for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.why.steps import Told


class Code(StrEnum):
    """Why somebody was paged, or was not; those that say most stand first."""

    PAGED = "paged"
    NOT_DELIVERED = "not_delivered"
    UNREACHABLE = "unreachable"
    QUIET = "quiet"
    OVERRIDE = "override"
    NOT_ON_CALL = "not_on_call"
    CHANGED = "config_changed"
    SILENCED = "silenced"
    ANSWERED = "answered_before"
    WAITING = "not_yet"
    NOT_ASKED = "not_asked"
    TOLD = "told"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: the instant it is about, a sentence, and in a few words what goes behind `was not paged:`.

    `told` is what somebody was told, and what became of it.
    """

    code: Code
    text: str
    short: str
    at: datetime | None = None
    told: Told | None = None


def unreachable(person: str, what: str, whys: Mapping[str, str], at: datetime | None = None) -> Reason:
    """Give the reason of somebody whom no channel of a level reaches, or who wants none of its pages."""
    said = "; ".join(f"{channel}: {why}" for channel, why in whys.items() if why)
    because = f": {said}" if said else ". Config has changed since: as it is now they would reach them"
    is_quiet = bool(whys) and any(" wants no " in why for why in whys.values())
    code, short = (Code.QUIET, "wants no such pages") if is_quiet else (Code.UNREACHABLE, "cannot be reached")
    none = "" if whys else ". It has no channels"
    return Reason(code, f"{what}, but no channel of it would do{because if whys else none}.", f"{person} {short}", at)
