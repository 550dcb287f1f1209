"""GET and POST /sign-in: a person shows an API token once, and the browser gets a cookie for it."""

import logging
import time

from flask import Blueprint, Response, abort, request

from functions._doors import cookie_name, go, is_secure, session, sessions, token_name
from functions._pages import ours, sign_in_page
from functions._session import LIFETIME, Session

log = logging.getLogger("rung.web")

door = Blueprint("sign_in", __name__)

_NOT_FROM_HERE = frozenset({"cross-site", "same-site"})


@door.get("/sign-in")
def ask() -> Response:
    """Ask for a token."""
    return go("/") if session() else sign_in_page(status=200)


@door.post("/sign-in")
def sign_in() -> Response:
    """Exchange the token for a cookie."""
    if request.headers.get("Sec-Fetch-Site") in _NOT_FROM_HERE:
        abort(403, "another site sent you here, so you were not signed in; open the page yourself")
    name = token_name(request.form.get("token", "").strip())
    if name is None:
        log.warning("a sign-in from %s was refused: no such API token", request.remote_addr)
        return sign_in_page("That is not an API token of this Rung.")
    return keep(go(ours(request.form.get("next", "/"))), sessions().begin(name, time.time()))


def keep(response: Response, found: Session) -> Response:
    """Have the browser keep the session until it ends."""
    response.set_cookie(
        cookie_name(),
        sessions().cookie(found),
        max_age=max(0, found.issued_at + LIFETIME - int(time.time())),
        path="/",
        httponly=True,
        secure=is_secure(),
        samesite="Strict",
    )
    return response
