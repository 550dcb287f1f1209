"""The config of the day in the life: times shrunk to seconds, an office that closes in mid-story, people and channels.

Nothing here is imported from the product: what is owed is counted from these numbers once more.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.processes import SOURCE_TOKEN

CHANNELS = ("chat", "mail", "sms")
PEOPLE = ("ann", "ben", "cem", "dora", "eve", "fay", "lost")
OFFICE_OPENS = time(6)
LABELS = ("team", "service")

# Half hours first: a report has to look at the clock of its zone, not at the hours of UTC.
ZONES = (
    *("Asia/Kathmandu", "Pacific/Marquesas", "America/St_Johns", "Asia/Tehran", "Australia/Darwin"),
    *(f"Etc/GMT{offset:+d}" for offset in range(-12, 13)),
)
DEEP_NIGHT, DAYLIGHT = range(1, 6), range(9, 20)  # hours, away from midnight


def zone_in(hours: range, now: datetime) -> str:
    """Give a zone whose clock shows one of these hours."""
    return next(name for name in ZONES if now.astimezone(ZoneInfo(name)).hour in hours)


def closing_time(now: datetime, margin: timedelta) -> datetime:
    """Give the first whole minute that is so far away at least; config knows no seconds."""
    return (now + margin + timedelta(minutes=1)).replace(second=0, microsecond=0)


def day_config(sink: str, closes_at: datetime) -> dict[str, Any]:
    """Give the config; `sink` is where messages go, as json://host:port."""
    now = datetime.now(UTC)
    return {
        "timezone": zone_in(DEEP_NIGHT, now),
        "escalation": {
            "policies": POLICIES,
            "catch_all": ["eve"],
            "default_policy": "medium",
            "reopen_within": 60,
        },
        "rotations": {"first_line": _turns("ann", "ben"), "second_line": _turns("cem", "fay")},
        # mute has no address, so a level that names nobody else is skipped.
        "people": {name: dict.fromkeys(CHANNELS, name) for name in PEOPLE} | {"mute": {"name": "Mute"}},
        "channels": {name: {"url": f"{sink}/{name}/{{{name}}}"} for name in CHANNELS},
        "sources": {
            "shop": {"type": "generic", "token": SOURCE_TOKEN},
            "night": {"type": "generic", "token": SOURCE_TOKEN, "policy": "patchy"},
        },
        "bundling": {"after": 0},  # what is sent is matched one by one with what the sink got
        "flapping": {"changes": 0},
        "response_tracking": RESPONSE_TRACKING,
        "sla": {
            "definitions": OWED,
            "business_hours": _office(closes_at),
            "monitoring": {"warning_threshold": 0.5, "notification_channels": ["mail"]},
            "reporting": {"enabled": False, "interval": "daily"},
        },
        "reporting": {"metrics_interval": 10, "labels": list(LABELS)},
    }


def _turns(*members: str) -> dict[str, Any]:
    return {"type": "daily", "members": list(members), "start_time": "12:00"}


def _level(name: str, delay: int, timeout: int, responder: str, *channels: str) -> dict[str, Any]:
    return {
        "level": name,
        "delay": delay,
        "timeout": timeout,
        "responders": [responder],
        "notification_channels": list(channels),
    }


def _policy(max_repeats: int, sla_timeout: int, *levels: dict[str, Any]) -> dict[str, Any]:
    return {"levels": list(levels), "repeat_interval": 6, "max_repeats": max_repeats, "sla_timeout": sla_timeout}


def _office(closes_at: datetime) -> dict[str, Any]:
    """Give hours that end at this instant, in a zone where that is about noon, and go on on the day after tomorrow."""
    zone = zone_in(range(11, 14), closes_at)
    local = closes_at.astimezone(ZoneInfo(zone))
    tomorrow = (local.weekday() + 1) % 7
    return {
        "start_time": f"{OFFICE_OPENS:%H:%M}",
        "end_time": f"{local:%H:%M}",
        "timezone": zone,
        "weekdays": [day for day in range(7) if day != tomorrow],
    }


POLICIES = {
    "critical": _policy(
        1,
        10,
        _level("primary", 0, 2, "first_line", "sms", "chat"),
        _level("secondary", 2, 2, "second_line", "sms", "mail"),
        _level("manager", 4, 2, "dora", "chat"),
    ),
    "high": _policy(
        1,
        12,
        _level("primary", 0, 2, "first_line", "chat"),
        _level("secondary", 2, 3, "second_line", "sms", "mail"),
    ),
    "medium": _policy(
        0,
        15,
        _level("primary", 0, 3, "first_line", "mail"),
        _level("secondary", 3, 3, "second_line", "chat", "sms"),
    ),
    "low": _policy(0, 60, _level("primary", 0, 60, "ben", "mail")),
    # Nobody on the first level can be reached, no page of the second is ever delivered.
    "patchy": _policy(
        1,
        20,
        _level("nobody", 0, 1, "mute", "chat"),
        _level("lost", 0, 2, "lost", "sms", "chat"),
        _level("rescue", 1, 2, "second_line", "chat"),
    ),
}

# `low` owes nothing, `medium` has more breaches than the day will use, the others fewer.
OWED = {
    "critical": {"acknowledgment_time": 2, "resolution_time": 6, "business_hours": False, "allowed_breaches": 3},
    "high": {"acknowledgment_time": 2, "resolution_time": 5, "business_hours": True, "allowed_breaches": 1},
    "medium": {"acknowledgment_time": 4, "resolution_time": 8, "business_hours": False, "allowed_breaches": 90},
}

RESPONSE_TRACKING = {
    "resolution_reminders": {"interval": 3, "max_reminders": 2},
    "sla_monitoring": {"enabled": True, "warning_threshold": 0.5, "notification_channels": ["mail"]},
    "timeouts": {
        "acknowledgment": {"critical": 1, "high": 1, "medium": 2},
        "updates": {"critical": 2, "high": 3, "medium": 4},
    },
    "reminders": {
        "enabled": True,
        "interval": {"critical": 1, "high": 2, "medium": 2},
        "max_reminders": 2,
        "channels": ["mail"],
    },
}
