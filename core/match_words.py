"""A match as people type it: `source=grafana team=db title=/disk/ severity!=low`.

`source`, `severity` and `title` are what they say, any other name is a label, and so is `labels.source`. The same name
twice means either. Values are those of the config: `value`, `/pattern/`, `!value`, `!/pattern/`.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from core.config.matching import Match, listed
from core.matching import Facts

_FIELDS = ("source", "severity", "title")
_LABELS = "labels."
_SHOWN = 60  # characters of a word that an error repeats
_TITLE = 100  # characters of a title too long to be written out
_BLANK = re.compile(r"""[\s'"]""")


def match_of(given: object) -> object:
    """Give the match that words mean, a text of them or a list, as config would write it.

    What is neither is given back as it is: it may be such a match already. ValueError says what is wrong with a word.
    """
    if isinstance(given, str):
        return _match(_split(given))
    if isinstance(given, list | tuple):
        return _match(str(word) for word in given)
    return given


def words_of(match: Match) -> str:
    """Give the words of a match; "everything" for an empty one."""
    return " ".join(_words(match)) or "everything"


def like(facts: Facts) -> Match:
    """Give the match of what has the source and all the labels of this; without labels, the title too."""
    labels = {name: _literal(value) for name, value in facts.labels.items()}
    match: dict[str, Any] = {
        "source": _literal(facts.source),
        "labels": {n: v for n, v in labels.items() if _is_fit(labels={n: v})},
    }
    if not match["labels"]:
        title = _literal(facts.title)
        match["title"] = title if _is_fit(title=title) else f"/^{re.escape(facts.title[:_TITLE])}/"
    return Match.model_validate(match)


def _match(words: Iterable[str]) -> dict[str, Any]:
    fields: dict[str, list[str]] = {}
    labels: dict[str, list[str]] = {}
    for word in words:
        name, value = _read(word)
        if name in _FIELDS:
            fields.setdefault(name, []).append(value)
        else:
            labels.setdefault(name.removeprefix(_LABELS), []).append(value)
    return {**_one_or_several(fields), "labels": _one_or_several(labels)}


def _read(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    is_negated, name = name.endswith("!"), name.removesuffix("!").strip()
    if not equals or not name:
        raise ValueError(f"{word[:_SHOWN]!r} is not NAME=VALUE, such as source=grafana, team=db or title=/disk/")
    if value.startswith("~"):
        raise ValueError(f"{word[:_SHOWN]!r}: a pattern is written between slashes, {name}=/{value[1:_SHOWN]}/")
    return name, f"!{value}" if is_negated else value


def _one_or_several(found: Mapping[str, list[str]]) -> dict[str, str | list[str]]:
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _split(text: str) -> list[str]:
    """Split at blanks outside of quotes; a backslash belongs to a pattern and means nothing here."""
    words = shlex.shlex(text, posix=True)
    words.whitespace_split, words.escape, words.commenters = True, "", ""
    try:
        return list(words)
    except ValueError:
        raise ValueError("a quotation mark is open; a value with one in it goes between the other kind") from None


def _words(match: Match) -> Iterator[str]:
    for name in _FIELDS:
        for value in listed(getattr(match, name)):
            yield _word(name, value)
    for label, values in match.labels.items():
        for value in listed(values):
            yield _word(f"{_LABELS}{label}" if label in _FIELDS else label, value)


def _word(name: str, value: str) -> str:
    if value.startswith("!"):
        name, value = f"{name}!", value[1:]
    return f"{name}={_quoted(value)}"


def _quoted(value: str) -> str:
    if not _BLANK.search(value):
        return value
    return "".join(f"'{part}'" if '"' in part else f'"{part}"' for part in re.findall(r"""[^"]+|"+""", value))


def _literal(value: str) -> str:
    """Give the matcher of exactly this value, which may look like a pattern or like anything else than itself."""
    looks_special = value.startswith("!") or (len(value) > 1 and value.startswith("/") and value.endswith("/"))
    return rf"/^{re.escape(value)}\Z/" if looks_special else value


def _is_fit(**match: Any) -> bool:
    try:
        Match.model_validate(match)
    except ValidationError:
        return False
    return True
