"""POST /generic/2010-04-15/create_event.json: PagerDuty's first events API, for old senders that speak it.

The service_key is the token of a source of type pagerduty-v1, a mapping. The replies are PagerDuty's, 200 in place of
202.
"""

from secrets import token_hex
from typing import Any

from flask import Blueprint, request

from core.signals import UnreadableError, Webhook
from core.sources import pagerduty
from core.sources.fields import first_key
from functions._doors import raw_body, rung, source_of
from functions.enqueue import invalid

door = Blueprint("create_event", __name__)

_KIND = "pagerduty-v1"
_REQUEST_ID_BYTES = 16
_NO_SOURCE = f"Invalid service key: it must be the token of a source of type {_KIND} in sources.yaml of this Rung"


@door.post("/generic/2010-04-15/create_event.json")
def create_event() -> tuple[dict[str, Any], int]:
    """Take in an event."""
    webhook = Webhook(raw_body(), request.content_type or "", request_id=token_hex(_REQUEST_ID_BYTES))
    try:
        source = source_of(_KIND, first_key(pagerduty.event_in(webhook), "service_key"))
        if source is None:
            return invalid(_NO_SOURCE)
        taken = rung().intake.take(source, webhook)
    except UnreadableError as error:
        return invalid(str(error))
    key = taken.received[0].dedup_key if taken.received else ""
    return {"status": "success", "message": "Event processed", "incident_key": key}, 200
