"""POST /reply/sms: a text of somebody comes in, and is answered. POST /reply/sms/<token>: what became of one of ours.

Both are Twilio's. To let in another provider takes a file like `_twilio.py`, which reads its request to an Incoming or
a Receipt and writes the answer as it wants it, and a door of three lines here.
"""

from flask import Blueprint, Response, abort

from core.links import BadLinkError
from core.replies.from_twilio import incoming, of_a_text
from core.store import StoreUnavailableError
from functions._doors import rung
from functions._twilio import signed_form, text_answer

door = Blueprint("reply_sms", __name__)

_OUT_OF_REACH = "Nothing was done: Rung cannot reach its memory. Please send it again."


@door.post("/reply/sms")
def reply() -> Response:
    """Do what the text asks for; the answer to it is the answer to the request.

    Twilio repeats no text, whatever the status code: whoever wrote must hear that nothing was done.
    """
    text = incoming(signed_form())
    try:
        return text_answer(rung().texting.answer(text))
    except StoreUnavailableError:
        return text_answer(_OUT_OF_REACH)


@door.post("/reply/sms/<token>")
def note_what_became_of_it(token: str) -> tuple[str, int]:
    """Record whether the text that this address was made for arrived; a page that did not fails over at once."""
    receipt = of_a_text(signed_form())
    try:
        key = rung().links.read_delivery(token)
    except BadLinkError as error:
        abort(404, str(error))
    if receipt:
        rung().receipts.take(key, receipt)
    return "", 204
