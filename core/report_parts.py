"""What a report is put together from: sections of sentences and tables, and how an instant or a window is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from core.local_time import instant_of

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `alert` is the alert it is about, if it is about one. `below` stands under its last cell."""

    cells: tuple[str, ...]
    alert: int | None = None
    is_bad: bool = False
    below: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report. `charts` are shown after the sentences; the first `first_words` columns hold words."""

    title: str
    lines: tuple[str, ...] = ()
    bad_lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    charts: tuple[str, ...] = ()
    first_words: int = 1
    note: str = ""


def window_text(view: View, window: View) -> str:
    """Say a window, from its `from` and `to`: whole local days as days, anything else with its times."""
    zone = ZoneInfo(view["timezone"])
    start, end = _local(view, window["from"]), _local(view, window["to"])
    if start < end and _begins_a_day(start, zone) and _begins_a_day(end, zone):
        last = datetime.fromtimestamp(end.timestamp() - 1, zone)
        if last.date() == start.date():
            return f"{start:%A %d %B %Y}"
        return f"{start:%a %d %b}{_year(start, last)} to {last:%a %d %b %Y}"
    if start.date() == end.date():
        return f"{start:%A %d %B %Y}, {start:%H:%M} to {end:%H:%M %Z}"
    return f"{start:%a %d %b}{_year(start, end)} {start:%H:%M} to {end:%a %d %b %Y %H:%M %Z}"


def forgotten(view: View, window: View) -> tuple[str, ...]:
    """Say that a window is counted in part only, because facts are not kept for so long; nothing when they are."""
    if datetime.fromisoformat(window["from"]) >= datetime.fromisoformat(view["kept_since"]):
        return ()
    day = f"{_local(view, view['kept_since']):%d %B %Y}"
    return (f"What happened before {day} is not kept any more and not counted here (`retention.facts`).",)


def clock_text(view: View, instant: str) -> str:
    """Say an instant by the report's zone: `Wed 25 Nov 01:39`."""
    return f"{_local(view, instant):%a %d %b %H:%M}"


def day_text(view: View, instant: str) -> str:
    """Say the day of an instant by the report's zone: `Wed 25 Nov`."""
    return f"{_local(view, instant):%a %d %b}"


def zone_words(view: View) -> str:
    """Say by whose clock the report tells times and hours."""
    return f"Times are by the clock of {view['timezone']}."


def _begins_a_day(at: datetime, zone: ZoneInfo) -> bool:
    return instant_of(datetime.combine(at.date(), time(0)), zone) == at.astimezone(UTC)


def _year(start: datetime, end: datetime) -> str:
    return f" {start:%Y}" if start.year != end.year else ""


def _local(view: View, instant: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(view["timezone"]))
