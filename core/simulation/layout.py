"""Where everything in a picture stands, in pixels: steps side by side that climb like stairs, a few to a row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.simulation.lettering import printable, wrapped
from core.simulation.picture import Note, Stage, Tone

MARGIN = 28
COLUMN = 238
GAP = 18
MOST_IN_A_ROW = 4
WIDTH = 2 * MARGIN + MOST_IN_A_ROW * COLUMN + (MOST_IN_A_ROW - 1) * GAP
_RISE = 46  # pixels for each level
_INSET = 14
_LINE = 18
_HEAD = 30  # the coloured part of a card, with a title of one line
_ROW_GAP = 52
_INNER = COLUMN - 2 * _INSET


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `y` is its baseline. `style` names how it looks."""

    x: int
    y: int
    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a tone: a step of the stairs, or the head of its card."""

    x: int
    y: int
    width: int
    height: int
    tone: Tone
    level: int = 0


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from one card to the next, through its corners."""

    points: tuple[tuple[int, int], ...]

    @property
    def path(self) -> str:
        """Give it as an SVG path."""
        return "M" + " L".join(f"{x} {y}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything to draw, in the order in which it is painted."""

    height: int
    steps: tuple[Box, ...]
    heads: tuple[Box, ...]
    dots: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    texts: tuple[Text, ...]


def draw(courses: Sequence[tuple[str, Sequence[Stage]]], footing: str) -> Drawing:
    """Lay out courses one below the other, each under its heading."""
    pen = _Pen()
    for heading, stages in courses:
        pen.write(heading, WIDTH - 2 * MARGIN, 18, "heading", 26)
        pen.y += 14
        before: _End | None = None
        for row in rows(stages):
            before = _draw_row(pen, row, before)
    pen.write(footing, WIDTH - 2 * MARGIN, 13, "quiet", _LINE)
    return Drawing(
        pen.y + MARGIN, tuple(pen.steps), tuple(pen.heads), tuple(pen.dots), tuple(pen.arrows), tuple(pen.texts)
    )


def rows(stages: Sequence[Stage]) -> Iterator[list[Stage]]:
    """Give the stages of each row: as many as fit; a round begins a row of its own."""
    row: list[Stage] = []
    for stage in stages:
        if row and (len(row) == MOST_IN_A_ROW or stage.begins_round):
            yield row
            row = []
        row.append(stage)
    if row:
        yield row


@dataclass(frozen=True, slots=True)
class _End:
    """How a row ends: what leads on from its last card, whose middle and bottom are here."""

    wait: str
    x: int
    bottom: int


class _Pen:
    """Where the next line goes, and all that has been drawn. Lives inside one call of `draw`."""

    def __init__(self) -> None:
        self.x, self.y = MARGIN, MARGIN
        self.steps: list[Box] = []
        self.heads: list[Box] = []
        self.dots: list[Box] = []
        self.arrows: list[Arrow] = []
        self.texts: list[Text] = []

    def write(self, text: str, width: int, size: int, style: str, line: int = _LINE) -> None:
        """Write a text below what was written, in as many lines as it takes."""
        for each in wrapped(printable(text), width, size):
            self.y += line
            self.texts.append(Text(self.x, self.y, each, style))


def _draw_row(pen: _Pen, row: Sequence[Stage], before: _End | None) -> _End:
    """Draw a row, and what leads to it from the row before; give how it ends."""
    highest = max(stage.height for stage in row)
    tops = [pen.y + _LINE + (highest - stage.height) * _RISE for stage in row]
    bottoms = [_draw_card(pen, stage, index, top) for index, (stage, top) in enumerate(zip(row, tops, strict=True))]
    bottom = max(bottoms) + _INSET
    pen.steps += [
        Box(_left(index), top, COLUMN, bottom - top, stage.tone, stage.height)
        for index, (stage, top) in enumerate(zip(row, tops, strict=True))
    ]
    if before is not None:
        _draw_way_down(pen, before, tops[0])
    for index, ((stage, top), (_, next_top)) in enumerate(pairwise(zip(row, tops, strict=True))):
        _draw_arrow(pen, stage, index, top, next_top)
    pen.x, pen.y = MARGIN, bottom + _ROW_GAP - _LINE
    return _End(row[-1].wait, _left(len(row) - 1) + COLUMN // 2, bottom)


def _draw_way_down(pen: _Pen, before: _End, top: int) -> None:
    x, middle = _left(0) + _INSET, before.bottom + _ROW_GAP // 2
    pen.arrows.append(Arrow(((before.x, before.bottom), (before.x, middle), (x, middle), (x, top))))
    if before.wait:
        pen.texts.append(Text(before.x - 10, middle - 7, printable(before.wait), "wait"))


def _draw_card(pen: _Pen, stage: Stage, index: int, top: int) -> int:
    """Draw a card and its notes; give where they end."""
    pen.x, pen.y = _left(index) + _INSET, top + 3
    pen.write(stage.title, _INNER, 15, "title", 20)
    head = max(_HEAD, pen.y - top + 9)
    pen.heads.append(Box(_left(index), top, COLUMN, head, stage.tone, stage.height))
    pen.y = top + head + 3
    pen.write(stage.when, _INNER, 13, "when")
    for text in stage.text:
        pen.write(text, _INNER, 13, "body")
    for note in stage.notes:
        _draw_note(pen, note)
    return pen.y


def _draw_note(pen: _Pen, note: Note) -> None:
    pen.y += 10
    pen.dots.append(Box(pen.x, pen.y + 9, 8, 8, note.tone))
    pen.x += 16
    pen.write(note.when, _INNER - 16, 12, "note-when")
    pen.write(note.text, _INNER - 16, 12, f"note-{note.tone}", 16)
    for told in note.told:
        pen.write(told, _INNER - 16, 12, "note-told", 16)
    pen.x -= 16


def _draw_arrow(pen: _Pen, stage: Stage, index: int, top: int, next_top: int) -> None:
    """Draw what leads to the next card: up from this one where that is higher, else straight on."""
    right, into = _left(index) + COLUMN, _left(index + 1)
    if next_top >= top:
        pen.arrows.append(Arrow(((right, next_top + _HEAD // 2), (into, next_top + _HEAD // 2))))
        return
    x, y = right - 26, next_top + _HEAD // 2
    pen.arrows.append(Arrow(((x, top), (x, y), (into, y))))
    if stage.wait:
        pen.texts.append(Text(x - 10, top - 12, printable(stage.wait), "wait"))


def _left(index: int) -> int:
    return MARGIN + index * (COLUMN + GAP)
