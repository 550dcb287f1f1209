"""What time and people do to an alert's SLA clocks. Pure: a state and an instant in, a new state out.

Whatever becomes of an alert, two calls keep its clocks: what happened (`answered`, `resolved`, `raised`, `settled`),
then `noticed`, which says which marks have been passed, and notes that they were.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.business_hours import NeverOpenError, deadline, elapsed
from core.config.policy import Policy
from core.severity import Severity
from core.sla_clock import Clock, ClockKind, Pause, SlaState, SlaStatus
from core.sla_rules import Owed, SlaRules
from core.times import rfc3339


@dataclass(frozen=True, slots=True)
class Mark:
    """A clock came to be at risk, or breached, at the instant `at`, whenever that was noticed."""

    kind: ClockKind
    status: SlaStatus
    at: datetime
    deadline: datetime


def started(severity: Severity, at: datetime, policy: Policy, rules: SlaRules) -> SlaState:
    """Give the clocks of an alert that triggers, or reopens, at an instant."""
    return SlaState(started_at=at, clocks=clocks_for(severity, at, policy, rules))


def clocks_for(severity: Severity, started_at: datetime, policy: Policy, rules: SlaRules) -> tuple[Clock, ...]:
    """Give the clocks that start at an instant: one for each that is owed, none for hours that never come."""
    clocks = (_clock(owed, started_at, rules) for owed in rules.owed(severity, policy))
    return tuple(clock for clock in clocks if clock is not None)


def answered(state: SlaState, now: datetime, rules: SlaRules) -> SlaState:
    """Note an acknowledgment, or what counts as one; only the first counts."""
    if state.answered_at is not None:
        return state
    return _met(state, {ClockKind.ACKNOWLEDGMENT}, now, rules)


def resolved(state: SlaState, now: datetime, rules: SlaRules) -> SlaState:
    """Note that it is resolved. Nobody need acknowledge it any more: that is met at the same moment."""
    return _met(state, set(ClockKind), now, rules).model_copy(update={"paused_at": None})


def raised(state: SlaState, severity: Severity, policy: Policy, now: datetime, rules: SlaRules) -> SlaState:
    """Give the clocks of a higher severity, from the old start. What was met or breached under the old one stays so."""
    new = {clock.kind: clock for clock in clocks_for(severity, state.started_at, policy, rules)}
    clocks = tuple(_replaced(state, new, state.shown(now), rules))
    return state.model_copy(update={"clocks": clocks})


def settled(state: SlaState, now: datetime, rules: SlaRules, *, held: bool) -> SlaState:
    """Let the clocks stand still from now on, or go on, as `rules.pauses` says of the alert as it is now."""
    if held == (state.paused_at is not None):
        return state
    if held:
        return state.model_copy(update={"paused_at": now})
    pause = Pause(start=state.paused_at or now, end=now)
    clocks = tuple(_shifted(clock, pause, rules) for clock in state.clocks)
    return state.model_copy(update={"clocks": clocks, "paused_at": None, "pauses": (*state.pauses, pause)})


def noticed(state: SlaState, now: datetime) -> tuple[SlaState, tuple[Mark, ...]]:
    """Give the marks passed by `now` that nobody had noticed, each once, and the state that remembers them.

    Of a clock that is breached already nobody is told any more that it was at risk. No marks: the same state.
    """
    shown = state.shown(now)
    marks = tuple(mark for clock in state.clocks if (mark := _mark(clock, shown)))
    if not marks:
        return state, ()
    statuses = {mark.kind: mark.status for mark in marks}
    clocks = tuple(_remembering(clock, statuses.get(clock.kind)) for clock in state.clocks)
    return state.model_copy(update={"clocks": clocks}), marks


def sla_view(state: SlaState, now: datetime) -> dict[str, Any]:
    """Give the `sla` field of an alert's JSON: each clock, null where nothing is owed, and the worst status."""
    view: dict[str, Any] = {kind.value: _clock_view(state, kind, now) for kind in ClockKind}
    return view | {"status": state.status(now)}


def _clock(owed: Owed, start: datetime, rules: SlaRules) -> Clock | None:
    hours = rules.hours_for(in_business_hours=owed.in_business_hours)
    try:
        return Clock(
            kind=owed.kind,
            at_risk_at=deadline(start, owed.at_risk_after, hours),
            deadline=deadline(start, owed.within, hours),
            in_business_hours=owed.in_business_hours,
        )
    except NeverOpenError:
        return None


def _met(state: SlaState, kinds: set[ClockKind], now: datetime, rules: SlaRules) -> SlaState:
    """Meet the clocks of these kinds. A pause that still lasts ends for them now, and moves their marks."""
    clocks = []
    for clock in state.clocks:
        if clock.kind not in kinds or clock.met_at is not None:
            clocks.append(clock)
            continue
        at_last = _shifted(clock, Pause(start=state.paused_at, end=now), rules) if state.paused_at else clock
        clocks.append(at_last.model_copy(update={"met_at": now}))
    return state.model_copy(update={"clocks": tuple(clocks), "answered_at": state.answered_at or now})


def _replaced(state: SlaState, new: dict[ClockKind, Clock], now: datetime, rules: SlaRules) -> Iterator[Clock]:
    for kind in ClockKind:
        old, clock = state.clock(kind), new.get(kind)
        if old is not None and (not old.is_running or old.is_breached(now)):
            yield old
        elif clock is not None and not (kind is ClockKind.ACKNOWLEDGMENT and state.answered_at):
            for pause in state.pauses:
                clock = _shifted(clock, pause, rules)
            is_same = old is not None and old.deadline == clock.deadline and old.at_risk_at == clock.at_risk_at
            yield old if is_same and old is not None else clock


def _shifted(clock: Clock, pause: Pause, rules: SlaRules) -> Clock:
    """Move the marks that lay ahead by the pause, counted in the clock's own kind of time."""
    if not clock.is_running:
        return clock
    marks = {"at_risk_at": clock.at_risk_at, "deadline": clock.deadline}
    hours = rules.hours_for(in_business_hours=clock.in_business_hours)
    ahead = {name: elapsed(pause.start, mark, hours) for name, mark in marks.items() if mark > pause.start}
    return clock.model_copy(update={name: deadline(pause.end, left, hours) for name, left in ahead.items()})


def _mark(clock: Clock, now: datetime) -> Mark | None:
    if not clock.breached and clock.is_breached(now):
        return Mark(clock.kind, SlaStatus.BREACHED, clock.deadline, clock.deadline)
    if not clock.warned and clock.status(now) is SlaStatus.AT_RISK:
        return Mark(clock.kind, SlaStatus.AT_RISK, clock.at_risk_at, clock.deadline)
    return None


def _remembering(clock: Clock, status: SlaStatus | None) -> Clock:
    if status is None:
        return clock
    return clock.model_copy(update={"warned": True} if status is SlaStatus.AT_RISK else {"breached": True})


def _clock_view(state: SlaState, kind: ClockKind, now: datetime) -> dict[str, Any] | None:
    clock = state.clock(kind)
    if clock is None:
        return None
    shown = state.shown(now)
    is_breached = clock.is_breached(shown)
    view = {
        "deadline": rfc3339(clock.deadline),
        "at_risk_at": rfc3339(clock.at_risk_at),
        "met_at": rfc3339(clock.met_at) if clock.met_at else None,
        "status": clock.status(shown),
        "breached_at": rfc3339(clock.deadline) if is_breached else None,
    }
    if state.paused_at and clock.is_running and not is_breached:
        view["paused_at"] = rfc3339(state.paused_at)  # until it goes on, the marks are those from before
    return view
