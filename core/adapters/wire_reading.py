"""One exchange on the wire, read into an outcome. Its words hold no secret: no URL, no body, no address."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NameResolutionError

from core.adapters.provider_answers import http_failure
from core.outcomes import Outcome, OutcomeKind

_PROVIDER_ID_FIELDS = ("sid", "id", "ts", "message_id", "messageId", "msg_id", "event_id", "request")
_PROVIDER_ID = re.compile(r"[\w$.:@-]{1,64}", re.ASCII)
_MILLISECOND = re.compile(r"[0-9]{13}", re.ASCII)
_LONGEST_ANSWER = 65_536
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]+)?", re.ASCII)
_TEMPORARY_SMTP = range(400, 500)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its answer, or one step of SMTP. `failure` is what a not delivered one means."""

    delivered: bool = False
    status: int | None = None
    provider_id: str | None = None
    failure: Outcome | None = None

    @property
    def is_rate_limited(self) -> bool:
        """Whether the provider asked for patience."""
        return self.failure is not None and self.failure.kind is OutcomeKind.RATE_LIMITED


def http_answer(response: requests.Response) -> Exchange:
    """Give the exchange that ended with this response."""
    status, answer = response.status_code, _answer(response)
    path = urlsplit(response.url or "").path
    failure = http_failure(status, answer, _retry_after(response), path)
    if failure is not None:
        return Exchange(status=status, failure=failure)
    return Exchange(delivered=True, status=status, provider_id=next(_short_ids(answer), None))


def broken_http(error: requests.RequestException) -> Exchange:
    """Give the exchange that ended without a response."""
    return Exchange(failure=_broken(error))


def broken_smtp(error: OSError) -> Exchange:
    """Give the SMTP step that ended with this error; smtplib's own errors are OSErrors."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=recipients):
            return smtp_refusals(recipients)
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            failure = _smtp_failure(code, "the mail server refused the credentials", OutcomeKind.MISCONFIGURED)
        case smtplib.SMTPSenderRefused(smtp_code=code):
            failure = _smtp_failure(code, "the mail server refused the sender", OutcomeKind.MISCONFIGURED)
        case smtplib.SMTPNotSupportedError():
            failure = Outcome(OutcomeKind.MISCONFIGURED, "the mail server does not offer what the URL asks for")
        case smtplib.SMTPConnectError(smtp_code=code) | smtplib.SMTPHeloError(smtp_code=code):
            failure = Outcome(OutcomeKind.UNAVAILABLE, f"SMTP {code}: the mail server takes no mail now")
        case smtplib.SMTPResponseException(smtp_code=code):
            failure = _smtp_failure(code, "the mail server refused the message", OutcomeKind.REJECTED)
        case _:
            failure = _broken(error)
    return Exchange(failure=failure)


def smtp_refusals(recipients: Mapping[str, tuple[int, bytes]]) -> Exchange:
    """Give the exchange in which the server refused these recipients; one that may pass later decides."""
    code = min((code for code, _ in recipients.values()), default=0)
    return Exchange(failure=_smtp_failure(code, "the mail server refused the recipient", OutcomeKind.REJECTED))


def _smtp_failure(code: int, words: str, for_good: OutcomeKind) -> Outcome:
    kind = OutcomeKind.UNAVAILABLE if code in _TEMPORARY_SMTP else for_good
    return Outcome(kind, f"SMTP {code}: {words}")


def _retry_after(response: requests.Response) -> float | None:
    value = response.headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _answer(response: requests.Response) -> dict[str, Any]:
    """Give what the provider answered, nothing when it is no JSON object of a usual size."""
    if "json" not in response.headers.get("Content-Type", "") or len(response.content) > _LONGEST_ANSWER:
        return {}
    try:
        answer = response.json()
    except (ValueError, RecursionError):  # no JSON, or a number of thousands of digits
        return {}
    return answer if isinstance(answer, dict) else {}


def _short_ids(answer: dict[str, Any]) -> Iterator[str]:
    # Slack knows a message by its channel and its time, and only by both.
    if isinstance(answer.get("channel"), str) and isinstance(answer.get("ts"), str):
        both = f"{answer['channel']}:{answer['ts']}"
        yield from [both] if _PROVIDER_ID.fullmatch(both) else []
    yield from _telegrams(answer.get("result"))
    for place in (answer, answer.get("result")):
        values = [place.get(field) for field in _PROVIDER_ID_FIELDS] if isinstance(place, dict) else []
        for value in values:
            if isinstance(value, str | int) and not isinstance(value, bool) and _PROVIDER_ID.fullmatch(str(value)):
                yield str(value)
    # Signal knows a message by the millisecond at which it was sent.
    if _MILLISECOND.fullmatch(str(answer.get("timestamp"))):
        yield str(answer["timestamp"])


def _telegrams(result: Any) -> Iterator[str]:
    """Give what Telegram knows a message by: its chat and its number, and only by both."""
    chat = result.get("chat") if isinstance(result, dict) else None
    if isinstance(chat, dict) and isinstance(chat.get("id"), int) and isinstance(result.get("message_id"), int):
        yield f"{chat['id']}:{result['message_id']}"


def _broken(error: BaseException) -> Outcome:
    if isinstance(error, _NOT_TRIED):
        return Outcome(OutcomeKind.MISCONFIGURED, "the address of the provider is not valid")
    return Outcome(OutcomeKind.UNAVAILABLE, _words(tuple(causes(error))))


def _words(causes: tuple[BaseException, ...]) -> str:
    for kinds, words in _CONNECTION_TROUBLE:
        if found := [cause for cause in causes if isinstance(cause, kinds)]:
            return words + _CERTIFICATE_TROUBLE.get(getattr(found[-1], "verify_code", 0), "")
    return "the connection failed"


def causes(error: BaseException) -> Iterator[BaseException]:
    """Give the error and everything it was raised from; urllib3 hides causes in arguments and in `reason`."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop()
        if id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += _errors((cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args))


def _errors(things: Iterable[object]) -> list[BaseException]:
    return [thing for thing in things if isinstance(thing, BaseException)]


_NOT_TRIED = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidHeader,
)

# OpenSSL's X509_V_ERR numbers. Its own words may name the host.
_CERTIFICATE_TROUBLE = {
    9: ": its certificate is not valid yet",
    10: ": its certificate has expired",
    18: ": nobody vouches for its certificate",
    19: ": nobody vouches for its certificate",
    20: ": nobody vouches for its certificate",
    21: ": nobody vouches for its certificate",
    62: ": its certificate is for another host",
    64: ": its certificate is for another host",
}

_CONNECTION_TROUBLE: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((socket.gaierror, NameResolutionError), "the provider's host name was not found"),
    ((ssl.SSLError, requests.exceptions.SSLError), "no secure connection (TLS) to the provider"),
    ((ConnectionRefusedError,), "connection refused"),
    (
        (TimeoutError, requests.Timeout),
        "no answer in time",
    ),  # smtplib calls a timeout a disconnection as well
    (
        (ConnectionResetError, BrokenPipeError, RemoteDisconnected, smtplib.SMTPServerDisconnected),
        "the connection was closed in the middle",
    ),
)
