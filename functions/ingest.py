"""POST /ingest/<source>: a webhook comes in. Once 202 is sent, its alerts are safe.

A source is let in by its own token: Bearer, the password of Basic, or `?token=`; where config has its `hmac_secret`,
by Grafana's or Sentry's signature instead. What comes from SNS must be signed by Amazon, too. 4xx is said only when the
same body can never be accepted; senders do not repeat those.
"""

from datetime import datetime
from secrets import token_hex
from typing import Any

from flask import Blueprint, abort, request

from core.config.sources import Source
from core.signals import EmptyBodyError, UnreadableError, Webhook
from core.signatures import is_signed_by_grafana
from functions._doors import let_in, raw_body, rung, taken_view
from functions._sns import see_that_it_is_amazons

door = Blueprint("ingest", __name__)

_REQUEST_ID_BYTES = 16
_SIGNATURE = "X-Grafana-Alerting-Signature"
_SENTRYS_SIGNATURE = "Sentry-Hook-Signature"
_SNS = "aws-sns"


@door.route("/ingest/<source>", methods=["POST", "PUT", "GET"])
@door.post("/ingest/<source>/api/v2/alerts")  # what Prometheus makes of `path_prefix: /ingest/<source>`
def ingest(source: str) -> tuple[dict[str, Any], int]:
    """Take in a webhook and say what became of each signal in it."""
    settings = _settings(source)
    _let_in(settings)
    query = {name: value for name, value in request.args.items() if name != "token"}
    request_id = token_hex(_REQUEST_ID_BYTES)
    webhook = Webhook(raw_body(), request.content_type or "", query, request_id, _clock_for(settings))
    try:
        if settings.type == _SNS:
            see_that_it_is_amazons(rung().sns, webhook)
        taken = rung().intake.take(source, webhook)
    except EmptyBodyError as error:
        abort(400, str(error))
    except UnreadableError as error:
        abort(400, f"{str(error).rstrip('.')}. The body was kept and an alert raised, so that somebody looks")
    return taken_view(taken), 202


def _settings(source: str) -> Source:
    settings = rung().config.sources.get(source)
    if settings is None:
        abort(404, "config has no source of this name; add it to sources.yaml")
    return settings


def _let_in(settings: Source) -> None:
    secret = settings.hmac_secret.get_secret_value()
    if secret and settings.type == "sentry":
        _check_signature(secret, request.headers.get(_SENTRYS_SIGNATURE, ""), None)
        return
    signature = request.headers.get(_SIGNATURE)
    if secret and signature is not None:
        _check_signature(secret, signature, request.headers.get(settings.hmac_timestamp_header))
    else:
        let_in(settings.token, "source")


def _clock_for(settings: Source) -> datetime | None:
    """Give the store's clock to the one source that says when an alert ends, and not that it has."""
    return rung().engine.store.look_up([]).now if settings.type == "prometheus" else None


def _check_signature(secret: str, signature: str, timestamp: str | None) -> None:
    now = rung().engine.store.look_up([]).now  # the store's clock, for it is the same for every process
    if not is_signed_by_grafana(secret, raw_body(), signature, timestamp, now):
        abort(
            401,
            "the signature is wrong, or its timestamp is more than five minutes off: check `hmac_secret`, "
            "`hmac_timestamp_header` and both clocks",
        )
