"""GET and POST /b/<signed>: the page behind a bundle's link. GET only shows; POST acknowledges all of it."""

from flask import Blueprint, Response, render_template

from core.alert import Alert
from core.answering import Answered, answer_all
from core.bundles import Bundle
from core.commands import Acknowledge
from core.links import BadLinkError
from core.store import Stored, StoreUnavailableError
from functions._doors import rung
from functions._signed_pages import hardened, say_that_it_leads_nowhere, say_that_redis_is_away

door = Blueprint("bundle", __name__)


class NoSuchBundleError(LookupError):
    """What the bundle listed is not kept any more."""


door.register_error_handler(BadLinkError, say_that_it_leads_nowhere)
door.register_error_handler(NoSuchBundleError, say_that_it_leads_nowhere)
door.register_error_handler(StoreUnavailableError, say_that_redis_is_away)


@door.get("/b/<token>")
def show(token: str) -> Response:
    """Show what the bundle lists, and how each stands now."""
    return _page(_read(token))


@door.post("/b/<token>")
def acknowledge(token: str) -> Response:
    """Acknowledge all of it, in the name of the person it was sent to, and say for each what became of it."""
    bundle = _read(token)
    command = Acknowledge(bundle.person, "link")
    return _page(bundle, answer_all(rung().engine.act, bundle.alerts, command))


def _read(token: str) -> Bundle:
    bundle = rung().ledger.bundle(rung().links.read_bundle(token))
    if bundle is None:
        raise NoSuchBundleError("what this message listed is not kept any more")
    return bundle


def _page(bundle: Bundle, answered: list[Answered] | None = None) -> Response:
    snapshot = rung().engine.store.look_up([], bundle.alerts)
    found = {each.alert.id: each.alert for each in snapshot.stored if isinstance(each, Stored)}
    refused = {each.alert_id: each.reason for each in answered or () if each.alert is None}
    lines = [
        {
            "id": alert_id,
            "alert": found.get(alert_id),
            "standing": _standing(found[alert_id]) if alert_id in found else "",
            "refusal": refused.get(alert_id, ""),
            "link": rung().links.make(alert_id, bundle.person),
        }
        for alert_id in bundle.alerts
    ]
    html = render_template(
        "bundle.html",
        person=bundle.person,
        lines=lines,
        unanswered=sum(alert.is_unanswered for alert in found.values()),
        done=None if answered is None else len(answered) - len(refused),
        refused=len(refused),
    )
    return hardened(html, 200)


def _standing(alert: Alert) -> str:
    person = alert.acknowledged_by if alert.is_open else alert.resolved_by
    return alert.status.value.replace("_", " ") + (f" by {person}" if person else "")
