"""When something changes, in words: `Saturdays 18:00 to Sundays 09:00`, `every day 22:00 to 06:00`, or the dates."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from core.comparing.compare import Span

_MOST_NAMED = 3
_WEEK = 7
_SEVERAL = 2  # what comes once may be chance


def say_spans(spans: Sequence[Span], zone: ZoneInfo) -> str:
    """Say when, by the clock of a zone; '' for at all times."""
    if not spans:
        return ""
    local = [(start.astimezone(zone), end.astimezone(zone)) for start, end in spans]
    days = {start.weekday() for start, _ in local}
    if _is_alike(local) and len(local) >= _SEVERAL * len(days):
        return _weekly(local, sorted(days))
    named = ", ".join(f"{_moment(start)} to {_moment(end)}" for start, end in local[:_MOST_NAMED])
    more = len(local) - _MOST_NAMED
    return f"{named}, and {more} times more" if more > 0 else named


def _is_alike(local: Sequence[tuple[datetime, datetime]]) -> bool:
    """Say whether all begin and end at the same times of day, and each as many days later."""
    return len({(start.time(), end.time(), (end.date() - start.date()).days) for start, end in local}) == 1


def _weekly(local: Sequence[tuple[datetime, datetime]], days: Sequence[int]) -> str:
    start, end = local[0]
    if len(days) == _WEEK:
        return f"every day {start:%H:%M} to {end:%H:%M}"
    if len(days) == 1:
        return f"{start:%A}s {start:%H:%M} to {end:%A}s {end:%H:%M}"
    names = {start.weekday(): f"{start:%a}" for start, _ in local}
    return f"{', '.join(names[day] for day in days)}, {start:%H:%M} to {end:%H:%M}"


def _moment(instant: datetime) -> str:
    return f"{instant:%a %d %b %H:%M}"
