"""POST /v2/enqueue: PagerDuty's Events v2, for senders that speak it. Once 202 is sent, the alert is safe.

The routing_key is the token of a source of type pagerduty. The replies are PagerDuty's: clients insist on 202 and
"success", do not repeat a 400, and repeat 5xx. A wrong key is therefore 400, as there: it can never be accepted.
"""

from secrets import token_hex
from typing import Any

from flask import Blueprint, request

from core.signals import UnreadableError, Webhook
from core.sources import pagerduty
from functions._doors import raw_body, rung, source_of

door = Blueprint("enqueue", __name__)

_REQUEST_ID_BYTES = 16
_NO_SOURCE = (
    "Invalid routing key: it must be the token of a source of type pagerduty in sources.yaml of the Rung that answers"
)


@door.post("/v2/enqueue")
def enqueue() -> tuple[dict[str, Any], int]:
    """Take in an event."""
    webhook = Webhook(raw_body(), request.content_type or "", request_id=token_hex(_REQUEST_ID_BYTES))
    try:
        event = pagerduty.event_in(webhook)
        source = source_of("pagerduty", pagerduty.routing_key(event))
        if source is None:
            return invalid(_NO_SOURCE)
        rung().intake.take(source, webhook)
    except UnreadableError as error:
        return invalid(str(error))
    key = pagerduty.dedup_key(event, webhook)
    return {"status": "success", "message": "Event processed", "dedup_key": key}, 202


def invalid(reason: str) -> tuple[dict[str, Any], int]:
    """Give the reply to an event that can never be accepted."""
    return {"status": "invalid event", "message": "Event object is invalid", "errors": [reason]}, 400
