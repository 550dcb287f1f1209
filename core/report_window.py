"""How a report says its window and instants, by the clock of its zone, and what of it is not kept any more."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from core.local_time import instant_of

View = Mapping[str, Any]


def window_text(view: View) -> str:
    """Say the window: whole local days as days, anything else with its times."""
    zone = ZoneInfo(view["timezone"])
    start, end = (datetime.fromisoformat(view[name]).astimezone(zone) for name in ("from", "to"))
    if start < end and _begins_a_day(start, zone) and _begins_a_day(end, zone):
        last = datetime.fromtimestamp(end.timestamp() - 1, zone)
        if last.date() == start.date():
            return f"{start:%A %d %B %Y}"
        return f"{start:%a %d %b}{_year(start, last)} to {last:%a %d %b %Y}"
    if start.date() == end.date():
        return f"{start:%A %d %B %Y}, {start:%H:%M} to {end:%H:%M %Z}"
    return f"{start:%a %d %b}{_year(start, end)} {start:%H:%M} to {end:%a %d %b %Y %H:%M %Z}"


def forgotten(view: View, start: str) -> tuple[str, ...]:
    """Say that what begins at `start` is counted in part only, because facts are not kept for so long."""
    kept = datetime.fromisoformat(view["kept_since"])
    if datetime.fromisoformat(start) >= kept:
        return ()
    day = f"{kept.astimezone(ZoneInfo(view['timezone'])):%d %B %Y}"
    return (f"What happened before {day} is not kept any more and not counted here (`retention.facts`).",)


def clock_text(view: View, instant: str) -> str:
    """Say an instant of this report, without its year."""
    return f"{datetime.fromisoformat(instant).astimezone(ZoneInfo(view['timezone'])):%a %d %b %H:%M}"


def _begins_a_day(at: datetime, zone: ZoneInfo) -> bool:
    return instant_of(datetime.combine(at.date(), time(0)), zone) == at.astimezone(UTC)


def _year(start: datetime, end: datetime) -> str:
    return f" {start:%Y}" if start.year != end.year else ""
