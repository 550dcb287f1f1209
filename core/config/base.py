"""What every section of the schema shares. A field's description is what a fault says is wanted there."""

import re
from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_TIME_WANTED = "a time of day: HH:MM, 00:00 to 23:59"
_SWITCH_WANTED = "true or false"
_ZONE_WANTED = "a time zone such as UTC or Europe/Berlin"

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Section(BaseModel):
    """A mapping of the config: frozen, and a key it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def parse_time(value: object) -> time:
    """Give the time of day of `HH:MM`. ValueError says what is wanted."""
    if isinstance(value, time):
        return value
    parts = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not parts:
        raise ValueError(_TIME_WANTED)
    return time(int(parts[1]), int(parts[2]))


def parse_switch(value: object) -> bool:
    """Give the bool of `true`, `yes`, `on` or their opposites. ValueError says what is wanted."""
    word = value.strip().lower() if isinstance(value, str) else value
    if word in ("true", "yes", "on", True):
        return True
    if word in ("false", "no", "off", False):
        return False
    raise ValueError(_SWITCH_WANTED)


def known_zone(name: str) -> str:
    """Give the name of a time zone that there is. ValueError says what is wanted."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, outside the database, a folder of it
        raise ValueError(_ZONE_WANTED) from None
    return name


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


Name = Annotated[
    str,
    StringConstraints(pattern=r"^\w[\w.-]*$", max_length=64),
    Field(description="a name of letters, digits, _ . and -, at most 64"),
]
TimeOfDay = Annotated[time, BeforeValidator(parse_time), Field(description=_TIME_WANTED)]
Zone = Annotated[str, AfterValidator(known_zone), Field(description=_ZONE_WANTED)]
Weekday = Annotated[
    Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    BeforeValidator(_lower),
    Field(description="a day: monday to sunday"),
]
Fraction = Annotated[
    float, Field(ge=0, le=1, allow_inf_nan=False, description="a number from 0 to 1, such as 0.8 for 80 %")
]
Count = Annotated[int, Field(ge=0, description="a whole number, 0 or more")]
Switch = Annotated[bool, BeforeValidator(parse_switch), Field(description=_SWITCH_WANTED)]
