"""Names that sections of the config refer to, and what to say about one that is not there."""

import difflib
from collections.abc import Collection, Iterable, Mapping

from core.config.raw import Raw, value_at

_MAY_BE_ABSENT = frozenset({"mappings", "rotations", "teams"})


def names_in(raw: Raw, sections: Iterable[str]) -> list[str] | None:
    """Give the names that these sections hold; None when one of them is no mapping, so that nothing is known."""
    names: list[str] = []
    for section in sections:
        entries = value_at(raw.values, tuple(section.split(".")))
        if entries is None and section in _MAY_BE_ABSENT:
            continue
        if not isinstance(entries, Mapping):
            return None
        names += entries
    return names


def hint(value: str, names: Collection[str]) -> str:
    """Give the name that was probably meant, else all there are."""
    if not names:
        return ", and there is none yet"
    nearest = difflib.get_close_matches(value, names, n=1)
    return f" (did you mean {nearest[0]}?)" if nearest else f": one of {', '.join(names)}"
