"""POST /reply/voice/<token>: a key was pressed in a call of ours, or none. .../status: what became of the call.

Whoever is on the line hears that nothing was done when it was not; no status code would tell them.
"""

from flask import Blueprint, Response, abort, request

from core.ledger import Key
from core.links import BadLinkError
from core.replies.calling import Pressed, Said
from core.replies.from_twilio import Form, first, is_machine, of_a_call
from core.replies.speech import asking, saying
from core.store import StoreUnavailableError
from functions._doors import rung
from functions._twilio import markup, signed_form

door = Blueprint("reply_voice", __name__)

_OUT_OF_REACH = "Nothing was done: Rung cannot reach its memory. Please press the key again."


@door.post("/reply/voice/<token>")
def answer(token: str) -> Response:
    """Do what the key asks for, and say what came of it."""
    form = signed_form()
    key = _key(token)
    said = _answered(_pressed(key, form), request.headers.get("I-Twilio-Idempotency-Token", ""))
    if said.is_last:
        return markup(saying(said.text))
    about = f"?alert={said.alert}" if said.alert else ""
    return markup(asking(said.text, rung().links.make_for_delivery("voice", key) + about))


@door.post("/reply/voice/<token>/status")
def note_what_became_of_it(token: str) -> tuple[str, int]:
    """Record whether anybody picked up; a page that nobody heard fails over at once."""
    receipt = of_a_call(signed_form())
    key = _key(token)
    if receipt:
        rung().receipts.take(key, receipt)
    return "", 204


def _answered(pressed: Pressed, delivery: str) -> Said:
    try:
        if not (pressed.digit and delivery):
            return rung().calling.answer(pressed)
        with rung().once(f"key:{delivery}") as is_first:
            return rung().calling.answer(pressed) if is_first else rung().calling.hear(pressed)
    except StoreUnavailableError:
        return Said(_OUT_OF_REACH, pressed.alert)


def _pressed(key: Key, form: Form) -> Pressed:
    alert = request.args.get("alert", "")
    return Pressed(
        key,
        call=first(form, "CallSid"),
        number=first(form, "To"),
        digit=first(form, "Digits"),
        alert=int(alert) if alert.isascii() and alert.isdigit() else None,
        is_machine=is_machine(form),
    )


def _key(token: str) -> Key:
    try:
        return rung().links.read_delivery(token)
    except BadLinkError as error:
        abort(404, str(error))
