"""What tests of the state machine share: an alert in each status, the commands, and what a decision says."""

from core.alert import (
    Alert,
    Status,
)
from core.commands import (
    Acknowledge,
    Clear,
    Escalate,
    Reassign,
    Resolve,
    Snooze,
    Suppress,
    Unsuppress,
    Update,
    Wake,
)
from core.decision import (
    Decision,
)
from tests.samples import (
    at,
    decided,
    firing,
    triggered,
)

NOW = at(100)
ACK, UPDATE, RESOLVE = (kind("user5", "api", note="on it") for kind in (Acknowledge, Update, Resolve))
ESCALATE = Escalate("user5", "api", note="on it")
SNOOZE = Snooze("user5", "api", at(500), note="on it")
REASSIGN = Reassign("user5", "api", "vp", note="on it")
FIRE, CLEAR, WAKE = firing(), Clear("generic"), Wake()
SUPPRESS, UNSUPPRESS = Suppress("maintenance of db-1"), Unsuppress("maintenance of db-1")


def standing(status: Status) -> Alert:
    """Alert 1 in each status: user2 was paged at 0 and answered at 60, or user5 was paged too, at 50."""
    alert = triggered()
    if status is Status.PENDING:
        return alert
    command, second = {
        Status.ESCALATED: (Escalate("user2", "api"), 50),
        Status.ACKNOWLEDGED: (Acknowledge("user2", "link"), 60),
        Status.IN_PROGRESS: (Update("user2", "link"), 60),
        Status.RESOLVED: (Resolve("user2", "link"), 60),
    }[status]
    alert = decided(alert, command, at(second)).alert
    assert alert.status is status
    return alert


def pages(who: str, *channels: str) -> list[tuple[str, str, str]]:
    return [("page", who, channel) for channel in channels]


def notices(*people: str) -> list[tuple[str, str, str]]:
    return [("notice", person, "email") for person in people]


def told(decision: Decision) -> list[tuple[str, str, str]]:
    return [(n.kind.value, n.responder, n.channel) for n in decision.notifications]


def kinds(decision: Decision) -> list[str]:
    """The events but for those of notifications."""
    return [event.kind.value for event in decision.events if event.kind != "notified"]


ALL = ("email", "slack", "sms", "phone")
LEVEL_0, LEVEL_1, LEVEL_2 = pages("user2", *ALL[:3]), pages("user5", *ALL), pages("team_manager", *ALL)
TO_VP = pages("vp", *ALL[:3])
NOBODY: list[tuple[str, str, str]] = []

PENDING, ESCALATED, ACKNOWLEDGED, IN_PROGRESS, RESOLVED = Status
