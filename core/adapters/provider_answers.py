"""What a provider's answer means: its status, and what its body adds. Some refuse with a 200.

The codes are those of the providers' own documentation. Of their words nothing is passed on but short codes: the
rest may quote a phone number or a token.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import requests

from core.outcomes import Outcome, OutcomeKind

Answer = Mapping[str, Any]

_CODE = re.compile(r"[A-Za-z_]{2,50}", re.ASCII)
_LONGEST_WAIT = 1e9  # seconds
_TOO_LARGE = 1e15  # for a code or a wait; JSON may hold a number that is no float

_SLACK_KINDS: Mapping[str, OutcomeKind] = {
    **dict.fromkeys(("ratelimited", "rate_limited"), OutcomeKind.RATE_LIMITED),
    **dict.fromkeys(
        ("fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"),
        OutcomeKind.UNAVAILABLE,
    ),
    **dict.fromkeys(
        (
            "access_denied",
            "account_inactive",
            "ekm_access_denied",
            "invalid_auth",
            "missing_scope",
            "no_permission",
            "not_allowed_token_type",
            "not_authed",
            "org_login_required",
            "team_access_not_granted",
            "token_expired",
            "token_revoked",
        ),
        OutcomeKind.MISCONFIGURED,
    ),
}

_TWILIO_RECIPIENT = {
    13224: "the phone number is not valid",
    21211: "the phone number is not valid",
    21214: "the phone number cannot be reached",
    21217: "the phone number is not valid",
    21219: "the account is on trial and the phone number is not verified",
    21608: "the account is on trial and the phone number is not verified",
    21610: "the recipient has unsubscribed",
    21612: "the phone number cannot be reached from the sender's",
    21614: "the phone number takes no SMS",
}
_TWILIO_ACCOUNT = {
    21210: "the sender's number is not verified",
    21212: "the sender's number is not valid",
    21215: "the account may not call this country",
    21408: "the account may not text this country",
    21603: "the sender's number is missing",
    21606: "the sender's number sends no SMS",
    21659: "the sender's number is not the account's",
    21660: "the sender's number is not the account's",
}
_TWILIO_LOST = frozenset({"canceled", "failed", "undelivered"})

_DISCORD_WEBHOOK_GONE = frozenset({10003, 10015, 50027})
_TEAMS_WORKFLOW_GONE = frozenset({"WorkflowNotFound", "WorkflowTriggerNotFound", "WorkflowTriggerIsNotEnabled"})


def http_failure(status: int, answer: Answer, retry_after: float | None, path: str) -> Outcome | None:
    """Give what an answer says against the message, None when it was taken. `path` is that of the request."""
    # 429 and 5xx are about the moment, whatever else is said.
    if status != requests.codes.too_many_requests and status < requests.codes.internal_server_error:
        for reading in _READINGS:
            if outcome := reading(status, answer, path):
                return outcome
    return _by_status(status, answer, retry_after)


def _by_status(status: int, answer: Answer, retry_after: float | None) -> Outcome | None:
    if _is_2xx(status):
        return None
    if status == requests.codes.too_many_requests:
        return _too_many(status, answer, retry_after)
    if status in {401, 403, 407}:
        return Outcome(OutcomeKind.MISCONFIGURED, f"HTTP {status}: the provider refused the credentials")
    if requests.codes.multiple_choices <= status < requests.codes.bad_request:
        return Outcome(OutcomeKind.MISCONFIGURED, f"HTTP {status}: the provider redirects to another address")
    for_good = requests.codes.bad_request <= status < requests.codes.internal_server_error and status not in {408, 425}
    if for_good:
        return Outcome(OutcomeKind.REJECTED, f"HTTP {status} from the provider")
    return Outcome(OutcomeKind.UNAVAILABLE, f"HTTP {status} from the provider", retry_after=retry_after)


def _is_2xx(status: int) -> bool:
    return bool(requests.codes.ok <= status < requests.codes.multiple_choices)


def _too_many(status: int, answer: Answer, retry_after: float | None) -> Outcome:
    wait = _body_retry_after(answer) if retry_after is None else retry_after
    return Outcome(OutcomeKind.RATE_LIMITED, f"HTTP {status}: too many messages", retry_after=wait)


def _body_retry_after(answer: Answer) -> float | None:
    """Telegram, Discord and Matrix say it in the body."""
    parameters = answer.get("parameters")
    seconds = _number(parameters if isinstance(parameters, dict) else answer, "retry_after")
    milliseconds = _number(answer, "retry_after_ms")
    if seconds is None and milliseconds is not None:
        seconds = milliseconds / 1000
    return seconds if seconds is not None and 0 <= seconds < _LONGEST_WAIT else None


def _number(answer: Answer, field: str) -> float | None:
    value = answer.get(field)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < _TOO_LARGE else None


def _word(answer: Answer, field: str) -> str:
    value = answer.get(field)
    return value if isinstance(value, str) else ""


def _telegram(status: int, answer: Answer, _path: str) -> Outcome | None:
    code = _number(answer, "error_code")
    if answer.get("ok") is not False or code is None:
        return None
    if code in {401, 404}:
        return Outcome(OutcomeKind.MISCONFIGURED, f"HTTP {status}: the bot's token is not known")
    if code == requests.codes.forbidden:
        return Outcome(OutcomeKind.REJECTED, f"HTTP {status}: the recipient has not started the bot, or has blocked it")
    return _by_status(int(code), answer, None) or _says_no(status)


def _slack(status: int, answer: Answer, _path: str) -> Outcome | None:
    word = _word(answer, "error")
    if answer.get("ok") is not False or not word or status >= requests.codes.multiple_choices:
        return None
    kind = _SLACK_KINDS.get(word, OutcomeKind.REJECTED)
    if kind is OutcomeKind.RATE_LIMITED:
        return _too_many(status, answer, None)
    return Outcome(kind, f"HTTP {status}: the provider says {word if _CODE.fullmatch(word) else 'no'}")


def _twilio(status: int, answer: Answer, _path: str) -> Outcome | None:
    if "sid" in answer and _word(answer, "status") in _TWILIO_LOST:
        return _by_twilio(OutcomeKind.REJECTED, "the provider could not deliver it", _number(answer, "error_code"))
    code = _number(answer, "code")
    if "twilio.com" not in _word(answer, "more_info") or code is None:
        return None
    if code in _TWILIO_ACCOUNT:
        return _by_twilio(OutcomeKind.MISCONFIGURED, f"HTTP {status}: {_TWILIO_ACCOUNT[int(code)]}", code)
    if status == requests.codes.not_found:
        return _by_twilio(OutcomeKind.MISCONFIGURED, f"HTTP {status}: the account is not known", code)
    if status == requests.codes.bad_request:
        words = _TWILIO_RECIPIENT.get(int(code), "the provider did not take the message")
        return _by_twilio(OutcomeKind.REJECTED, f"HTTP {status}: {words}", code)
    return None


def _by_twilio(kind: OutcomeKind, words: str, code: float | None) -> Outcome:
    return Outcome(kind, words if code is None else f"{words} (Twilio error {code:g})")


def _pushover(status: int, answer: Answer, _path: str) -> Outcome | None:
    if _number(answer, "status") != 0 or "errors" not in answer:
        return None
    if answer.get("token") == "invalid":
        return Outcome(OutcomeKind.MISCONFIGURED, f"HTTP {status}: the application's token is not valid")
    if answer.get("user") == "invalid":
        return Outcome(OutcomeKind.REJECTED, f"HTTP {status}: the user key is not valid")
    return _says_no(status)


def _matrix(status: int, answer: Answer, path: str) -> Outcome | None:
    if answer.get("errcode") == "M_FORBIDDEN" and ("/join/" in path or "/rooms/" in path):
        return Outcome(OutcomeKind.REJECTED, f"HTTP {status}: the bot may not write in this room")
    return None


def _webhook_gone(status: int, answer: Answer, _path: str) -> Outcome | None:
    error = answer.get("error")
    if isinstance(error, dict) and _word(error, "code") in _TEAMS_WORKFLOW_GONE:
        return Outcome(OutcomeKind.MISCONFIGURED, f"HTTP {status}: the workflow is gone or switched off")
    if _number(answer, "code") in _DISCORD_WEBHOOK_GONE:
        return Outcome(OutcomeKind.MISCONFIGURED, f"HTTP {status}: the webhook is gone")
    return None


def _no_with_a_200(status: int, answer: Answer, _path: str) -> Outcome | None:
    says_no = answer.get("ok") is False or answer.get("success") is False
    return _says_no(status) if says_no and _is_2xx(status) else None


def _says_no(status: int) -> Outcome:
    return Outcome(OutcomeKind.REJECTED, f"HTTP {status}: the provider did not take the message")


_READINGS: tuple[Callable[[int, Answer, str], Outcome | None], ...] = (
    _telegram,
    _slack,
    _twilio,
    _pushover,
    _matrix,
    _webhook_gone,
    _no_with_a_200,
)
