"""POST /rejected/<id>/retry: a webhook that could not be read is read again, with the config of today."""

from typing import Any

from flask import Blueprint, abort

from core.rejected import NoSuchRejectedError, StillUnreadableError
from functions._doors import caller, rung, taken_view

door = Blueprint("retry_rejected", __name__)


@door.post("/rejected/<int:rejected_id>/retry")
def retry_rejected(rejected_id: int) -> dict[str, Any]:
    """Read it again, and say what became of it. 409 when it still cannot be read: then it is kept as it is."""
    caller()
    try:
        return taken_view(rung().intake.retry(rejected_id))
    except NoSuchRejectedError as error:
        abort(404, str(error))
    except StillUnreadableError as error:
        abort(409, f"rejected webhook {rejected_id} still cannot be read: {error}")
