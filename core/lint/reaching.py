"""People whom nobody can reach on a level's channels, and levels that therefore, or for want of people, never fire."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.lint.codes import Code
from core.lint.finding import Finding, at
from core.lint.ladders import Rung, and_list, rungs_words, unused_policies
from core.lint.survey import Survey
from core.severity import Severity

# A rotation may be about holidays only, and these come once a year.
_NEVER = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level never fires, and what to do."""

    found: str
    mend: str


def unreachable_people(survey: Survey) -> Iterator[Finding]:
    """Tell of whoever may be on a level, or in the catch-all, and is reached by none of its channels."""
    lost: dict[str, list[Rung]] = {}
    for rung in survey.rungs:
        if not why_never(survey, rung):
            for person in survey.people_of(rung.level.responders):
                if not reaching(survey, person, rung.level.notification_channels):
                    lost.setdefault(person, []).append(rung)
    for person, rungs in lost.items():
        channels = [channel for rung in rungs for channel in rung.level.notification_channels]
        yield _unreachable(survey, person, channels, f"{_the_channels(channels)} of {rungs_words(rungs)}")
    for person in survey.people_of(survey.config.escalation.catch_all):
        if person not in lost and not reaching(survey, person, survey.config.channels):
            yield _unreachable(survey, person, survey.config.channels, "all that there are, and is in the catch-all")


def people_never_woken(survey: Survey) -> Iterator[Finding]:
    """Tell of whoever is reached only by channels that let people sleep, on a level that has others."""
    asleep: dict[str, list[Rung]] = {}
    for rung in survey.rungs:
        channels = rung.level.notification_channels
        if any(_is_loud(survey, channel) for channel in channels):
            for person in survey.people_of(rung.level.responders):
                found = reaching(survey, person, channels)
                if found and not any(_is_loud(survey, channel) for channel in found):
                    asleep.setdefault(person, []).append(rung)
    for person, rungs in asleep.items():
        loud = [c for rung in rungs for c in rung.level.notification_channels if _is_loud(survey, c)]
        yield at(
            Code.PERSON_NEVER_WOKEN,
            ("people", person),
            f"{person} cannot be reached on {and_list(loud)}, {_the_channels(loud)} of {rungs_words(rungs)} that wake "
            "people",
            f"A page at night comes to {person} on channels that are quiet.",
            f"Give {person} {_missing(survey, person, loud)}, or leave it so if that is meant.",
        )


def dead_levels(survey: Survey) -> Iterator[Finding]:
    """Tell of levels that can never fire, and of policies none of whose levels can."""
    dead: dict[Reason, list[Rung]] = {}
    for ladder in survey.ladders:
        reasons = [(rung, why_never(survey, rung)) for rung in ladder.rungs]
        if all(reason for _, reason in reasons):
            if any(rung.is_own for rung in ladder.rungs):
                yield _silent(ladder.place, ladder.words, [reason.found for _, reason in reasons if reason])
            continue
        for rung, reason in reasons:
            if reason and rung.is_own:
                dead.setdefault(reason, []).append(rung)
    for reason, rungs in dead.items():
        yield at(
            Code.LEVEL_NEVER_FIRES,
            rungs[0].place(),
            f"{rungs_words(rungs)} can never fire: {reason.found}",
            "It is passed over every time, and the ladder goes on at once.",
            reason.mend,
        )


def unused(survey: Survey) -> Iterator[Finding]:
    """Tell of policies that no alert takes."""
    for name in unused_policies(survey.config):
        yield at(
            Code.POLICY_UNUSED,
            ("escalation", "policies", name),
            f"no severity, source, route or heartbeat takes the policy {name}",
            "Its levels never fire.",
            "Name it in a route, a source or a heartbeat, or take it out.",
        )


