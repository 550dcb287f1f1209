"""The grammar of a reply: `ack`, `ack 42`, `42 ack`, `a 42`, `1a`, `snooze 42 2h`, `note 42 on my way`, `ack all`, ...

In any case, with blanks and punctuation where a thumb puts them. Who writes more than an answer is asked again, not
guessed at: a single letter is a verb only beside a number and nothing else, and without a number only `ack` and a note
may be followed by words. STOP and its kin belong to the carrier.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from core.config.durations import parse_duration

_LONGEST = 2000  # characters of a text that are looked at
SNOOZE_FOR = timedelta(hours=1)
_LONGEST_SNOOZE = timedelta(days=30)


class Verb(StrEnum):
    """What a reply asks for."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    ESCALATE = "escalate"
    SNOOZE = "snooze"
    UPDATE = "update"
    STATUS = "status"
    HELP = "help"
    CARRIER = "carrier"  # opting out or in: the carrier has seen to it, and nobody answers
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody said. `alert` None: the only one there is, or `is_all` of them. `lasts` is of a snooze."""

    verb: Verb
    alert: int | None = None
    note: str | None = None
    is_all: bool = False
    lasts: timedelta = SNOOZE_FOR


UNKNOWN = Spoken(Verb.UNKNOWN)

_SPELLINGS = {
    Verb.ACKNOWLEDGE: ("ack", "acknowledge", "acknowledged", "acked", "a"),
    Verb.RESOLVE: ("resolve", "resolved", "close", "closed", "r", "c"),
    Verb.ESCALATE: ("escalate", "e"),
    Verb.SNOOZE: ("snooze", "s"),
    Verb.UPDATE: ("note", "update", "n", "u"),
    Verb.STATUS: ("status", "list"),
    Verb.HELP: ("help", "info"),
}
_VERBS = {word: verb for verb, words in _SPELLINGS.items() for word in words}
_CARRIER = frozenset(
    ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "start", "yes", "unstop"]
)
ACTS = frozenset({Verb.ACKNOWLEDGE, Verb.RESOLVE, Verb.ESCALATE, Verb.SNOOZE, Verb.UPDATE})
_ASKS = frozenset({Verb.STATUS, Verb.HELP})
_GOES_ON = frozenset({Verb.SNOOZE, Verb.UPDATE, *_ASKS})
_MAY_GO_ON = frozenset({Verb.ACKNOWLEDGE, Verb.UPDATE})
_ACKNOWLEDGE_KEY = "1"  # of a phone; some type it as a text

_NUMBER = r"(?:alert\W*)?(?P<number>[0-9]{1,15})(?![0-9A-Za-z])"
_WORD = re.compile(r"(?P<word>[A-Za-z]+)\W*")
_WORD_NUMBER = re.compile(rf"(?P<word>[A-Za-z]+?)\W*{_NUMBER}(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_NUMBER_WORD = re.compile(r"(?P<number>[0-9]{1,15})\s*(?P<word>[A-Za-z]+)\b(?P<rest>.*)", re.DOTALL)
_WORD_ALL = re.compile(r"(?P<word>[A-Za-z]+)\W+all\W*", re.IGNORECASE)
_WORD_REST = re.compile(r"(?P<word>[A-Za-z]+)\W+(?P<rest>.+)", re.DOTALL)
_SPAN = re.compile(
    r"\W*(?:for\W+)?(?P<span>[0-9]{1,6}[smhd]?(?:[0-9]{1,4}[smh])*)(?![0-9A-Za-z])(?P<rest>.*)", re.DOTALL
)
# `ack 41, 42`, `ack 41-43`, `ack 41 and 42`: one of them would be done, and the others would seem to be.
_MORE_NUMBERS = re.compile(r"(?:and|to|[\W\d_])*[0-9](?:and|to|[\W\d_])*", re.IGNORECASE)
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")


def read(text: str) -> Spoken:
    """Give what a text says; whatever it is, there is an answer to it."""
    said = _EDGES.sub("", unicodedata.normalize("NFKC", text[:_LONGEST]))
    if said == _ACKNOWLEDGE_KEY:
        return Spoken(Verb.ACKNOWLEDGE)
    readings = (_by_itself, _about_all) if not any(map(str.isdigit, said)) else ()
    return next((spoken for reading in (*readings, _about_one) for spoken in reading(said)), UNKNOWN)


def _about_one(said: str) -> Iterator[Spoken]:
    """Read what names a number; what seems to and cannot be made out is not taken for what names none."""
    if any(pattern.fullmatch(said) for pattern in (_WORD_NUMBER, _NUMBER_WORD)):
        yield from _with_number(said)
    else:
        yield from _without_number(said)


def _by_itself(said: str) -> Iterator[Spoken]:
    if found := _WORD.fullmatch(said):
        word = found["word"].lower()
        if word in _CARRIER:
            yield Spoken(Verb.CARRIER)
        elif word in _VERBS and len(word) > 1 and _VERBS[word] is not Verb.UPDATE:
            yield Spoken(_VERBS[word])


def _with_number(said: str) -> Iterator[Spoken]:
    for pattern in (_WORD_NUMBER, _NUMBER_WORD):
        found = pattern.fullmatch(said)
        verb = _VERBS.get(found["word"].lower()) if found else None
        if found is None or verb is None:
            continue
        if verb not in _GOES_ON and (
            _MORE_NUMBERS.fullmatch(found["rest"]) or (len(found["word"]) == 1 and _words(found["rest"]))
        ):
            continue
        yield from _complete(verb, int(found["number"]), found["rest"])


def _about_all(said: str) -> Iterator[Spoken]:
    found = _WORD_ALL.fullmatch(said)
    if found and len(found["word"]) > 1 and _VERBS.get(found["word"].lower()) is Verb.ACKNOWLEDGE:
        yield Spoken(Verb.ACKNOWLEDGE, is_all=True)


def _without_number(said: str) -> Iterator[Spoken]:
    found = _WORD_REST.fullmatch(said)
    verb = _VERBS.get(found["word"].lower()) if found and len(found["word"]) > 1 else None
    if found is None or verb is None:
        return
    if verb is Verb.SNOOZE:
        yield from _complete(verb, None, found["rest"])
    elif verb in _MAY_GO_ON and not found["rest"][0].isdigit():
        yield Spoken(verb, note=_words(found["rest"]))


def _complete(verb: Verb, alert: int | None, rest: str) -> Iterator[Spoken]:
    """Give it with what stands behind: how long a snooze lasts, and what else there is to say."""
    if verb is Verb.SNOOZE:
        found = _SPAN.fullmatch(rest)
        if found is None and _words(rest):
            return  # some words, and none of them says for how long
        lasts = _span(found["span"]) if found else SNOOZE_FOR
        if lasts is not None:
            yield Spoken(verb, alert, _words(found["rest"]) if found else None, lasts=lasts)
    elif verb is Verb.UPDATE and _words(rest) is None:
        return  # a note that says nothing
    else:
        yield Spoken(verb, None if verb in _ASKS else alert, None if verb in _ASKS else _words(rest))


def _span(text: str) -> timedelta | None:
    """Read `2h`, `90m`; a number by itself is minutes, since nobody snoozes for seconds."""
    try:
        lasts = timedelta(seconds=parse_duration(f"{text}m" if text.isdigit() else text))
    except ValueError:
        return None
    return lasts if timedelta() < lasts <= _LONGEST_SNOOZE else None


def _words(rest: str) -> str | None:
    """Give what was said beside, on one line; None when it was punctuation only."""
    said = " ".join("".join(c if c.isprintable() else " " for c in _EDGES.sub("", rest)).split())
    return said or None
