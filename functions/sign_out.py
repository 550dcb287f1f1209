"""POST /sign-out: the browser forgets its session."""

from flask import Blueprint, Response

from functions._doors import caller, cookie_name, go, is_secure

door = Blueprint("sign_out", __name__)


@door.post("/sign-out")
def sign_out() -> Response:
    """Take the cookie away."""
    caller()
    response = go("/sign-in")
    response.delete_cookie(cookie_name(), path="/", httponly=True, secure=is_secure(), samesite="Strict")
    return response
