"""People: why somebody stood on a level at an instant, by the alert's policy and by who was on call.

Config and overrides may have changed since. What they say now is believed where it gives whom the timeline names.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from core.oncall import AHEAD, members_of, override_views, shift_view, shifts_of, zone_of
from core.oncall_words import moment, origin, override_line, span
from core.rotations import Shift, shift_at
from core.rules import Rules
from core.why.case import Case
from core.why.words import listed

_CHANGED = "not by config and overrides as they are now: they have changed since"
_MOMENT = timedelta(microseconds=1)


NAMED = "named by the level"


def why_on(person: str, responders: Sequence[str], at: datetime, case: Case, named: str = NAMED) -> str:
    """Say why a person was among those whom these responders stand for at an instant; '' when they were not.

    `named` says it of those who are named themselves.
    """
    return next(filter(None, (_as(person, each, at, case, named) for each in responders)), "")


def why_on_or_changed(person: str, responders: Sequence[str], at: datetime, case: Case, named: str = NAMED) -> str:
    """Say the same of somebody who was paged; when it does not follow from config, that it has changed since."""
    return why_on(person, responders, at, case, named) or _CHANGED


def say_shift(shift: Shift, rotation: str, rules: Rules) -> str:
    """Say from when to when a shift is, by the clock of its rotation."""
    zone = zone_of(rules.config, rotation)
    return span(shift_view(rules.config, shift), zone, shift.starts_at or shift.ends_at)


def say_override(shift: Shift, rotation: str, rules: Rules) -> str:
    """Say which override a shift is by: who instead of whom, who ordered it and why; '' for none."""
    if shift.override is None:
        return ""
    [view] = override_views([shift.override])
    pair = [each for each in override_views(rules.overrides[rotation]) if each["id"] == view["id"]]
    found = pair[0] if pair else view
    zone = zone_of(rules.config, rotation)
    return f"{origin(found)} ({override_line(found, zone, shift.override.starts_at)})"


def shift_of(rotation: str, at: datetime, rules: Rules) -> Shift:
    """Give the shift of a rotation that covers an instant."""
    return shift_at(rules.plans[rotation], at, rules.overrides.get(rotation, ()))


def is_on(person: str, responder: str, at: datetime, rules: Rules) -> bool:
    """Say whether a responder stands for somebody at an instant."""
    return responder == person or (responder in rules.plans and rules.on_call(responder, at) == person)


def takes_turns(person: str, rotation: str, rules: Rules) -> bool:
    """Say whether somebody ever has a turn in a rotation, as a member or by an override."""
    stand_ins = (each.member for each in rules.overrides.get(rotation, ()))
    return person in members_of(rules.config, rotation) or person in stand_ins


def turns_around(person: str, rotation: str, at: datetime, case: Case) -> str:
    """Say when the shift of somebody who is not on call ended, if it was the one before, and when the next begins."""
    rules, now = case.rules, case.now
    zone, shift = zone_of(rules.config, rotation), shift_of(rotation, at, rules)
    before = shift_of(rotation, shift.starts_at - _MOMENT, rules) if shift.starts_at else None
    coming = (each.starts_at for each in shifts_of(rules, rotation, at, at + AHEAD) if each.member == person)
    following = next((start for start in coming if start), None)
    begins = f"begins {moment(following, zone, now)}" if following and following > now else ""
    begins = begins or (f"began {moment(following, zone, now)}" if following else "")
    if before and before.member == person and shift.starts_at:
        ended = f"The last shift of {person} ended {moment(shift.starts_at, zone, now)}"
        return f"{ended}; the next {begins}" if begins else ended
    return f"The next shift of {person} {begins}" if begins else ""


def _as(person: str, responder: str, at: datetime, case: Case, named: str) -> str:
    rules = case.rules
    if responder in rules.plans:
        shift = shift_of(responder, at, rules)
        if shift.member != person:
            return ""
        override = say_override(shift, responder, rules)
        how = f" through {override}" if override else f", {say_shift(shift, responder, rules)}"
        return f"on call in {responder}{_for_a_team(responder, case)}{how}"
    if responder != person:
        return ""
    return f"{named}{_for_a_team(responder, case)}"


def _for_a_team(responder: str, case: Case) -> str:
    """Say for whom a team's own responder stands in."""
    found = [(name, instead) for name, instead in _stand_ins(case) if responder in instead.values()]
    if not found:
        return ""
    name, instead = found[-1]
    replaced = listed(each for each, by in instead.items() if by == responder)
    return f" (for team {name} in place of {replaced})"


def _stand_ins(case: Case) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the team of the routes that the alert took, as config has them now; the last route's word counts."""
    config = case.rules.config
    teams = [route.team for route in config.routes if route.name in case.alert.routes and route.team]
    return ((team, dict(config.teams[team])) for team in teams[-1:] if team in config.teams)


def would_have(responders: Sequence[str], at: datetime, rules: Rules) -> Iterable[str]:
    """Give whom these responders stand for at an instant by config as it is now, each once."""
    return dict.fromkeys(person for _, person in rules.people(responders, at))
