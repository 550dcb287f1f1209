"""Every local time in the config: handoffs, edges of windows, reports, silences; by which clock, and on which days."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.config import WEEKDAYS
from core.config.faults import Place
from core.config.matching import TimeWindow, listed
from core.config.rotation import Layer, Restriction
from core.holidays import HolidayCalendar
from core.lint.survey import Survey
from core.rotations.clock import minute_of
from core.rotations.turns import turns_of

_DAY = timedelta(days=1)
_MIDNIGHT = time(0)

Falls = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A time of day by the clock of a zone, on the days on which it `falls`; `other` is where its window ends."""

    place: Place
    what: str
    at: time
    zone: ZoneInfo
    falls: Falls
    other: time | None = None


def local_times(survey: Survey) -> Iterator[LocalTime]:
    """Give every local time there is in the config."""
    for of in (_of_rotations, _of_routes, _of_maintenance, _of_business_hours, _of_reports, _of_silences):
        yield from of(survey)


def _of_rotations(survey: Survey) -> Iterator[LocalTime]:
    for name, rotation in survey.config.rotations.items():
        around = ZoneInfo(rotation.timezone) if rotation.timezone else survey.zone
        for number, layer in enumerate((rotation, *rotation.layers)):
            place: Place = ("rotations", name, *(("layers", number - 1) if number else ()))
            zone = ZoneInfo(layer.timezone) if layer.timezone else around
            yield from _handoffs(place, name, layer, zone)
            for each, restriction in enumerate(layer.restrictions or ()):
                falls = _restricted(restriction, survey.rules.holidays)
                what = f"a restriction of {name}"
                window = (restriction.start, restriction.end)
                yield from _edges((*place, "restrictions", each), what, window, zone, falls)


def _handoffs(place: Place, rotation: str, layer: Layer, zone: ZoneInfo) -> Iterator[LocalTime]:
    what = f"the handoff of {rotation}"
    turns = turns_of(layer)

    def begins(at: time) -> Falls:
        return lambda day: turns.begin(turns.at(minute_of(day, at))) == minute_of(day, at)

    if layer.start_time:
        yield LocalTime((*place, "start_time"), what, layer.start_time, zone, begins(layer.start_time))
    for number, handoff in enumerate(layer.handoffs or ()):
        on = _weekdays((handoff.day,))
        yield LocalTime((*place, "handoffs", number, "time"), what, handoff.time, zone, on)


def _of_routes(survey: Survey) -> Iterator[LocalTime]:
    for number, route in enumerate(survey.config.routes):
        several = isinstance(route.match.time, tuple)
        for each, window in enumerate(listed(route.match.time)):
            place = ("routes", number, "match", "time", *((each,) if several else ()))
            yield from _window(place, f'the time of the route "{route.name}"', window, survey)


def _of_maintenance(survey: Survey) -> Iterator[LocalTime]:
    for number, window in enumerate(survey.config.maintenance):
        yield from _window(("maintenance", number), f'the maintenance window "{window.name}"', window, survey)


def _of_business_hours(survey: Survey) -> Iterator[LocalTime]:
    hours = survey.config.sla.business_hours
    if hours is None:
        return
    place: Place = ("sla", "business_hours")
    zone = ZoneInfo(hours.timezone) if hours.timezone else survey.zone
    window = (hours.start_time, hours.end_time)
    keys = ("start_time", "end_time")
    yield from _edges(place, "the time of business hours", window, zone, lambda d: d.weekday() in hours.weekdays, keys)


def _of_reports(survey: Survey) -> Iterator[LocalTime]:
    daily, weekly = survey.config.reporting.daily_summary, survey.config.reporting.weekly_report
    if daily.enabled:
        yield LocalTime(
            ("reporting", "daily_summary", "time"), "the daily summary", daily.time, survey.zone, lambda _: True
        )
    if weekly.enabled:
        on = _weekdays((weekly.day,))
        yield LocalTime(("reporting", "weekly_report", "time"), "the weekly report", weekly.time, survey.zone, on)


def _of_silences(survey: Survey) -> Iterator[LocalTime]:
    for number, silence in enumerate(survey.config.silences):
        for key, moment in (("from", silence.start), ("to", silence.end)):
            if moment.tzinfo is None:
                edge = "beginning" if key == "from" else "end"
                what = f'the {edge} of the silence "{silence.name}"'
                yield LocalTime(("silences", number, key), what, moment.time(), survey.zone, _on(moment))


def _window(place: Place, what: str, window: TimeWindow, survey: Survey) -> Iterator[LocalTime]:
    zone = ZoneInfo(window.timezone) if window.timezone else survey.zone
    yield from _edges(place, what, (window.start, window.end), zone, _weekdays(window.weekdays or WEEKDAYS))


def _edges(  # noqa: PLR0917 - what a window is made of
    place: Place,
    what: str,
    window: tuple[time, time],
    zone: ZoneInfo,
    falls: Falls,
    keys: tuple[str, str] = ("from", "to"),
) -> Iterator[LocalTime]:
    """Give both edges of a window. A whole day begins when it begins, whatever the clock shows then."""
    start, end = window
    if start == end == _MIDNIGHT:
        return
    yield LocalTime((*place, keys[0]), f"the beginning of {what}", start, zone, falls, end if start < end else None)
    ends = falls if start < end else lambda day: falls(day - _DAY)
    yield LocalTime((*place, keys[1]), f"the end of {what}", end, zone, ends)


def _weekdays(days: tuple[str, ...]) -> Falls:
    return lambda day: WEEKDAYS[day.weekday()] in days


def _on(moment: datetime) -> Falls:
    return lambda day: day == moment.date()


def _restricted(restriction: Restriction, calendar: HolidayCalendar) -> Falls:
    days = restriction.weekdays or WEEKDAYS
    wanted = restriction.holidays

    def falls(day: date) -> bool:
        is_kept = wanted is None or calendar.is_holiday(day) == (wanted == "only")
        return WEEKDAYS[day.weekday()] in days and is_kept

    return falls
