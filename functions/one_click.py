"""GET and POST /a/<signed>: the page behind the link in a message. GET only shows: mail scanners follow links."""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, render_template, request

from core.commands import Acknowledge, Command, Escalate, Resolve
from core.engine import NoSuchAlertError, RefusedError
from core.links import BadLinkError, LinkTarget
from core.messages import say_level, what_happens_next
from core.store import StoreUnavailableError
from functions._doors import rung
from functions._signed_pages import hardened, say_that_it_leads_nowhere, say_that_redis_is_away

door = Blueprint("one_click", __name__)
door.register_error_handler(BadLinkError, say_that_it_leads_nowhere)
door.register_error_handler(NoSuchAlertError, say_that_it_leads_nowhere)
door.register_error_handler(StoreUnavailableError, say_that_redis_is_away)

_ACTIONS: dict[str, type[Acknowledge | Resolve | Escalate]] = {
    "acknowledge": Acknowledge,
    "resolve": Resolve,
    "escalate": Escalate,
}


@door.get("/a/<token>")
def show(token: str) -> Response:
    """Show the alert and what can be done about it."""
    return _page(rung().links.read(token))


@door.post("/a/<token>")
def act(token: str) -> Response:
    """Do what was pressed, in the name of the person the link was made for."""
    target = rung().links.read(token)
    kind = _ACTIONS.get(request.form.get("action", ""))
    if kind is None:
        abort(400, f"press one of {', '.join(_ACTIONS)}")
    command: Command = kind(target.person, "link")
    try:
        rung().engine.act(target.alert, command)
    except RefusedError as error:
        return _page(target, refusal=error.refused.reason, status=409)
    return _page(target, done=True)


def _page(target: LinkTarget, refusal: str = "", status: int = 200, *, done: bool = False) -> Response:
    alert, now = rung().engine.alert(target.alert)
    zone = ZoneInfo(rung().config.timezone)
    html = render_template(
        "one_click.html",
        alert=alert,
        person=target.person,
        level=say_level(alert.level, alert),
        next=what_happens_next(alert, now, zone),
        created=alert.created_at.astimezone(zone),
        refusal=refusal,
        done=done,
    )
    return hardened(html, status)
