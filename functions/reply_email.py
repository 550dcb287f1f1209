"""POST /reply/email: a mail in answer to a page, as Mailgun, Postmark, SendGrid or a server of one's own hands it on.

Believed is what three things say together: the gateway's secret or signature, the signed address that the page told to
answer to, and that the sender is the person it was made for, with DKIM and SPF where the gateway checks them. 200 says
that nothing more is to come, also when nothing was done: gateways repeat everything else for hours. No mail goes back,
so no two machines can keep each other busy.
"""

import logging
from contextlib import ExitStack
from hashlib import blake2b

from flask import Blueprint, abort, request

from core.adapters.once import once
from core.config.replies import EmailReplies
from core.replies.email import OF_FORMS, of_plain, of_postmark
from core.replies.grammar import ACTS, Spoken, read
from core.replies.mail import Mail, UnreadableMailError
from core.replies.people import by_email
from core.signatures import is_signed_by_mailgun
from functions._doors import header_token, json_object, raw_body, rung, same
from functions._multipart import multipart_form

door = Blueprint("reply_email", __name__)
log = logging.getLogger("rung.email")

VIA = "email"
_DIGEST = 12  # bytes
_LARGEST_MAIL = 30 * 1024 * 1024  # bytes: what gateways take, with attachments; only for who has shown the secret
_BEFORE = "it was taken before"


@door.post("/reply/email")
def reply_email() -> tuple[dict[str, str], int]:
    """Take in a mail."""
    settings = rung().config.replies.email
    signature = _let_in(settings)
    try:
        mail = _read(settings.provider)
    except UnreadableMailError as error:
        abort(400, str(error))
    with ExitStack() as stack:
        # Mailgun signs its token and not the mail, so who has seen one could send another with it.
        is_new = not signature or stack.enter_context(once(rung().client, f"mailgun-{signature}"))
        said = _take(mail) if is_new else _BEFORE
    log.info("a mail was taken: %s", said)
    return {"result": said}, 200


def _let_in(settings: EmailReplies) -> str:
    """Let in who has the secret, and give the name of a signature that is good once; '' for a secret that was shown."""
    secret = settings.secret.get_secret_value()
    if not secret:
        abort(404, "replies.email has no secret, so no mail is taken")
    if settings.provider == "mailgun":
        raw_body()  # before the form is read, or nothing is left of it
        form, now = request.form, rung().engine.store.look_up([]).now
        parts = (form.get("timestamp", ""), form.get("token", ""), form.get("signature", ""))
        if not is_signed_by_mailgun(secret, *parts, now):
            abort(403, "the signature is wrong or older than five minutes: check secret and both clocks")
        return _digest("".join(parts[:2]).encode("utf-8", "surrogatepass"))
    if not same(header_token() or request.args.get("token", ""), secret):
        abort(401, "show the secret of replies.email as ?token= or as the password of Basic")
    request.max_content_length = _LARGEST_MAIL
    return ""


def _read(provider: str) -> Mail:
    if provider == "postmark":
        return of_postmark(json_object())
    body = raw_body()
    if provider == "plain":
        return of_plain(body)
    boundary = request.mimetype_params.get("boundary", "")
    is_in_charsets = provider == "sendgrid" and request.mimetype == "multipart/form-data" and boundary
    return OF_FORMS[provider](multipart_form(body, boundary) if is_in_charsets else request.form)


def _take(mail: Mail) -> str:
    """Act on a mail unless it was handed on before; one to several addresses of ours may come once for each.

    Of what does nothing nothing is kept: anybody may write to the gateway.
    """
    person, alerts = _meant(mail)
    spoken = read(mail.first_line)
    if reason := _why_not(mail, alerts, spoken):
        return f"nothing was done: {reason}"
    told = mail.id.encode("utf-8", "surrogatepass") or raw_body()
    name = _digest(b"\0".join([told, *map(str.encode, mail.tokens)]))
    with once(rung().client, f"email-{name}") as is_first:
        return _act(person, alerts, spoken) if is_first else _BEFORE


def _act(person: str, alerts: list[int], spoken: Spoken) -> str:
    """Act on a mail that is what it says, and say what came of it; never who wrote, which may be anybody."""
    if spoken.is_all:
        return rung().replies.answer([person], spoken, VIA).text
    return rung().replies.act([spoken.alert] if spoken.alert else alerts, person, spoken, VIA).text


def _why_not(mail: Mail, alerts: list[int], spoken: Spoken) -> str:
    reasons = {
        "a machine wrote it": mail.is_automatic,
        "neither DKIM nor SPF vouches for its sender": not mail.is_vouched,
        "its address was not made for who sent it": not alerts,
        "its first line is no answer": spoken.verb not in ACTS,
        "its first line names an alert that it does not answer": spoken.alert not in {None, *alerts},
    }
    return next((reason for reason, is_so in reasons.items() if is_so), "")


def _meant(mail: Mail) -> tuple[str, list[int]]:
    """Give who answers about which alerts: the sender, of those to whom one of its addresses was given."""
    for person in by_email(rung().config, mail.sender):
        read_mail = rung().links.read_mail
        found = [alert for token in mail.tokens if (alert := read_mail(token, person)) is not None]
        if found:
            return person, found
    return "", []


def _digest(text: bytes) -> str:
    return blake2b(text, digest_size=_DIGEST).hexdigest()
