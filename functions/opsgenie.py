"""POST /v2/alerts, /v2/alerts/<id>/close, /acknowledge, ...: Opsgenie's API, for senders that speak it.

The key of `Authorization: GenieKey` is the token of a source of type opsgenie. The replies are Opsgenie's. What senders
say beside (notes, new descriptions, tags) is taken and changes nothing: the alert says what its firing said.
"""

import re
from secrets import token_hex
from typing import Any
from uuid import uuid4

from flask import Blueprint, request

from core.engine import NoSuchAlertError
from core.signals import UnreadableError, Webhook
from functions._doors import raw_body, rung, source_of

door = Blueprint("opsgenie", __name__)

_REQUEST_ID_BYTES = 16
_NUMBER = re.compile(r"[0-9]{1,15}")
_SCHEME = "geniekey"
_DOES = ("close", "acknowledge")
_CHANGES_NOTHING = ("notes", "message", "description", "details", "tags", "priority", "responders", "unacknowledge")

Answer = tuple[dict[str, Any], int]


@door.post("/v2/alerts")
def create() -> Answer:
    """Raise an alert, or count it."""
    return _take({})


@door.route("/v2/alerts/<path:identifier>/<action>", methods=["POST", "PUT"], merge_slashes=False)
@door.route("/v2/alerts//<path:identifier>/<action>", methods=["POST", "PUT"], merge_slashes=False)
def act(identifier: str, action: str) -> Answer:
    """Do it to the alert of this alias, slashes and all, or of this number."""
    identifier = request.path.removeprefix("/v2/alerts/").removesuffix(f"/{action}")
    if action not in (*_DOES, *_CHANGES_NOTHING):
        return _answer("Not Found", 404)
    if _source() is None:
        return _refused()
    if action in _CHANGES_NOTHING:
        return _answer("Request will be processed", 202)
    alias = _alias_of(identifier)
    return _take({"action": action, "alias": alias}) if alias else _answer("Alert does not exist", 404)


@door.get("/v2/alerts/requests/<request_id>")
def done(request_id: str) -> Answer:
    """Say that a request was processed: it was before its answer went out."""
    if _source() is None:
        return _refused()
    data = {"isSuccess": True, "success": True, "status": "Processed", "action": "", "alertId": "", "alias": ""}
    return {"data": data, "took": 0.0, "requestId": request_id}, 200


def _take(query: dict[str, str]) -> Answer:
    source = _source()
    if source is None:
        return _refused()
    webhook = Webhook(raw_body(), request.content_type or "", query, token_hex(_REQUEST_ID_BYTES))
    try:
        rung().intake.take(source, webhook)
    except UnreadableError as error:
        return _answer(str(error), 422)
    return _answer("Request will be processed", 202)


def _alias_of(identifier: str) -> str | None:
    """Give the alias of the alert; one that is named by its number has the key that it was raised with."""
    if request.args.get("identifierType", "id").lower() == "alias":
        return identifier
    if not _NUMBER.fullmatch(identifier):
        return None
    try:
        alert, _ = rung().engine.alert(int(identifier))
    except NoSuchAlertError:
        return None
    return alert.dedup_key if alert.source == _source() else None


def _source() -> str | None:
    """Give the source whose key is shown."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return source_of("opsgenie", given.strip()) if scheme.lower() == _SCHEME else None


def _refused() -> Answer:
    wanted = "send `Authorization: GenieKey <key>` with the token of a source of type opsgenie in sources.yaml"
    return _answer(f"Key is not valid: {wanted}", 401)


def _answer(said: str, status: int) -> Answer:
    word = "result" if status < 400 else "message"  # noqa: PLR2004 - HTTP's own line between yes and no
    return {word: said, "took": 0.0, "requestId": str(uuid4())}, status
