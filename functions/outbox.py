"""GET /outbox: what went to the built-in outbox, newest first, where pages go until a channel has credentials."""

from typing import Any

from flask import Blueprint

from functions._doors import caller, rung

door = Blueprint("outbox", __name__)

_SHOWN = 200


@door.get("/outbox")
def outbox() -> dict[str, Any]:
    """List the messages."""
    caller()
    return {"messages": rung().ledger.messages(_SHOWN)}
