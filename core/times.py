"""Instants at the edges: RFC 3339 in UTC. Inside, every instant is an aware datetime in UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def rfc3339(instant: datetime) -> str:
    """Write an instant as `2026-11-22T03:14:07.250Z`, milliseconds only where there are any."""
    utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    spec = "milliseconds" if utc.microsecond else "seconds"
    return utc.isoformat(timespec=spec).removesuffix("+00:00") + "Z"


def from_epoch(seconds: float) -> datetime:
    """Turn seconds since 1970 into an aware UTC datetime."""
    return datetime.fromtimestamp(seconds, UTC)


def say_when(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Say an instant by the clock of a zone, with the day when that is not today: `10:05:00 UTC`."""
    local = instant.astimezone(zone)
    return f"{local:%a %d %b %H:%M:%S %Z}" if local.date() != now.astimezone(zone).date() else f"{local:%H:%M:%S %Z}"


def say_duration(span: timedelta) -> str:
    """Say how long, for people: `45 s`, `3 min`, `2 h 5 min`, `3 d 4 h`."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return _pair(seconds, _MINUTE, "min", 1, "s") if seconds < 5 * _MINUTE else f"{seconds // _MINUTE} min"
    if seconds < _DAY:
        return _pair(seconds, _HOUR, "h", _MINUTE, "min")
    return _pair(seconds, _DAY, "d", _HOUR, "h")


def _pair(seconds: int, big: int, big_name: str, small: int, small_name: str) -> str:
    rest = seconds % big // small
    return f"{seconds // big} {big_name}" + (f" {rest} {small_name}" if rest else "")
