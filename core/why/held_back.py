"""Held back: why somebody was not paged by levels that had no turn: silences, an answer before, time, the policy."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from core.messages import say_level
from core.timeline import EventKind
from core.why.ahead import Ahead, first_page
from core.why.case import Case
from core.why.channels import why_not_paged
from core.why.missed import is_turn, missed_by_levels
from core.why.moment import Moment
from core.why.people import is_on, say_shift, shift_of, takes_turns
from core.why.reasons import Code, Reason, unreachable
from core.why.words import listed

_STOPS = {
    EventKind.ACKNOWLEDGED: "acknowledged",
    EventKind.UPDATED: "answered",
    EventKind.SNOOZED: "snoozed it",
    EventKind.RESOLVED: "resolved it",
}


def why_missed(person: str, moments: Sequence[Moment], case: Case) -> list[Reason]:
    """Give every reason why somebody was not paged, the most telling first; at least one."""
    levels, silences = missed_by_levels(person, moments, case), _silences(moments, case)
    found = [*levels, *silences, *_to_come(person, moments, case), *_unfired(person, moments, case)]
    return found or [_not_asked(person, case)]


def _silences(moments: Sequence[Moment], case: Case) -> Iterator[Reason]:
    """Give the times in which it was silenced while nobody had answered."""
    for place, moment in enumerate(moments):
        if moment.kind != EventKind.SUPPRESSED or not moment.before.is_unanswered:
            continue
        over = {EventKind.UNSUPPRESSED, EventKind.REOPENED, EventKind.RESOLVED}
        end = next((each for each in moments[place + 1 :] if each.kind in over), None)
        until = f"until {case.say(end.at)}" if end else "on, and still is"
        by = moment.event.get("reason") or "somebody"
        text = f"It was silenced from {case.say(moment.at)} {until}, by {by}. In a silence no level fires."
        yield Reason(Code.SILENCED, text, "it was silenced" if end else "it is silenced", moment.at)


def _to_come(person: str, moments: Sequence[Moment], case: Case) -> Iterator[Reason]:
    """Give the page that somebody would get next, or would have got, had nobody answered."""
    if case.alert.is_unanswered:
        ahead = first_page(case.alert, person, case.now, case.rules)
        if ahead:
            yield _waiting(person, ahead, case)
        return
    stop = _stop(moments)
    ahead = first_page(stop.before, person, stop.at, case.rules) if stop and stop.kept else None
    if stop and ahead:
        by = "its source" if stop.event.get("via") == "source" else stop.event.get("by")
        who = f"{by} {_STOPS[EventKind(stop.kind)]}"
        would = f"{_what_fires(ahead, stop.before.policy.levels[ahead.page.level].level)} would have paged {person}"
        text = f"{would} at {case.say(ahead.at)}, but {who} before, at {case.say(stop.at)}."
        yield Reason(Code.ANSWERED, text, f"{who} before it came to {person}", stop.at)


def _waiting(person: str, ahead: Ahead, case: Case) -> Reason:
    what = _what_fires(ahead, ahead.page.level_name)
    text = f"{what} pages {person} at {case.say(ahead.at)} if nobody answers before."
    return Reason(Code.WAITING, text, "it has not come to that yet", ahead.at)


def _what_fires(ahead: Ahead, level_name: str) -> str:
    if ahead.page.reason != "level":
        return f"The catch-all (paged when {ahead.page.reason})"
    again = f" of round {ahead.page.round + 1}" if ahead.page.round else ""
    return f"Level {ahead.page.level + 1} ({level_name}){again}"


def _stop(moments: Sequence[Moment]) -> Moment | None:
    """Give the event with which the ladder last came to stand still, by somebody's word."""
    stops = (each for each in reversed(moments) if each.kind in _STOPS and each.before.is_unanswered)
    return next((each for each in stops if each.kind != EventKind.UPDATED or each.event.get("acknowledges")), None)


def _unfired(person: str, moments: Sequence[Moment], case: Case) -> Iterator[Reason]:
    """Give why levels that have not fired would not have paged somebody who belongs to them."""
    alert = case.alert
    turns = (each for each in moments if is_turn(each) and each.kept)
    fired = {each.event["level"] for each in turns if each.kept and each.kept.policy == alert.policy}
    stop = None if alert.is_unanswered else _stop(moments)
    at = stop.at if stop else case.now
    for place, level in enumerate(alert.policy.levels):
        for responder in level.responders if place not in fired else ():
            if reason := _by_unfired(person, responder, place, at, case):
                yield reason


def _by_unfired(person: str, responder: str, place: int, at: datetime, case: Case) -> Reason | None:
    alert, rules = case.alert, case.rules
    what, channels = f"Level {say_level(place, alert)}", alert.policy.levels[place].notification_channels
    if is_on(person, responder, at, rules):
        if person in dict(rules.reach([responder], channels, alert.severity, at).pages):
            return None
        whys = {channel: why_not_paged(rules, person, channel, alert.severity) for channel in channels}
        return unreachable(person, f"{what}, which has not fired, would page {person}", whys)
    if responder not in rules.plans or not takes_turns(person, responder, rules):
        return None
    shift = shift_of(responder, at, rules)
    who = f"{shift.member} was, {say_shift(shift, responder, rules)}" if shift.member else "nobody was"
    text = f"{what} has not fired, and {person} was not the one on call in {responder}: {who}."
    return Reason(Code.NOT_ON_CALL, text, f"not on call in {responder}", at)


def _not_asked(person: str, case: Case) -> Reason:
    """Give the reason of somebody who belongs to no level, or of whom nothing is known."""
    alert, rules = case.alert, case.rules
    asked = dict.fromkeys(each for level in alert.policy.levels for each in level.responders)
    belongs = any(each == person or (each in rules.plans and takes_turns(person, each, rules)) for each in asked)
    if belongs:
        return Reason(Code.UNKNOWN, "What is kept of this alert does not say why.", "nobody can tell why any more")
    text = f"Policy {alert.policy_name} asks {listed(asked or ['nobody'])}. {person} is none of these"
    rotations = [each for each in asked if each in rules.plans]
    turns = f", and has no turn in {listed(rotations, 'or')}" if rotations else ""
    return Reason(Code.NOT_ASKED, f"{text}{turns}.", f"policy {alert.policy_name} never asks {person}")
