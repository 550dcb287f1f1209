"""Dates: whole days, by whichever clock the section that holds them goes."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

DATE_WANTED = "a date such as 2026-01-05"


def parse_date(value: object) -> date:
    """Give the date of `YYYY-MM-DD`. ValueError says what is wanted."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError(DATE_WANTED)  # noqa: TRY004 - pydantic turns ValueError, not TypeError, into a fault
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(DATE_WANTED) from None


Date = Annotated[date, BeforeValidator(parse_date), Field(description=DATE_WANTED)]
