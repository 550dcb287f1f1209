"""GET /healthz: this process answers. It asks nobody, so that it is true even while Redis is away."""

from flask import Blueprint

door = Blueprint("health", __name__)


@door.get("/healthz")
def health() -> dict[str, str]:
    """Say that the process lives."""
    return {"status": "ok"}
