"""Flapping: a source that changes its mind too often is not believed for a while."""

from core.config.base import Count, Section
from core.config.durations import PositiveDuration


class Flapping(Section):
    """More than `changes` between firing and resolved within `window` seconds; 0 changes: never."""

    changes: Count = 6
    window: PositiveDuration = 900
