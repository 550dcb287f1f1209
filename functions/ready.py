"""GET /readyz: Rung can take in alerts: Redis answers, and what is wrong with its settings is said."""

from typing import Any

from flask import Blueprint

from core.adapters.presence import missing_processes
from core.adapters.redis_client import unavailable
from core.adapters.redis_server import redis_complaints
from functions._doors import rung

door = Blueprint("ready", __name__)


@door.get("/readyz")
def ready() -> dict[str, Any]:
    """Say whether alerts can be taken in; 503 while Redis is away."""
    with unavailable():
        warnings = [*redis_complaints(rung().client), *missing_processes(rung().client)]
    return {"status": "ready", "warnings": warnings}
