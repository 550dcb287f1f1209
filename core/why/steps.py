"""Steps: the story of an alert, step by step, each with why it was, who was told, why they, and what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from core.timeline import EventKind
from core.why.case import Case
from core.why.channels import why_not_paged
from core.why.messages import Sent, messages_of
from core.why.moment import Moment
from core.why.people import why_on, why_on_or_changed, would_have
from core.why.texts import repeats_text, text_of
from core.why.words import listed

# What is said beside the event that caused it.
_SAID_BESIDE = frozenset(
    {EventKind.NOTIFIED, EventKind.DELIVERED, EventKind.NOTIFICATION_FAILED, EventKind.FAILED_OVER}
)
FIRINGS = frozenset({EventKind.TRIGGERED, EventKind.ESCALATED})


@dataclass(frozen=True, slots=True)
class NotOn:
    """A channel on which somebody was not told, and why."""

    channel: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """A person whom a step told, or could not: why they, on what, what became of it, and why not on the others."""

    person: str
    why: str
    messages: tuple[Sent, ...] = ()
    not_on: tuple[NotOn, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the story. `changed` says where config gives others today than were paged then; '' when it does not.

    `moment` is the event, the first one where a step is about several.
    """

    moment: Moment
    text: str
    told: tuple[Told, ...] = ()
    changed: str = ""

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.moment.at


def steps_of(moments: Sequence[Moment], case: Case) -> Iterator[Step]:
    """Give the steps, oldest first; repeats of the source that follow each other are one."""
    for is_repeats, together in groupby(_each(moments, case), lambda step: step.moment.kind == EventKind.COUNTED):
        steps = list(together)
        if is_repeats:
            first, last = steps[0].moment, steps[-1].moment
            yield Step(first, repeats_text(first, last, case))
        else:
            yield from steps


def responders_of(moment: Moment) -> Sequence[str]:
    """Give whom the level of a firing asks by the policy that it goes by; nobody where that is not known."""
    if moment.kept is None or "level" not in moment.event:
        return ()
    return moment.kept.policy.levels[moment.event["level"]].responders


def channels_of(moment: Moment) -> Sequence[str]:
    """Give the channels of the level of a firing; none where its policy is not known."""
    if moment.kept is None or "level" not in moment.event:
        return ()
    return moment.kept.policy.levels[moment.event["level"]].notification_channels


def missed_by(moment: Moment, case: Case) -> list[str]:
    """Give whom a level stood for, by config as it is now, of whom its event says that they could not be paged."""
    if not responders_of(moment):
        return []
    event = moment.event
    named = f"{event.get('reason') or ''}; {event.get('unwilling') or ''}; {', '.join(event.get('unreachable') or ())}"
    words = named.replace(",", " ").replace(";", " ").split()
    standing = [*would_have(responders_of(moment), moment.at, case.rules), *responders_of(moment)]
    return [person for person in dict.fromkeys(standing) if person in words]


def _each(moments: Sequence[Moment], case: Case) -> Iterator[Step]:
    known = {each.event.get("n") for each in moments if each.kind not in _SAID_BESIDE}
    for moment in moments:
        if moment.kind not in _SAID_BESIDE:
            yield Step(moment, text_of(moment, case), tuple(_told(moment, case)), _changed(moment, case))
        elif moment.kind == EventKind.NOTIFIED and moment.event.get("cause") not in known:
            yield _of_unknown_cause(moment, case)


def _told(moment: Moment, case: Case) -> Iterator[Told]:
    sent: dict[str, list[Sent]] = {}
    for each in messages_of(moment.event.get("n"), moment.kind, case):
        sent.setdefault(each.person, []).append(each)
    for person, messages in sent.items():
        not_on = tuple(_not_on(person, [each.channel for each in messages], moment, case))
        yield Told(person, _why_they(person, moment, case), tuple(messages), not_on)
    for person in missed_by(moment, case):
        if person not in sent:
            yield Told(person, "not paged", (), tuple(_not_on(person, (), moment, case)))


def _not_on(person: str, used: Sequence[str], moment: Moment, case: Case) -> Iterator[NotOn]:
    """Give the channels of the level that were left out, as far as config still says why."""
    if moment.kind not in FIRINGS and moment.kind != EventKind.SKIPPED:
        return
    for channel in channels_of(moment):
        if channel not in used and (why := why_not_paged(case.rules, person, channel, moment.before.severity)):
            yield NotOn(channel, why)


def _why_they(person: str, moment: Moment, case: Case) -> str:
    """Say why this person was told by this event."""
    at, before = moment.at, moment.before
    if moment.kind in FIRINGS:
        return why_on_or_changed(person, responders_of(moment), at, case) if moment.kept else ""
    if moment.kind == EventKind.REASSIGNED:
        return why_on_or_changed(person, [str(moment.event.get("to"))], at, case, named="to whom it was given")
    if moment.kind in {EventKind.EXHAUSTED, EventKind.SKIPPED}:
        catch_all = case.rules.config.escalation.catch_all
        return why_on_or_changed(person, catch_all, at, case, named="named by the catch-all")
    if moment.kind == EventKind.RESOLVED:
        return "had been paged"
    if before.acknowledged_by is not None:
        return "has it" if person == before.acknowledged_by else "had been paged"
    return "asked by its level" if moment.kept and why_on(person, _asked(moment), at, case) else "had been paged"


def _asked(moment: Moment) -> Sequence[str]:
    before = moment.before
    return [before.reassigned_to] if before.reassigned_to else before.current_level.responders


def _changed(moment: Moment, case: Case) -> str:
    """Say whom config as it is now would have paged, too, when the level fired."""
    if moment.kind not in FIRINGS or moment.kept is None:
        return ""
    told = {e["responder"] for e in case.events_of(moment.event.get("n") or 0, EventKind.NOTIFIED)}
    there = would_have(responders_of(moment), moment.at, case.rules)
    others = [person for person in there if person not in {*told, *missed_by(moment, case)}]
    if not others:
        return ""
    return f"By config and overrides as they are now {listed(others)} would have been asked: they have changed since."


def _of_unknown_cause(moment: Moment, case: Case) -> Step:
    """Tell of a message whose cause has left the timeline."""
    person, channel = str(moment.event["responder"]), str(moment.event["channel"])
    sent = messages_of(moment.event.get("cause"), moment.kind, case)
    messages = tuple(each for each in sent if (each.person, each.channel) == (person, channel))
    return Step(moment, f"{person} was told of an event that is not kept.", (Told(person, "", messages),))
