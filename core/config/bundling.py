"""Bundling: in a storm a person gets few messages that list many alerts, not one message for each."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from core.config.base import Count, Section
from core.config.durations import parse_duration

# A page waits for its bundle; whoever writes hours here meant minutes, and a critical page would wait for hours.
_LONGEST = 3600
_WANTED = "a duration above zero and at most 1h, such as 20s"


def _short(seconds: int) -> int:
    if not 0 < seconds <= _LONGEST:
        raise ValueError(_WANTED)
    return seconds


ShortDuration = Annotated[int, BeforeValidator(parse_duration), AfterValidator(_short), Field(description=_WANTED)]


class Bundling(Section):
    """After so many messages to a person on a channel within `window` seconds the rest go together, `every` so often.

    `after: 0` sends each by itself, always.
    """

    after: Count = 5
    window: ShortDuration = 60
    every: ShortDuration = 20


NO_BUNDLING = Bundling(after=0)
