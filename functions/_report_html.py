"""A report as HTML: whole by itself, for a mail or a file, or the part of it that a page of ours holds."""

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.outcomes import Message, Picture
from core.report_page import sections, title
from core.report_parts import zone_words
from core.report_text import text

_PNG = "data:image/png;base64,"

CHART_WORDS = {
    "alerts": "Chart: new alerts over time, by severity",
    "hours": "Chart: pages by hour of the day",
    "sla": "Chart: SLA clocks in time and breached, by severity",
    "trend": "Chart: open, unanswered and exhausted alerts over time",
}


def parts_of(view: Mapping[str, Any], charts: Mapping[str, bytes], *, with_details: bool = True) -> dict[str, Any]:
    """Give what the templates show: the title, the sections, and the charts as addresses of their own content."""
    return {
        "title": title(view),
        "sections": sections(view, with_details=with_details),
        "charts": {name: _PNG + base64.b64encode(png).decode() for name, png in charts.items()},
        "chart_words": CHART_WORDS,
        "zone_words": zone_words(view),
    }


def whole_page(view: Mapping[str, Any], charts: Mapping[str, bytes], url: str, *, with_details: bool = True) -> str:
    """Give the report as one file that needs nothing else. `url` is where Rung answers, for the links."""
    parts = parts_of(view, charts, with_details=with_details)
    return _render("report_file.html", **parts, url=url, address=_address_of(view, url), notice="")


def mail(
    view: Mapping[str, Any], charts: Mapping[str, bytes], url: str, *, with_details: bool = True, notice: str = ""
) -> Message:
    """Give the report as a mail: HTML that names its pictures, and as plain text. `notice` stands at the top."""
    parts = parts_of(view, {}, with_details=with_details)
    parts["charts"] = {name: f"cid:{name}.png" for name in charts}
    there = _address_of(view, url)
    return Message(
        parts["title"],
        text(view, with_details=with_details, notice=notice) + f"\nThis report in Rung: {there}\n",
        _render("report_file.html", **parts, url=url, address=there, notice=notice),
        tuple(Picture(f"{name}.png", png) for name, png in charts.items()),
    )


def address(url: str, kind: str, start: str, end: str) -> str:
    """Give where Rung shows a report of this window, now and later; `start` and `end` are in RFC 3339 UTC."""
    return f"{url}/reports/{kind}?from={start}&to={end}"


def _address_of(view: Mapping[str, Any], url: str) -> str:
    return address(url, view["report"], view["from"], view["to"])


def _render(template: str, **context: Any) -> str:
    return _environment().get_template(template).render(**context)


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
