"""GET /heartbeats: every heartbeat of the config, when its last beat came and when the next one has to."""

from flask import Blueprint

from functions._doors import Reply, caller, rung
from functions._pages import now, page, wants_html

door = Blueprint("heartbeats", __name__)


@door.get("/heartbeats")
def heartbeats() -> Reply:
    """List them, in the order of the config."""
    caller()
    found = rung().heartbeats.views()
    return page("heartbeats.html", heartbeats=found, at=now()) if wants_html() else {"heartbeats": found}