def empty_catch_all(survey: Survey) -> Iterator[Finding]:
    """Tell that nobody hears of an alert that nobody ever answered."""
    if not survey.config.escalation.catch_all:
        yield at(
            Code.CATCH_ALL_EMPTY,
            ("escalation", "catch_all"),
            "the catch-all is empty",
            "When a ladder is used up, or can reach nobody, no one is told of it.",
            "Name a person or a rotation in it.",
        )


def why_never(survey: Survey, rung: Rung) -> Reason | None:
    """Say why a level can never fire; None when it can."""
    level, in_use = rung.level, survey.rules.channels_in_use
    channels = and_list(level.notification_channels)
    if not any(channel in in_use for channel in level.notification_channels):
        return Reason(f"{channels} {_be(level.notification_channels)} switched off", "Name a channel that is in use.")
    again = survey.next_on_duty(level.responders)
    if again is None or again - survey.now > _NEVER:
        names = and_list(level.responders)
        return Reason(f"nobody is on duty in {names} for more than a year", f"Give {names} members who are there.")
    people = survey.people_of(level.responders)
    if not any(reaching(survey, person, level.notification_channels) for person in people):
        who = f"none of {and_list(people)} can" if len(people) > 1 else f"{people[0]} cannot"
        mend = f"Give somebody {_missing(survey, people[0], level.notification_channels)}, or name other channels."
        return Reason(f"{who} be reached on {channels}", mend)
    if rung.ladder.severities and not any(
        _wants(survey, person, rung, severity) for person in people for severity in rung.ladder.severities
    ):
        said = and_list(severity.value for severity in rung.ladder.severities)
        return Reason(
            f"{', '.join(people)} {'wants' if len(people) == 1 else 'want'} no {said} pages on any channel",
            "Have one of them take something out of `quiet`.",
        )
    return None


def reaching(survey: Survey, person: str, channels: Iterable[str]) -> list[str]:
    """Give those of the channels that reach a person."""
    return [channel for channel in channels if survey.rules.can_reach(person, channel)]


def _wants(survey: Survey, person: str, rung: Rung, severity: Severity) -> bool:
    rules, found = survey.rules, reaching(survey, person, rung.level.notification_channels)
    if not found:
        return False
    return any(rules.wants(person, c, severity) for c in found) or rules.next_channel(person, severity) is not None


def _unreachable(survey: Survey, person: str, channels: Iterable[str], where: str) -> Finding:
    used = [channel for channel in dict.fromkeys(channels) if channel in survey.rules.channels_in_use]
    others = [c for c in reaching(survey, person, survey.config.channels) if c not in used]
    other = f", or name {and_list(others)} there too" if others else ""
    return at(
        Code.PERSON_UNREACHABLE,
        ("people", person),
        f"{person} cannot be reached on {and_list(used)}, {where}",
        f"{person} is not paged there; where nobody else is, the level is left at once.",
        f"Give {person} {_missing(survey, person, used)}{other}.",
    )


def _silent(place: tuple[str | int, ...], words: str, reasons: Sequence[str]) -> Finding:
    return at(
        Code.POLICY_NEVER_PAGES,
        place,
        f"no level of {words} can ever fire: {'; '.join(dict.fromkeys(reasons))}",
        "Its alerts page nobody but the catch-all.",
        "Put somebody on its levels who is on duty and can be reached on their channels.",
    )


def _missing(survey: Survey, person: str, channels: Iterable[str]) -> str:
    """Say which contact fields a person lacks for these channels."""
    contacts = survey.config.people[person].contacts.keys()
    settings = (survey.config.channels[channel] for channel in dict.fromkeys(channels))
    fields = sorted({field for each in settings if each for field in each.needs - contacts})
    return f"the contact{'s' if len(fields) > 1 else ''} {and_list(fields)}" if fields else "a channel that is in use"


def _is_loud(survey: Survey, channel: str) -> bool:
    return channel in survey.rules.channels_in_use and not survey.rules.is_quiet(channel)


def _be(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _the_channels(names: Sequence[str]) -> str:
    return "the channel" if len(set(names)) == 1 else "the channels"
