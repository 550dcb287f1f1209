"""What a mail gateway hands on, read: who wrote, to which address, what, and what the gateway says of its signatures.

Only what stands above the quoted part counts, and of that the first line: signatures and disclaimers follow. Pure.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from typing import Any

from mailparser_reply import EmailReplyParser

_LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da"]
_LONGEST = 20_000  # characters of a mail that are looked at
_TOKEN = re.compile(r"\+([A-Za-z0-9-]{8,60})@")
_VERDICT = re.compile(r"\b(dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_PASSED = "pass"

Form = Mapping[str, str]


class UnreadableMailError(ValueError):
    """This is no mail as the provider of the config hands it on."""


@dataclass(frozen=True, slots=True)
class Mail:
    """`verdicts` are the gateway's words for DKIM and SPF, in small letters, only those that it gave."""

    sender: str
    recipients: tuple[str, ...]
    text: str
    verdicts: tuple[str, ...]
    id: str = ""

    @property
    def token(self) -> str:
        """The signed part of the address that was answered to; '' without one."""
        found = (_TOKEN.search(address) for address in self.recipients)
        return next((match[1].lower() for match in found if match), "")

    @property
    def is_vouched(self) -> bool:
        """Say whether the gateway found nothing against the sender: what it checked has passed."""
        return all(verdict == _PASSED for verdict in self.verdicts)

    @property
    def first_line(self) -> str:
        """The first line above what is quoted."""
        text = self.text[:_LONGEST]
        reply = EmailReplyParser(languages=_LANGUAGES).parse_reply(text) or ""
        return next((line.strip() for line in reply.splitlines() if line.strip() and not line.startswith(">")), "")


def of_mailgun(form: Form) -> Mail:
    """Read a route's form."""
    headers = _header_pairs(form.get("message-headers", ""))
    verdicts = (headers.get("x-mailgun-dkim-check-result", ""), headers.get("x-mailgun-spf", ""))
    sender = headers.get("from") or form.get("from", "")
    text = form.get("body-plain", "")
    return _mail(sender, [form.get("recipient", "")], text, verdicts, headers.get("message-id", ""))


def of_sendgrid(form: Form) -> Mail:
    """Read the form of Inbound Parse."""
    dkim = re.findall(r":\s*([a-z]+)", form.get("dkim", ""))
    envelope = _object(form.get("envelope", ""))
    to = envelope.get("to")
    recipients = [str(each) for each in to] if isinstance(to, list) else [form.get("to", "")]
    return _mail(form.get("from", ""), recipients, form.get("text", ""), (*dkim, form.get("SPF", "")))


def of_postmark(body: Mapping[str, Any]) -> Mail:
    """Read the JSON of an inbound stream."""
    headers = body.get("Headers")
    named = {
        str(each.get("Name", "")).lower(): str(each.get("Value", ""))
        for each in (headers if isinstance(headers, list) else [])
        if isinstance(each, dict)
    }
    spf = re.match(r"[a-z]+", named.get("received-spf", "").lower())
    recipients = [_text(body, "OriginalRecipient"), _text(body, "To")]
    return _mail(
        _text(body, "From"), recipients, _text(body, "TextBody"), (spf[0] if spf else "",), _text(body, "MessageID")
    )


def of_plain(raw: bytes) -> Mail:
    """Read a mail as it is on the wire. The topmost Authentication-Results are those of our own server."""
    mail = message_from_bytes(raw, policy=policy.default)
    if not isinstance(mail, EmailMessage) or not mail.get("From"):
        raise UnreadableMailError("the body is no mail: it has no From")
    part = mail.get_body(("plain",))
    try:
        text = part.get_content() if part is not None else ""
    except (LookupError, ValueError):
        text = ""
    results = str(mail.get("Authentication-Results", ""))
    recipients = [address for _, address in getaddresses([*mail.get_all("To", []), *mail.get_all("Delivered-To", [])])]
    verdicts = [word for _, word in _VERDICT.findall(results)]
    return _mail(str(mail["From"]), recipients, str(text), verdicts, str(mail.get("Message-ID", "")))


def _mail(sender: str, recipients: list[str], text: str, verdicts: Any, mail_id: str = "") -> Mail:
    address = parseaddr(sender)[1]
    if "@" not in address:
        raise UnreadableMailError("the mail has no sender")
    words = tuple(word.strip().lower() for word in verdicts if word.strip())
    return Mail(address, tuple(filter(None, recipients)), text, words, mail_id)


def _header_pairs(text: str) -> dict[str, str]:
    try:
        pairs = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return {}
    found: dict[str, str] = {}
    for pair in pairs if isinstance(pairs, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair):  # noqa: PLR2004
            found.setdefault(pair[0].lower(), pair[1])
    return found


def _object(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


OF_FORMS: Mapping[str, Callable[[Form], Mail]] = {"mailgun": of_mailgun, "sendgrid": of_sendgrid}
