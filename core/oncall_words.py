"""How page and terminal say who is on call: from the JSON of core/oncall.py, by the rotation's clock, with weekday.

Light to import: a command that only asks and prints pays for nothing else.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_NEAR = timedelta(days=300)  # within it a weekday, a day and a month are of one year only
_BEYOND = "26 weeks and longer"

View = Mapping[str, Any]
Names = Mapping[str, str]


def moment(instant: datetime | str, zone: ZoneInfo, near: datetime | None = None) -> str:
    """Say an instant: `Mon 30 Nov 09:00 CET`; with the year unless it is near another instant."""
    when = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    year = "" if near and abs(when - near) < _NEAR else "%Y "
    return when.astimezone(zone).strftime(f"%a %d %b {year}%H:%M %Z")


def person(entry: View) -> str:
    """Say who, with the name that commands want behind the one that people read; or that it is nobody."""
    member, name = entry["member"], entry["name"]
    if not member:
        return "nobody"
    return str(member) if name in (None, member) else f"{name} ({member})"


def until(view: View, at: datetime) -> str:
    """Say until when it stays so: `until Mon 30 Nov 09:00 CET`."""
    end = view["on_call"]["to"]
    return f"until {moment(end, _zone(view), at)}" if end else f"for {_BEYOND}"


def following(view: View, at: datetime, say: Callable[[View], str] = person) -> str:
    """Say who is next: `then bob`, or after a gap `next bob from ...`; '' when that cannot be told."""
    after, end = view["next"], view["on_call"]["to"]
    if after is None:
        return f"then nobody for {_BEYOND}" if end else ""
    if after["from"] == end:
        return f"then {say(after)}"
    return f"next {say(after)} from {moment(after['from'], _zone(view), at)}"


def rotation_line(view: View, at: datetime) -> str:
    """Say it all in a line."""
    now = f"{view['rotation']}: {person(view['on_call'])} {until(view, at)}"
    return ", ".join(filter(None, (now, following(view, at))))


def shift_line(shift: View, zone: ZoneInfo, at: datetime) -> str:
    """Say a shift: from when to when, and who."""
    override = f", override {shift['override']}" if shift["override"] else ""
    return f"{span(shift, zone, at)}: {person(shift)}{override}"


def span(window: View, zone: ZoneInfo, near: datetime | None) -> str:
    """Say a window; the day and the zone of its end only where they are not those of its beginning."""
    start, end = window["from"], window["to"]
    if not start or not end:
        return f"{moment(start, zone, near) if start else 'long ago'} to {moment(end, zone, near) if end else _BEYOND}"
    one, other = moment(start, zone, near).split(" "), moment(end, zone, near).split(" ")
    head = one[:-1] if one[-1] == other[-1] else one
    tail = other[-2:] if one[:-2] == other[:-2] else other
    return f"{' '.join(head)} to {' '.join(tail)}"


def one_of_each(overrides: Iterable[View]) -> list[View]:
    """Leave out the second half of each swap: `override_line` says both in one."""
    seen: set[str | None] = set()
    first = []
    for each in overrides:
        if each["swap"] not in seen:
            first.append(each)
            seen.add(each["id"])
    return first


def override_line(override: View, zone: ZoneInfo, near: datetime | None = None, names: Names | None = None) -> str:
    """Say an override, or the swap it is half of: who, instead of whom, when. `names` are those that people read."""
    member, replaced = (_named(override[key], names) for key in ("member", "instead_of"))
    when = span(override, zone, near)
    if override["swap"]:
        return f"{replaced} and {member} swap, {when}"
    return f"{member}{f' instead of {replaced}' if replaced else ''}, {when}"


def origin(override: View, names: Names | None = None) -> str:
    """Say which override it is, or which two a swap is, who ordered it and why."""
    note = f": {' '.join(override['note'].split())}" if override["note"] else ""
    which = f"overrides {override['id']} and {override['swap']}" if override["swap"] else f"override {override['id']}"
    return f"{which} by {_named(override['by'], names)}{note}"


def timeline_lines(events: Iterable[View], zone: ZoneInfo, names: Names | None = None) -> list[dict[str, str]]:
    """Give the events of a rotation's timeline as `at`, `what`, `details` and the `note` somebody left."""
    return [
        {
            "at": event["at"],
            "what": f"{_what(event)} by {_named(event['by'], names)}",
            "details": "; ".join(override_line(each, zone, names=names) for each in one_of_each(event["overrides"])),
            "note": next((str(each["note"]) for each in event["overrides"]), ""),
        }
        for event in events
    ]


def _what(event: View) -> str:
    what = str(event["event"]).replace("_", " ")
    return what.replace("override", "swap") if event["overrides"][0]["swap"] else what


def _named(name: str | None, names: Names | None) -> str:
    return (names or {}).get(name or "", name or "")


def _zone(view: View) -> ZoneInfo:
    return ZoneInfo(view["timezone"])
