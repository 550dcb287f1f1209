"""Rotation: an ordered list of people who take weekly turns. Who is on call when: core/rotation.py."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from core.config.base import Name, Section, TimeOfDay, Weekday, Zone

_DATE_WANTED = "a date such as 2026-01-05"


def parse_date(value: object) -> date:
    """Give the date of `YYYY-MM-DD`. ValueError says what is wanted."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError(_DATE_WANTED)  # noqa: TRY004 - pydantic turns ValueError, not TypeError, into a fault
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(_DATE_WANTED) from None


class Rotation(Section):
    """Turns change at `start_time` on `handoff_day`, by the clock of `timezone` (None: the config's)."""

    type: Annotated[Literal["weekly"], Field(description="weekly")]
    members: Annotated[tuple[Name, ...], Field(min_length=1, description="a list of at least one person")]
    start_time: TimeOfDay
    handoff_day: Weekday
    timezone: Zone | None = None
    start_date: Annotated[date, BeforeValidator(parse_date), Field(description=_DATE_WANTED)] | None = None
