"""Rotations for tests: written as an operator would, and made into plans."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.config import Holidays, Rotation
from core.holidays import HolidayCalendar
from core.overrides import Override
from core.rotations import Plan, plan_of

MOMENT = timedelta(microseconds=1)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",  # changes at midnight
    "America/Sao_Paulo",  # skipped midnights
    "America/St_Johns",  # went back over midnight, from 00:01
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Apia",  # skipped a day
    "Asia/Kathmandu",
    "Africa/Casablanca",
]


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def weekly(*members, day="monday", at="09:00", **fields):
    names = list(members) or ["a", "b", "c"]
    return {"type": "weekly", "members": names, "handoff_day": day, "start_time": at, **fields}


def daily(*members, at="09:00", **fields):
    return {"type": "daily", "members": list(members) or ["a", "b", "c"], "start_time": at, **fields}


def custom(*members, handoffs, **fields):
    """Handoffs are told as `friday 17:00`."""
    pairs = [dict(zip(("day", "time"), each.split(), strict=True)) for each in handoffs]
    return {"type": "custom", "members": list(members) or ["a", "b", "c"], "handoffs": pairs, **fields}


def holidays(*countries, dates=()):
    return HolidayCalendar(Holidays.model_validate({"countries": countries, "dates": dates}))


def plan(written, zone="UTC", calendar=None, name="oncall") -> Plan:
    return plan_of(Rotation.model_validate(written), ZoneInfo(zone), calendar or HolidayCalendar(), name=name)


def override(member, starts_at, ends_at, instead_of=None, **fields) -> Override:
    fields = {"id": "1", "rotation": "oncall", "by": "ada", "note": "", "created_at": utc("2026-01-01T00:00")} | fields
    return Override(member=member, starts_at=utc(starts_at), ends_at=utc(ends_at), instead_of=instead_of, **fields)


def told(shifts):
    """Shifts as one reads them: who, from, to, the instants in UTC."""
    return [(each.member, said(each.starts_at), said(each.ends_at)) for each in shifts]


def said(instant):
    return instant and instant.strftime("%Y-%m-%dT%H:%M")
