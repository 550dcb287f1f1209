"""Durations: whole seconds inside; people may write `90`, `45s`, `5m`, `2h`, `1d` or `1h30m`."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

WANTED = "a duration: seconds or 5m, 2h, 1d"
LONGEST = 3650 * 86400  # ten years: beyond it is a slip of the finger, and dates would overflow

_SECONDS = re.compile(r"[0-9]{1,10}")
_UNITS = re.compile(r"(?:([0-9]{1,10})d)?(?:([0-9]{1,10})h)?(?:([0-9]{1,10})m)?(?:([0-9]{1,10})s)?")
_WEEKS = re.compile(r"([0-9]{1,4})w(.*)")
_SIZES = (86400, 3600, 60, 1)


def parse_duration(value: object) -> int:
    """Give the seconds of a number or a text such as `1h30m`. ValueError says what is wanted."""
    if isinstance(value, str):
        seconds = _from_text(value.strip())
    elif isinstance(value, int) and not isinstance(value, bool):
        seconds = value
    else:
        raise ValueError(WANTED)  # noqa: TRY004 - pydantic turns ValueError, not TypeError, into a fault
    if not 0 <= seconds <= LONGEST:
        raise ValueError(f"{WANTED}, at most {LONGEST // 86400}d")
    return seconds


def parse_span(value: str) -> int:
    """Give the seconds of a text that may begin with weeks: `4w`, `1w2d`. ValueError says what is wanted."""
    weeks = _WEEKS.fullmatch(value.strip())
    if not weeks:
        return parse_duration(value)
    return int(weeks[1]) * 7 * _SIZES[0] + (parse_duration(weeks[2]) if weeks[2] else 0)


def _from_text(text: str) -> int:
    if _SECONDS.fullmatch(text):
        return int(text)
    parts = _UNITS.fullmatch(text)
    if not text or not parts:
        raise ValueError(WANTED)
    return sum(int(count or 0) * size for count, size in zip(parts.groups(), _SIZES, strict=True))


def _above_zero(seconds: int) -> int:
    if seconds == 0:
        raise ValueError(f"{WANTED}, above zero")
    return seconds


Duration = Annotated[int, BeforeValidator(parse_duration), Field(description=WANTED)]
PositiveDuration = Annotated[
    int,
    BeforeValidator(parse_duration),
    AfterValidator(_above_zero),
    Field(description=f"{WANTED}, above zero"),
]
