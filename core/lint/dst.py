"""Local times that a clock skips or shows twice when it changes, within the next year; and what Rung does then."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from core.lint.clock_changes import ClockChange, clock_changes
from core.lint.codes import Code
from core.lint.finding import Finding, at
from core.lint.ladders import and_list
from core.lint.local_times import LocalTime, local_times
from core.lint.survey import Survey

_YEAR = timedelta(days=366)


def changing_clocks(survey: Survey) -> Iterator[Finding]:
    """Tell of each local time that is not there once, on some day of the next year."""

    @cache
    def changes(zone: ZoneInfo) -> list[ClockChange]:
        return list(clock_changes(zone, survey.now, survey.now + _YEAR))

    for local in local_times(survey):
        hits = [(change, moment) for change in changes(local.zone) if (moment := _hit(local, change))]
        if hits:
            yield at(
                Code.CLOCK_CHANGE,
                local.place,
                f"{local.what} is at {local.at:%H:%M}, and the clock of {local.zone.key} "
                f"{and_list(change.words for change, _ in hits)}",
                " ".join(_effect(local, change, moment) for change, moment in hits),
                f"Nothing, if that will do; else take a time that the clock of {local.zone.key} always shows once.",
            )


def _hit(local: LocalTime, change: ClockChange) -> datetime | None:
    """Give the local time that a change skips or doubles, None when it does not."""
    days = dict.fromkeys((change.start.date(), change.end.date()))
    moments = (datetime.combine(day, local.at) for day in days if local.falls(day))
    return next((moment for moment in moments if change.start <= moment < change.end), None)


def _effect(local: LocalTime, change: ClockChange, moment: datetime) -> str:
    day = f"{moment:%Y-%m-%d}"
    if not change.is_skipped:
        return f"On {day} it is at the first {moment:%H:%M} of the two."
    if local.other and change.start <= datetime.combine(moment.date(), local.other) <= change.end:
        return f"On {day} what would begin then is left out, since it would end before the clock goes on."
    return f"On {day} it is at {change.end:%H:%M}, the first time that there is."
