"""Text in pictures: what XML can hold, and where a line breaks, whatever font the reader has."""

import re
import unicodedata
from collections.abc import Iterator

# The width of an average letter as a part of the size of the type; what is not latin is wider.
_LETTER, _BOLD, _WIDE = 0.54, 0.6, 1.05
_FROM_BOLD = 15  # pixels: type of this size and above is bold
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Give a text that XML can hold."""
    return _NOT_XML.sub("\ufffd", text)


def wrapped(text: str, width: int, size: int) -> list[str]:
    """Break a text into lines that are at most so many pixels wide; a word that is wider is broken too."""
    lines, line = [], ""
    for word in _words(text, width, size):
        longer = f"{line} {word}" if line else word
        if line and _width(longer, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def _words(text: str, width: int, size: int) -> Iterator[str]:
    for word in text.split():
        rest = word
        while _width(rest, size) > width:
            count = next((n for n in range(len(rest), 0, -1) if _width(rest[:n], size) <= width), 1)
            yield rest[:count]
            rest = rest[count:]
        if rest:
            yield rest


def _width(text: str, size: int) -> float:
    letter = _BOLD if size >= _FROM_BOLD else _LETTER
    return size * sum(_WIDE if unicodedata.east_asian_width(each) in "WF" else letter for each in text)
