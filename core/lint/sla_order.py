"""Pages and reminders that come when the SLA that they are to keep is already broken.

What is owed in business hours can be broken after as little wall time as an opening leaves: that is what counts here,
and no finding is made of what only nights and weekends could break.
"""

from collections.abc import Iterator
from datetime import timedelta

from core.business_hours import NeverOpenError, deadline
from core.config.sla import SlaDefinition
from core.lint.codes import Code
from core.lint.finding import Finding, at
from core.lint.ladders import Ladder, fires_at
from core.lint.survey import Survey
from core.severity import Severity
from core.times import say_duration


def late_levels(survey: Survey) -> Iterator[Finding]:
    """Tell of ladders whose first or second level fires after the acknowledgment SLA is broken."""
    for ladder in survey.ladders:
        fires = fires_at(ladder.policy)
        for severity in ladder.severities:
            definition = survey.config.sla.definitions.get(severity)
            broken = _broken_after(survey, definition, "acknowledgment_time") if definition else None
            if definition is None or broken is None:
                continue
            if fires[0] >= broken:
                yield _first_page(ladder, severity, fires[0], definition)
            elif len(fires) > 1 and fires[1] > broken:
                yield _second_level(ladder, severity, fires, definition)


def late_policies(survey: Survey) -> Iterator[Finding]:
    """Tell of policies whose `sla_timeout` has passed when they first page somebody."""
    if not survey.rules.sla.policies:
        return
    for ladder in survey.ladders:
        policy, first = ladder.policy, ladder.policy.levels[0]
        if not ladder.team and first.delay >= policy.sla_timeout:
            yield at(
                Code.FIRST_PAGE_AFTER_SLA,
                (*ladder.place, "sla_timeout"),
                f"{ladder.words} first pages somebody after {_say(first.delay)}, and its sla_timeout is "
                f"{_say(policy.sla_timeout)}",
                "Its SLA is broken before anybody can do anything about it.",
                "Allow more time, or let level 1 fire sooner.",
            )


def late_reminders(survey: Survey) -> Iterator[Finding]:
    """Tell of reminders whose first comes after the SLA is broken that they remind of."""
    tracking = survey.config.response_tracking
    if not tracking.reminders.enabled or not tracking.reminders.max_reminders:
        return
    for severity, definition in survey.config.sla.definitions.items():
        first = tracking.timeouts.acknowledgment.get(severity)
        broken = _broken_after(survey, definition, "acknowledgment_time")
        if first and broken and first > broken:
            yield _reminder(severity, first, definition)
        update = tracking.timeouts.updates.get(severity)
        broken = _broken_after(survey, definition, "resolution_time")
        if update and broken and update >= broken:
            yield _update(severity, update, definition)


def contradicting_definitions(survey: Survey) -> Iterator[Finding]:
    """Tell of severities that are to be resolved before they need be acknowledged."""
    for severity, definition in survey.config.sla.definitions.items():
        if definition.resolution_time < definition.acknowledgment_time:
            yield at(
                Code.RESOLUTION_BEFORE_ACKNOWLEDGMENT,
                ("sla", "definitions", severity.value, "resolution_time"),
                f"{severity.value} is to be resolved within {_say(definition.resolution_time)}, and acknowledged "
                f"within {_say(definition.acknowledgment_time)}",
                "Who acknowledges in time may have broken the SLA of the resolution already.",
                "Give the resolution more time than the acknowledgment.",
            )


def _broken_after(survey: Survey, definition: SlaDefinition, key: str) -> int | None:
    """Give the fewest seconds of wall time after which it is broken; None when its hours do not come."""
    seconds: int = getattr(definition, key)
    hours = survey.rules.sla.hours_for(in_business_hours=definition.business_hours)
    if hours is None:
        return seconds
    start = survey.now
    within = timedelta(seconds=seconds)
    openings = [begin for year in (start.year, start.year + 1) for begin in hours.year(year).begins if begin >= start]
    try:
        spans = [deadline(begin, within, hours) - begin for begin in openings[:_OPENINGS]]
    except NeverOpenError:
        return None
    return int(min(spans).total_seconds()) if spans else None


_OPENINGS = 14  # two weeks of them, one a day: after that they repeat but for holidays and clock changes


def _second_level(ladder: Ladder, severity: Severity, fires: list[int], definition: SlaDefinition) -> Finding:
    first, second = ladder.policy.levels[:2]
    key = (1, "delay") if second.delay > fires[0] + first.timeout else (0, "timeout")
    return at(
        Code.LEVEL_AFTER_SLA,
        (*ladder.place, "levels", *key),
        f"level 2 ({second.level}) of {ladder.words} first fires after {_say(fires[1])}, and {severity.value} is to be "
        f"acknowledged within {_owed(definition, 'acknowledgment_time')}",
        "When level 1 does not answer, the SLA is broken before anybody else is paged.",
        f"Let level 2 fire within {_say(definition.acknowledgment_time)} (its delay, and the timeout of level 1), or "
        f"allow more in sla.definitions.{severity.value}.acknowledgment_time.",
    )


def _first_page(ladder: Ladder, severity: Severity, first: int, definition: SlaDefinition) -> Finding:
    return at(
        Code.FIRST_PAGE_AFTER_SLA,
        (*ladder.place, "levels", 0, "delay"),
        f"{ladder.words} first pages somebody after {_say(first)}, and {severity.value} is to be acknowledged within "
        f"{_owed(definition, 'acknowledgment_time')}",
        "The SLA is broken before anybody can keep it.",
        "Let level 1 fire sooner, with delay: 0 at once.",
    )


def _reminder(severity: Severity, first: int, definition: SlaDefinition) -> Finding:
    return at(
        Code.REMINDER_AFTER_SLA,
        ("response_tracking", "timeouts", "acknowledgment", severity.value),
        f"whoever has not acknowledged {severity.value} is first reminded after {_say(first)}, and it is to be "
        f"acknowledged within {_owed(definition, 'acknowledgment_time')}",
        "The SLA is broken before anybody is reminded of it.",
        f"Remind within {_say(definition.acknowledgment_time)}.",
    )


def _update(severity: Severity, update: int, definition: SlaDefinition) -> Finding:
    return at(
        Code.UPDATE_AFTER_SLA,
        ("response_tracking", "timeouts", "updates", severity.value),
        f"whoever has {severity.value} is first asked for an update after {_say(update)}, and it is to be resolved "
        f"within {_owed(definition, 'resolution_time')}",
        "The SLA is broken before anybody asks how it goes.",
        f"Ask within {_say(definition.resolution_time)}.",
    )


def _owed(definition: SlaDefinition, key: str) -> str:
    return _say(getattr(definition, key)) + (" of business hours" if definition.business_hours else "")


def _say(seconds: int) -> str:
    return say_duration(timedelta(seconds=seconds))
