"""Whether pages, reminders and notices came to those who were expected to be told, and to nobody else."""

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from core.scenarios.course import Course
from core.scenarios.expectation import NO_MESSAGES, Expectation
from core.scenarios.failure import Failure, conditions, listed, many, offset
from core.scenarios.messages import Sent
from core.scenarios.search import Pair, Search, pairs
from core.simulation.words import told_in_words

if TYPE_CHECKING:
    from datetime import datetime


def judge_messages(expectation: Expectation, line: int, course: Course) -> Failure | None:
    """Give the failure of an expectation about messages, None when it is met."""
    search = Search(expectation, course)
    if expectation.kind in NO_MESSAGES:
        return _unwanted(search, line)
    times = expectation.times
    counts = {pair: _count(search.found(pair)) for pair in pairs(expectation)}
    missing = [pair for pair, count in counts.items() if count != times and (times or not count)]
    return _missing(search, line, missing) if missing else None


def _unwanted(search: Search, line: int) -> Failure | None:
    wanted = pairs(search.expectation)
    came = dict.fromkeys(each for pair in wanted for each in search.found(pair))
    if search.expectation.kind == "no_other_page":
        for each in _expected_pages(search.course):
            came.pop(each, None)
    if not came:
        return None
    first = min(at for each in came if (at := search.came_at(each)))
    return Failure(line, _what(search, wanted), search.window.words, _told(came, search), first, _steps(came))


def _expected_pages(course: Course) -> Iterator[Sent]:
    for other in course.ready.scenario.expect:
        if other.kind == "page":
            search = Search(other, course)
            yield from (each for pair in pairs(other) for each in search.found(pair))


def _missing(search: Search, line: int, missing: Collection[Pair]) -> Failure:
    came = [each for pair in missing for each in search.found(pair)]
    word = f"{many(_count(came))}:" if came else ""
    if not came:
        word, came = search.closest(missing)
    steps = _steps(came)
    got = f"{word} {_told(came, search)}".strip() if came else "none"
    at = search.window.anchor(search.course, steps)
    return Failure(line, _what(search, missing), search.window.words, got, at, steps)


def _count(sent: Iterable[Sent]) -> int:
    """Count messages; those of one cause are one, on however many channels it went out."""
    return len({(each.alert, each.cause) for each in sent})


def _what(search: Search, wanted: Iterable[Pair]) -> str:
    whom: dict[str, list[str]] = {}
    for who, channel in wanted:
        whom.setdefault(who, []).extend([channel] if channel else [])
    to = " and ".join(f"{who} on {', '.join(channels)}" if channels else who for who, channels in whom.items())
    return f"{search.noun} to {to}{conditions(search.expectation)}"


def _told(came: Iterable[Sent], search: Search) -> str:
    together: dict[tuple[int, datetime], list[Sent]] = {}
    for each in sorted(came, key=lambda each: each.step):
        together.setdefault((each.step, search.came_at(each) or each.arrived_at or each.at), []).append(each)
    said = []
    for (_, at), sent in together.items():
        kind = "" if search.is_kind(sent[0]) else f"{sent[0].kind} to "
        whom = ", ".join(told_in_words((each.person, each.channel) for each in sent))
        said.append(f"{kind}{whom} at {offset(at, search.course)}")
    return listed(said)


def _steps(came: Iterable[Sent]) -> tuple[int, ...]:
    return tuple(sorted({each.step for each in came}))
