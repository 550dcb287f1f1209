"""POST /ingest/<source>: a webhook comes in. Once 202 is sent, its alerts are safe.

A source is let in by its own token: Bearer, the password of Basic, or `?token=`. 4xx is said only when the same body
can never be accepted; senders do not repeat those.
"""

from typing import Any

from flask import Blueprint, abort, request

from core.config.sources import Source
from core.engine import Received
from core.signals import EmptyBodyError, UnreadableError, Webhook
from functions._doors import bearer, raw_body, rung, same

door = Blueprint("ingest", __name__)


@door.route("/ingest/<source>", methods=["POST", "PUT", "GET"])
def ingest(source: str) -> tuple[dict[str, Any], int]:
    """Take in a webhook and say what became of each signal in it."""
    _let_in(_settings(source))
    query = {name: value for name, value in request.args.items() if name != "token"}
    webhook = Webhook(raw_body(), request.content_type or "", query)
    try:
        taken = rung().intake.take(source, webhook)
    except EmptyBodyError as error:
        abort(400, str(error))
    except UnreadableError as error:
        abort(400, f"{str(error).rstrip('.')}. The body was kept and an alert raised, so that somebody looks")
    answer: dict[str, Any] = {"alerts": [_line(received) for received in taken.received]}
    if taken.bad_items:
        answer["rejected"] = [{"index": bad.index, "reason": bad.reason} for bad in taken.bad_items]
    return answer, 202


def _settings(source: str) -> Source:
    settings = rung().config.sources.get(source)
    if settings is None:
        abort(404, "config has no source of this name; add it to sources.yaml")
    return settings


def _let_in(settings: Source) -> None:
    basic = request.authorization.password if request.authorization else None
    given = bearer() or basic or request.args.get("token", "")
    tokens = (settings.token.get_secret_value(), *rung().api_tokens.values())
    if not any(same(given, token) for token in tokens):
        abort(401, "send the source's token as `Authorization: Bearer <token>`, Basic password or ?token=")


def _line(received: Received) -> dict[str, Any]:
    return {"id": received.alert_id, "dedup_key": received.dedup_key, "result": received.result}
