"""Standing orders: what people ordered for a while without touching the config: overrides and silences."""

from dataclasses import dataclass

from core.overrides import Override
from core.silences import Silence


@dataclass(frozen=True, slots=True)
class Standing:
    """All of them. The version changes with each change, so that every process knows when its copy is old."""

    version: int = 0
    overrides: tuple[Override, ...] = ()
    silences: tuple[Silence, ...] = ()


NOTHING_STANDING = Standing()
