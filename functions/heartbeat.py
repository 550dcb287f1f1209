"""POST, GET or HEAD /heartbeat/<name>: a job says that it lives. Once 200 is sent, its whole time begins anew.

A job is let in by its heartbeat's own token, or by an API token: Bearer, the password of Basic, or `?token=`.
"""

from typing import Any

from flask import Blueprint, abort

from core.times import rfc3339
from functions._doors import let_in, rung

door = Blueprint("heartbeat", __name__)


@door.route("/heartbeat/<name>", methods=["POST", "GET"])
def heartbeat(name: str) -> dict[str, Any]:
    """Take a beat, and say before when the next has to come."""
    settings = rung().config.heartbeats.get(name)
    if settings is None:
        abort(404, "config has no heartbeat of this name; add it to heartbeats.yaml")
    let_in(settings.token, "heartbeat")
    return {"next_before": rfc3339(rung().heartbeats.beat(name).next_before)}
