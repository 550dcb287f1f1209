"""The explanation as everybody outside sees it: the JSON of the API and of `rung why --json`, and what pages show."""

from collections.abc import Iterator
from typing import Any

from core.due import DueKind, next_due
from core.messages import say_due, what_happens_next
from core.oncall import shown
from core.times import rfc3339, say_duration
from core.views import alert_view
from core.why.case import Case
from core.why.person import Found, look_for
from core.why.reasons import Reason
from core.why.replay import replayed
from core.why.steps import Step, Told, steps_of


def why_view(case: Case, person: str | None = None) -> dict[str, Any]:
    """Give the alert, how it stands and what comes next, and every step of its story with why it was so.

    With a person also whether and why that one was paged, or was not. UnknownNameError for a name nobody knows.
    """
    moments = replayed(case)
    steps = list(steps_of(moments, case))
    return {
        "alert": alert_view(case.alert, case.now),
        "timezone": case.zone.key,
        "what_happens_next": what_happens_next(case.alert, case.now, case.zone),
        "due": _due(case),
        "notes": list(notes(case)),
        "person": _person_view(person, look_for(person, moments, steps, case), case) if person is not None else None,
        "steps": [_step_view(step) for step in steps],
    }


def notes(case: Case) -> Iterator[str]:
    """Give what holds for all that is sent, and is easily forgotten."""
    config = case.rules.config
    if case.rules.outbox_mode:
        why = "config says `outbox: true`" if config.outbox else "no channel has credentials"
        yield f"Pages go to the built-in outbox and to nobody's phone or mailbox: {why}."
    if case.alert.is_flapping and case.alert.is_open:
        yield "Its source changes its mind too often to be believed, so it stays open until that has settled."
    if case.alert.is_open and not case.alert.auto_resolves:
        yield "Only people resolve it, whatever its source says."


def _due(case: Case) -> str:
    """Say what its timer is for when that is not the next step of the ladder; '' when it is, or there is none."""
    due = next_due(case.alert)
    if due is None or due.kind in {DueKind.STEP, DueKind.SNOOZE_END, DueKind.SILENCE_END}:
        return ""
    left = say_duration(due.at - case.now)
    return f"Before anything else, {say_due(case.alert)} at {case.say(due.at)} (in {left})."


def _step_view(step: Step) -> dict[str, Any]:
    event = step.moment.event
    where = {name: event.get(name) for name in ("level", "level_name", "round")}
    return {
        "at": rfc3339(step.at),
        "event": step.moment.kind,
        "number": event.get("n"),
        **where,
        "text": step.text,
        "told": [_told_view(told) for told in step.told],
        "changed": step.changed or None,
    }


def _person_view(person: str, found: Found, case: Case) -> dict[str, Any]:
    return {
        "person": person,
        "name": shown(case.rules.config, person),
        "was_paged": found.was_paged,
        "verdict": found.verdict,
        "reasons": [_reason_view(reason) for reason in found.reasons],
    }


def _reason_view(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code.value,
        "at": rfc3339(reason.at) if reason.at else None,
        "text": reason.text,
        "told": [_told_view(reason.told)] if reason.told else [],
    }


def _told_view(told: Told) -> dict[str, Any]:
    return {
        "person": told.person,
        "why": told.why,
        "messages": [
            {"channel": each.channel, "state": each.state or None, "page": each.is_page, "became": each.became}
            for each in told.messages
        ],
        "not_on": [{"channel": each.channel, "why": each.why} for each in told.not_on],
    }
