"""POST /reply/email: a mail in answer to a page, as Mailgun, Postmark, SendGrid or a server of one's own hands it on.

Believed is what three things say together: the gateway's secret or signature, the signed address that the page told to
answer to, and that the sender is the person it was made for, with DKIM and SPF where the gateway checks them. 200 says
that nothing more is to come, also when nothing was done: gateways repeat everything else for hours.
"""

import logging
from hashlib import blake2b

from flask import Blueprint, abort, request

from core.adapters.once import once
from core.config.replies import EmailReplies
from core.replies.email import OF_FORMS, Mail, UnreadableMailError, of_plain, of_postmark
from core.replies.grammar import Verb, read
from core.replies.people import by_email
from core.signatures import is_signed_by_mailgun
from functions._doors import header_token, raw_body, rung, same

door = Blueprint("reply_email", __name__)
log = logging.getLogger("rung.email")

VIA = "email"
_DIGEST = 12  # bytes
_ABOUT_ONE = frozenset({Verb.ACKNOWLEDGE, Verb.RESOLVE, Verb.ESCALATE, Verb.SNOOZE, Verb.UPDATE})


@door.post("/reply/email")
def reply_email() -> tuple[dict[str, str], int]:
    """Take in a mail."""
    settings = rung().config.replies.email
    _let_in(settings)
    try:
        mail = _read(settings.provider)
    except UnreadableMailError as error:
        abort(400, str(error))
    with once(rung().client, f"email-{_name_of(mail)}") as is_first:
        said = _act(mail) if is_first else "it was taken before"
    log.info("a mail was taken: %s", said)
    return {"result": said}, 200


def _let_in(settings: EmailReplies) -> None:
    secret = settings.secret.get_secret_value()
    if not secret:
        abort(404, "replies.email has no secret, so no mail is taken")
    if settings.provider == "mailgun":
        form, now = request.form, rung().engine.store.look_up([]).now
        parts = (form.get("timestamp", ""), form.get("token", ""), form.get("signature", ""))
        if not is_signed_by_mailgun(secret, *parts, now):
            abort(403, "the signature is wrong or older than five minutes: check secret and both clocks")
    elif not same(header_token() or request.args.get("token", ""), secret):
        abort(401, "show the secret of replies.email as ?token= or as the password of Basic")


def _read(provider: str) -> Mail:
    if provider in OF_FORMS:
        return OF_FORMS[provider](request.form)
    if provider == "postmark":
        body = request.get_json(force=True, silent=True)
        if not isinstance(body, dict):
            raise UnreadableMailError("the body is no JSON object")
        return of_postmark(body)
    return of_plain(raw_body())


def _name_of(mail: Mail) -> str:
    """Give what is the same when the mail is handed on again."""
    return blake2b(mail.id.encode("utf-8", "surrogatepass") or raw_body(), digest_size=_DIGEST).hexdigest()


def _act(mail: Mail) -> str:
    """Act on a mail that is what it says, and say what came of it; never who wrote, which may be anybody."""
    if not mail.is_vouched:
        return "nothing was done: DKIM or SPF did not pass"
    people = by_email(rung().config, mail.sender)
    found = next(((alert, p) for p in people if (alert := rung().links.read_mail(mail.token, p)) is not None), None)
    if found is None:
        return "nothing was done: its address was not made for who sent it"
    alert_id, person = found
    spoken = read(mail.first_line)
    if spoken.verb not in _ABOUT_ONE:
        return "nothing was done: its first line is no answer"
    return rung().replies.act(spoken.alert or alert_id, person, spoken, VIA).text
