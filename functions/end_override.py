"""DELETE /oncall/overrides/<id>: an override ends now, one that has not begun is taken back; a swap as a whole.

POST /oncall/overrides/<id>/end does the same, for browsers, whose forms know no DELETE.
"""

from flask import Blueprint, abort

from core.override_orders import Change, NoSuchOverrideError, Orderer, OverrideEndedError, ended
from functions._doors import Answer, Reply, caller, rung, said, session, via
from functions._oncall import back

door = Blueprint("end_override", __name__)


@door.delete("/oncall/overrides/<override_id>")
@door.post("/oncall/overrides/<override_id>/end")
def end_override(override_id: str) -> Reply:
    """End it, and give the event of it. A browser goes back to the page."""
    name, answer = caller(), said(Answer)
    _, now = rung().engine.present()
    orderer = Orderer(answer.by or name, via(), now)
    try:
        event = rung().standing.order(lambda standing: ended(standing, override_id, orderer)).event
    except NoSuchOverrideError as error:
        abort(404, str(error))
    except OverrideEndedError as error:
        abort(409, str(error))
    if not session():
        return event
    what = "The swap" if event["overrides"][0]["swap"] else f"Override {override_id}"
    return back(f"{what} {'was taken back' if event['event'] == Change.REMOVED else 'has ended'}")
