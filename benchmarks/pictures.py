"""`python -m benchmarks.pictures`: draw the reports that docs/reports.md shows anew, from alerts made up by dice.

It needs chromium. Run it when what a report says or how it looks has changed, and look at what it drew.
"""

import io
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from core.adapters.charts import draw
from core.report import make_report
from core.report_page import charts_shown
from core.report_times import Kind, last_due, schedules_of
from core.report_view import report_view
from functions._report_html import whole_page
from tests.browser.chromium import browsing
from tests.reports.seeds import Shelf, seeded, snapshots_of
from tests.samples import config

_DOCS = Path(__file__).resolve().parents[1] / "docs"
_ALERTS, _SINCE, _NOW = 170, datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 23, 10, tzinfo=UTC)
_WIDTH, _HEIGHTS = 660, {Kind.DAILY: 1700, Kind.WEEKLY: 1900, Kind.SLA: 1700}
_COLOURS = 128
_TO = {"enabled": True, "recipients": ["manager@example.com"]}
_REPORTING = {"daily_summary": {**_TO, "time": "00:00"}, "weekly_report": {**_TO, "day": "monday", "time": "09:00"}}
_OWED = {"critical": (300, 3600, 0), "high": (1800, 14400, 1), "medium": (3600, 28800, 2)}
_SLA = {
    "definitions": {
        severity: {
            "acknowledgment_time": acknowledgment,
            "resolution_time": resolution,
            "business_hours": False,
            "allowed_breaches": allowed,
        }
        for severity, (acknowledgment, resolution, allowed) in _OWED.items()
    },
    "reporting": {**_TO, "interval": "weekly"},
}


def pages() -> Iterator[tuple[Kind, str]]:
    """Give each report as one file of HTML: what its mail shows."""
    rows = list(seeded(_ALERTS, _SINCE, _NOW))
    shelf = Shelf(_NOW, rows, snapshots_of(rows, _SINCE, _NOW))
    given = config(timezone="Europe/Berlin", reporting=_REPORTING, sla=_SLA)
    for kind, schedule in schedules_of(given).items():
        view = report_view(make_report(shelf, given, last_due(schedule, _NOW), _NOW))
        yield kind, whole_page(view, draw(view, charts_shown(view)), "https://rung.example.com")


def main() -> None:
    """Write docs/report-<kind>.png: the top of each, as wide as a mail."""
    with tempfile.TemporaryDirectory() as folder, browsing(Path(folder) / "browser") as browser:
        browser.send("Emulation.setScrollbarsHidden", hidden=True)
        for kind, html in pages():
            page = Path(folder) / f"{kind.value}.html"
            page.write_text(html, "utf-8")
            browser.look(_WIDTH, _HEIGHTS[kind])
            browser.open(page.as_uri())
            picture = Image.open(io.BytesIO(browser.screenshot())).convert("RGB").quantize(_COLOURS)
            picture.save(_DOCS / f"report-{kind.value}.png", optimize=True)


if __name__ == "__main__":
    main()
