"""What Mailgun, Postmark, SendGrid and a mail server of one's own hand on, read into a Mail. Pure.

What stands among a mail's headers may be the sender's own invention. A gateway adds its own above them, so of several
with one name only the topmost counts.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from typing import Any

from core.replies.mail import Mail, UnreadableMailError, Verdict, text_of_html

Form = Mapping[str, str]
Headers = Mapping[str, list[str]]  # by their names in small letters, each from the top down

_MOST_PARTS = 200
_LONGEST_HEADER = 8_000  # characters; reading addresses takes the longer the stranger they are
_LONGEST_MAIL = 262_144  # bytes that are looked at: the text stands in front, attachments behind
_ALIGNED_BY = {"dkim": r"(?<!\S)header\.[di]=(\S+)", "spf": r"(?<!\S)smtp\.mailfrom=(\S+)"}
_RESULT = re.compile(r"\s*(dkim|spf|dmarc)\s*=\s*([a-z]+)(.*)", re.IGNORECASE | re.DOTALL)
_PIECES = re.compile(r'\\.|[()"]|[^\\()"]++|\\', re.DOTALL)
_ENVELOPE_FROM = re.compile(r'(?<![^\s;])envelope-from=((?:"(?:[^"\\]|\\.)*+"|[^\s;"])++)')
_SENDGRID_DKIM = re.compile(r"@([\w.-]+)\s*:\s*([a-z]+)", re.IGNORECASE)
_NOBODYS = "invalid"  # a domain that no address has (RFC 6761)
_AUTOMATIC = ("x-autoreply", "x-autorespond")
_BULK = frozenset({"auto_reply", "auto-reply", "bulk", "junk"})


def of_mailgun(form: Form) -> Mail:
    """Read a route's form. Raises UnreadableMailError."""
    headers = _of_pairs(form.get("message-headers", ""))
    dkim, spf = _top(headers, "x-mailgun-dkim-check-result"), _top(headers, "x-mailgun-spf")
    found = [
        *([Verdict("dkim", _word(dkim), _signer(headers))] if dkim else []),
        *([Verdict("spf", _word(spf), _domain(form.get("sender", "")))] if spf else []),
    ]
    senders = headers.get("from") or [form.get("from", "")]
    text = form.get("body-plain", "") or text_of_html(form.get("body-html", ""))
    return _mail(senders, [form.get("recipient", "")], text, found, headers)


def of_sendgrid(form: Form) -> Mail:
    """Read the form of Inbound Parse. Raises UnreadableMailError."""
    envelope = _object(form.get("envelope", ""))
    to, sent_by = envelope.get("to"), envelope.get("from")
    recipients = [str(each) for each in to] if isinstance(to, list) else [form.get("to", "")]
    dkim = [Verdict("dkim", word.lower(), domain) for domain, word in _SENDGRID_DKIM.findall(form.get("dkim", ""))]
    spf = [Verdict("spf", _word(form["SPF"]), _domain(sent_by))] if form.get("SPF") else []
    text = form.get("text", "") or text_of_html(form.get("html", ""))
    headers = _of_message(message_from_bytes(form.get("headers", "").encode("utf-8", "surrogatepass")))
    return _mail([form.get("from", "")], recipients, text, [*dkim, *spf], headers)


def of_postmark(body: Mapping[str, Any]) -> Mail:
    """Read the JSON of an inbound stream. Raises UnreadableMailError."""
    found = body.get("Headers")
    pairs = [(each.get("Name"), each.get("Value")) for each in _list(found) if isinstance(each, dict)]
    headers = _grouped((name, value) for name, value in pairs if isinstance(name, str) and isinstance(value, str))
    spf = _top(headers, "received-spf")
    verdicts = [Verdict("spf", _word(spf), _envelope_domain(spf))] if spf else []
    recipients = [_text(body, "OriginalRecipient"), _text(body, "To")]
    text = _text(body, "TextBody") or text_of_html(_text(body, "HtmlBody"))
    mail_id = {"message-id": [_text(body, "MessageID")]}
    return _mail([_text(body, "From")], recipients, text, verdicts, {**headers, **mail_id})


def _envelope_domain(spf: str) -> str:
    """Give whom Received-SPF is about; '' for one that is a word and no more.

    What else stands in it, a HELO for one, is the sender's as well: of two addresses nobody says which was looked at.
    """
    if spf.strip().isalpha():
        return ""
    found = _ENVELOPE_FROM.findall(spf)
    return _domain(found[0]) if len(found) == 1 else _NOBODYS


def of_plain(raw: bytes) -> Mail:
    """Read a mail as it is on the wire. Raises UnreadableMailError."""
    try:
        mail = message_from_bytes(raw[:_LONGEST_MAIL])
        headers, text = _of_message(mail), _body_of(mail)
    except RecursionError:
        raise UnreadableMailError("the body is no mail: it is nested too deeply") from None
    if not headers.get("from"):
        raise UnreadableMailError("the body is no mail: it has no From")
    recipients = [*headers.get("x-original-to", []), *headers.get("delivered-to", []), *headers.get("to", [])]
    verdicts = list(_results(_top(headers, "authentication-results")))
    return _mail(headers["from"], recipients, text, verdicts, headers)


