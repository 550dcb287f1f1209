"""What all pages share: when to answer with one, the frame around it, its headers, and how times are said.

Jinja escapes whatever comes from outside. The one script has a nonce; without it every page is right as it was sent.
"""

import re
import secrets
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template, request

from core.alert import Alert
from core.messages import say_due, say_level, what_happens_next
from core.score_words import sla_in_short, sla_lines
from core.store import StoreUnavailableError
from core.times import say_duration
from functions._doors import actor, is_secure, root, rung, session, sessions

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_JSON_FIRST = ("application/json", "text/html")
_NONCE_BYTES = 16
_OURS = re.compile(
    r"/(alerts(/[0-9]{1,30}(/timeline|/why)?)?(\?[\w=&,%+.-]*)?|oncall(/[\w.-]{1,64}/timeline)?(\?[\w=&,%+:.-]*)?"
    r"|outbox|deliveries|rejected|silences|heartbeats|you"
    r"|reports(/(daily|weekly|sla)(\?[\w=&,%+:.-]*)?)?)?"
)


def wants_html() -> bool:
    """Say whether whoever asks prefers a page; programs that do not say get JSON."""
    return request.accept_mimetypes.best_match(_JSON_FIRST) == "text/html"


def page(template: str, status: int = 200, **context: Any) -> Response:
    """Give a page: the template with what every page needs around it."""
    found, nonce = session(), secrets.token_urlsafe(_NONCE_BYTES)
    html = render_template(
        template,
        root=root(),
        nonce=nonce,
        me=actor(found) if found else None,
        csrf=sessions().csrf(found) if found else None,
        unread=_unread() if found and status == HTTPStatus.OK else 0,
        watches=bool(rung().config.heartbeats),
        clock=clock,
        say_level=say_level,
        **context,
    )
    response = make_response(html, status)
    response.headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def problem(status: int, message: str) -> Response:
    """Say on a page that something was not done, and why."""
    alert_id = (request.view_args or {}).get("alert_id")
    return page("problem.html", status, message=message.rstrip("."), alert_id=alert_id)


def sign_in_page(message: str = "", status: int = 401) -> Response:
    """Ask for a token. Afterwards the browser is sent where it wanted to go."""
    if not message and request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method == "GET":
        # A browser that follows a link from a chat keeps a strict cookie back. Coming from ourselves, it shows it.
        return page("again.html")
    wanted = request.form.get("next") or _asked_for()
    host = rung().settings.public_url if is_secure() and not rung().settings.public_url.endswith(request.host) else ""
    return page("sign_in.html", status, message=message, next=ours(wanted), elsewhere=host)


def ours(path: str) -> str:
    """Give the path if it is one of our pages, else `/`: nobody is sent anywhere else."""
    return path if _OURS.fullmatch(path) else "/"


def now() -> datetime:
    """Give the store's clock."""
    return rung().engine.store.look_up([], []).now


def clock(instant: datetime | str, spec: str = "%a %d %b %H:%M:%S %Z") -> str:
    """Say an instant in the zone of the config."""
    moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return moment.astimezone(ZoneInfo(rung().config.timezone)).strftime(spec)


def told(alert: Alert, at: datetime) -> dict[str, Any]:
    """Give what a page says about an alert beside its own fields."""
    zone = ZoneInfo(rung().config.timezone)
    return {
        "alert": alert,
        "state": _state(alert),
        "age": say_duration(at - alert.created_at),
        "next": what_happens_next(alert, at, zone),
        "sla": sla_in_short(alert.sla, at, zone) if alert.is_open else "",
        "sla_status": alert.sla.status(at) if alert.sla else None,
        "clocks": sla_lines(alert.sla, at, zone),
        "until": say_due(alert),
        "countdown": _countdown(alert, at),
        "due": int(alert.wake_at.timestamp() * 1000) if alert.wake_at else None,
    }


def _unread() -> int:
    """Count the webhooks that wait to be read again. A page that needs nothing else of Redis is right without it."""
    with suppress(StoreUnavailableError):
        return rung().engine.store.count_rejected()
    return 0


def _state(alert: Alert) -> str:
    person = alert.acknowledged_by if alert.is_open else alert.resolved_by
    return (
        alert.status.value.replace("_", " ")
        + (
            f" by {person}"
            if person and alert.status.value != "in_progress"
            else f", {person} has it"
            if person
            else ""
        )
        + (", ladder used up" if alert.exhausted and alert.is_open else "")
        + (_silenced(alert) if alert.suppressed and alert.is_open else "")
        + (", flapping" if alert.is_flapping and alert.is_open else "")
    )


def _silenced(alert: Alert) -> str:
    until = f" until {clock(alert.suppressed_until, '%a %d %b %H:%M %Z')}" if alert.suppressed_until else ""
    return f", silenced{until}"


def _countdown(alert: Alert, at: datetime) -> str:
    """Say how long until the next step, `9:05` or `1:00:00`; the page's script counts on from there."""
    if alert.wake_at is None:
        return ""
    seconds = max(0, round((alert.wake_at - at).total_seconds()))
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _asked_for() -> str:
    if request.method != "GET":
        numbers = request.view_args or {}
        if "rejected_id" in numbers:
            return "/rejected"
        return f"/alerts/{numbers['alert_id']}" if "alert_id" in numbers else "/"
    return request.full_path.removesuffix("?")
