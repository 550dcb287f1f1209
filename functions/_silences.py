"""What the doors about silences share: the alerts that are open, how one is shown, and the page to go back to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response

from core.alert import Alert
from core.rules import Rules
from core.silence_list import only, silence_view
from core.store import Filter
from functions._doors import go, rung, sealed
from functions._session import Said

# Alerts are looked at one by one, so of very many only the newest.
_LOOKED_AT = 1000


def open_alerts() -> tuple[Sequence[Alert], bool]:
    """Give the newest open alerts, and whether these are all."""
    found = rung().engine.store.find(Filter(limit=_LOOKED_AT))
    return found, len(found) < _LOOKED_AT


def view(rules: Rules, number: int, now: datetime) -> dict[str, Any]:
    """Give the silence of this number as JSON; {} when it is gone."""
    listed = only(rules.silences, number, now)
    if listed is None:
        return {}
    alerts, are_all = open_alerts()
    return silence_view(listed, alerts, are_all=are_all)


def back(text: str, number: int) -> Response:
    """Send a browser back to the page, which says so."""
    return go(f"/silences?said={sealed(Said(number, text))}")