def _mail(senders: list[str], to: list[str], text: str, verdicts: Iterable[Verdict], headers: Headers) -> Mail:
    found = _addresses(senders)
    sender = found[0] if len(found) == 1 and len(senders) == 1 else ""
    mail_id = _top(headers, "message-id")
    return Mail(sender, tuple(filter(None, to)), text, tuple(verdicts), mail_id, is_automatic=_is_automatic(headers))


def _addresses(headers: list[str]) -> list[str]:
    try:
        return [address for _, address in getaddresses([each[:_LONGEST_HEADER] for each in headers]) if "@" in address]
    except RecursionError:  # comments within comments
        return []


def _is_automatic(headers: Headers) -> bool:
    """Say whether a machine answered: somebody is away, a mail came back, a list sent it round."""
    if (said := _top(headers, "auto-submitted").strip().lower()) and said != "no":
        return True
    is_bounce = "report" in _top(headers, "content-type").partition(";")[0].lower()
    precedence = _top(headers, "precedence").strip().lower()
    return is_bounce or precedence in _BULK or any(name in headers for name in _AUTOMATIC)


def _results(header: str) -> Iterator[Verdict]:
    """Read Authentication-Results, of which the first part says whose they are."""
    for part in _unquoted(header).split(";")[1:]:
        if found := _RESULT.fullmatch(part):
            method, word = found[1].lower(), found[2].lower()
            about = re.search(_ALIGNED_BY.get(method, r"(?<!\S)header\.from=(\S+)"), found[3], re.IGNORECASE)
            yield Verdict(method, word, _domain(about[1]) if about else "" if method == "dmarc" else _NOBODYS)


def _unquoted(header: str) -> str:
    """Give it without what is quoted or a comment: the sender may have put anything there. What never ends ends it."""
    said: list[str] = []
    depth, is_quoted = 0, False
    for piece in _PIECES.findall(header):
        if is_quoted or (piece == '"' and not depth):
            is_quoted = not (is_quoted and piece == '"')
        elif piece in "()":
            depth = depth + 1 if piece == "(" else max(depth - 1, 0)
            said.append(" ")
        elif not depth:
            said.append(piece)
    return "".join(said)


def _body_of(mail: Message) -> str:
    """Give the first text that is no attachment, else that of the first page."""
    shown: dict[str, str] = {}
    for count, part in enumerate(mail.walk()):
        kind = part.get_content_type()
        if count < _MOST_PARTS and part.get_content_disposition() != "attachment" and kind not in shown:
            shown |= {kind: _decoded(part)} if kind in {"text/plain", "text/html"} else {}
    return shown.get("text/plain") or text_of_html(shown.get("text/html", ""))


def _decoded(part: Message) -> str:
    body = part.get_payload(decode=True)
    charset = part.get_content_charset("utf-8")
    return decoded(body, charset) if isinstance(body, bytes) else ""


def decoded(body: bytes, charset: str) -> str:
    """Give the text of this charset; what is not of it is left open, as is a charset that nobody knows."""
    try:
        return body.decode(charset, "replace")
    except (LookupError, UnicodeError, ValueError):
        return body.decode("utf-8", "replace")


def _of_message(mail: Message) -> dict[str, list[str]]:
    return _grouped((name, str(value)) for name, value in mail.items())


def _of_pairs(text: str) -> dict[str, list[str]]:
    pairs = [pair for pair in _list(_json(text)) if isinstance(pair, list) and len(pair) == 2]  # noqa: PLR2004 - a pair
    return _grouped((name, value) for name, value in pairs if isinstance(name, str) and isinstance(value, str))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name.lower(), []).append(value[:_LONGEST_HEADER])
    return found


def _top(headers: Headers, name: str) -> str:
    return next(iter(headers.get(name, ())), "")


def _signer(headers: Headers) -> str:
    """Give whose signature it was; of several nobody says which one was right, so it was nobody's."""
    signed = headers.get("dkim-signature", [])
    found = [match[1] for each in signed if (match := re.search(r"(?:^|;)\s*d\s*=\s*([\w.-]+)", each))]
    return found[0] if len(found) == len(signed) == 1 else _NOBODYS if signed else ""


def _word(text: str) -> str:
    """Give the word that a verdict begins with, in small letters."""
    found = re.match(r"\s*([A-Za-z]+)", text)
    return found[1].lower() if found else ""


def _domain(address: Any) -> str:
    """Give the domain of an address; that of none is nobody's, and speaks for nobody."""
    domain = address.strip('<>" ').rpartition("@")[2] if isinstance(address, str) else ""
    return domain or _NOBODYS


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _object(text: str) -> Mapping[str, Any]:
    value = _json(text)
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


OF_FORMS: Mapping[str, Callable[[Form], Mail]] = {"mailgun": of_mailgun, "sendgrid": of_sendgrid}
