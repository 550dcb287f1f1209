"""Why an answer is refused, in a sentence that can be read out at three in the morning."""

from datetime import datetime

from core.alert import ANSWERED, Alert, Status
from core.decision import Refused
from core.times import say_duration


def refuse(alert: Alert, now: datetime) -> Refused:
    """Give the reason that lies in the alert's status."""
    if alert.status is Status.RESOLVED:
        return _resolved(alert, now)
    if alert.status in ANSWERED:
        return _acknowledged(alert, now)
    return Refused(alert.status.value, f"alert {alert.id} is {alert.status.value}")


def ladder_used_up(alert: Alert) -> Refused:
    """Give the reason for not climbing where there is nothing left to climb."""
    return Refused(
        "exhausted",
        f"alert {alert.id} has been through every level and round; nobody is left to escalate to. "
        "Acknowledge it, or reassign it to somebody",
    )


def nobody_of_that_name(name: str) -> Refused:
    """Give the reason for not reassigning to a name that config does not know."""
    return Refused("unknown_responder", f"there is no person or rotation named {name!r} in the config")


def cannot_reach(name: str, who_wants_none: str) -> Refused:
    """Give the reason for not reassigning to somebody whom no channel reaches, or who wants no such pages."""
    return Refused("unreachable", who_wants_none or f"{name} cannot be reached on any channel of the config")


def not_in_the_future(until: datetime) -> Refused:
    """Give the reason for not snoozing until an instant that has passed."""
    return Refused("not_in_the_future", f"cannot snooze until {until:%Y-%m-%d %H:%M:%S} UTC: that is not in the future")


def _resolved(alert: Alert, now: datetime) -> Refused:
    by = f" by {alert.resolved_by}" if alert.resolved_by else ""
    ago = f" {say_duration(now - alert.resolved_at)} ago" if alert.resolved_at else ""
    return Refused("resolved", f"alert {alert.id} was resolved{by}{ago}")


def _acknowledged(alert: Alert, now: datetime) -> Refused:
    by = f" by {alert.acknowledged_by}" if alert.acknowledged_by else ""
    ago = f" {say_duration(now - alert.acknowledged_at)} ago" if alert.acknowledged_at else ""
    return Refused("acknowledged", f"alert {alert.id} was acknowledged{by}{ago}")
