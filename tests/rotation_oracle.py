"""Who is on call, found the slow and obvious way: by looking at the clock minute by minute and walking every turn."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.config import WEEKDAYS

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def on_call(rotation, zone, holidays, now, overrides=()):
    """Give who is on call by a Rotation of the config; `holidays` is a set of dates."""
    planned = None
    for layer in (rotation, *rotation.layers):
        planned = (
            _on_duty(layer, reached(now, ZoneInfo(layer.timezone or rotation.timezone or zone)), holidays) or planned
        )
    member = planned
    for each in sorted(overrides, key=lambda each: each.created_at):
        if each.starts_at <= now < each.ends_at and each.instead_of in (None, planned):
            member = each.member
    return member


@lru_cache(10_000)
def reached(now, zone):
    """Give the latest minute that the clock has shown by now, whatever it shows now."""
    return max((now - minute * MINUTE).astimezone(zone).replace(tzinfo=None, fold=0) for minute in range(26 * 60))


def _on_duty(layer, wall, holidays):
    if layer.restrictions and not any(_is_inside(each, wall, holidays) for each in layer.restrictions):
        return None
    return _whose_turn(layer, wall)


def _is_inside(window, wall, holidays):
    for day in (wall.date() - DAY, wall.date()):
        begin = datetime.combine(day, window.start)
        end = datetime.combine(day if window.end > window.start else day + DAY, window.end)
        is_day = WEEKDAYS[day.weekday()] in (window.weekdays or WEEKDAYS)
        is_kept = window.holidays is None or (day in holidays) == (window.holidays == "only")
        if begin <= wall < end and is_day and is_kept:
            return True
    return False


def _whose_turn(layer, wall):
    """Walk from long before anybody came or went, the start date and the instant asked about."""
    far = min([layer.start_date, wall.date(), *(member.start or member.end or wall.date() for member in layer.members)])
    handoffs = sorted(_handoffs(layer, far - 60 * DAY, max(layer.start_date, wall.date())))
    before = [each for each in handoffs if each.date() < layer.start_date]
    duty = last = None
    for number, handoff in enumerate(handoffs, start=-len(before)):
        if handoff > wall:
            break
        there = [index for index, member in enumerate(layer.members) if _is_there(member, handoff.date())]
        duty = _next(there, last, number, is_first=handoff == handoffs[0])
        last = last if duty is None else duty
    return None if duty is None else layer.members[duty].name


def _next(there, last, number, is_first):
    if not there:
        return None
    if is_first:
        return there[number % len(there)]
    if number == 0 or last is None:
        return there[0]
    return next((index for index in there if index > last), there[0])


def _is_there(member, day):
    return (member.start is None or member.start <= day) and (member.end is None or day < member.end)


def _handoffs(layer, first, last):
    """Give the handoffs of the days from `first` to `last`, by the local clock."""
    if layer.type == "weekly":
        week_0 = layer.start_date
        while WEEKDAYS[week_0.weekday()] != layer.handoff_day:
            week_0 += DAY
    for number in range((last - first).days + 1):
        day = first + number * DAY
        if layer.type == "daily" and (day - layer.start_date).days % layer.every == 0:
            yield datetime.combine(day, layer.start_time)
        if layer.type == "weekly" and (day - week_0).days % (7 * layer.every) == 0:
            yield datetime.combine(day, layer.start_time)
        if layer.type == "custom":
            for handoff in layer.handoffs:
                if handoff.day == WEEKDAYS[day.weekday()]:
                    yield datetime.combine(day, handoff.time)
