"""Parts of a text message: how much of an answer three of them hold.

A text whose characters all stand in the alphabet of GSM has 153 to a part; one more of any other kind makes it 67.
"""

MOST_PARTS = 3
_PLAIN_PART = 153
_UNICODE_PART = 67  # UTF-16 units

_PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("^{}\\[~]|€\f")
# What titles have of these is worth no third of the room.
_LIKE_PLAIN = str.maketrans(
    {
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{NO-BREAK SPACE}": " ",
    }
)
_DOTS = "..."
_LONGEST_END = 80  # characters of the last sentence, which says what to do


def cut(text: str) -> str:
    """Give the text with as much in its middle left out as three parts have no room for; its last sentence stays."""
    text = text.translate(_LIKE_PLAIN).strip()
    limit = MOST_PARTS * (_PLAIN_PART if _is_plain(text) else _UNICODE_PART)
    if _length(text) <= limit:
        return text
    head, stop, end = text.rpartition(". ")
    if not stop or len(end) > _LONGEST_END:
        head, end = text, ""
    end = f" {end}" if end else ""
    return _first(head, limit - _length(_DOTS + end)).rstrip() + _DOTS + end


def parts(text: str) -> int:
    """Say in how many parts a text goes out."""
    size, most = (_PLAIN_PART, 160) if _is_plain(text) else (_UNICODE_PART, 70)
    length = _length(text)
    return 1 if length <= most else -(-length // size)


def _is_plain(text: str) -> bool:
    return all(each in _PLAIN or each in _ESCAPED for each in text)


def _length(text: str) -> int:
    if _is_plain(text):
        return sum(1 + (each in _ESCAPED) for each in text)
    return sum(1 + (ord(each) > 0xFFFF) for each in text)  # noqa: PLR2004 - beyond it UTF-16 takes two


def _first(text: str, limit: int) -> str:
    """Give as many characters as have room, never more than half of one."""
    plain = _is_plain(text)
    room = limit
    for index, each in enumerate(text):
        room -= 1 + (each in _ESCAPED if plain else ord(each) > 0xFFFF)  # noqa: PLR2004 - as above
        if room < 0:
            return text[:index]
    return text
