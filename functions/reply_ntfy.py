"""POST /reply/ntfy/<signed>/<action>: a button under a notification of ntfy. The phone makes the request itself.

The address is all the proof there is, and travels through ntfy's server: so each is good for a day and for one press
about one alert, in the name of whoever the notification went to. A body and its type do not matter: apps differ.
"""

from datetime import timedelta
from hashlib import blake2b

from flask import Blueprint, abort

from core.adapters.once import once
from core.ledger import Key
from core.links import BadLinkError
from core.replies.grammar import Spoken, Verb
from functions._doors import rung

door = Blueprint("reply_ntfy", __name__)

VIA = "ntfy"
_VERBS = {"acknowledge": Verb.ACKNOWLEDGE, "resolve": Verb.RESOLVE, "escalate": Verb.ESCALATE}
_DIGEST = 12  # bytes
_GOOD_FOR = timedelta(days=1)  # for as long as it is remembered that a button was pressed


@door.post("/reply/ntfy/<token>/<action>")
def reply_ntfy(token: str, action: str) -> tuple[str, int]:
    """Do what was pressed; 409 with the reason when it cannot be done, and then it may be pressed again."""
    if action not in _VERBS:
        abort(404, f"press one of {', '.join(_VERBS)}")
    key = _let_in(token)
    # Of what it is about, not of the address: a signature in base64 can be written in more than one way.
    pressed = f"{key.alert}/{key.field}/{action}".encode("utf-8", "surrogatepass")
    name = blake2b(pressed, digest_size=_DIGEST).hexdigest()
    with once(rung().client, f"ntfy-{name}") as is_first:
        if not is_first:
            return "this button was pressed before", 200
        replied = rung().replies.act(key.alert, key.responder, Spoken(_VERBS[action]), VIA)
        if not replied.is_done:
            abort(409, replied.text)
    return replied.text, 200


def _let_in(token: str) -> Key:
    """Give what the button is about: a notification on ntfy, to somebody who is in the config, not long ago."""
    try:
        key = rung().links.read_delivery(token)
    except BadLinkError as error:
        abort(403, str(error))
    if rung().engine.rules.kind_of(key.channel) != VIA or key.responder not in rung().config.people:
        abort(403, "this address was made for something else")
    entry = rung().ledger.entries(key.alert).get(key.field)
    if entry is None or rung().engine.store.look_up([]).now - entry.queued_at > _GOOD_FOR:
        abort(403, "this button is too old: use the link in a message")
    return key
