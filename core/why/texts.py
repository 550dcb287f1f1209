"""Texts: one function a kind of event, which says what happened and why. Who was told stands beside it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from core.firing import UNDELIVERED
from core.ladder import StepKind
from core.silencing import COVERED_NO_MORE
from core.timeline import EventKind
from core.times import say_duration
from core.why.case import Case, say_seconds
from core.why.climbed import level_of, otherwise, why_then
from core.why.moment import Moment
from core.why.scored import at_risk, breached, reminded
from core.why.way import why_this_policy
from core.why.words import listed, upper, via


def text_of(moment: Moment, case: Case) -> str:
    """Say what happened and why. A kind that a newer Rung wrote is said by its name."""
    say = _TEXTS.get(moment.kind)
    return say(moment, case) if say else f"{upper(moment.kind.replace('_', ' '))}."


def repeats_text(first: Moment, last: Moment, case: Case) -> str:
    """Say that the source repeated what is open, from one event to another."""
    again = f" and again until {case.say(last.at, first.at)}" if last is not first else ""
    return f"It fired again{again}, {last.event['count']} times by then. What is open already pages nobody anew."


def _routed(moment: Moment, case: Case) -> str:
    came = f"It came in from {case.alert.source} as {moment.event['severity']}"
    return f"{came}. {why_this_policy(moment.event, moment.kept, case)}."


def _reopened(moment: Moment, case: Case) -> str:
    over = moment.before.resolved_at
    after = f" {say_duration(moment.at - over)} after it had been resolved" if over else ""
    again = f"It fired again{after}, as {moment.event['severity']}, so the same alert is open again, with a new ladder"
    return f"{again}. {why_this_policy(moment.event, moment.kept, case)}."


def _fired(moment: Moment, case: Case) -> str:
    channels = moment.kept and moment.kept.policy.levels[moment.event["level"]].notification_channels
    on = f" Its channels: {listed(channels)}." if channels else ""
    return f"{upper(level_of(moment))} fired {why_then(moment, case)}.{on}{_note(moment)}{_by_which(moment)}"


def _skipped(moment: Moment, case: Case) -> str:
    event = moment.event
    if "level" not in event:
        return f"The catch-all was paged, as {event['reason']}."
    if event["reason"] == UNDELIVERED:
        return f"{upper(level_of(moment))} was left: {UNDELIVERED}."
    turn = f"{upper(level_of(moment))} had its turn {why_then(moment, case)}"
    return f"{turn}. It reached nobody, as {event['reason']}, and was left at once.{_note(moment)}{_by_which(moment)}"


def _exhausted(moment: Moment, _case: Case) -> str:
    event = moment.event
    by = f", as {event['by']} escalated it{via(event)}" if "by" in event else ""
    rounds = f"all {event['round'] + 1} rounds" if event.get("round") else "its only round"
    nobody = f" {upper(event['reason'])}." if event.get("reason") else " The catch-all is paged."
    return f"The ladder is used up{by}: nobody answered in {rounds}{_last_timeout(moment)}.{nobody}"


def _last_timeout(moment: Moment) -> str:
    before, step = moment.before, moment.step
    if step is None or step.kind is not StepKind.EXHAUST or "by" in moment.event or before.left_at is not None:
        return ""
    return f", and the last level's timeout of {say_seconds(before.current_level.timeout)} had passed"


def _counted(moment: Moment, case: Case) -> str:
    return repeats_text(moment, moment, case)


def _got_worse(moment: Moment, _case: Case) -> str:
    event, before = moment.event, moment.before
    worse = f"It is {event['severity']} now, not {event['before']} any more"
    policy = f" policy {moment.kept.name}" if moment.kept else " the policy of that severity"
    if before.is_unanswered:
        return f"{worse}, so it begins anew on{policy}, from its first level."
    return f"{worse}. {before.acknowledged_by or 'Somebody'} has it, so nobody is asked anew; it goes by{policy} now."


def _acknowledged(moment: Moment, case: Case) -> str:
    return f"{moment.event['by']} acknowledged it{via(moment.event)}{_stopped(moment, case)}.{_note(moment)}"


def _updated(moment: Moment, case: Case) -> str:
    event = moment.event
    counts = f", which counts as the acknowledgment{_stopped(moment, case)}" if event.get("acknowledges") else ""
    return f"Update by {event['by']}{via(event)}{counts}.{_note(moment)}"


def _snoozed(moment: Moment, case: Case) -> str:
    until = case.say(datetime.fromisoformat(moment.event["until"]), moment.at)
    return f"{moment.event['by']} snoozed it until {until}{via(moment.event)}{_stopped(moment, case)}.{_note(moment)}"


def _stopped(moment: Moment, case: Case) -> str:
    """Say what the answer stopped."""
    stopped = otherwise(moment, case)
    return f", and the ladder stopped: {stopped}" if stopped else ""


def _unsnoozed(moment: Moment, _case: Case) -> str:
    waits = "; it is silenced, so the level fires when that ends" if moment.before.suppressed else ""
    return f"The snooze by {moment.owner or 'somebody'} ended{waits}."


def _flapping(moment: Moment, _case: Case) -> str:
    event = moment.event
    often = f"Its source changed its mind {event['changes']} times within {event['within']}"
    return f"{often}: it flaps, and stays one open alert until it has settled."


def _suppressed(moment: Moment, case: Case) -> str:
    event = moment.event
    until = f" until {case.say(datetime.fromisoformat(event['until']), moment.at)}" if event.get("until") else ""
    stopped = otherwise(moment, case)
    waits = f" The ladder waits: {stopped}." if stopped else ""
    return f"It was silenced{until} by {event.get('reason') or 'somebody'}.{waits}"


def _unsuppressed(moment: Moment, _case: Case) -> str:
    reason = moment.event.get("reason") or COVERED_NO_MORE
    why = "" if reason == COVERED_NO_MORE else f": {reason}"
    goes_on = "; what had come due is done at once" if moment.before.is_unanswered else ""
    return f"The silence over it ended{why}{goes_on}."


def _reassigned(moment: Moment, _case: Case) -> str:
    event, before = moment.event, moment.before
    timeout = f", who has {say_seconds(before.current_level.timeout)} to answer" if moment.kept else ""
    return f"{event['by']} gave it to {event['to']}{via(event)}{timeout}.{_note(moment)}"


def _resolved(moment: Moment, case: Case) -> str:
    event = moment.event
    by_source = event.get("via") == "source"
    who = f"Its source {event.get('by')} said that it is over" if by_source else f"{event.get('by')} resolved it"
    reason = f": {event['reason']}" if event.get("reason") else ""
    how = "" if by_source else via(event)
    return f"{who}{how}{reason}{_stopped(moment, case)}.{_note(moment)}"


def _by_which(moment: Moment) -> str:
    """Say so where the policy that it went by may have been another."""
    if moment.kept is None or moment.kept.is_copied:
        return ""
    return f" (That is policy {moment.kept.name} as config has it now: what it was then is not kept.)"


def _note(moment: Moment) -> str:
    note = moment.event.get("note")
    return f" “{note}”" if note else ""


_TEXTS: Mapping[str, Callable[[Moment, Case], str]] = {
    EventKind.ROUTED: _routed,
    EventKind.REOPENED: _reopened,
    EventKind.TRIGGERED: _fired,
    EventKind.ESCALATED: _fired,
    EventKind.SKIPPED: _skipped,
    EventKind.EXHAUSTED: _exhausted,
    EventKind.COUNTED: _counted,
    EventKind.SEVERITY_CHANGED: _got_worse,
    EventKind.ACKNOWLEDGED: _acknowledged,
    EventKind.UPDATED: _updated,
    EventKind.SNOOZED: _snoozed,
    EventKind.UNSNOOZED: _unsnoozed,
    EventKind.FLAPPING: _flapping,
    EventKind.SUPPRESSED: _suppressed,
    EventKind.UNSUPPRESSED: _unsuppressed,
    EventKind.REASSIGNED: _reassigned,
    EventKind.RESOLVED: _resolved,
    EventKind.REMINDED: reminded,
    EventKind.SLA_AT_RISK: at_risk,
    EventKind.SLA_BREACHED: breached,
}
