"""Silences and maintenance windows that hide everything, or a whole severity, for long or for most of the week.

What a match hides is found by asking it about alerts of every source and severity, with titles and labels that nobody
would have thought of; one that is about something in particular lets some of them through.
"""

from collections.abc import Iterator
from datetime import timedelta

from core.config import Config
from core.config.faults import Place
from core.config.heartbeats import HEARTBEAT
from core.config.matching import Match, listed, parse_matcher
from core.lint.codes import Code
from core.lint.finding import Finding, at
from core.lint.ladders import and_list
from core.lint.spans import Span, Spans, total, united
from core.lint.survey import Survey
from core.matching import SignalFacts, compiled
from core.severity import Severity
from core.silences import Cover, Once

# Who silences everything for a night or a weekend means it; a week is no maintenance any more.
_LONG = timedelta(days=7)
_MOST = 0.5

_GRAVE = frozenset({Severity.CRITICAL, Severity.HIGH})
_TITLES = ("x", "Disk is full on db-1", "Überlast: 97 % (cpu)", "[FIRING:3] HTTP 500 /checkout", "\u6545\u969c")


def hiding_silences(survey: Survey) -> Iterator[Finding]:
    """Tell of silences that hide whole severities for so long that it can hardly be meant."""
    groups: dict[frozenset[Severity], list[tuple[Place, Cover]]] = {}
    for place, cover in _covers(survey):
        if hidden := _hidden(survey.config, cover.written.match):
            groups.setdefault(hidden, []).append((place, cover))
    for hidden, covers in groups.items():
        spans = united(span for _, cover in covers for span in _times(survey, cover))
        if spans and _is_too_much(survey, hidden, spans):
            yield _finding(survey, hidden, covers, spans)


def _covers(survey: Survey) -> Iterator[tuple[Place, Cover]]:
    """Give the silences of the config, each with its place; those that people ordered stand nowhere."""
    silences, config = survey.rules.silences, survey.config
    planned = silences.once[len(silences.once) - len(config.silences) :]
    for section, covers in (("silences", planned), ("maintenance", silences.recurring)):
        yield from (((section, number), cover) for number, cover in enumerate(covers))


def _hidden(config: Config, match: Match) -> frozenset[Severity]:
    """Give the severities of which a match hides every alert."""
    if not _is_about_all(match):
        return frozenset()
    holds = compiled(match)
    sources = [*config.sources, *([HEARTBEAT] if config.heartbeats else [])] or ["any"]
    labels = dict.fromkeys(match.labels, "\u6545\u969c")
    return frozenset(
        severity
        for severity in Severity
        if all(
            holds(SignalFacts(source, severity, title, given))
            for source in sources
            for title in _TITLES
            for given in ({}, labels)
        )
    )


def _is_about_all(match: Match) -> bool:
    """Say whether no title and no label is left out on purpose: `!db` is about everything but db."""
    written = [*listed(match.title), *(text for value in match.labels.values() for text in listed(value))]
    return not any(parse_matcher(text).is_negated for text in written)


def _times(survey: Survey, cover: Cover) -> Iterator[Span]:
    """Give when it holds in the time that is looked at; one that comes once, until it ends."""
    now, end = survey.window
    if isinstance(cover.times, Once):
        if cover.times.start < end:
            yield max(now, cover.times.start), cover.times.end
        return
    begins = now
    while begins < end:
        begins, ends = cover.times.next_at(begins)
        if begins < end:
            yield max(now, begins), ends
        begins = ends


def _is_too_much(survey: Survey, hidden: frozenset[Severity], spans: Spans) -> bool:
    start, end = survey.window
    inside = united((begins, min(ends, end)) for begins, ends in spans)
    part = total(inside) / (end - start)
    if not hidden & _GRAVE:
        return part >= 1  # to hear of small things by day only is nothing unusual
    return part > _MOST or max(ends - begins for begins, ends in spans) >= _LONG


def _finding(
    survey: Survey, hidden: frozenset[Severity], covers: list[tuple[Place, Cover]], spans: list[Span]
) -> Finding:
    is_all = hidden == frozenset(Severity)
    what = "everything" if is_all else f"every {and_list(each.value for each in Severity if each in hidden)} alert"
    names = and_list(cover.what for _, cover in covers)
    end = spans[0][1]
    beyond = end > survey.window[1] and len(spans) == 1
    when = f"until {survey.say(end)}" if beyond else f"for {survey.say_spans(spans)}"
    return at(
        Code.SILENCE_HIDES_EVERYTHING if is_all else Code.SILENCE_HIDES_SEVERITY,
        covers[0][0],
        f"{names} {'hides' if len(covers) == 1 else 'hide'} {what} {when}",
        "Nobody is paged about it in that time, and ladders stand still.",
        "Narrow its match, or let it end sooner; for one alert there is `rung snooze`.",
    )
