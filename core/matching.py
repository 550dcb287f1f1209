"""Matching: a match of the config, compiled once, so that hundreds of them are asked in well under a millisecond.

Conditions on whole values are asked before patterns, which cost more. A pattern sees the first 1,000 characters only:
how long the worst of them takes grows faster than the text, and nothing that a source sends is longer.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from core.config.matching import Match, listed, parse_matcher
from core.severity import Severity

_SEARCHED = 1000  # characters


class Facts(Protocol):
    """What a match looks at. An Alert will do, and so do the facts of a signal."""

    @property
    def source(self) -> str: ...  # noqa: D102 - as the alert's
    @property
    def severity(self) -> Severity: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def labels(self) -> Mapping[str, str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """The facts of a signal, whose severity is what config makes of its word."""

    source: str
    severity: Severity
    title: str
    labels: Mapping[str, str]


Holds = Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class _Condition:
    """The matchers of one field: of `values` and `patterns` one must match, of the others none."""

    values: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    not_values: frozenset[str]
    not_patterns: tuple[re.Pattern[str], ...]

    @property
    def is_plain(self) -> bool:
        """Whether it is about whole values only."""
        return not (self.patterns or self.not_patterns)

    def holds(self, text: str) -> bool:
        """Say whether a field's text is what is wanted."""
        if text in self.not_values or _finds(self.not_patterns, text):
            return False
        if not self.values and not self.patterns:
            return True
        return text in self.values or _finds(self.patterns, text)


def compiled(match: Match) -> Holds:
    """Give the function that says whether a match holds. An empty match holds for everything."""
    conditions = tuple(holds for _, holds in sorted(_conditions(match), key=lambda each: not each[0].is_plain))
    if len(conditions) == 1:
        return conditions[0]

    def all_hold(facts: Facts) -> bool:
        for holds in conditions:  # noqa: SIM110 - a generator costs more than most conditions
            if not holds(facts):
                return False
        return True

    return all_hold


def _conditions(match: Match) -> Iterator[tuple[_Condition, Holds]]:
    if match.source != ():
        condition = _condition(match.source)
        yield condition, _on_source(condition)
    if match.severity != ():
        condition = _condition(match.severity)
        yield condition, _on_severity(condition)
    if match.title != ():
        condition = _condition(match.title)
        yield condition, _on_title(condition)
    for label, matchers in match.labels.items():
        condition = _condition(matchers)
        yield condition, _on_label(label, condition)


def _condition(matchers: str | tuple[str, ...]) -> _Condition:
    parsed = [parse_matcher(matcher) for matcher in listed(matchers)]

    def values(*, negated: bool) -> frozenset[str]:
        return frozenset(each.text for each in parsed if not each.is_pattern and each.is_negated is negated)

    def patterns(*, negated: bool) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(each.text) for each in parsed if each.is_pattern and each.is_negated is negated)

    return _Condition(values(negated=False), patterns(negated=False), values(negated=True), patterns(negated=True))


def _test(condition: _Condition) -> Callable[[str], bool]:
    """Give the quickest way to ask: most conditions are one value, a few, or one pattern."""
    if condition.not_values or condition.not_patterns:
        return condition.holds
    if condition.is_plain:
        return condition.values.__contains__
    if condition.values or len(condition.patterns) > 1:
        return condition.holds
    search = condition.patterns[0].search
    return lambda text: search(text, 0, _SEARCHED) is not None


def _on_source(condition: _Condition) -> Holds:
    test = _test(condition)
    return lambda facts: test(facts.source)


def _on_severity(condition: _Condition) -> Holds:
    test = _test(condition)
    return lambda facts: test(facts.severity)


def _on_title(condition: _Condition) -> Holds:
    test = _test(condition)
    return lambda facts: test(facts.title)


def _on_label(label: str, condition: _Condition) -> Holds:
    test = _test(condition)
    return lambda facts: test(facts.labels.get(label, ""))


def _finds(patterns: tuple[re.Pattern[str], ...], text: str) -> bool:
    for pattern in patterns:  # noqa: SIM110 - a generator costs more than most searches
        if pattern.search(text, 0, _SEARCHED):
            return True
    return False
