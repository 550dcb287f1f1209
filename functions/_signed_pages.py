"""What the pages behind signed links share: the headers, and what is said when a link leads nowhere."""

from flask import Response, make_response, render_template

from core.store import StoreUnavailableError

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


def say_that_it_leads_nowhere(error: Exception) -> Response:
    """Say it on a page: whoever opens a link is a person."""
    return _sorry(f"{error}.", 404)


def say_that_redis_is_away(_error: StoreUnavailableError) -> Response:
    """Say that nothing was done, and what to do."""
    return _sorry("Rung cannot reach its Redis, so nothing was done. Try again in a moment.", 503)


def hardened(html: str, status: int) -> Response:
    """Give the page with headers that let nobody frame it, script it or list it."""
    response = make_response(html, status)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _sorry(message: str, status: int) -> Response:
    return hardened(render_template("sorry.html", message=message), status)
