"""The words for SLA clocks and reminders, the same in messages, on pages, in the terminal and in the ledger."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from core.alert import Alert
from core.reminders import Reminder, ReminderKind
from core.sla import Mark
from core.sla_clock import Clock, ClockKind, SlaState, SlaStatus
from core.times import say_duration, say_when

_SLA = "SLA "
_AGAIN = "reminder: "
_STATUS = {SlaStatus.COMPLIANT: "in time", SlaStatus.AT_RISK: "at risk", SlaStatus.BREACHED: "breached"}
CLOCKS = {
    ClockKind.ACKNOWLEDGMENT: "acknowledgment",
    ClockKind.RESOLUTION: "resolution",
    ClockKind.POLICY: "policy timeout",
}
_OWED = {
    ReminderKind.ACKNOWLEDGMENT: "nobody has answered",
    ReminderKind.UPDATE: "an update is due",
    ReminderKind.RESOLUTION: "it is not resolved",
}


def reminder_reason(due: Sequence[Reminder]) -> str:
    """Say what is reminded of: `an update is due (1 of 3)`."""
    return " and ".join(f"{_OWED[each.kind]} ({each.number} of {each.most})" for each in due)


def asked_again(reason: str) -> str:
    """Give the reason of a page that is a reminder."""
    return _AGAIN + reason


def is_asked_again(reason: str) -> bool:
    """Say whether the reason of a page is that of a reminder."""
    return reason.startswith(_AGAIN)


def reminds_of(reason: str, kind: ReminderKind) -> bool:
    """Say whether a reminder of this reason is about something."""
    return _OWED[kind] in reason


def marks_reason(marks: Sequence[Mark]) -> str:
    """Say which clocks are at risk or breached: `SLA resolution breached, policy breached`."""
    return _SLA + ", ".join(f"{CLOCKS[mark.kind]} {_STATUS[mark.status]}" for mark in marks)


def is_about_sla(reason: str) -> bool:
    """Say whether the reason of a notice is that of an SLA mark."""
    return reason.startswith(_SLA)


def named_in(reason: str, status: SlaStatus) -> list[ClockKind]:
    """Give the clocks that the reason of a notice says to be at risk, or breached."""
    parts = reason.removeprefix(_SLA).split(", ")
    return [kind for kind in ClockKind if f"{CLOCKS[kind]} {_STATUS[status]}" in parts]


def sla_lines(state: SlaState | None, now: datetime, zone: ZoneInfo) -> list[dict[str, str]]:
    """Give a line for each clock: what is owed, the status as a word, and the deadline with what is left of it."""
    if state is None:
        return []
    return [
        {
            "clock": CLOCKS[clock.kind],
            "status": clock.status(state.shown(now)).value,
            "said": say_clock(clock, state, now, zone),
        }
        for clock in state.clocks
    ]


def say_clock(clock: Clock, state: SlaState, now: datetime, zone: ZoneInfo) -> str:
    """Say how a clock stands: `at risk: due at 10:05:00 UTC (in 1 min)`. A breach says since when."""
    at, status = say_when(clock.deadline, now, zone), clock.status(state.shown(now))
    if clock.met_at is not None:
        if status is SlaStatus.BREACHED:
            return f"breached: was due {at}, done {say_duration(clock.met_at - clock.deadline)} late"
        return f"done in time: was due {at}"
    if status is SlaStatus.BREACHED:
        return f"breached: was due {at}, {say_duration(now - clock.deadline)} ago"
    if state.paused_at is not None:
        return f"{_STATUS[status]}: stands still, {say_duration(clock.deadline - state.paused_at)} before it was due"
    return f"{_STATUS[status]}: due {at}, {say_duration(clock.deadline - now)} left"


def sla_in_short(state: SlaState | None, now: datetime, zone: ZoneInfo) -> str:
    """Say the worst of an alert's clocks in a few words: what is breached, else what is due next; '' for nothing."""
    if state is None:
        return ""
    return next((f"{CLOCKS[clock.kind]} {say_clock(clock, state, now, zone)}" for clock in _pressing(state, now)), "")


def sla_sentence(alert: Alert, now: datetime, zone: ZoneInfo) -> str:
    """Give the line of a page about the clocks that still run or were missed, '' without any."""
    state = alert.sla
    if state is None:
        return ""
    shown = state.shown(now)
    telling = [clock for clock in state.clocks if clock.met_at is None or clock.is_breached(shown)]
    said = "; ".join(f"{CLOCKS[clock.kind]} {say_clock(clock, state, now, zone)}" for clock in telling)
    return f"SLA: {said}." if said else ""


def _pressing(state: SlaState, now: datetime) -> Iterator[Clock]:
    """Give the breached clocks before those that run, each in the order of their deadlines."""
    shown = state.shown(now)
    by_deadline = sorted(state.clocks, key=lambda clock: clock.deadline)
    yield from (clock for clock in by_deadline if clock.is_breached(shown))
    yield from (clock for clock in by_deadline if clock.met_at is None and not clock.is_breached(shown))
    yield from reversed(by_deadline)
