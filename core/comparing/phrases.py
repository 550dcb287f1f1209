"""Small phrases that all that is told about a comparison is made of."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from core.times import say_duration

_MOST_LISTED = 6
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def joined(names: Sequence[str], word: str = "and") -> str:
    """Give `a`, `a and b`, `a, b and c`."""
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)


def listed(names: Sequence[str], most: int = _MOST_LISTED) -> str:
    """Give `a, b, c`, and how many more there are when they are many."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def counted(number: int, what: str) -> str:
    """Give `1 round`, `2 rounds`, `no round`."""
    return f"{number or 'no'} {what}{'s' if number > 1 else ''}"


def once(names: Iterable[str]) -> list[str]:
    """Give each name once, in order."""
    return list(dict.fromkeys(names))


def exactly(span: timedelta) -> str:
    """Say how long, to the second: `1 h 5 min 10 s`. What is compared must not look alike where it is not."""
    left, parts = round(abs(span).total_seconds()), list[str]()
    for size, unit in _UNITS:
        number, left = divmod(left, size)
        parts += [f"{number} {unit}"] if number else []
    return " ".join(parts) or say_duration(span)


def after(span: timedelta) -> str:
    """Say how long after an alert came in."""
    return f"after {exactly(span)}" if span else "at once"
