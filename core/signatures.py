"""Signatures: whether a body was signed by who knows the secret, not long ago."""

import hashlib
import hmac
from datetime import datetime, timedelta

MAX_AGE = timedelta(minutes=5)
_MOST_DIGITS = 12


def is_signed_by_grafana(secret: str, body: bytes, signature: str, timestamp: str | None, now: datetime) -> bool:
    """Say whether Grafana signed this body with this secret: hex HMAC-SHA256 of the body, or of `timestamp:body`.

    A timestamp, seconds since 1970, must lie within five minutes of now. An empty secret signs nothing.
    """
    if not secret or (timestamp is not None and not _is_recent(timestamp, now)):
        return False
    signed = body if timestamp is None else timestamp.encode() + b":" + body
    wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.strip().lower().encode("utf-8", "surrogatepass"), wanted.encode())


def _is_recent(timestamp: str, now: datetime) -> bool:
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > _MOST_DIGITS:
        return False
    return abs(now.timestamp() - int(timestamp)) <= MAX_AGE.total_seconds()
