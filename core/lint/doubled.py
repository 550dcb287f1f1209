"""A person on two levels of the same ladder at the same hour: the second level then asks whoever did not answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from core.lint.codes import Code
from core.lint.finding import Finding, at
from core.lint.ladders import Rung, and_list
from core.lint.spans import Span, Spans, common, united, without
from core.lint.survey import Survey


@dataclass
class _Pair:
    """Two levels that share people, and the ladders in which they follow each other."""

    lower: Rung
    upper: Rung
    spans: Spans
    people: list[str]
    adds_others: bool
    ladders: list[str] = field(default_factory=list)


def same_people(survey: Survey) -> Iterator[Finding]:
    """Tell once of each two levels whose people are the same for a while."""
    pairs: dict[tuple[object, ...], _Pair] = {}
    for ladder in survey.ladders:
        for lower, upper in combinations(ladder.rungs, 2):
            if (lower.is_own or upper.is_own) and (pair := _compared(survey, lower, upper)):
                pairs.setdefault(_key(pair), pair).ladders.append(ladder.words)
    yield from (_finding(survey, pair) for pair in pairs.values())


def _compared(survey: Survey, lower: Rung, upper: Rung) -> _Pair | None:
    """Give what two levels share. Time in which the upper one asks nobody new counts before any other."""
    shared = _shared(survey, lower, upper)
    times = united(span for spans in shared.values() for span in spans)
    if not times:
        return None
    below, above = survey.duty(lower.level.responders), survey.duty(upper.level.responders)
    new = united(span for person, spans in above.items() for span in without(spans, below.get(person, [])))
    wasted = without(times, new)
    spans = wasted or times
    people = [person for person in survey.config.people if common(shared.get(person, []), spans)]
    return _Pair(lower, upper, spans, people, adds_others=not wasted)


def _shared(survey: Survey, lower: Rung, upper: Rung) -> dict[str, list[Span]]:
    """Give when each person is on both, but for whoever is named on both on purpose.

    A name that is written on both is meant, when the upper level has other people or other channels beside it.
    """
    below, above = lower.level, upper.level
    named_twice = set(below.responders) & set(above.responders)
    if set(above.responders) <= named_twice and set(above.notification_channels) <= set(below.notification_channels):
        return _overlap(survey.duty(below.responders), survey.duty(above.responders))
    others = [name for name in above.responders if name not in named_twice]
    mine = [name for name in below.responders if name not in named_twice]
    one = _overlap(survey.duty(below.responders), survey.duty(others))
    other = _overlap(survey.duty(mine), survey.duty(above.responders))
    return {name: united([*one.get(name, ()), *other.get(name, ())]) for name in {**one, **other}}


def _overlap(one: dict[str, list[Span]], other: dict[str, list[Span]]) -> dict[str, list[Span]]:
    both = {person: common(spans, other.get(person, [])) for person, spans in one.items()}
    return {person: spans for person, spans in both.items() if spans}


def _key(pair: _Pair) -> tuple[object, ...]:
    """Give what makes two pairs of levels one finding, whatever ladders they stand in."""
    lower, upper = pair.lower, pair.upper
    return (
        (lower.number, lower.level.level, frozenset(lower.level.responders)),
        (upper.number, upper.level.level, frozenset(upper.level.responders)),
        pair.adds_others,
    )


def _finding(survey: Survey, pair: _Pair) -> Finding:
    people = and_list(pair.people)
    on = f"{people} {'is' if len(pair.people) == 1 else 'are'} on {pair.lower.words} and {pair.upper.words}"
    return at(
        Code.SAME_PERSON_AMONG_OTHERS if pair.adds_others else Code.SAME_PERSON_TWICE,
        pair.upper.place("responders"),
        f"{on} of {and_list(pair.ladders)} at the same time for {survey.say_spans(pair.spans)}",
        f"Whoever has not answered level {pair.lower.number + 1} is asked again"
        + (", beside others." if pair.adds_others else ", and nobody else."),
        "Have others on one of the two levels at that time: another order of the members, another handoff, or other "
        "people.",
    )
