"""One request of a command to Rung's API, and what the answer means: its body, or an error for a person."""

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from core.addresses import is_this_machine
from functions.commands._client import NoAnswerError, SaidNoError, Server, WrongUsageError

_ANSWER_WITHIN = 20  # seconds
_NOT_DONE = frozenset({404, 409})
_UNUSABLE = frozenset({400, 401, 413, 422})
_REDIRECTS = range(300, 400)


def send(server: Server, method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
    """Send it and give the body of the answer. Raises NoAnswerError, SaidNoError, WrongUsageError."""
    request = urllib.request.Request(  # noqa: S310 - Settings lets only http and https through
        server.url + path,
        data=json.dumps(body).encode() if body is not None else None,
        headers={
            "Authorization": f"Bearer {server.token}",
            "Content-Type": "application/json",
            "User-Agent": "rung",  # by which a timeline knows that somebody used the terminal
        },
        method=method,
    )
    try:
        with _opener(server).open(request, timeout=_ANSWER_WITHIN) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        raise _in_words(error) from None
    except (OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise NoAnswerError(f"Rung does not answer at {server.url}: {reason}; is `rung up` running?") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would hand the token to somebody else, and turn a POST into a GET."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none; the answer is then an HTTPError."""


def _opener(server: Server) -> urllib.request.OpenerDirector:
    """Give what opens the server: no redirects, and no proxy between this machine and itself."""
    handlers = [_NoRedirect(), *([urllib.request.ProxyHandler({})] if is_this_machine(server.url) else [])]
    return urllib.request.build_opener(*handlers)


def _in_words(error: urllib.error.HTTPError) -> Exception:
    try:
        message = str(json.load(error)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        message = f"HTTP {error.code}"
    if error.code in _REDIRECTS:
        message = f"Rung's address leads on to {error.headers.get('Location')}; give that one as RUNG_PUBLIC_URL"
    if error.code in _NOT_DONE:
        return SaidNoError(message)
    return WrongUsageError(message) if error.code in _UNUSABLE else NoAnswerError(message)
