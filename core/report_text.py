"""A report as plain text: for the terminal, and for those who read mail without pictures."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from core.report_page import sections, title
from core.report_parts import Row, Section, View, zone_words

_WIDEST = 40  # characters of a cell
_LINE = 80  # characters


def text(view: View, *, with_details: bool = True, notice: str = "") -> str:
    """Give the report as text; `notice` stands at its top."""
    head = title(view)
    parts = ["\n".join([head, "=" * len(head), *_sentence(notice)])]
    parts += ["\n".join(_lines(section)) for section in sections(view, with_details=with_details)]
    return "\n\n".join([*parts, zone_words(view)]) + "\n"


def _lines(section: Section) -> Iterator[str]:
    yield section.title
    yield "-" * len(section.title)
    yield from (part for line in section.bad_lines for part in _sentence(f"! {line}", indent="  "))
    yield from (part for line in section.lines for part in _sentence(line))
    if section.rows and section.first_words == len(section.head):
        yield from _words(section.head, section.rows)
    elif section.rows:
        yield from _numbers(section.head, section.rows, section.first_words)
    yield from _sentence(section.note)


def _sentence(line: str, indent: str = "") -> Iterator[str]:
    # An address in it stays whole, however long.
    yield from wrap(line, _LINE, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _numbers(head: Sequence[str], rows: Sequence[Row], words: int) -> Iterator[str]:
    lines = [head, *([_cut(cell) for cell in row.cells] for row in rows)]
    widths = _widths(lines)
    for line in lines:
        cells = [
            cell.ljust(width) if number < words else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _words(head: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    """Give a table without numbers: its last column is wrapped, and holds what stands below a row as well."""
    *widths, _ = _widths([head, *([_cut(cell) for cell in row.cells] for row in rows)])
    indent = sum(width + 2 for width in widths)
    for row in (Row(tuple(head)), *rows):
        *cells, last = row.cells
        said = [line for part in (last, row.below) for line in wrap(_plain(part), _LINE - indent)] or [""]
        before = "".join(_cut(cell).ljust(width + 2) for cell, width in zip(cells, widths, strict=True))
        yield f"{before}{said[0]}".rstrip()
        yield from (" " * indent + line for line in said[1:])


def _widths(lines: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*lines, strict=True)]


def _cut(cell: str) -> str:
    plain = _plain(cell)
    return plain if len(plain) <= _WIDEST else plain[: _WIDEST - 1] + "…"


def _plain(cell: str) -> str:
    """Give a cell on one line, without what a terminal would obey."""
    return "".join(each if each.isprintable() else " " for each in cell)
