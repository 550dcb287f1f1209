"""GET /rejected: webhooks that could not be read, newest first, each with its reason and how it begins."""

from typing import Any

from flask import Blueprint

from functions._doors import caller, rung

door = Blueprint("rejected", __name__)


@door.get("/rejected")
def rejected() -> dict[str, Any]:
    """List them."""
    caller()
    return {"rejected": [each.view() for each in rung().intake.rejected()]}
