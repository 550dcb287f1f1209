"""Hours in which nobody is on call: on a level, on a whole ladder, and in the catch-all behind it."""

from collections.abc import Iterator

from core.lint.codes import Code
from core.lint.finding import Finding, at
from core.lint.ladders import Ladder, Rung, and_list, rungs_words
from core.lint.reaching import why_never
from core.lint.spans import Spans, common, without
from core.lint.survey import Survey


def uncovered_ladders(survey: Survey) -> Iterator[Finding]:
    """Tell of hours in which no level of a ladder has anybody on call."""
    groups: dict[frozenset[str], list[Ladder]] = {}
    for ladder in survey.ladders:
        if any(rung.is_own for rung in ladder.rungs) and not all(why_never(survey, rung) for rung in ladder.rungs):
            groups.setdefault(ladder.responders, []).append(ladder)
    nobody_behind = survey.uncovered(survey.config.escalation.catch_all)
    for responders, ladders in groups.items():
        gaps = survey.uncovered(responders)
        if unpaged := common(gaps, nobody_behind):
            yield _unpaged(survey, ladders, unpaged)
        if left := without(gaps, unpaged):
            yield _uncovered(survey, ladders, left)


def uncovered_levels(survey: Survey) -> Iterator[Finding]:
    """Tell of hours in which nobody is on call on a level, while another one of its ladder has somebody."""
    groups: dict[frozenset[str], list[Rung]] = {}
    for rung in survey.rungs:
        gaps = survey.uncovered(rung.level.responders)
        if gaps and not why_never(survey, rung) and without(gaps, survey.uncovered(rung.ladder.responders)):
            groups.setdefault(frozenset(rung.level.responders), []).append(rung)
    for responders, rungs in groups.items():
        yield _level(survey, responders, rungs, survey.uncovered(responders))


def uncovered_catch_all(survey: Survey) -> Iterator[Finding]:
    """Tell of hours in which the catch-all stands for nobody."""
    names = survey.config.escalation.catch_all
    if names and (gaps := survey.uncovered(names)):
        yield at(
            Code.CATCH_ALL_UNCOVERED,
            ("escalation", "catch_all"),
            f"nobody is on call in the catch-all ({and_list(names)}) for {survey.say_spans(gaps)}",
            "When a ladder is used up in these hours, no one is told of it.",
            "Name a person beside it, or somebody who is always there.",
        )


def _unpaged(survey: Survey, ladders: list[Ladder], gaps: Spans) -> Finding:
    return at(
        Code.HOURS_UNPAGED,
        ladders[0].place,
        f"nobody is on call on any level of {_words(ladders)}, nor in the catch-all, for {survey.say_spans(gaps)}",
        "An alert that comes in these hours may page nobody at all.",
        _MEND,
    )


def _uncovered(survey: Survey, ladders: list[Ladder], gaps: Spans) -> Finding:
    return at(
        Code.HOURS_UNCOVERED,
        ladders[0].place,
        f"nobody is on call on any level of {_words(ladders)} for {survey.say_spans(gaps)}",
        "An alert that comes in these hours goes to the catch-all at once.",
        _MEND,
    )


_MEND = "Widen the restrictions of a rotation, add a layer that covers these hours, or put a person on the last level."


def _level(survey: Survey, responders: frozenset[str], rungs: list[Rung], gaps: Spans) -> Finding:
    is_declared = all(survey.is_restricted(responder) for responder in responders)
    names = and_list(sorted(responders))
    mend = (
        "Nothing, if these hours are meant to be free; else widen the restrictions, or add a layer that covers them."
        if is_declared
        else f"See to it that {names} {'has' if len(responders) == 1 else 'have'} a member then: `from` and `until` "
        "say who is there."
    )
    return at(
        Code.LEVEL_OFF_DUTY if is_declared else Code.LEVEL_UNCOVERED,
        rungs[0].place("responders"),
        f"nobody is on call in {names}, which is {rungs_words(rungs)}, for {survey.say_spans(gaps)}",
        "The level is passed over in these hours, and the ladder goes on at once.",
        mend,
    )


def _words(ladders: list[Ladder]) -> str:
    return and_list(ladder.words for ladder in ladders)
