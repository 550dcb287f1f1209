"""Scored: what is said of a reminder and of an SLA mark: what was owed, since when and until when."""

from datetime import datetime

from core.reminders import ReminderKind
from core.score_words import CLOCKS
from core.sla_clock import ClockKind
from core.times import say_duration
from core.why.case import Case
from core.why.moment import Moment
from core.why.words import listed

_OWED_BY = {ClockKind.ACKNOWLEDGMENT: "acknowledged", ClockKind.RESOLUTION: "resolved", ClockKind.POLICY: "resolved"}


def reminded(moment: Moment, _case: Case) -> str:
    """Say what was reminded of, and how long it had been owed."""
    event, before = moment.event, moment.before
    of = event.get("of") or []
    since = [f"{say_duration(moment.at - at)} after {what}" for each in of for what, at in _since(each, moment)]
    when = f", {listed(dict.fromkeys(since))}" if since else ""
    nobody = " There was nobody who could be told." if event.get("nobody") else ""
    who = before.acknowledged_by or "its level"
    return f"Reminder to {who}: {event['reason']}{when}.{nobody}"


def _since(kind: str, moment: Moment) -> list[tuple[str, datetime]]:
    """Say from when a reminder counts."""
    before = moment.before
    if kind == ReminderKind.ACKNOWLEDGMENT:
        return [(f"level {before.level + 1} fired", before.level_fired_at)] if before.level_fired_at else []
    if kind == ReminderKind.UPDATE and before.told_at:
        return [("the acknowledgment" if before.told_at == before.acknowledged_at else "the last word", before.told_at)]
    return [("the acknowledgment", before.acknowledged_at)] if before.acknowledged_at else []


def at_risk(moment: Moment, case: Case) -> str:
    """Say which clock is at risk, and what is left of it."""
    clock, deadline = _clock(moment), datetime.fromisoformat(moment.event["deadline"])
    left = say_duration(deadline - moment.at)
    since = moment.event.get("since")
    late = f" It has been since {case.say(datetime.fromisoformat(since), moment.at)}." if since else ""
    due = f"it must be {_OWED_BY[clock]} by {case.say(deadline, moment.at)}, in {left}"
    return f"SLA {CLOCKS[clock]} is at risk: {due}.{late}"


def breached(moment: Moment, case: Case) -> str:
    """Say which clock is breached, and what was owed when."""
    clock, deadline = _clock(moment), datetime.fromisoformat(moment.event["deadline"])
    after = say_duration(deadline - moment.before.created_at)
    found = case.alert.sla.clock(clock) if case.alert.sla else None
    hours = ", as only business hours count" if found and found.in_business_hours else ""
    due = f"it had to be {_OWED_BY[clock]} by {case.say(deadline, moment.at)}, {after} after it came in{hours}"
    return f"SLA {CLOCKS[clock]} is breached: {due}."


def _clock(moment: Moment) -> ClockKind:
    return ClockKind(moment.event["clock"])
