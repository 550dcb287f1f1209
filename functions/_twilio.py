"""Twilio's side of a door: only what it signed comes in, and answers go out in its markup (TwiML).

It signs the address as it knows it, the public one with its query, and every field of the form, whatever it is.
"""

from urllib.parse import parse_qs

from flask import Response, abort, request
from twilio.twiml.messaging_response import MessagingResponse

from core.replies.from_twilio import Form
from core.replies.markup import readable
from core.signatures import is_signed_by_twilio
from functions._doors import raw_body, rung

_MOST_FIELDS = 200


def signed_form() -> Form:
    """Give the form that Twilio sent and signed; 404 while this way is not set up, 403 for what it did not sign."""
    token = rung().config.replies.twilio.auth_token.get_secret_value()
    if not token:
        abort(404, "answers by Twilio are not set up: give replies.twilio.auth_token (docs/replies.md)")
    form = _form()
    if not is_signed_by_twilio(token, _public_address(), form, request.headers.get("X-Twilio-Signature", "")):
        abort(
            403,
            "Twilio did not sign this for this address: check replies.twilio.auth_token, and that RUNG_PUBLIC_URL is "
            "the address that Twilio has",
        )
    return form


def text_answer(text: str) -> Response:
    """Give the answer to a text; an empty one sends nothing."""
    answer = MessagingResponse()
    if text:
        answer.message(readable(text))
    return markup(answer.to_xml())


def markup(xml: str) -> Response:
    """Give TwiML as Twilio wants it."""
    return Response(xml, content_type="text/xml; charset=utf-8")


def _form() -> Form:
    try:
        return parse_qs(raw_body().decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:  # nobody at Twilio has so many fields to fill
        abort(403, f"the form has more than {_MOST_FIELDS} fields")


def _public_address() -> str:
    query = request.query_string.decode("utf-8", "replace")
    return f"{rung().settings.public_url}{request.path}{'?' if query else ''}{query}"
