"""What markup may hold: XML takes no control characters, whatever an alert's title has in it."""

_ALLOWED = ((0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
_ALLOWED_TOO = "\t\n"


def readable(text: str) -> str:
    """Give the text without what no XML document may hold."""
    return "".join(each for each in text if each in _ALLOWED_TOO or _is_allowed(ord(each)))


def _is_allowed(code: int) -> bool:
    return any(first <= code <= last for first, last in _ALLOWED)
