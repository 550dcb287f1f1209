"""Missed: why levels that had their turn did not page somebody: not on call, an override, unreachable, unwilling."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from core.firing import UNDELIVERED
from core.timeline import EventKind
from core.why.case import Case
from core.why.channels import why_not_paged
from core.why.climbed import level_of
from core.why.moment import Moment
from core.why.people import say_override, say_shift, shift_of, takes_turns, turns_around
from core.why.reasons import Code, Reason, unreachable
from core.why.steps import FIRINGS, channels_of, missed_by, responders_of
from core.why.words import upper

_ORDER = tuple(Code)


def missed_by_levels(person: str, moments: Sequence[Moment], case: Case) -> list[Reason]:
    """Give why levels that had their turn, and might have paged somebody, did not."""
    turns = [moment for moment in moments if is_turn(moment) and moment.kept]
    reasons = ((moment, _by_level(person, moment, case)) for moment in turns)
    found = _once((moment, reason) for moment, reason in reasons if reason)
    return sorted(found, key=lambda reason: _ORDER.index(reason.code))


def is_turn(moment: Moment) -> bool:
    """Say whether a level had its turn in this event."""
    is_skip = moment.kind == EventKind.SKIPPED and "level" in moment.event
    return moment.kind in FIRINGS or (is_skip and moment.event["reason"] != UNDELIVERED)


def _by_level(person: str, moment: Moment, case: Case) -> Reason | None:
    """Give why a level that had its turn did not page somebody; None when it did, or never asks them."""
    told = {event["responder"] for event in case.events_of(moment.event.get("n") or 0, EventKind.NOTIFIED)}
    if person in told:
        return None
    level, at = upper(level_of(moment)), moment.at
    if person in missed_by(moment, case):
        whys = {each: why_not_paged(case.rules, person, each, moment.before.severity) for each in channels_of(moment)}
        return unreachable(person, f"{level} was to page {person} at {case.say(at)}", whys, at)
    found = (_by_responder(person, each, moment, case) for each in responders_of(moment))
    return next(filter(None, found), None)


def _by_responder(person: str, responder: str, moment: Moment, case: Case) -> Reason | None:
    level, at, rules = upper(level_of(moment)), moment.at, case.rules
    when = case.say(at)
    if responder == person:
        return _changed(f"{level} names {person}, whom it did not page at {when}", at)
    if responder not in rules.plans:
        return None
    shift = shift_of(responder, at, rules)
    if shift.member == person:
        return _changed(f"{level} asks {responder}, in which {person} was on call at {when}, but was not paged", at)
    asks = f"{level} asks whoever is on call in {responder}. At {when}"
    if shift.override and rules.plans[responder].on_duty(at) == person:
        override = say_override(shift, responder, rules)
        text = f"{asks} it was {person}'s turn, but {shift.member} had it through {override}."
        return Reason(Code.OVERRIDE, text, f"an override had given the turn to {shift.member}", at)
    if not takes_turns(person, responder, rules):
        return None
    who = f"that was {shift.member}, {say_shift(shift, responder, rules)}" if shift.member else "nobody was"
    around = turns_around(person, responder, at, case)
    more = f" {around}." if around else ""
    return Reason(Code.NOT_ON_CALL, f"{asks} {who}.{more}", f"not on call in {responder} at {when}", at)


def _changed(what: str, at: datetime) -> Reason:
    return Reason(Code.CHANGED, f"{what}. Config or overrides have changed since.", "config was another then", at)


def _once(reasons: Iterable[tuple[Moment, Reason]]) -> Iterator[Reason]:
    """Give each reason of a level once, however many rounds it held for, and say how often it did."""
    found: dict[tuple[int, Code], list[Reason]] = {}
    for moment, reason in reasons:
        found.setdefault((moment.event["level"], reason.code), []).append(reason)
    for same in found.values():
        more = len(same) - 1
        again = f" It was like that {more} more time{'s' if more > 1 else ''}." if more else ""
        yield replace(same[0], text=same[0].text + again)
