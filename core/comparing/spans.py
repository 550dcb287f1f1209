"""When something changes, in words: `Saturdays 18:00 to Sundays 09:00`, `Mon-Fri 22:00 to 06:00`, or the dates.

What comes back every week is told as days and times of the local clock, with the dates on which it does not. A time
that the beginning or the end of what was looked at cuts counts as if it were whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.comparing.phrases import listed
from core.lint.spans import Span
from core.local_time import instant_of

_DAY = timedelta(days=1)
_WEEK = 7
_MOST_NAMED = 3
_IN_A_ROW = 3  # days
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class _Shape:
    """From a time of day to one `days` later, by the local clock."""

    start: time
    end: time
    days: int

    def on(self, day: date, zone: ZoneInfo) -> Span:
        """Give when it is that begins on a day."""
        last = day + self.days * _DAY
        combine = datetime.combine
        return instant_of(combine(day, self.start), zone), instant_of(combine(last, self.end), zone)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A shape that comes back on these weekdays, but not on the days `missing`."""

    shape: _Shape
    weekdays: tuple[int, ...]
    missing: tuple[date, ...]


def say_spans(spans: Sequence[Span], zone: ZoneInfo, window: Span) -> str:
    """Say when, by the clock of a zone; '' for at all times. `window` is what was looked at."""
    patterns, left = _patterns(spans, zone, window)
    said = [_say_pattern(each) for each in patterns]
    said += [_say_span(each, zone, window) for each in left[:_MOST_NAMED]]
    more = len(left) - _MOST_NAMED
    beyond = f" and {more} times more" if more > 1 else " and once more"
    return ", ".join(said) + (beyond if more > 0 else "")


def _patterns(spans: Sequence[Span], zone: ZoneInfo, window: Span) -> tuple[list[_Pattern], list[Span]]:
    """Give what comes back every week, and what is left beside it."""
    left, found = list(spans), list[_Pattern]()
    by_shape: dict[_Shape, set[date]] = {}
    for span in spans:
        if not _is_cut(span, window):
            start = span[0].astimezone(zone)
            by_shape.setdefault(_shape(span, zone), set()).add(start.date())
    for shape, days in sorted(by_shape.items(), key=lambda each: -len(each[1])):
        pattern = _pattern(shape, days, left, zone, window)
        if pattern is not None:
            found.append(pattern)
            left = [span for span in left if not _is_of(span, pattern, zone, window)]
    return sorted(found, key=lambda each: (each.weekdays, each.shape.start)), left


def _pattern(
    shape: _Shape, days: Iterable[date], spans: Sequence[Span], zone: ZoneInfo, window: Span
) -> _Pattern | None:
    """Give the pattern of a shape; None when it does not come back on most of the days that it should."""
    weekdays, missing, times = [], list[date](), 0
    for weekday in sorted({day.weekday() for day in days}):
        expected = [day for day in _days(window, zone, shape) if day.weekday() == weekday]
        absent = [day for day in expected if _cut(shape.on(day, zone), window) not in spans]
        if len(absent) * 3 <= len(expected):
            weekdays.append(weekday)
            missing += absent
            times += len(expected) - len(absent)
    several = times > max(1, len(weekdays)) or len(weekdays) >= _IN_A_ROW
    return _Pattern(shape, tuple(weekdays), tuple(sorted(missing))) if weekdays and several else None


def _is_of(span: Span, pattern: _Pattern, zone: ZoneInfo, window: Span) -> bool:
    days = (span[0].astimezone(zone).date() - number * _DAY for number in range(pattern.shape.days + 2))
    return any(day.weekday() in pattern.weekdays and _cut(pattern.shape.on(day, zone), window) == span for day in days)


def _days(window: Span, zone: ZoneInfo, shape: _Shape) -> Iterator[date]:
    """Give the days on which a shape begins that touches the window."""
    start, end = (each.astimezone(zone).date() for each in window)
    day = start - (shape.days + 1) * _DAY
    while day <= end:
        begins, ends = shape.on(day, zone)
        if begins < window[1] and ends > window[0]:
            yield day
        day += _DAY


def _shape(span: Span, zone: ZoneInfo) -> _Shape:
    start, end = (each.astimezone(zone) for each in span)
    return _Shape(start.time(), end.time(), (end.date() - start.date()).days)


def _cut(span: Span, window: Span) -> Span:
    return max(span[0], window[0]), min(span[1], window[1])


def _is_cut(span: Span, window: Span) -> bool:
    return span[0] <= window[0] or span[1] >= window[1]


def _say_pattern(pattern: _Pattern) -> str:
    shape, weekdays = pattern.shape, pattern.weekdays
    but = [f"{day:%a} {day.day} {day:%b}" for day in pattern.missing]
    missing = f" (not on {listed(but, _MOST_NAMED)})" if but else ""
    if shape == _Shape(_MIDNIGHT, _MIDNIGHT, 1):
        return f"{say_days(weekdays)} all day{missing}"
    until = f"{shape.end:%H:%M}"
    if len(weekdays) == 1 and shape.days:
        until = f"{_day((weekdays[0] + shape.days) % _WEEK, '%A')}s {until}"
    elif shape.days > 1:
        until += f" {shape.days} days later"
    return f"{say_days(weekdays)} {shape.start:%H:%M} to {until}{missing}"


def say_days(weekdays: Sequence[int]) -> str:
    """Say days of the week, which count from Monday, 0: `Mon-Fri`, `Saturdays`, `every day`."""
    if len(weekdays) == _WEEK:
        return "every day"
    if len(weekdays) == 1:
        return f"{_day(weekdays[0], '%A')}s"
    names = [_day(each, "%a") for each in weekdays]
    is_row = len(weekdays) >= _IN_A_ROW and weekdays[-1] - weekdays[0] == len(weekdays) - 1
    return f"{names[0]}-{names[-1]}" if is_row else ", ".join(names)


def _day(weekday: int, form: str) -> str:
    return f"{date(2026, 1, 5) + weekday * _DAY:{form}}"  # a Monday, and those after it


def _say_span(span: Span, zone: ZoneInfo, window: Span) -> str:
    start, end = span
    if start <= window[0]:
        return f"until {say_moment(end, zone, window)}"
    if end >= window[1]:
        return f"from {say_moment(start, zone, window)} on"
    local = end.astimezone(zone)
    is_same_day = local.date() == start.astimezone(zone).date()
    return f"{say_moment(start, zone, window)} to {f'{local:%H:%M}' if is_same_day else say_moment(end, zone, window)}"


def say_moment(instant: datetime, zone: ZoneInfo, window: Span | None = None) -> str:
    """Say an instant by a local clock: `Mon 7 Dec 09:00`; with the year unless the window begins in the same."""
    local = instant.astimezone(zone)
    is_same = window is not None and local.year == window[0].astimezone(zone).year
    return f"{local:%a} {local.day} {local:%b}{'' if is_same else f' {local.year}'} {local:%H:%M}"
