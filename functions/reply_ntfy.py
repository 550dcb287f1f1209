"""POST /reply/ntfy/<signed>/<action>: a button under a notification of ntfy. The phone makes the request itself.

The address is all the proof there is, and travels through ntfy's server: so each is good for one press about one alert,
in the name of whoever the notification went to. A body and its type do not matter: some apps send none.
"""

from hashlib import blake2b

from flask import Blueprint, abort

from core.adapters.once import once
from core.links import BadLinkError
from core.replies.grammar import Spoken, Verb
from functions._doors import rung

door = Blueprint("reply_ntfy", __name__)

VIA = "ntfy"
_VERBS = {"acknowledge": Verb.ACKNOWLEDGE, "resolve": Verb.RESOLVE, "escalate": Verb.ESCALATE}
_DIGEST = 12  # bytes: the address is too long, and too good, to stand in a key


@door.post("/reply/ntfy/<token>/<action>")
def reply_ntfy(token: str, action: str) -> tuple[str, int]:
    """Do what was pressed."""
    if action not in _VERBS:
        abort(404, f"press one of {', '.join(_VERBS)}")
    try:
        key = rung().links.read_delivery(token)
    except BadLinkError as error:
        abort(403, str(error))
    name = blake2b(f"{token}/{action}".encode(), digest_size=_DIGEST).hexdigest()
    with once(rung().client, f"ntfy-{name}") as is_first:
        if not is_first:
            return "this button was pressed before", 200
        replied = rung().replies.act(key.alert, key.responder, Spoken(_VERBS[action]), VIA)
    return replied.text, 200 if replied.is_done else 409
