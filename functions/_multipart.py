"""A multipart form whose fields are in charsets of their own, which a field called `charsets` names: SendGrid's."""

import json
from collections.abc import Iterator
from typing import Any

from flask import abort
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from core.replies.email import decoded

_MOST_PARTS = 500


def multipart_form(body: bytes, boundary: str) -> dict[str, str]:
    """Give the fields, of several with one name the first, without files. 400 when it is no such form."""
    try:
        fields = dict(reversed(list(_fields(body, boundary))))
    except (ValueError, RequestEntityTooLarge):
        abort(400, "the body is no multipart form")
    charsets = _charsets(fields.get("charsets", b""))
    return {name: decoded(value, str(charsets.get(name, "utf-8"))) for name, value in fields.items()}


def _fields(body: bytes, boundary: str) -> Iterator[tuple[str, bytes]]:
    decoder = MultipartDecoder(boundary.encode("utf-8", "surrogatepass"), max_parts=_MOST_PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    name, said = "", b""
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        if isinstance(event, Field | File):
            name, said = event.name if isinstance(event, Field) else "", b""
        elif isinstance(event, Data):
            said += event.data
            if name and not event.more_data:
                yield name, said


def _charsets(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
