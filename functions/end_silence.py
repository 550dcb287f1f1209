"""DELETE /silences/<id>: a silence ends now and stays on record; one that has not begun is taken back.

POST /silences/<id>/end does the same, for browsers, whose forms know no DELETE.
"""

from flask import Blueprint, abort

from core.silence_orders import NoSuchSilenceError, SilenceEndedError, ended
from functions._doors import Order, Reply, caller, rung, said, session
from functions._silences import back, view

door = Blueprint("end_silence", __name__)


@door.delete("/silences/<int:silence_id>")
@door.post("/silences/<int:silence_id>/end")
def end_silence(silence_id: int) -> Reply:
    """End it, and give it as it is now. A browser goes back to the page."""
    name, order = caller(), said(Order)
    rules, now = rung().engine.present()
    before = view(rules, silence_id, now)
    try:
        change = ended(rules.standing.silences, silence_id, order.by or name, now)
    except NoSuchSilenceError as error:
        abort(404, str(error))
    except SilenceEndedError as error:
        abort(409, str(error))
    if change.stays:
        rung().standing.add(change.silence)
    else:
        rung().standing.remove(change.silence)
    if session():
        return back(f"Silence {silence_id} {'has ended' if change.stays else 'was taken back'}", silence_id)
    rules, now = rung().engine.present()
    return view(rules, silence_id, now) or {**before, "state": "removed"}
