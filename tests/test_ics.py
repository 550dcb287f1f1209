"""Calendars that people subscribe to, read back with the package that any reader of ours would use."""

from datetime import timedelta

from hypothesis import given, settings
from icalendar import Calendar

from core.config import Person
from core.ics import person_calendar, rotation_calendar
from core.rotations import shifts
from tests.duties import daily, override, plan, said, utc, weekly
from tests.rotation_strategies import CALENDAR, instants, lengths, rotations, some_overrides, zones

NOW = utc("2026-01-05T10:00")
PEOPLE = {"a": Person(name="User One"), "b": Person(), "c": Person(name="Zoë; Ops, nights")}
START = "2026-01-05"
TURNS = plan(weekly("a", "b", "c", start_date=START, restrictions=[{"from": "09:00", "to": "17:00"}]))


def events(calendar):
    return [
        (str(event["summary"]), said(event.DTSTART), said(event.DTEND)) for event in Calendar.from_ical(calendar).events
    ]


def weeks(*overrides, days=7):
    return list(shifts(TURNS, utc("2026-01-11T00:00"), utc("2026-01-11T00:00") + timedelta(days=days), overrides))


def test_each_shift_is_an_event_and_a_gap_is_none():
    assert events(rotation_calendar("oncall", weeks(days=3), PEOPLE, NOW)) == [
        ("oncall: User One", "2026-01-11T09:00", "2026-01-11T17:00"),
        ("oncall: b", "2026-01-12T09:00", "2026-01-12T17:00"),
        ("oncall: b", "2026-01-13T09:00", "2026-01-13T17:00"),
    ]


def test_the_whole_text_of_a_small_calendar():
    one = override("c", "2026-01-12T10:00", "2026-01-12T11:00", by="bob", note="dentist\r\nBEGIN:VEVENT")
    [_, shift, *_] = shifts(plan(weekly("a")), utc("2026-01-12T09:30"), utc("2026-01-12T12:00"), [one])
    assert rotation_calendar("oncall", [shift], PEOPLE, NOW).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Rung//On call//EN",
        "X-WR-CALNAME:oncall",
        "BEGIN:VEVENT",
        "SUMMARY:oncall: Zoë\\; Ops\\, nights",
        "DTSTART:20260112T100000Z",
        "DTEND:20260112T110000Z",
        "DTSTAMP:20260105T100000Z",
        "UID:oncall-20260112T100000Z@rung",
        "DESCRIPTION:Override by bob: dentist\\nBEGIN:VEVENT",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def uids(*overrides):
    calendar = Calendar.from_ical(rotation_calendar("oncall", weeks(*overrides), PEOPLE, NOW))
    return [str(event["uid"]) for event in calendar.events]


def test_uids_stay_when_somebody_else_takes_a_shift_or_the_end_of_it():
    whole = override("c", "2026-01-12T00:00", "2026-01-13T00:00", "b")
    end = override("c", "2026-01-12T12:00", "2026-01-13T00:00", "b")
    assert uids(whole) == uids()
    assert set(uids(end)) - set(uids()) == {"oncall-20260112T120000Z@rung"}
    assert set(uids()) <= set(uids(end))
    assert len(set(uids(end))) == len(uids(end))


def test_the_same_question_gives_the_same_bytes():
    assert rotation_calendar("oncall", weeks(), PEOPLE, NOW) == rotation_calendar("oncall", weeks(), PEOPLE, NOW)


def test_a_person_s_calendar_has_their_shifts_of_every_rotation_in_order():
    other = plan(daily("b", "a", start_date=START))
    both = {
        "oncall": weeks(days=2),
        "database": list(shifts(other, utc("2026-01-11T00:00"), utc("2026-01-13T00:00"))),
    }
    calendar = person_calendar("b", both, PEOPLE, NOW)
    assert events(calendar) == [
        ("database: b", "2026-01-11T09:00", "2026-01-12T09:00"),
        ("oncall: b", "2026-01-12T09:00", "2026-01-12T17:00"),
    ]
    assert b"X-WR-CALNAME:On call: User One\r\n" in person_calendar("a", both, PEOPLE, NOW)


def test_nobody_s_calendar_is_a_calendar():
    assert events(person_calendar("nobody", {"oncall": weeks()}, PEOPLE, NOW)) == []


@settings(deadline=None, max_examples=40)
@given(rotations, zones, instants, lengths, some_overrides())
def test_a_calendar_read_back_gives_the_same_shifts(written, zone, start, length, overrides):
    tiles = list(shifts(plan(written, zone, CALENDAR), start, start + length, overrides))
    found = Calendar.from_ical(rotation_calendar("oncall", tiles, {}, NOW)).events
    assert [(str(event["summary"]), event.DTSTART, event.DTEND) for event in found] == [
        (f"oncall: {each.member}", each.starts_at, each.ends_at) for each in tiles if each.member
    ]
    assert len({event["uid"] for event in found}) == len(found)
