"""Climbed: why a level had its turn just then, in words: from what was due, who had it, and what came between."""

from datetime import timedelta

from core.firing import UNDELIVERED
from core.ladder import GRACE, StepKind
from core.messages import say_level
from core.timeline import EventKind
from core.why.case import Case, say_seconds
from core.why.moment import Moment
from core.why.words import via


def level_of(moment: Moment) -> str:
    """Say the level of an event as people read it: `level 2 (secondary)`, with its round unless that is the first."""
    event = moment.event
    again = f" of round {event['round'] + 1}" if event.get("round") else ""
    return f"level {event['level'] + 1} ({event['level_name']}){again}"


def why_then(moment: Moment, case: Case) -> str:
    """Say why the level of this event had its turn at this instant, to stand behind `fired` or `had its turn`."""
    if "by" in moment.event:
        return _by_a_person(moment, case)
    if moment.is_fired_again:
        return _again(moment)
    if moment.step is None:
        return "in its turn; the policy of that time is not kept, so it cannot be told why just then"
    why = _in_its_turn(moment, case)
    if late := _late(moment, case):
        return f"{late} {why}"
    return f"at once, {why}" if _is_at_once(moment) else why


def otherwise(moment: Moment, case: Case) -> str:
    """Say what the ladder would have done next and when, had nothing come between; '' when it stood still."""
    before, step = moment.before, moment.step
    if step is None or not before.is_unanswered or before.exhausted or before.suppressed:
        return ""
    at = case.say(max(step.at, moment.at), moment.at)
    return {
        StepKind.LEVEL: f"level {say_level(step.level, before)} was due at {at}",
        StepKind.ROUND: f"round {before.round + 2} was due at {at}",
        StepKind.EXHAUST: f"the end of the ladder was due at {at}",
        StepKind.RETRY: f"everybody was to be tried again at {at}",
    }[step.kind]


def _by_a_person(moment: Moment, case: Case) -> str:
    by, had = moment.event["by"], moment.before.acknowledged_by
    way = f"escalated it{via(moment.event)}"
    if had == by:
        return f"because {by}, who had it until then, {way}"
    if had:
        return f"because {by} {way}; until then {had} had it"
    left_alone = otherwise(moment, case)
    return f"because {by} {way}; left alone, {left_alone}" if left_alone else f"because {by} {way}"


def _again(moment: Moment) -> str:
    event, owner = moment.event, moment.owner
    if moment.put_by is EventKind.UNSNOOZED:
        return f"again because the snooze by {owner} had ended"
    told_at = moment.before.told_at
    silent = f": no update for {say_seconds((moment.at - told_at).total_seconds())}" if told_at else ""
    reason = f"the acknowledgment by {owner} ran out{silent}"
    return f"again because {event['reason'] if event['event'] == EventKind.ESCALATED else reason}"


def _in_its_turn(moment: Moment, case: Case) -> str:
    before, step = moment.before, moment.step
    if step is None:
        return ""
    if step.kind is StepKind.RETRY:
        return _tried_again(moment)
    if step.kind in {StepKind.ROUND, StepKind.EXHAUST} or moment.event["round"] != before.round:
        return _in_a_new_round(moment, case)
    if before.level_fired_at is None:
        return _first(moment)
    if before.left_at is not None:
        return f"because level {say_level(before.level, before)} {_left(moment)}"
    return _after_the_level_before(moment, case)


def _first(moment: Moment) -> str:
    before = moment.before
    if before.left_at is not None:
        return f"because the snooze by {moment.owner} had ended"
    delay = before.policy.levels[before.level].delay
    when = f"its delay of {say_seconds(delay)} had passed" if delay else "it has no delay"
    if moment.put_by is EventKind.SEVERITY_CHANGED:
        return f"because the alert is {before.severity.value} now and began anew: {when}"
    if moment.put_by is EventKind.REOPENED:
        return f"because the alert was open again: {when}"
    again = f"round {before.round + 1} had begun and " if before.round else ""
    return f"because {again}{when}"


def _after_the_level_before(moment: Moment, case: Case) -> str:
    before, fired_at = moment.before, moment.before.level_fired_at or moment.at
    level, last = before.level + 1, before.current_level
    delay, timeout = before.policy.levels[level].delay, last.timeout
    by_delay, ended = before.round_started_at + timedelta(seconds=delay), fired_at + timedelta(seconds=timeout)
    asked = before.reassigned_to or f"level {before.level + 1}"
    when = case.say(ended, moment.at)
    if by_delay > ended:
        alone = f" for {say_seconds(delay)}" if _is_first_answer_missing(moment) else ""
        return (
            f"because nobody had answered{alone}: its delay of {say_seconds(delay)} had passed, which is later than "
            f"{asked}'s timeout of {say_seconds(timeout)} (until {when})"
        )
    if by_delay == ended:
        return f"because nobody had answered: its delay of {say_seconds(delay)} and {asked}'s timeout ended together"
    own = f"; its own delay of {say_seconds(delay)} had passed before" if delay else ""
    return f"because {asked} had not answered within the timeout of {say_seconds(timeout)}{own}"


def _is_first_answer_missing(moment: Moment) -> bool:
    """Say whether nobody has said anything since the alert came in, and its first round began with it."""
    before = moment.before
    return moment.owner is None and before.round == 0 and before.round_started_at == before.created_at


def _in_a_new_round(moment: Moment, case: Case) -> str:
    before, policy = moment.before, moment.before.policy
    repeats_at = before.round_due_from + timedelta(seconds=policy.repeat_interval)
    due = moment.step.at if moment.step else moment.at
    interval = say_seconds(policy.repeat_interval)
    if due > repeats_at:
        timeout = say_seconds(before.current_level.timeout)
        why = (
            f"the timeout of {timeout} of its last level had passed, later than the repeat interval of {interval} "
            f"(until {case.say(repeats_at, moment.at)})"
        )
    else:
        why = f"the repeat interval of {interval} had passed"
    delay = policy.levels[0].delay
    own = f", and then its delay of {say_seconds(delay)}" if delay else ""
    return f"because nobody had answered in round {before.round + 1} and {why}{own}"


def _tried_again(moment: Moment) -> str:
    before = moment.before
    waited = before.retry_at - before.left_at if before.retry_at and before.left_at else None
    after = f" {say_seconds(waited.total_seconds())} after the last had failed" if waited else ""
    return f"because not one page of round {before.round + 1} could be delivered, so everybody is tried again{after}"


def _left(moment: Moment) -> str:
    reason = moment.left_because
    return f"was left: {reason}" if reason == UNDELIVERED else "reached nobody"


def _is_at_once(moment: Moment) -> bool:
    """Say whether nothing had to pass before it."""
    before, step = moment.before, moment.step
    if step is None or step.kind is not StepKind.LEVEL or moment.put_by is not None:
        return False
    return before.left_at is not None or (before.level_fired_at is None and not before.current_level.delay)


def _late(moment: Moment, case: Case) -> str:
    """Say why it came later than it was due, and when that was; '' when it did not."""
    step = moment.step
    if step is None:
        return ""
    delay = moment.before.policy.levels[0].delay if step.kind is not StepKind.LEVEL else 0
    due = step.at + timedelta(seconds=delay)
    if moment.at - due <= GRACE:
        return ""
    at, silenced = case.say(due, moment.at), moment.silenced
    if silenced and silenced.end and moment.at - silenced.end <= GRACE:
        return f"when the silence over it ended; it had been due at {at}"
    late = say_seconds((moment.at - due).total_seconds())
    return f"{late} late, when Rung was back (it was down, or out of reach of its Redis); it had been due at {at}"
