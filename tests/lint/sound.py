"""A sound config of which the linter has nothing to say, to be changed in one thing by each test."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from core.config import Config
from core.lint import lint
from core.rules import Rules

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday

MAIL = "mailtos://rung:s3cret@smtp.example.com?to={email}"
TEXT = "twilio://AC1:s3cret@+15550109999/{phone}"


def person(number: int, *fields: str) -> dict[str, str]:
    contacts = {"email": f"p{number}@example.com", "phone": f"+1555010{number:04}"}
    return {field: contacts[field] for field in fields or contacts}


def weekly(*members: Any, **more: Any) -> dict[str, Any]:
    return {"type": "weekly", "members": list(members), "start_time": "09:00", "handoff_day": "monday", **more}


def level(name: str, *responders: str, **more: Any) -> dict[str, Any]:
    base = {"delay": 0, "timeout": "5m", "notification_channels": ["email", "sms"]}
    return {"level": name, "responders": list(responders), **base, **more}


def policy(*levels: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"levels": list(levels), "repeat_interval": "2h", "max_repeats": 1, "sla_timeout": "2h", **more}


def sound() -> dict[str, Any]:
    """The config as a mapping, fresh each time."""
    high = policy(level("primary", "oncall"), level("boss", "boss", delay="10m", timeout="1h"))
    written = {
        "escalation": {"default_policy": "high", "catch_all": ["boss"], "policies": {"high": high}},
        "rotations": {"oncall": weekly("ada", "bob")},
        "people": {"ada": person(1), "bob": person(2), "boss": person(3)},
        "channels": {"email": {"url": MAIL}, "sms": {"url": TEXT}},
        "sources": {"grafana": {"token": "s3cret"}},
    }
    return deepcopy(written)


def changed(path: str, value: Any) -> dict[str, Any]:
    """Give the sound config with something else at a path such as `people.ada`."""
    return put(sound(), path, value)


def put(written: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    *keys, last = path.split(".")
    place: Any = written
    for key in keys:
        place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
    place[int(last) if isinstance(place, list) else last] = value
    return written


def findings(written: dict[str, Any], now: datetime = NOW, days: int = 90) -> list[Any]:
    return lint(Rules(Config.model_validate(written)), now, days)


def told(written: dict[str, Any], now: datetime = NOW, days: int = 90) -> list[tuple[str, str]]:
    """Give the code and the path of each finding."""
    return [(finding.code.value, finding.path) for finding in findings(written, now, days)]
