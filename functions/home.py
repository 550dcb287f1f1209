"""GET /: the first page: what is open, who has it, when the next level is paged, and buttons to answer."""

from flask import Blueprint, Response

from core.alert import Alert
from core.severity import Severity
from core.store import Filter
from functions._doors import caller, rung
from functions._pages import now, page, told
from functions._troubles import troubles_of

door = Blueprint("home", __name__)

_SHOWN = 100
_WORST_FIRST = list(Severity)


@door.get("/")
def home() -> Response:
    """Show the open alerts: those nobody has first, the worst of them first, then the oldest."""
    caller()
    found = rung().engine.store.find(Filter(limit=_SHOWN))
    at = now()
    ordered = sorted(found, key=_urgency)
    troubles = troubles_of(ordered)
    cards = [{**told(alert, at), "troubles": len(of_one)} for alert, of_one in zip(ordered, troubles, strict=True)]
    waiting = [card for card in cards if card["alert"].is_unanswered]
    return page(
        "home.html",
        at=at,
        waiting=waiting,
        taken=[card for card in cards if not card["alert"].is_unanswered],
        more=found[-1].id if len(found) == _SHOWN else None,
    )


def _urgency(alert: Alert) -> tuple[bool, int, int]:
    # The oldest first, so that a new one does not move a button away from under a thumb.
    return not alert.is_unanswered, _WORST_FIRST.index(alert.severity), alert.id
