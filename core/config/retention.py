"""Retention: how long what is over is kept."""

from core.config.base import Section
from core.config.durations import PositiveDuration

_NINETY_DAYS = 90 * 86400
_MORE_THAN_A_YEAR = 400 * 86400


class Retention(Section):
    """`resolved`: for how many seconds a resolved alert is kept, with its timeline and its ledger.

    `facts`: for how many seconds what reports need of it is kept, a row each, and what became of the reports.
    """

    resolved: PositiveDuration = _NINETY_DAYS
    facts: PositiveDuration = _MORE_THAN_A_YEAR
