"""GET and POST /sign-in: a person shows an API token once, and the browser gets a cookie for it."""

import logging
import time
from contextlib import suppress
from datetime import timedelta

from flask import Blueprint, Response, abort, request

from core.adapters.sign_ins import network_of, note_failed_sign_in, seconds_to_wait
from core.store import StoreUnavailableError
from core.times import say_duration
from functions._doors import cookie_name, go, is_secure, rung, session, sessions, token_name
from functions._pages import ours, sign_in_page
from functions._session import LIFETIME, Session

log = logging.getLogger("rung.web")

door = Blueprint("sign_in", __name__)

_NOT_FROM_HERE = frozenset({"cross-site", "same-site"})
_HINT = "; if that is a proxy of yours, set RUNG_PROXIES, or all who come through it are counted as one"


@door.get("/sign-in")
def ask() -> Response:
    """Ask for a token."""
    return go("/") if session() else sign_in_page(status=200)


@door.post("/sign-in")
def sign_in() -> Response:
    """Exchange the token for a cookie."""
    if request.headers.get("Sec-Fetch-Site") in _NOT_FROM_HERE:
        abort(403, "another site sent you here, so you were not signed in; open the page yourself")
    address = _address()
    if wait := _seconds_to_wait(address):
        return _too_many(wait)
    name = token_name(request.form.get("token", "").strip())
    if name is None:
        return _no_such_token(address)
    return keep(go(ours(request.form.get("next", "/"))), sessions().begin(name, time.time()))


def _no_such_token(address: str) -> Response:
    hint = "" if rung().settings.proxies or "X-Forwarded-For" not in request.headers else _HINT
    log.warning("a sign-in from %s was refused: no such API token%s", address, hint)
    with suppress(StoreUnavailableError):
        note_failed_sign_in(rung().client, address)
    return sign_in_page("That is not an API token of this Rung.")


def _too_many(wait: int) -> Response:
    left = say_duration(timedelta(seconds=wait))
    answer = sign_in_page(f"Too many wrong tokens came from your address; none is taken from it for {left}.", 429)
    answer.headers["Retry-After"] = str(wait)
    return answer


def _seconds_to_wait(address: str) -> int:
    with suppress(StoreUnavailableError):  # while Redis is away there is nothing to see, so nobody is kept out
        return seconds_to_wait(rung().client, address)
    return 0


def _address() -> str:
    """Give whom the outermost of our proxies saw, else who is connected: what others write there is not believed."""
    proxies = rung().settings.proxies
    hops = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    seen = hops[-proxies] if 0 < proxies <= len(hops) else ""
    return network_of(seen) or network_of(request.remote_addr or "") or "unknown"


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
