"""Fields that Apprise knows nothing of, put into a request that it has made: a callback address, a keyboard."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import requests


def add_fields(request: requests.PreparedRequest, added: Mapping[str, Any]) -> None:
    """Put these into the form or the JSON object that a POST carries. Any other request is left as it is."""
    body = request.body.decode() if isinstance(request.body, bytes) else request.body
    if request.method != "POST" or not isinstance(body, str):
        return
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        _replace(request, urlencode([*parse_qsl(body, keep_blank_values=True), *added.items()]))
    elif kind == "application/json" and isinstance(found := json.loads(body), dict):
        _replace(request, json.dumps({**found, **added}))


def _replace(request: requests.PreparedRequest, body: str) -> None:
    request.body = body.encode()
    request.headers["Content-Length"] = str(len(request.body))
