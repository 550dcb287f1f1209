"""GET /alerts/<id>/why?person=: why an alert paged whom it paged, when, on what; and why it did not page somebody."""

from flask import Blueprint, abort, request

from core.oncall import UnknownNameError
from core.why.case import Case
from core.why.view import why_view
from core.why.words import told_lines
from functions._doors import Reply, caller, rung
from functions._oncall import names_of
from functions._pages import page, told, wants_html

door = Blueprint("why", __name__)


@door.get("/alerts/<int:alert_id>/why")
def why(alert_id: int) -> Reply:
    """Explain one alert; with `person` also what became of that one."""
    caller()
    parts = rung()
    alert, now = parts.engine.alert(alert_id)
    rules, _ = parts.engine.present()
    events, ledger = parts.engine.store.timeline(alert_id), parts.ledger.entries(alert_id)
    case = Case(alert, events, ledger, rules, now, parts.facts.before(alert_id))
    person = request.args.get("person", "").strip() or None
    try:
        view = why_view(case, person)
    except UnknownNameError as error:
        abort(404, str(error))
    if not wants_html():
        return view
    return page("why.html", **told(alert, now), at=now, view=view, told_lines=told_lines, names=names_of(rules.config))
