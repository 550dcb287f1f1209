"""Bundling: in a storm a person gets few messages that list many alerts, not one message for each."""

from core.config.base import Count, Section
from core.config.durations import PositiveDuration


class Bundling(Section):
    """After so many messages to a person on a channel within `window` seconds the rest go together, `every` so often.

    `after: 0` sends each by itself, always.
    """

    after: Count = 5
    window: PositiveDuration = 60
    every: PositiveDuration = 20


NO_BUNDLING = Bundling(after=0)
