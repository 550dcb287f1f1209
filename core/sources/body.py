"""From the bytes of a request to one JSON value.

The body decides, not the content type, because senders get the type wrong: what begins with `{` or `[` is
JSON whatever the header says, forms come second. Whatever cannot be read is an UnreadableError that says why
and never quotes the body.
"""

import json
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any
from urllib.parse import parse_qsl

from core.signals import EmptyBodyError, UnreadableError, Webhook

MAX_FORM_FIELDS = 1000
MAX_ENCODINGS = 3  # JSON inside a JSON string inside a JSON string; deeper than that is nobody's sender
MULTIPART = "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"

# Templates paste multi-line text into a string without escaping it; what is meant is still plain.
_DECODER = json.JSONDecoder(strict=False)


def decode(webhook: Webhook) -> Any:
    """Give the JSON value of the body, or the fields of a form. Raises UnreadableError, EmptyBodyError."""
    text = _text(webhook.body)
    if not text:
        raise EmptyBodyError("The body is empty: send the alert as JSON.")
    content_type = webhook.content_type.strip().lower()
    if _looks_like_json(text):
        return parse_json(text)
    if content_type.startswith(MULTIPART):
        return _form(_multipart(webhook))
    if content_type.startswith(URLENCODED):
        return _form(_urlencoded(text))
    return parse_json(text)


def parse_json(text: str) -> Any:
    """Give the value of a JSON text, also when it was encoded twice. Raises UnreadableError."""
    value: Any = text
    for _ in range(MAX_ENCODINGS):
        if not isinstance(value, str):
            return value
        value = _parse_once(value)
    return value


def _parse_once(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UnreadableError(f"The body is not valid JSON: {error.msg} ({where}).") from None
    except RecursionError:
        raise UnreadableError("The body is not readable JSON: it is nested too deeply.") from None
    except ValueError:
        # Python refuses to read an integer of thousands of digits.
        raise UnreadableError("The body is not readable JSON: a number in it has too many digits.") from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise UnreadableError(f"The body is not UTF-8 (byte {error.start}): send it as UTF-8.") from None


def _looks_like_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "["))


def _form(fields: dict[str, str]) -> Any:
    """Uptime Kuma puts the whole JSON into a field called data; other forms are the alert themselves."""
    data = fields.get("data", "")
    return parse_json(data) if _looks_like_json(data) else fields


def _urlencoded(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FORM_FIELDS))
    except UnicodeDecodeError:
        raise UnreadableError("The form is not UTF-8: send it as UTF-8.") from None
    except ValueError:
        raise UnreadableError(f"The form has more than {MAX_FORM_FIELDS} fields.") from None


def _multipart(webhook: Webhook) -> dict[str, str]:
    # Split by hand: the e-mail parser follows multiparts inside multiparts, for seconds in a hostile body.
    chunks = webhook.body.split(b"--" + _boundary(webhook.content_type))[1:-1]
    if not chunks:
        raise UnreadableError("The form cannot be split: the boundary its content type names is not in it.")
    if len(chunks) > MAX_FORM_FIELDS:
        raise UnreadableError(f"The form has more than {MAX_FORM_FIELDS} fields.")
    fields: dict[str, str] = {}
    for chunk in chunks:
        head, _, content = chunk.partition(b"\r\n\r\n")
        part = BytesHeaderParser().parsebytes(head.lstrip())
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str):
            fields[name] = _text(content)
    return fields


def _boundary(content_type: str) -> bytes:
    header = Message()
    header["Content-Type"] = " ".join(content_type.split())
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise UnreadableError("The form cannot be split: its content type names no boundary.")
    return boundary.encode("utf-8", "replace")
