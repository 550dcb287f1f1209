"""The web application: every door of this folder hung into one Flask app, and one shape for every error."""

import logging
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException

import functions
from core.engine import NoSuchAlertError, RefusedError
from core.store import StoreUnavailableError, UnreadableRecordError
from core.wiring import Rung
from functions._pages import problem, sign_in_page, wants_html

log = logging.getLogger("rung.web")

LARGEST_BODY = 1024 * 1024  # bytes

# Every other module of this folder is a door, or begins with `_` and is shared by them.
_NO_DOORS = frozenset({"app", "server", "commands"})


class _App(Flask):
    """Flask, which keeps addresses out of the log: some of ours are as good as a token."""

    def log_exception(self, exc_info: Any) -> None:
        """Log what broke, under the name of its door."""
        self.logger.error("broken: %s %s", request.method, request.url_rule or "no door", exc_info=exc_info)


def create_app(rung: Rung) -> Flask:
    """Give the application around the parts of this process."""
    app = _App("functions", template_folder="templates", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.extensions["rung"] = rung
    app.json.sort_keys = False  # type: ignore[attr-defined]
    for door in _doors():
        app.register_blueprint(door)
    app.register_error_handler(HTTPException, _say_http)
    app.register_error_handler(ParseException, _say_broken)
    app.register_error_handler(StoreUnavailableError, _say_unavailable)
    app.register_error_handler(NoSuchAlertError, _say_no_such_alert)
    app.register_error_handler(RefusedError, _say_refused)
    app.register_error_handler(UnreadableRecordError, _say_unreadable)
    app.after_request(_harden)
    return app


def _doors() -> list[Blueprint]:
    names = [found.name for found in iter_modules(functions.__path__) if not found.name.startswith("_")]
    return [import_module(f"functions.{name}").door for name in names if name not in _NO_DOORS]


def error(status: int, code: str, message: str) -> tuple[Response, int]:
    """Give the one shape of an error, or a page that says it to a person."""
    if wants_html():
        return (sign_in_page() if status == 401 else problem(status, message)), status  # noqa: PLR2004 - not signed in
    return jsonify({"error": {"code": code, "message": message}}), status


def _say_http(problem: HTTPException) -> Any:
    if problem.response is not None:
        return problem
    code = (problem.name or "error").lower().replace(" ", "_")
    answer, status = error(problem.code or 500, code, _in_words(problem))
    answer.headers.update({name: value for name, value in problem.get_headers() if name != "Content-Type"})
    if problem.code == 401:  # noqa: PLR2004 - 401 must name a way to sign in
        answer.headers.setdefault("WWW-Authenticate", 'Bearer realm="rung"')
    return answer, status


def _in_words(problem: HTTPException) -> str:
    if problem.code == 413:  # noqa: PLR2004 - the one whose stock text does not say the limit
        return f"the body is larger than {LARGEST_BODY // 1024} KiB; send fewer alerts at a time"
    return problem.description or problem.name


def _say_broken(_problem: ParseException) -> tuple[Response, int]:
    """Say it without a word in the log: a stranger could fill it with what is no fault of ours."""
    return error(400, "bad_request", "the body was sent in chunks that cannot be read")


def _say_unavailable(problem: StoreUnavailableError) -> tuple[Response, int]:
    log.error("%s", problem)
    answer, status = error(
        503, "unavailable", "Rung cannot reach its Redis; send it again, what was taken in is not doubled"
    )
    answer.headers["Retry-After"] = "1"
    return answer, status


def _say_no_such_alert(problem: NoSuchAlertError) -> tuple[Response, int]:
    return error(404, "no_such_alert", str(problem))


def _say_refused(problem: RefusedError) -> tuple[Response, int]:
    return error(409, problem.refused.code, problem.refused.reason)


def _say_unreadable(problem: UnreadableRecordError) -> tuple[Response, int]:
    log.error("%s", problem)
    return error(500, "unreadable_record", f"{problem}; a newer Rung may be able to")


def _harden(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
