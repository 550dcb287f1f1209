"""A report as plain text: for the terminal, and for those who read mail without pictures."""

from collections.abc import Iterator, Sequence

from core.report_page import Row, Section, View, sections, title

_WIDEST = 40  # characters of a cell, but for the last one of a line


def text(view: View, *, with_details: bool = True, notice: str = "") -> str:
    """Give the report as text; `notice` stands at its top."""
    head = title(view)
    parts = ["\n".join([head, "=" * len(head), *([notice] if notice else [])])]
    parts += ["\n".join(_lines(section)) for section in sections(view, with_details=with_details)]
    return "\n\n".join(parts) + "\n"


def _lines(section: Section) -> Iterator[str]:
    yield section.title
    yield "-" * len(section.title)
    yield from (f"! {line}" for line in section.bad_lines)
    yield from section.lines
    if section.rows:
        yield from _table(section.head, section.rows, section.first_words)
    if section.note:
        yield section.note


def _table(head: Sequence[str], rows: Sequence[Row], words: int) -> Iterator[str]:
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [
            cell.ljust(width) if number < words else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    *cells, last = (_plain(cell) for cell in row.cells)
    return (*(cell if len(cell) <= _WIDEST else cell[: _WIDEST - 1] + "…" for cell in cells), last)


def _plain(cell: str) -> str:
    """Give a cell on one line, without what a terminal would obey."""
    return "".join(each if each.isprintable() else " " for each in cell)
