"""Retention: how long what is over is kept."""

from core.config.base import Section
from core.config.durations import PositiveDuration

_NINETY_DAYS = 90 * 86400


class Retention(Section):
    """`resolved`: for how many seconds a resolved alert is kept, with its timeline and its ledger."""

    resolved: PositiveDuration = _NINETY_DAYS
