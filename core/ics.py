"""Calendars: shifts as iCalendar (RFC 5545), for a calendar that people subscribe to. Gaps are left out.

A shift keeps its UID from one rendering to the next, also when an override changes who is on it or its end: one
rotation has one shift that begins at an instant. Times are UTC, so no client needs our zones.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from icalendar import Calendar, Event

from core.config import Person
from core.rotations import Shift

_MADE_BY = "-//Rung//On call//EN"


def rotation_calendar(name: str, shifts: Iterable[Shift], people: Mapping[str, Person], now: datetime) -> bytes:
    """Give the calendar of a rotation, made at `now`: an event a shift, `oncall_primary: User One`."""
    return _calendar(name, [event for shift in shifts for event in _events(name, shift, people, now)])


def person_calendar(
    person: str, shifts: Mapping[str, Iterable[Shift]], people: Mapping[str, Person], now: datetime
) -> bytes:
    """Give the calendar of a person, made at `now`: what is theirs of the shifts of these rotations, in order."""
    own = [(name, shift) for name, each in shifts.items() for shift in each if shift.member == person]
    own.sort(key=lambda entry: (entry[1].starts_at or now, entry[0]))
    events = [event for name, shift in own for event in _events(name, shift, people, now)]
    return _calendar(f"On call: {_shown(person, people)}", events)


def _calendar(title: str, events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(rotation: str, shift: Shift, people: Mapping[str, Person], now: datetime) -> Iterable[Event]:
    if shift.member is None or shift.starts_at is None or shift.ends_at is None:
        return
    event = Event()
    event.add("uid", f"{rotation}-{shift.starts_at:%Y%m%dT%H%M%SZ}@rung")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", shift.starts_at)
    event.add("dtend", shift.ends_at)
    event.add("summary", f"{rotation}: {_shown(shift.member, people)}")
    if shift.override:
        event.add("description", _why(shift.override.by, shift.override.note))
    event.add("transp", "TRANSPARENT")  # being on call makes nobody busy
    yield event


def _why(by: str, note: str) -> str:
    return f"Override by {by}" + (f": {note}" if note else "")


def _shown(name: str, people: Mapping[str, Person]) -> str:
    person = people.get(name)
    return (person and person.name) or name
