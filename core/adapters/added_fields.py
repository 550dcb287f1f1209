"""Fields that Apprise knows nothing of, put into a request that it has made: a callback address, a keyboard."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import requests


def add_fields(request: requests.PreparedRequest, added: Mapping[str, Any]) -> None:
    """Put these into the form or the JSON object that a POST carries, in place of what has the same names there.

    Any other request is left as it is.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if request.method != "POST" or kind not in _ADDED_TO or not request.body:
        return
    body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
    _replace(request, _ADDED_TO[kind](body, added))


def _to_a_form(body: str, added: Mapping[str, Any]) -> str:
    kept = [(name, value) for name, value in parse_qsl(body, keep_blank_values=True) if name not in added]
    return urlencode([*kept, *added.items()])


def _to_json(body: str, added: Mapping[str, Any]) -> str:
    found = json.loads(body)
    return json.dumps({**found, **added}) if isinstance(found, dict) else body


def _replace(request: requests.PreparedRequest, body: str) -> None:
    request.body = body.encode()
    request.headers["Content-Length"] = str(len(request.body))


_ADDED_TO: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "application/x-www-form-urlencoded": _to_a_form,
    "application/json": _to_json,
}
