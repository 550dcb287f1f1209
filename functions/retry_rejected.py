"""POST /rejected/<id>/retry: a webhook that could not be read is read again, with the config of today."""

from flask import Blueprint, Response, abort

from core.intake import Taken
from core.rejected import NoSuchRejectedError, StillUnreadableError
from core.wording import what_became
from functions._doors import Reply, caller, go, rung, sealed, session, taken_view
from functions._session import Said

door = Blueprint("retry_rejected", __name__)

_MOST_ALERTS = 5


@door.post("/rejected/<int:rejected_id>/retry")
def retry_rejected(rejected_id: int) -> Reply:
    """Read it again, and say what became of it. 409 when it still cannot be read: then it is kept as it is.

    A browser goes back to the list, which says the same.
    """
    caller()
    try:
        taken = rung().intake.retry(rejected_id)
    except NoSuchRejectedError as error:
        return _refused(rejected_id, 404, str(error))
    except StillUnreadableError as error:
        return _refused(rejected_id, 409, f"rejected webhook {rejected_id} still cannot be read: {error}")
    return _read(rejected_id, taken) if session() else taken_view(taken)


def _read(rejected_id: int, taken: Taken) -> Response:
    alerts = dict.fromkeys(each.alert_id for each in taken.received if each.alert_id is not None)
    return _back(Said(rejected_id, what_became(rejected_id, taken_view(taken)), tuple(alerts)[:_MOST_ALERTS]))


def _refused(rejected_id: int, status: int, reason: str) -> Response:
    return _back(Said(rejected_id, reason, done=False)) if session() else abort(status, reason)


def _back(said: Said) -> Response:
    return go(f"/rejected?said={sealed(said)}#rejected-{said.about}")
