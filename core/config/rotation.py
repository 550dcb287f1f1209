"""Rotation: an ordered list of people who take turns. Who is on call when: core/rotations/."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from core.config.base import Name, Section, TimeOfDay, Weekday, Zone
from core.config.dates import Date

RotationType = Literal["weekly", "daily", "custom"]

# Turns of at most this many days or weeks are shorter than core/rotations looks ahead for the end of a shift.
MOST_EVERY = 100

# Which types a key belongs to, and what is wanted where it is missing. A default stands for `every`.
_OWNERS: Mapping[str, tuple[RotationType, ...]] = {
    "every": ("weekly", "daily"),
    "start_time": ("weekly", "daily"),
    "handoff_day": ("weekly",),
    "handoffs": ("custom",),
}
_EVERY_WANTED = f"a whole number of days or weeks, 1 to {MOST_EVERY}"
_HANDOFFS_WANTED = 'a list of at least one handoff such as {day: friday, time: "17:00"}'
_WANTED = {
    "every": _EVERY_WANTED,
    "start_time": "a time of day: HH:MM, 00:00 to 23:59",
    "handoff_day": "a day: monday to sunday",
    "handoffs": _HANDOFFS_WANTED,
}
_MEMBER_WANTED = "a person, or a mapping of name, from, until"
T = TypeVar("T")

_NAME: TypeAdapter[str] = TypeAdapter(Name)


def _not_empty(entries: tuple[T, ...]) -> tuple[T, ...]:
    """Refuse an empty list in the words of its field; `min_length` also tells of a list whose entries are at fault."""
    if not entries:
        raise PydanticCustomError("empty", "empty")
    return entries


class Member(Section):
    """Somebody who takes turns: from the first handoff on or after `start`, to the first one on or after `end`."""

    name: Name
    start: Annotated[Date | None, Field(alias="from")] = None
    end: Annotated[Date | None, Field(alias="until")] = None

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("start")
        if start and end and end <= start:
            raise ValueError("a date after from")
        return end


def _member(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return Member(name=_NAME.validate_python(value))
    except ValidationError:
        raise ValueError("a name of letters, digits, _ . and -, at most 64") from None


class Handoff(Section):
    """A time of the week at which turns change."""

    day: Weekday
    time: TimeOfDay


class Restriction(Section):
    """A window of duty. It begins on any of the weekdays (None: all) at `start`; an `end` not later is on the next day.

    `holidays: only` leaves the windows that begin on a holiday, `excluded` the others.
    """

    weekdays: (
        Annotated[
            tuple[Weekday, ...],
            AfterValidator(_not_empty),
            Field(description="a list of at least one day: monday to sunday"),
        ]
        | None
    ) = None
    start: Annotated[TimeOfDay, Field(alias="from")] = time(0)
    end: Annotated[TimeOfDay, Field(alias="to")] = time(0)
    holidays: Annotated[Literal["only", "excluded"] | None, Field(description="only or excluded")] = None


class Layer(Section):
    """Turns change at `start_time`, or at each of `handoffs`, by the clock of `timezone` (None: as around it)."""

    type: Annotated[RotationType, Field(description="weekly, daily or custom")]
    every: Annotated[int, Field(ge=1, le=MOST_EVERY, description=_EVERY_WANTED)] = 1
    members: Annotated[
        tuple[Annotated[Member, BeforeValidator(_member), Field(description=_MEMBER_WANTED)], ...],
        AfterValidator(_not_empty),
        Field(description="a list of at least one person"),
    ]
    start_time: TimeOfDay | None = Field(default=None, validate_default=True)
    handoff_day: Weekday | None = Field(default=None, validate_default=True)
    handoffs: Annotated[tuple[Handoff, ...], AfterValidator(_not_empty), Field(description=_HANDOFFS_WANTED)] | None = (
        Field(default=None, validate_default=True)
    )
    start_date: Date | None = None
    timezone: Zone | None = None
    restrictions: (
        Annotated[
            tuple[Restriction, ...],
            AfterValidator(_not_empty),
            Field(description="a list of at least one window (left out: always on duty)"),
        ]
        | None
    ) = None

    @field_validator(*_OWNERS, mode="before")
    @classmethod
    def _as_type_says(cls, value: object, info: ValidationInfo) -> object:
        key, kind = str(info.field_name), info.data.get("type")
        if kind in _OWNERS[key] and value is None:
            raise ValueError(_WANTED[key])
        if kind and kind not in _OWNERS[key] and value is not None:
            owners = _OWNERS[key]
            types = f"type{'s' if len(owners) > 1 else ''} {' and '.join(owners)}"
            raise ValueError(f"nothing here, since {key} belongs to {types}")
        return value

    @field_validator("handoffs")
    @classmethod
    def _each_once(cls, handoffs: tuple[Handoff, ...] | None) -> tuple[Handoff, ...] | None:
        for handoff in handoffs or ():
            if (handoffs or ()).count(handoff) > 1:
                raise ValueError(f"each handoff once, and {handoff.day} {handoff.time:%H:%M} stands there again")
        return handoffs


class Rotation(Layer):
    """The members' turns. A layer covers those before it, and the rotation itself, where it has somebody on duty."""

    layers: Annotated[tuple[Layer, ...], Field(description="a list of rotations without layers")] = ()
