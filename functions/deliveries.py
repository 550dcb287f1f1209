"""GET /deliveries: what could not be delivered, over the newest open alerts."""

from flask import Blueprint

from core.store import Filter
from core.wording import outcome, what
from functions._doors import Reply, caller, rung
from functions._pages import now, page, wants_html
from functions._troubles import troubles_of

door = Blueprint("deliveries", __name__)

_ALERTS = 200


@door.get("/deliveries")
def deliveries() -> Reply:
    """List the deliveries that failed or are being tried again, those of the newest alert first."""
    caller()
    found = rung().engine.store.find(Filter(limit=_ALERTS))
    troubles = [trouble for of_one in troubles_of(found) for trouble in of_one]
    if not wants_html():
        return {"deliveries": troubles}
    titles = {alert.id: alert.title for alert in found}
    lines = [
        {**each, "what": what(each), "outcome": outcome(each), "title": titles[each["alert"]]} for each in troubles
    ]
    return page("deliveries.html", deliveries=lines, at=now(), most=_ALERTS if len(found) == _ALERTS else None)
