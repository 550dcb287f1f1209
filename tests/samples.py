"""Sample config and alerts: the requirement's policies, people and rotations, as an operator would write them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from core.alert import Alert
from core.commands import Command, Fire, Wake
from core.config import Config
from core.decision import Decision, Refused
from core.lifecycle import decide, trigger
from core.rules import Rules
from core.severity import Severity
from core.signals import Signal, SignalStatus
from core.timeline import Event

T0 = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday


def at(seconds: float) -> datetime:
    """The instant so many seconds after T0."""
    return T0 + timedelta(seconds=seconds)


def level(name: str, delay: int, channels: list[str], responders: list[str], timeout: int) -> dict[str, Any]:
    return {
        "level": name,
        "delay": delay,
        "notification_channels": channels,
        "responders": responders,
        "timeout": timeout,
    }


ALL = ["email", "slack", "sms", "phone"]

POLICIES: dict[str, Any] = {
    "critical": {
        "levels": [
            level("primary", 0, ["email", "slack", "sms"], ["oncall_primary"], 300),
            level("secondary", 600, ALL, ["oncall_secondary"], 600),
            level("manager", 1800, ALL, ["team_manager"], 1800),
            level("executive", 3600, ALL, ["director", "vp"], 3600),
        ],
        "repeat_interval": 7200,
        "max_repeats": 3,
        "sla_timeout": 3600,
    },
    "high": {
        "levels": [
            level("primary", 0, ["email", "slack"], ["oncall_primary"], 900),
            level("secondary", 1800, ["email", "slack", "sms"], ["oncall_secondary"], 1800),
            level("manager", 3600, ["email", "slack", "sms"], ["team_manager"], 3600),
        ],
        "repeat_interval": 14400,
        "max_repeats": 2,
        "sla_timeout": 7200,
    },
    "medium": {
        "levels": [
            level("primary", 0, ["email", "slack"], ["oncall_primary"], 3600),
            level("secondary", 7200, ["email", "slack"], ["oncall_secondary"], 7200),
        ],
        "repeat_interval": 28800,
        "max_repeats": 1,
        "sla_timeout": 14400,
    },
    "low": {
        "levels": [level("primary", 0, ["email"], ["oncall_primary"], 3600)],
        "repeat_interval": 28800,
        "max_repeats": 0,
        "sla_timeout": 86400,
    },
}


def person(number: int) -> dict[str, str]:
    return {"email": f"p{number}@example.com", "phone": f"+1555010{number:04}", "slack": f"@U{number:04}"}


PEOPLE = {f"user{n}": person(n) for n in range(1, 7)} | {
    "team_manager": person(7),
    "director": person(8),
    "vp": person(9),
}


def rotation(*members: str) -> dict[str, Any]:
    return {"type": "weekly", "members": list(members), "start_time": "09:00", "handoff_day": "monday"}


def config_dict(**changes: Any) -> dict[str, Any]:
    return {
        "escalation": {
            "policies": POLICIES,
            "catch_all": ["team_manager"],
            "default_policy": "medium",
            "reopen_within": 300,
        },
        "rotations": {
            "oncall_primary": rotation("user1", "user2", "user3"),
            "oncall_secondary": rotation("user4", "user5", "user6"),
        },
        "people": PEOPLE,
        "channels": {name: {"url": ""} for name in ALL},
        "bundling": {"after": 0},  # tests count single messages; those of bundles say so
        "sources": {
            "alertmanager": {"token": "source-token"},
            "generic": {"token": "source-token"},
            "grafana": {"token": "source-token"},
            "uptime-kuma": {"token": "source-token"},
            "demo": {"type": "generic", "token": "source-token", "policy": "critical", "speedup": 30},
        },
    } | changes


def config(**changes: Any) -> Config:
    return Config.model_validate(config_dict(**changes))


def rules(**changes: Any) -> Rules:
    return Rules(config(**changes))


RULES = rules()


def signal(key: str = "disk-1", severity: str | None = "critical", **fields: Any) -> Signal:
    return Signal(SignalStatus.FIRING, key, fields.pop("title", "Disk is full"), severity, **fields)


def cleared(key: str = "disk-1") -> Signal:
    return Signal(SignalStatus.RESOLVED, key, "Disk is full", "critical")


def firing(severity: str = "critical", rules: Rules = RULES) -> Fire:
    word = Severity(severity)
    return Fire("generic", signal(severity=severity), word, *rules.policy_for("generic", word))


def triggered(severity: str = "critical", now: datetime = T0, rules: Rules = RULES) -> Alert:
    return trigger(1, firing(severity, rules), now, rules).alert


def decided(alert: Alert, command: Command, now: datetime, rules: Rules = RULES) -> Decision:
    decision = decide(alert, command, now, rules)
    assert isinstance(decision, Decision), decision
    return decision


def refused(alert: Alert, command: Command, now: datetime, rules: Rules = RULES) -> Refused:
    decision = decide(alert, command, now, rules)
    assert isinstance(decision, Refused), decision
    return decision


def ladder_rules(*levels: dict[str, Any], repeat_interval: int = 7200, max_repeats: int = 1, **changes: Any) -> Rules:
    """Rules whose critical policy is this ladder; the other policies stay as they are."""
    ladder = {
        "levels": list(levels),
        "repeat_interval": repeat_interval,
        "max_repeats": max_repeats,
        "sla_timeout": 3600,
    }
    escalation = config_dict()["escalation"]
    return rules(escalation=escalation | {"policies": POLICIES | {"critical": ladder}}, **changes)


def rung(delay: int = 0, timeout: int = 300, who: str = "user1", channels: tuple[str, ...] = ("email",)) -> dict:
    """A level called after when it is due; `who` may be `nobody`, whom nothing reaches."""
    return level(f"at{delay}", delay, list(channels), [who], timeout)


def left_alone(alert: Alert, seconds: float, rules: Rules = RULES, late: float = 0.0) -> tuple[Alert, list[Event]]:
    """The alert after nobody did anything until so long after T0; each timer goes off `late` seconds late."""
    events: list[Event] = []
    while alert.wake_at is not None and alert.wake_at <= at(seconds):
        decision = decided(alert, Wake(), alert.wake_at + timedelta(seconds=late), rules)
        assert decision.alert is not alert, "a timer that is due did nothing"
        events += decision.events
        alert = decision.alert
    return alert, events


def times(events: Iterable[Event], *kinds: str) -> list[float]:
    """Seconds since T0 of the events of these kinds."""
    return [(event.at - T0).total_seconds() for event in events if event.kind in kinds]
