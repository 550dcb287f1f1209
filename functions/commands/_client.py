"""How a command reaches a running Rung: over its API, found through RUNG_DATA/run.json or the environment."""

import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from core.adapters.settings import Settings
from core.addresses import is_this_machine

_ANSWER_WITHIN = 20  # seconds
_NOT_DONE = frozenset({404, 409})
_UNUSABLE = frozenset({400, 401, 413, 422})
_REDIRECTS = range(300, 400)


class NoAnswerError(Exception):
    """Rung, or its Redis, is out of reach."""


class SaidNoError(Exception):
    """Rung was asked and the answer is no: refused, or no such alert."""


class WrongUsageError(Exception):
    """Rung cannot make sense of the request, or does not let this token in."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where Rung answers, and the token that opens it."""

    url: str
    token: str = field(repr=False)


def find_server() -> Server:
    """Give the Rung to talk to: the environment's, else the running `rung up` of RUNG_DATA. Raises NoAnswerError."""
    settings = Settings.from_env(os.environ)
    if os.environ.get("RUNG_PUBLIC_URL") and settings.api_token:
        return Server(settings.public_url, settings.api_token)
    run = _run_file(settings)
    if run is None:
        raise NoAnswerError(
            "no running Rung was found; start one with `rung up`, "
            "or set RUNG_PUBLIC_URL and RUNG_API_TOKEN to reach another"
        )
    return Server(run["url"], settings.api_token or run["api_token"])


def running_environment() -> dict[str, str]:
    """Give what a command that works by itself needs to know of the running `rung up`: where its Redis is."""
    run = _run_file(Settings.from_env(os.environ))
    return {"REDIS_URL": run["redis_url"]} if run and run["redis_url"] else {}


def _run_file(settings: Settings) -> dict[str, str] | None:
    path = settings.data / "run.json"
    try:
        run = json.loads(path.read_text("utf-8"))
        return {"url": run["url"], "redis_url": run.get("redis_url", ""), "api_token": run["api_token"]}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoAnswerError(f"{path} cannot be read: {error}") from error


def get(path: str, **query: str | int | None) -> dict[str, Any]:
    """Ask for something."""
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return _call("GET", path + (f"?{urlencode(given)}" if given else ""))


def get_text(path: str, **query: str | int | None) -> str:
    """Ask for something that is no JSON: a page or a table."""
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return _send("GET", path + (f"?{urlencode(given)}" if given else "")).decode()


def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask for something to be done."""
    return _call("POST", path, {name: value for name, value in body.items() if value is not None})


def alert_path(alert: str, *more: str) -> str:
    """Give the path of an alert. Raises WrongUsageError when what was typed is no number."""
    number = alert.lstrip("#")
    if not number.isascii() or not number.isdigit():
        raise WrongUsageError(f"{alert!r} is not an alert's number; `rung alerts` lists them")
    return "/".join(["/alerts", number, *more])


def _call(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = _send(method, path, body)
    try:
        return json.loads(answer)  # type: ignore[no-any-return]
    except ValueError as error:
        url = find_server().url
        raise NoAnswerError(f"Rung does not answer at {url}: {error}; is `rung up` running?") from None


def _send(method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
    server = find_server()
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
