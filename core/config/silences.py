"""Silences and maintenance: alerts that page nobody for a time, once or every week. Which: core/silences.py."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from core.config.base import Section, Switch, TimeOfDay
from core.config.matching import Match, TimeWindow
from core.config.routes import EntryName, named

_INSTANT_WANTED = "an instant such as 2026-11-25T22:00:00+01:00 (without an offset: by the clock of timezone)"
_DATE = len("2026-11-25")
_YEARS = range(1970, 9999)  # in every zone an instant of these is one in UTC too


def parse_instant(value: object) -> datetime:
    """Give the instant of an RFC 3339 text; without an offset it is naive. ValueError says what is wanted."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(_with_time(value))
    except ValueError:
        raise ValueError(_INSTANT_WANTED) from None
    if moment.year not in _YEARS:
        raise ValueError(_INSTANT_WANTED)
    return moment


def _with_time(value: object) -> str:
    """Refuse a day alone: nobody can tell which end of it was meant."""
    text = value.strip() if isinstance(value, str) else ""
    if len(text) <= _DATE:
        raise ValueError(_INSTANT_WANTED)
    return text


Instant = Annotated[datetime, BeforeValidator(parse_instant), Field(description=_INSTANT_WANTED)]
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=300), Field(description="a text, at most 300")
]


class Scope(Section):
    """What is silenced. Everything only by saying so: a match that was forgotten would silence every page."""

    match: Match = Match()
    everything: Annotated[Switch, Field(validate_default=True)] = False
    reason: Note = ""

    @field_validator("everything")
    @classmethod
    def _said(cls, everything: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - a validator's signature
        match = info.data.get("match")
        if match is not None and match.is_empty and not everything:
            raise ValueError("true, since match is empty, or a match by source, severity, title or labels")
        if match is not None and not match.is_empty and everything:
            raise ValueError("false, or no match beside it")
        return everything


class PlannedSilence(Scope):
    """A silence that stands in the config. A time without an offset is by the clock of the config."""

    name: EntryName
    start: Annotated[Instant, Field(alias="from")]
    end: Annotated[Instant, Field(alias="to")]
    by: Note = ""


class Maintenance(Scope, TimeWindow):
    """A window that recurs. It begins on each of `weekdays`, by default every day."""

    name: EntryName
    start: Annotated[TimeOfDay, Field(alias="from")]
    end: Annotated[TimeOfDay, Field(alias="to")]


Silences = Annotated[tuple[PlannedSilence, ...], named("silence"), Field(description="a list of silences")]
MaintenanceWindows = Annotated[
    tuple[Maintenance, ...], named("maintenance window"), Field(description="a list of maintenance windows")
]
