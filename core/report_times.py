"""When each report is due, and what it is about. Pure; by the clock of one zone, across clock changes.

The daily summary and the weekly report are about what happened since the one before: from the last time they were due
until now. The SLA report is about a whole reporting period (a local day, week or month) and is due when it is over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.budgets import Period
from core.config import Config
from core.config.base import WEEKDAYS
from core.local_time import instant_of

_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


class Kind(StrEnum):
    """The reports there are."""

    DAILY = "daily"
    WEEKLY = "weekly"
    SLA = "sla"


class Every(StrEnum):
    """How far apart they are."""

    DAY = "daily"
    WEEK = "weekly"
    MONTH = "monthly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When one report is due: at a local time, each day, on one day of each week, or on the first of each month."""

    kind: Kind
    every: Every
    at: time
    weekday: int
    zone: ZoneInfo
    recipients: tuple[str, ...]
    is_enabled: bool
    with_details: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """One report: due at `end`, about [start, end)."""

    kind: Kind
    start: datetime
    end: datetime


def schedules_of(config: Config) -> dict[Kind, Schedule]:
    """Give the schedule of every report, those that are not sent among them."""
    zone = ZoneInfo(config.timezone)
    daily, weekly, sla = config.reporting.daily_summary, config.reporting.weekly_report, config.sla.reporting
    day = WEEKDAYS.index(weekly.day)
    return {
        Kind.DAILY: Schedule(Kind.DAILY, Every.DAY, daily.time, 0, zone, daily.recipients, daily.enabled),
        Kind.WEEKLY: Schedule(Kind.WEEKLY, Every.WEEK, weekly.time, day, zone, weekly.recipients, weekly.enabled),
        Kind.SLA: Schedule(
            Kind.SLA, Every(sla.interval), _MIDNIGHT, 0, zone, sla.recipients, sla.enabled, sla.include_details
        ),
    }


def last_due(schedule: Schedule, now: datetime) -> Due:
    """Give the report that was due last, at `now` or before."""
    day = now.astimezone(schedule.zone).date() + _DAY  # a clock that was put back may show yesterday again
    while _instant(schedule, day := _day_at_or_before(schedule, day)) > now:
        day -= _DAY
    before = _day_at_or_before(schedule, day - _DAY)
    return Due(schedule.kind, _instant(schedule, before), _instant(schedule, day))


def next_due(schedule: Schedule, now: datetime) -> datetime:
    """Give the instant after `now` at which the report is due."""
    day = now.astimezone(schedule.zone).date() - _DAY
    while (at := _instant(schedule, day := _day_at_or_after(schedule, day))) <= now:
        day += _DAY
    return at


def running(schedule: Schedule, now: datetime) -> Due:
    """Give the report that is not due yet, as far as it has come."""
    return Due(schedule.kind, last_due(schedule, now).end, now)


def before(schedule: Schedule, due: Due) -> tuple[datetime, datetime]:
    """Give the window to compare a report with: the one before; for a window of one's own as long a one before it."""
    last = last_due(schedule, due.end)
    if last.end == due.end and last.start == due.start:
        previous = last_due(schedule, due.start)
        return previous.start, previous.end
    return due.start - (due.end - due.start), due.start


def periods(config: Config, start: datetime, end: datetime) -> list[Period]:
    """Give the SLA's reporting periods that a window touches, whole ones; a last one that is not over ends with it."""
    schedule = schedules_of(config)[Kind.SLA]
    found = []
    at = start
    while at < end:
        begins, ends = last_due(schedule, at).end, next_due(schedule, at)
        found.append(Period(begins, min(ends, end), is_over=ends <= end))
        at = ends
    return found


def snapshot_slot(now: datetime, interval: int) -> int:
    """Give the last instant a snapshot was due at, in seconds since 1970: a whole number of intervals."""
    return int(now.timestamp()) // interval * interval


def enabled(schedules: Mapping[Kind, Schedule]) -> Iterator[Schedule]:
    """Give those that are sent to somebody."""
    return (schedule for schedule in schedules.values() if schedule.is_enabled and schedule.recipients)


def _instant(schedule: Schedule, day: date) -> datetime:
    return instant_of(datetime.combine(day, schedule.at), schedule.zone)


def _is_day(schedule: Schedule, day: date) -> bool:
    match schedule.every:
        case Every.DAY:
            return True
        case Every.WEEK:
            return day.weekday() == schedule.weekday
        case Every.MONTH:
            return day.day == 1


def _day_at_or_before(schedule: Schedule, day: date) -> date:
    while not _is_day(schedule, day):
        day -= _DAY
    return day


def _day_at_or_after(schedule: Schedule, day: date) -> date:
    while not _is_day(schedule, day):
        day += _DAY
    return day
