"""How a command reaches a running Rung: over its API, found through RUNG_DATA/run.json or the environment."""

import json
import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from core.adapters.settings import Settings


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
    # Imported here so that a command that needs no server does not pay for an HTTP client.
    from functions.commands._http import send

    return send(find_server(), method, path, body)
