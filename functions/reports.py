"""GET /reports, /reports/daily, /weekly and /sla: figures of a window, as JSON, as a page, as one file, or as CSV.

`?from=&to=` give a window of one's own, `?current=1` the one that is running; otherwise it is the one that ended last.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, request

from core.adapters.chart_process import charts_of
from core.local_time import aware
from core.report import WindowError, make_report, window
from core.report_csv import csv_lines
from core.report_page import TITLES, charts_shown
from core.report_times import Due, Kind, next_due, schedules_of
from core.report_view import report_view
from core.times import rfc3339
from core.wording import mail_outcome
from functions._doors import Reply, caller, root, rung
from functions._pages import page, wants_html
from functions._report_html import parts_of, whole_page

door = Blueprint("reports", __name__)

_FORMATS = ("json", "html", "csv")
_SHOWN = 100  # characters of what was asked for that an error repeats
_YES = frozenset({"1", "true", "yes"})


@door.get("/reports")
def reports() -> Reply:
    """List the reports: when each is sent next, and what became of those that were due."""
    caller()
    sent = rung().reports.records()
    at = rung().facts.now()
    kinds = [
        {
            "kind": kind.value,
            "title": TITLES[kind.value],
            "next": rfc3339(next_due(schedule, at)) if schedule.is_enabled else None,
            "recipients": list(schedule.recipients),
        }
        for kind, schedule in schedules_of(rung().config).items()
    ]
    if not wants_html():
        return {"reports": kinds, "sent": sent}
    outbox = rung().engine.rules.outbox_mode
    return page("reports.html", kinds=kinds, sent=sent, titles=TITLES, outbox=outbox, say=mail_outcome)


@door.get("/reports/<any(daily, weekly, sla):kind>")
def report(kind: str) -> Reply:
    """Count what happened in the window."""
    caller()
    wanted = request.args.get("format", "")
    if wanted and wanted not in _FORMATS:
        abort(400, f"format: {wanted[:_SHOWN]!r} is none of {', '.join(_FORMATS)}")
    now = rung().facts.now()
    due = _window(Kind(kind), now)
    if wanted == "csv":
        return _csv(due)
    open_now = rung().reports.count_open() if due.end >= now else None
    view = report_view(make_report(rung().facts, rung().config, due, now, open_now=open_now))
    if wanted == "html":
        html = whole_page(view, _charts(view), rung().settings.public_url)
        return _file(html, "text/html; charset=utf-8", f"{_name(due)}.html")
    return view if wanted == "json" or not wants_html() else _page(view)


def _page(view: Mapping[str, Any]) -> Response:
    previous = view["previous"]
    answer = page(
        "report.html",
        **parts_of(view, _charts(view)),
        view=view,
        kinds=TITLES,
        url=root().removesuffix("/"),
        earlier=(previous["from"], previous["to"]),
        same=urlencode({"from": view["from"], "to": view["to"]}),
    )
    answer.headers["Content-Security-Policy"] += "; img-src data:"
    return answer


def _charts(view: Mapping[str, Any]) -> dict[str, bytes]:
    return charts_of(rung().client, view, charts_shown(view))


def _csv(due: Due) -> Response:
    lines = "".join(csv_lines(rung().facts.between(due.start, due.end), due))
    return _file(lines, "text/csv; charset=utf-8", f"{_name(due)}.csv")


def _file(content: str, kind: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _name(due: Due) -> str:
    return f"rung-{due.kind.value}-{due.start:%Y%m%dT%H%MZ}-{due.end:%Y%m%dT%H%MZ}"


def _window(kind: Kind, now: datetime) -> Due:
    schedule = schedules_of(rung().config)[kind]
    is_current = request.args.get("current", "").lower() in _YES
    try:
        return window(schedule, now, _instant("from"), _instant("to"), current=is_current)
    except WindowError as error:
        abort(400, str(error))


def _instant(name: str) -> datetime | None:
    """Read an instant of the query; a day is its midnight, and what names no zone is by the config's clock."""
    text = request.args.get(name, "").strip().replace(" ", "+")  # a + that was not encoded
    if not text:
        return None
    try:
        return aware(datetime.fromisoformat(text), ZoneInfo(rung().config.timezone))
    except (ValueError, OverflowError):
        abort(400, f"{name}: {text[:_SHOWN]!r} is no instant; write 2026-11-22 or 2026-11-22T09:00:00Z")
