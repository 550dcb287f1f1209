"""The messages of a simulation: who was told what, on which channel, and what became of it.

A page asks for an answer. What reminds is a reminder, whether anybody has answered yet or not; all else is a notice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.decision import NotificationKind
from core.score_words import is_about_sla, named_in
from core.simulation.memory import Happened
from core.simulation.steps import Place, Step
from core.sla_clock import SlaStatus
from core.timeline import Event, EventKind

_PAGES = frozenset(
    {EventKind.TRIGGERED, EventKind.ESCALATED, EventKind.REASSIGNED, EventKind.EXHAUSTED, EventKind.SKIPPED}
)
_SLA = {SlaStatus.AT_RISK: EventKind.SLA_AT_RISK, SlaStatus.BREACHED: EventKind.SLA_BREACHED}

_Key = tuple[int, int, str, str]  # alert, number of the causing event, responder, channel


@dataclass(frozen=True, slots=True)
class Sent:
    """One message. `step` is the index of the step that sent it; `about` are words for what it is about."""

    kind: NotificationKind
    alert: int
    cause: int  # the number of the event that it is about; those of one cause are one page on several channels
    person: str
    channel: str
    at: datetime
    step: int
    place: Place
    about: frozenset[str]
    arrived_at: datetime | None = None
    failed_at: datetime | None = None


def messages(happened: Iterable[Happened], steps: Sequence[Step]) -> list[Sent]:
    """Give every message, in the order in which they were sent."""
    causes = {(step.alert, step.details["n"]): index for index, step in enumerate(steps) if "n" in step.details}
    overs = (index for index, step in enumerate(steps) if step.kind is EventKind.FAILED_OVER)
    found: dict[_Key, Sent] = {}
    for each in happened:
        event = each.event
        if event.kind not in _TELLING:
            continue
        key = _key(each)
        if event.kind in _SENDING:
            cause = causes[key[0], key[1]]
            index = cause if event.kind is EventKind.NOTIFIED else next(overs)
            found[key] = _sent(key, event, steps[cause], index)
        elif event.kind is EventKind.DELIVERED:
            found[key] = replace(found[key], arrived_at=event.at)
        elif not event.details.get("retry_at"):
            found[key] = replace(found[key], failed_at=event.at)
    return list(found.values())


_SENDING = frozenset({EventKind.NOTIFIED, EventKind.FAILED_OVER})
_TELLING = frozenset({*_SENDING, EventKind.DELIVERED, EventKind.NOTIFICATION_FAILED})


def _key(happened: Happened) -> _Key:
    details = happened.event.details
    return happened.alert.id, details["cause"], details["responder"], details["channel"]


def _sent(key: _Key, event: Event, cause: Step, index: int) -> Sent:
    kind = NotificationKind.NOTICE
    if cause.kind in _PAGES:
        kind = NotificationKind.PAGE
    elif cause.kind is EventKind.REMINDED:
        kind = NotificationKind.REMINDER
    return Sent(kind, *key, event.at, index, cause.place, _about(event, cause))


def _about(event: Event, cause: Step) -> frozenset[str]:
    if cause.kind is EventKind.REMINDED:
        return frozenset(map(str, cause.details["of"]))
    reason = str(event.details.get("reason", ""))
    if is_about_sla(reason):
        return frozenset(word for status, word in _SLA.items() if named_in(reason, status))
    return frozenset({cause.kind})
