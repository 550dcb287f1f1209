"""Signatures: whether a body was signed by who knows the secret, not long ago. An empty secret signs nothing."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from twilio.request_validator import RequestValidator

MAX_AGE = timedelta(minutes=5)
_MOST_DIGITS = 12


def is_signed_by_grafana(secret: str, body: bytes, signature: str, timestamp: str | None, now: datetime) -> bool:
    """Say whether Grafana signed this body with this secret: hex HMAC-SHA256 of the body, or of `timestamp:body`.

    A timestamp, seconds since 1970, must lie within five minutes of now.
    """
    if not secret or (timestamp is not None and not _is_recent(timestamp, now)):
        return False
    signed = body if timestamp is None else timestamp.encode() + b":" + body
    return _is_digest(secret, signed, signature.strip().lower())


def is_signed_by_slack(secret: str, body: bytes, signature: str, timestamp: str, now: datetime) -> bool:
    """Say whether Slack signed this raw body: `v0=` and the hex HMAC-SHA256 of `v0:timestamp:body`, not long ago."""
    if not secret or not _is_recent(timestamp, now):
        return False
    return _is_digest(secret, b"v0:" + timestamp.encode() + b":" + body, signature.strip().removeprefix("v0="))


def is_signed_by_mailgun(key: str, timestamp: str, token: str, signature: str, now: datetime) -> bool:
    """Say whether Mailgun signed a request with this key: the hex HMAC-SHA256 of timestamp and token, not long ago."""
    if not key or not _is_recent(timestamp, now):
        return False
    return _is_digest(key, f"{timestamp}{token}".encode("utf-8", "surrogatepass"), signature.strip())


def is_signed_by_twilio(token: str, url: str, form: Mapping[str, Sequence[str]], signature: str) -> bool:
    """Say whether Twilio signed a request to this address, as Twilio knows it, with these fields, whatever they are."""
    if not token or not signature.isascii():
        return False
    try:
        return bool(RequestValidator(token).validate(url, _Fields(form), signature))
    except ValueError:  # an address with a port that is none, or text that is no Unicode
        return False


class _Fields(dict[str, Sequence[str]]):
    """A form in which a name may stand several times, as the validator asks for it."""

    def getlist(self, name: str) -> Sequence[str]:
        """Give every value of this name."""
        return self[name]


def _is_digest(secret: str, signed: bytes, signature: str) -> bool:
    wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), wanted.encode())


def _is_recent(timestamp: str, now: datetime) -> bool:
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > _MOST_DIGITS:
        return False
    return abs(now.timestamp() - int(timestamp)) <= MAX_AGE.total_seconds()
