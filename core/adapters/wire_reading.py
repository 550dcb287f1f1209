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

import requests
from urllib3.exceptions import NameResolutionError

from core.outcomes import Outcome, OutcomeKind

_PROVIDER_ID_FIELDS = ("sid", "id", "ts", "message_id", "messageId", "msg_id", "request")
_PROVIDER_ID = re.compile(r"[\w.:@-]{1,64}", re.ASCII)
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


def http_answer(response: requests.Response) -> Exchange:
    """Give the exchange that ended with this response."""
    status = response.status_code
    if requests.codes.ok <= status < requests.codes.multiple_choices:
        return Exchange(delivered=True, status=status, provider_id=_provider_id(response))
    return Exchange(status=status, failure=_http_failure(status, _retry_after(response)))


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


def _http_failure(status: int, retry_after: float | None) -> Outcome:
    match status:
        case 429:
            return Outcome(OutcomeKind.RATE_LIMITED, "HTTP 429: too many messages", retry_after=retry_after)
        case 401 | 403 | 407:
            return Outcome(OutcomeKind.MISCONFIGURED, f"HTTP {status}: the provider refused the credentials")
        case _ if requests.codes.multiple_choices <= status < requests.codes.bad_request:
            return Outcome(OutcomeKind.MISCONFIGURED, f"HTTP {status}: the provider redirects to another address")
        case 408 | 425:
            return Outcome(OutcomeKind.UNAVAILABLE, f"HTTP {status} from the provider", retry_after=retry_after)
        case _ if requests.codes.bad_request <= status < requests.codes.internal_server_error:
            return Outcome(OutcomeKind.REJECTED, f"HTTP {status} from the provider")
    return Outcome(OutcomeKind.UNAVAILABLE, f"HTTP {status} from the provider", retry_after=retry_after)


def _retry_after(response: requests.Response) -> float | None:
    value = response.headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _provider_id(response: requests.Response) -> str | None:
    if "json" not in response.headers.get("Content-Type", "") or len(response.content) > _LONGEST_ANSWER:
        return None
    try:
        answer = response.json()
    except requests.JSONDecodeError:
        return None
    return next(_short_ids(answer), None)


def _short_ids(answer: Any) -> Iterator[str]:
    for place in (answer, answer.get("result")) if isinstance(answer, dict) else ():
        values = [place.get(field) for field in _PROVIDER_ID_FIELDS] if isinstance(place, dict) else []
        for value in values:
            if isinstance(value, str | int) and not isinstance(value, bool) and _PROVIDER_ID.fullmatch(str(value)):
                yield str(value)


def _broken(error: BaseException) -> Outcome:
    if isinstance(error, _NOT_TRIED):
        return Outcome(OutcomeKind.MISCONFIGURED, "the address of the provider is not valid")
    return Outcome(OutcomeKind.UNAVAILABLE, _words(tuple(_causes(error))))


def _words(causes: tuple[BaseException, ...]) -> str:
    for kinds, words in _CONNECTION_TROUBLE:
        if any(isinstance(cause, kinds) for cause in causes):
            return words
    return "the connection failed"


def _causes(error: BaseException) -> Iterator[BaseException]:
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
