"""GET /oncall/<rotation>/timeline: the overrides that people added and ended, by whom and how, oldest first."""

from datetime import datetime

from flask import Blueprint

from core.oncall import zone_of
from core.oncall_words import timeline_lines
from functions._doors import Reply, caller, rung
from functions._oncall import known_rotation, names_of
from functions._pages import page, wants_html

door = Blueprint("oncall_timeline", __name__)


@door.get("/oncall/<rotation>/timeline")
def oncall_timeline(rotation: str) -> Reply:
    """List the events; the page has the newest first, by the clock of the rotation."""
    caller()
    config = rung().config
    known_rotation(config, rotation)
    events = rung().standing.timeline(rotation)
    if not wants_html():
        return {"events": events}
    zone = zone_of(config, rotation)

    def local(instant: str, spec: str) -> str:
        return datetime.fromisoformat(instant).astimezone(zone).strftime(spec)

    lines = timeline_lines(reversed(events), zone, names_of(config))
    return page("oncall_timeline.html", rotation=rotation, zone=zone.key, events=lines, local=local)
