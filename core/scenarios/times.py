"""Times in scenarios: so long after the start, or an instant. What is told of one is what was written."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from core.config.durations import parse_span
from core.config.silences import parse_instant
from core.local_time import aware

_WANTED = "a time after the start such as 90s, 12m or 1h30m, or an instant such as 2026-11-20T16:30"
_SIZES = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


@dataclass(frozen=True, slots=True)
class When:
    """A time as it was written; an instant without an offset is by the clock of the config."""

    text: str
    value: timedelta | datetime

    def instant(self, start: datetime, zone: ZoneInfo) -> datetime:
        """Give the instant in UTC, for a scenario that starts at `start`."""
        return start + self.value if isinstance(self.value, timedelta) else aware(self.value, zone)


def parse_when(value: object) -> When:
    """Read `12m` or `2026-11-20T16:30`. ValueError says what is wanted."""
    if isinstance(value, When):
        return value
    text = value.strip() if isinstance(value, str) else ""
    try:
        return When(text, parse_instant(text) if "-" in text else timedelta(seconds=parse_span(text)))
    except ValueError:
        raise ValueError(_WANTED) from None


def written(span: timedelta) -> str:
    """Write a span as people write it in scenarios, in whole seconds: `0s`, `10m2s`, `1d2h`."""
    left, text = int(span.total_seconds()), ""
    for unit, size in _SIZES:
        count, left = divmod(left, size)
        text += f"{count}{unit}" if count else ""
    return text or "0s"


Moment = Annotated[When, BeforeValidator(parse_when), Field(description=_WANTED)]
START = When("0s", timedelta())
