"""Person: whether somebody was paged about an alert, and every reason why, or why not, the most telling first."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.config.names import hint
from core.ledger import State
from core.oncall import UnknownNameError, check_person
from core.why.case import Case
from core.why.held_back import why_missed
from core.why.messages import Sent
from core.why.missed import missed_by_levels
from core.why.moment import Moment
from core.why.reasons import Code, Reason
from core.why.steps import Step, Told
from core.why.words import listed, upper

_TWICE = 2
_UNDER_WAY = frozenset({State.QUEUED, State.SENDING, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Found:
    """Whether somebody was paged, in a sentence, and every reason."""

    was_paged: bool
    verdict: str
    reasons: Sequence[Reason]


def look_for(person: str, moments: Sequence[Moment], steps: Sequence[Step], case: Case) -> Found:
    """Find out whether somebody was paged, and why. UnknownNameError for a name nobody knows."""
    found = [(step, each) for step in steps for each in step.told if each.person == person]
    _check(person, case, is_in_story=bool(found))
    told = [(step, each) for step, each in found if each.messages]
    paged = [(step, each) for step, each in told if any(message.is_page for message in each.messages)]
    heard = [_heard(step, each) for step, each in told]
    pages = [message for _, each in paged for message in each.messages if message.is_page]
    was_paged = any(page.state == State.SENT for page in pages)
    missed = (missed_by_levels if was_paged else why_missed)(person, moments, case)
    notices = [reason for reason in heard if reason.code is Code.TOLD]
    reasons = [*(reason for reason in heard if reason.code is not Code.TOLD), *missed, *notices]
    return Found(was_paged, _verdict(person, paged, pages, missed, case, is_told=bool(notices)), reasons)


def _check(person: str, case: Case, *, is_in_story: bool) -> None:
    """Raise UnknownNameError for nobody of this name. Config may know somebody no more who is in the story."""
    config = case.rules.config
    if is_in_story:
        return
    if person in config.rotations:
        raise UnknownNameError(f"{person!r} is a rotation; ask about a person{hint(person, list(config.people))}")
    check_person(config, person)


def _verdict(
    person: str,
    paged: Sequence[tuple[Step, Told]],
    pages: Sequence[Sent],
    missed: Sequence[Reason],
    case: Case,
    *,
    is_told: bool,
) -> str:
    came = [(step, each) for step, each in paged if any(m.is_page and m.state == State.SENT for m in each.messages)]
    if came:
        first, last = case.say(came[0][0].at), case.say(came[-1][0].at)
        channels = listed(dict.fromkeys(m.channel for m in came[0][1].messages if m.state == State.SENT))
        if len(came) == 1:
            return f"{person} was paged at {first}, on {channels}."
        often = "twice" if len(came) == _TWICE else f"{len(came)} times"
        return f"{person} was paged {often}, first at {first} on {channels}, last at {last}."
    if any(page.state in _UNDER_WAY for page in pages):
        return f"{person} is being paged: {_all(pages)}."
    if pages:
        return f"{person} was to be paged, but nothing came through: {_all(pages)}."
    only = ", only told" if is_told else ""
    return f"{person} was not paged{only}: {missed[0].short}."


def _all(pages: Sequence[Sent]) -> str:
    """Say what became of pages that did not come through; of several only in a word."""
    if len({(page.channel, page.became) for page in pages}) == 1:
        return f"{pages[0].channel} {pages[0].became}"
    states: dict[str, dict[str, None]] = {}
    for page in pages:
        states.setdefault(page.state or "unknown", {})[page.channel] = None
    return "; ".join(f"{listed(channels)} {state}" for state, channels in states.items())


def _code(told: Told) -> Code:
    pages = [message for message in told.messages if message.is_page]
    if not pages:
        return Code.TOLD
    return Code.PAGED if any(page.state == State.SENT for page in pages) else Code.NOT_DELIVERED


def _heard(step: Step, told: Told) -> Reason:
    """Give what one step told somebody as a reason."""
    return Reason(_code(told), f"{upper(told.messages[0].about)}.", "", step.at, told)
