"""GET /alerts?status=&severity=&limit=&after=: a page of alerts, newest first; the open ones unless asked otherwise."""

from flask import Blueprint, abort, request

from core.alert import Status
from core.severity import Severity
from core.store import Filter
from core.views import alert_view
from functions._doors import Reply, caller, rung
from functions._pages import now, page, told, wants_html

door = Blueprint("list_alerts", __name__)

_LIMIT = 50
_LARGEST_LIMIT = 500
_MOST_DIGITS = 30
_SHOWN = 100  # characters of what was asked for that an error repeats


@door.get("/alerts")
def list_alerts() -> Reply:
    """List alerts; `next` is what to pass as `after` for the page that follows, null on the last."""
    caller()
    wanted = _wanted()
    found = rung().engine.store.find(wanted)
    more = found[-1].id if len(found) == wanted.limit else None
    at = now()
    if not wants_html():
        return {"alerts": [alert_view(alert, at) for alert in found], "next": more}
    asked = {name: request.args[name] for name in ("status", "severity", "limit") if request.args.get(name)}
    return page("alerts.html", cards=[told(alert, at) for alert in found], more=more, at=at, asked=asked)


def _wanted() -> Filter:
    statuses = _words("status", [status.value for status in Status])
    if "resolved" in statuses and len(statuses) > 1:
        abort(400, "ask for resolved alerts by themselves")
    return Filter(
        statuses=statuses,
        severities=_words("severity", [severity.value for severity in Severity]),
        limit=min(_number("limit") or _LIMIT, _LARGEST_LIMIT),
        after=_number("after"),
    )


def _words(name: str, known: list[str]) -> frozenset[str]:
    given = frozenset(word.strip() for word in request.args.get(name, "").split(",") if word.strip())
    if unknown := given - set(known):
        abort(400, f"{name}: {', '.join(sorted(unknown))[:_SHOWN]} is none of {', '.join(known)}")
    return given


def _number(name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS or int(text) < 1:
        abort(400, f"{name}: {text[:_SHOWN]!r} is not a positive number")
    return int(text)
