"""Ahead: when somebody would be paged if an alert were left alone. The engine itself is asked, with time let pass."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.alert import Alert
from core.commands import Wake
from core.decision import Decision, Notification, NotificationKind
from core.due import ladder_at
from core.lifecycle import decide
from core.rules import Rules
from core.score_words import is_asked_again

_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Ahead:
    """The first page somebody would get: when, and why: `level`, or what the catch-all is paged for."""

    at: datetime
    page: Notification


def first_page(alert: Alert, person: str, now: datetime, rules: Rules) -> Ahead | None:
    """Give the first page of a step of the ladder that somebody would get from `now` on; None for none."""
    for decision in _left_alone(alert, now, rules):
        for each in decision.notifications:
            is_page = each.kind is NotificationKind.PAGE and not is_asked_again(each.reason)
            if is_page and each.responder == person:
                return Ahead(decision.at, each)
    return None


def _left_alone(alert: Alert, now: datetime, rules: Rules) -> Iterator[Decision]:
    for _ in range(_MOST_STEPS):
        due = ladder_at(alert) or (alert.suppressed_until if alert.suppressed else None)
        if due is None:
            return
        now = max(now, due)
        decision = decide(alert, Wake(), now, rules)
        if not isinstance(decision, Decision) or decision.alert is alert:
            return
        yield decision
        alert = decision.alert
