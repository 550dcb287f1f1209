"""One body, many alerts: what can be read is taken in its order, what cannot is kept beside it."""

from collections.abc import Callable, Sequence
from typing import Any

from core.signals import BadItem, Reading, Signal, UnreadableError


def read_items(items: Sequence[Any], read_one: Callable[[Any], Signal]) -> Reading:
    """Read each item. Raises UnreadableError when there are items and none of them can be read."""
    signals: list[Signal] = []
    bad_items: list[BadItem] = []
    for index, item in enumerate(items):
        try:
            signals.append(read_one(item))
        except UnreadableError as error:
            bad_items.append(BadItem(index, str(error)))
    if bad_items and not signals:
        raise UnreadableError(_why_none(bad_items))
    return Reading(tuple(signals), tuple(bad_items))


def _why_none(bad_items: Sequence[BadItem]) -> str:
    reason = bad_items[0].reason
    return reason if len(bad_items) == 1 else f"None of {len(bad_items)} alerts can be read. The first: {reason}"
