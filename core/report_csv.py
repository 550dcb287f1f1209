"""The alerts of a report as CSV, for spreadsheets. A cell that a spreadsheet would run as a formula is made text."""

import csv
import io
from collections.abc import Iterable, Iterator

from core.facts import Facts, to_ms
from core.notable import Named, named_in
from core.report_times import Due

COLUMNS = (
    "id",
    "title",
    "severity",
    "source",
    "opened_at",
    "acknowledged_at",
    "acknowledged_by",
    "acknowledged_at_level",
    "acknowledged_after",
    "resolved_at",
    "resolved_by",
    "resolved_after",
    "pages",
    "exhausted",
    "breached",
)
# The wide ones are those of East Asian keyboards, which spreadsheets there take for the same.
_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\N{FULLWIDTH EQUALS SIGN}",
    "\N{FULLWIDTH PLUS SIGN}",
    "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
    "\t",
    "\r",
    "\n",
)


def csv_lines(facts: Iterable[Facts], due: Due) -> Iterator[str]:
    """Give the head, then a line for each alert the window saw, the first opened first.

    Times are in RFC 3339 UTC, spans in seconds.
    """
    start, end = to_ms(due.start), to_ms(due.end)
    yield _line(COLUMNS)
    found = (named for row in facts if (named := named_in(row, start, end)))
    yield from (line for _, line in sorted((named.row.id, _line_of(named)) for named in found))


def harmless(cell: object) -> object:
    """Give a text that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(" \N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}").startswith(_FORMULA):
        return f"'{cell}"
    return cell


def _line_of(named: Named) -> str:
    cells = named.view() | {
        "breached": " ".join(named.breached),
        "exhausted": "yes" if named.is_exhausted else "no",
    }
    return _line(cells[name] for name in COLUMNS)


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(["" if cell is None else harmless(cell) for cell in cells])
    return line.getvalue()
