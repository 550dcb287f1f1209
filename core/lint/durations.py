"""Durations that contradict each other, so that one of them does nothing, or not what it says."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from core.config.policy import Policy
from core.config.routes import Route
from core.lint.codes import Code
from core.lint.finding import Finding, at
from core.lint.ladders import Ladder, and_list, fires_at, policies_of_route
from core.lint.survey import Survey
from core.times import say_duration

_DAYS = {"daily": 1, "weekly": 7, "monthly": 31}


def idle_delays(survey: Survey) -> Iterator[Finding]:
    """Tell of delays that have passed before the level before has had its time; 0 is none."""
    for ladder in _own(survey):
        fires = fires_at(ladder.policy)
        for number, level in enumerate(ladder.policy.levels):
            if number and 0 < level.delay < fires[number]:
                yield at(
                    Code.DELAY_WITHOUT_EFFECT,
                    (*ladder.place, "levels", number, "delay"),
                    f"level {number + 1} ({level.level}) of {ladder.words} has a delay of {_say(level.delay)}, and "
                    f"the time of level {number} is over after {_say(fires[number])}",
                    f"It fires after {_say(fires[number])}: both count from the start of the round, and the later one "
                    "holds.",
                    f"Write delay: {fires[number]} (or 0 for as soon as may be), or give level {number} a shorter "
                    "timeout.",
                )


def idle_repeats(survey: Survey) -> Iterator[Finding]:
    """Tell of repeat intervals that are over before the round is; 0 is none."""
    for ladder in _own(survey):
        policy, lasts = ladder.policy, _round(ladder.policy)
        if policy.max_repeats and 0 < policy.repeat_interval < lasts:
            yield at(
                Code.REPEAT_INTERVAL_WITHOUT_EFFECT,
                (*ladder.place, "repeat_interval"),
                f"{ladder.words} is to repeat every {_say(policy.repeat_interval)}, and one round takes {_say(lasts)}",
                f"Rounds begin every {_say(lasts)}: one must be over first.",
                f"Write repeat_interval: {lasts} or more, or shorten the timeouts of the levels.",
            )


def missed_reminders(survey: Survey) -> Iterator[Finding]:
    """Tell of severities of which nobody is ever reminded, since every level is left sooner."""
    tracking = survey.config.response_tracking
    if not tracking.reminders.enabled or not tracking.reminders.max_reminders:
        return
    for ladder in _own(survey):
        longest = max(_waits(ladder.policy))
        for severity in ladder.severities:
            written = tracking.timeouts.acknowledgment.get(severity)
            first = written or tracking.acknowledgment_timeout
            if first and first >= longest:
                own = ("timeouts", "acknowledgment", severity.value) if written else ("acknowledgment_timeout",)
                yield at(
                    Code.REMINDERS_NEVER_COME,
                    ("response_tracking", *own),
                    f"whoever has not acknowledged {severity.value} is first reminded after {_say(first)}, and no "
                    f"level of {ladder.words} waits longer than {_say(longest)}",
                    "The ladder always goes on first, and nobody is ever reminded.",
                    f"Remind sooner than after {_say(longest)}, or give the levels more time.",
                )


def unreminded_expiry(survey: Survey) -> Iterator[Finding]:
    """Tell of acknowledgments that run out before anybody reminds of the update that would keep them."""
    tracking = survey.config.response_tracking
    expires, reminders = tracking.acknowledgment_expires, tracking.reminders
    if expires is None or not reminders.enabled:
        return
    of_all = tracking.resolution_reminders.interval if tracking.resolution_reminders.max_reminders else expires
    updates = tracking.timeouts.updates if reminders.max_reminders else {}
    late = {severity: first for severity, first in updates.items() if first >= expires}
    if late and of_all >= expires:
        said = and_list(severity.value for severity in late)
        yield at(
            Code.ACKNOWLEDGMENT_EXPIRES_UNREMINDED,
            ("response_tracking", "acknowledgment_expires"),
            f"an acknowledgment of {said} runs out after {_say(expires)} without an update, and the first reminder of "
            f"one is due after {_say(min(late.values()))}",
            "The alert goes back on the ladder before whoever has it was asked for an update.",
            f"Let it run out later than that, or remind sooner in timeouts.updates of {said}.",
        )


def edge_thresholds(survey: Survey) -> Iterator[Finding]:
    """Tell of warnings that come with the breach, or with the alert."""
    config, watched = survey.config, survey.rules.sla
    sections = (
        ("definitions", config.sla.monitoring.warning_threshold if config.sla.definitions else None),
        ("sla_timeout", config.response_tracking.sla_monitoring.warning_threshold if watched.policies else None),
    )
    for what, threshold in sections:
        if threshold is not None and threshold in {0, 1}:
            of_definitions = what == "definitions"
            owner = ("sla", "monitoring") if of_definitions else ("response_tracking", "sla_monitoring")
            moment = "as soon as it is raised" if threshold == 0 else "only when its time is over"
            yield at(
                Code.THRESHOLD_AT_THE_EDGE,
                (*owner, "warning_threshold"),
                f"with {threshold:g} an alert is at risk {moment}",
                "The warning says nothing that is not known without it.",
                "Write the fraction of the time after which there is still something to save, such as 0.8.",
            )


def early_auto_resolve(survey: Survey) -> Iterator[Finding]:
    """Tell of routes whose alerts resolve themselves before a level is due, unless the source repeats itself."""
    for number, route in enumerate(survey.config.routes):
        policies = [survey.config.escalation.policies[name] for name in policies_of_route(survey.config, route)]
        after = route.auto_resolve.after if route.auto_resolve else None
        if after and all(fires_at(policy)[-1] >= after and len(policy.levels) > 1 for policy in policies):
            yield _auto_resolved(number, route, after, policies)


def slow_bundles(survey: Survey) -> Iterator[Finding]:
    """Tell of bundles that wait longer than a level does."""
    bundling = survey.config.bundling
    quickest = [(wait, ladder) for ladder in _own(survey) for wait in _waits(ladder.policy)[:-1]]
    wait, ladder = min(quickest, key=lambda pair: pair[0], default=(0, None))
    if ladder and bundling.after and bundling.every >= wait:
        yield at(
            Code.BUNDLE_SLOWER_THAN_LADDER,
            ("bundling", "every"),
            f"in a storm a page may wait {_say(bundling.every)} for its bundle, and a level of {ladder.words} waits "
            f"{_say(wait)} for an answer",
            "The next level is paged before the first has heard of it.",
            f"Write less than {_say(wait)}.",
        )


def short_facts(survey: Survey) -> Iterator[Finding]:
    """Tell of facts that are forgotten before the report about them is made."""
    config, kept = survey.config, survey.config.retention.facts
    reports = (
        ("the SLA report", config.sla.reporting.enabled, _DAYS[config.sla.reporting.interval]),
        ("the weekly report", config.reporting.weekly_report.enabled, _DAYS["weekly"]),
        ("the daily summary", config.reporting.daily_summary.enabled, _DAYS["daily"]),
    )
    short = [(name, days) for name, enabled, days in reports if enabled and kept < days * 86400]
    if short:
        yield at(
            Code.FACTS_SHORTER_THAN_REPORT,
            ("retention", "facts"),
            f"what reports need of an alert is kept for {_say(kept)}, and {short[0][0]} covers {short[0][1]} d",
            "Its figures leave out what came first.",
            f"Keep it for {short[0][1] + 1}d at least; twice as long to compare with the report before.",
        )


def graceless_heartbeats(survey: Survey) -> Iterator[Finding]:
    """Tell of heartbeats that may not be a second late."""
    for name, beat in survey.config.heartbeats.items():
        if beat.grace == 0:
            yield at(
                Code.HEARTBEAT_WITHOUT_GRACE,
                ("heartbeats", name, "grace"),
                f"a beat of {name} that comes a second late is missed",
                "A job is never exactly on time: somebody is paged, and the next beat takes it back.",
                "Leave grace out (then it is a tenth of the interval), or write how late a beat may be.",
            )


def _own(survey: Survey) -> Iterator[Ladder]:
    """Give the ladders as config has them; those of teams have the same times."""
    return (ladder for ladder in survey.ladders if not ladder.team)


def _waits(policy: Policy) -> list[int]:
    """Give how long each level waits for an answer; the last one until the next round, if one follows."""
    fires = fires_at(policy)
    lasts = max(policy.repeat_interval, _round(policy)) if policy.max_repeats else _round(policy)
    return [later - earlier for earlier, later in pairwise([*fires, lasts])]


def _round(policy: Policy) -> int:
    return fires_at(policy)[-1] + policy.levels[-1].timeout


def _auto_resolved(number: int, route: Route, after: int, policies: list[Policy]) -> Finding:
    fires = fires_at(policies[0])
    level = next(place for place, due in enumerate(fires, 1) if place > 1 and due >= after)
    return at(
        Code.AUTO_RESOLVED_BEFORE_LEVEL,
        ("routes", number, "auto_resolve"),
        f'an alert of the route "{route.name}" is resolved when its source has been silent for {_say(after)}, and '
        f"level {level} would fire after {_say(fires[level - 1])}",
        f"Unless the source repeats itself, level {level} is never paged, whether or not anything was mended.",
        "Give the source more time, or write true when it sends that it is resolved.",
    )


def _say(seconds: int) -> str:
    return say_duration(timedelta(seconds=seconds))
