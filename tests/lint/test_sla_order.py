"""Pages, reminders and updates that come after the SLA they are to keep is broken."""

import pytest

from tests.lint.sound import changed, findings, level, policy, put, told

OFFICE = {"start_time": "09:00", "end_time": "17:00", "weekdays": [0, 1, 2, 3, 4]}


def owing(acknowledgment="10m", resolution="8h", *, hours=False, severity="high", **more):
    definition = {
        "acknowledgment_time": acknowledgment,
        "resolution_time": resolution,
        "business_hours": hours,
        "allowed_breaches": 0,
    }
    written = changed(f"sla.definitions.{severity}", definition)
    return put(written, "sla.business_hours", {**OFFICE, **more}) if hours else written


def tracked(written, **timeouts):
    tracking = {"reminders": {"max_reminders": 3}, "timeouts": timeouts}
    return put(written, "response_tracking", tracking)


SECOND = "escalation.policies.high.levels[1].delay"


def test_a_second_level_that_fires_after_the_acknowledgment_sla_is_broken():
    [finding] = findings(owing("9m"))
    assert (finding.code, finding.path) == ("level-after-sla", SECOND)
    assert (
        finding.found == "level 2 (boss) of high first fires after 10 min, and high is to be acknowledged within 9 min"
    )


def test_one_that_fires_at_that_very_moment_does_not():
    assert told(owing("10m")) == []


def test_the_timeout_of_the_first_level_may_be_what_is_late():
    written = put(owing("10m"), "escalation.policies.high.levels.0.timeout", "20m")
    assert told(written) == [
        ("level-after-sla", "escalation.policies.high.levels[0].timeout"),
        ("delay-without-effect", SECOND),
    ]


def test_a_severity_takes_the_default_policy_when_it_has_none_of_its_own():
    assert told(owing("9m", severity="critical")) == [("level-after-sla", SECOND)]
    written = put(owing("9m", severity="critical"), "escalation.policies.critical", policy(level("one", "boss")))
    assert told(written) == []


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("heartbeats", {"backup": {"interval": "5m", "policy": "slow"}}),
        ("routes", [{"match": {"severity": "high"}, "policy": "slow"}]),
        ("routes", [{"match": {"severity": "/^h/"}, "policy": "slow"}]),
        ("routes", [{"match": {"severity": ["critical", "high"]}, "policy": "slow"}]),
        ("routes", [{"match": {"title": "x"}, "severity": "high", "policy": "slow"}]),
    ],
)
def test_a_severity_that_certainly_takes_a_policy_by_another_way(section, value):
    slow = policy(level("primary", "oncall"), level("boss", "boss", delay="1h"), sla_timeout="4h")
    written = put(put(owing("10m"), "escalation.policies.slow", slow), section, value)
    assert told(written) == [("level-after-sla", "escalation.policies.slow.levels[1].delay")]


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("sources.grafana.policy", "slow"),
        ("routes", [{"match": {"title": "x"}, "policy": "slow"}]),
        ("routes", [{"match": {"severity": "!high"}, "policy": "slow"}]),
        ("routes", [{"match": {"severity": "/low/"}, "policy": "slow"}]),
        ("routes", [{"match": {"severity": "high"}, "severity": "low", "policy": "slow"}]),
    ],
)
def test_what_only_may_be_is_not_told(section, value):
    slow = policy(level("primary", "oncall"), level("boss", "boss", delay="1h"), sla_timeout="4h")
    assert told(put(put(owing("10m"), "escalation.policies.slow", slow), section, value)) == []


def test_one_level_pages_nobody_later():
    written = put(owing("1m"), "escalation.policies.high", policy(level("primary", "oncall")))
    assert told(written) == []


def test_a_first_level_that_fires_when_the_sla_is_broken():
    written = put(owing("10m"), "escalation.policies.high.levels.0.delay", "10m")
    put(written, "escalation.policies.high.levels.1.delay", "15m")
    assert told(written) == [("first-page-after-sla", "escalation.policies.high.levels[0].delay")]


def test_business_hours_that_are_open_long_enough_break_it_as_fast_as_the_clock():
    [finding] = findings(owing("9m", hours=True))
    assert finding.found.endswith("high is to be acknowledged within 9 min of business hours")


def test_business_hours_that_are_shorter_than_what_is_owed_leave_a_night_at_least():
    # An hour a day: two hours of it take 25 hours at least.
    written = put(owing("2h", "9h", hours=True, end_time="10:00"), "escalation.policies.high.max_repeats", 0)
    assert told(put(written, "escalation.policies.high.levels.1.delay", "25h")) == []
    assert told(put(written, "escalation.policies.high.levels.1.delay", "26h")) == [("level-after-sla", SECOND)]


def test_a_policy_whose_own_sla_is_over_before_anybody_is_paged():
    written = put(changed("escalation.policies.high.levels.0.delay", "2h"), "escalation.policies.high.max_repeats", 0)
    put(written, "escalation.policies.high.levels.1.delay", "3h")
    assert told(written) == []  # nobody watches it
    put(written, "response_tracking", {"sla_monitoring": {"enabled": True}})
    assert told(written) == [("first-page-after-sla", "escalation.policies.high.sla_timeout")]
    assert told(put(written, "escalation.policies.high.levels.0.delay", "119m")) == []


def test_a_first_reminder_after_the_acknowledgment_sla():
    written = tracked(owing("30m"), acknowledgment={"high": "30m"})
    assert told(written) == []
    assert told(put(written, "response_tracking.timeouts.acknowledgment.high", "31m")) == [
        ("reminder-after-sla", "response_tracking.timeouts.acknowledgment.high")
    ]


def test_a_first_update_after_the_resolution_sla():
    assert told(tracked(owing(resolution="1h"), updates={"high": "59m"})) == []
    assert told(tracked(owing(resolution="1h"), updates={"high": "1h"})) == [
        ("update-after-sla", "response_tracking.timeouts.updates.high")
    ]


def test_of_reminders_that_never_come_nothing_is_said():
    written = tracked(owing(resolution="1h"), updates={"high": "2h"}, acknowledgment={"high": "11m"})
    assert told(put(written, "response_tracking.reminders.max_reminders", 0)) == []
    put(written, "response_tracking.reminders.max_reminders", 3)
    assert told(put(written, "response_tracking.reminders.enabled", False)) == []


def test_a_resolution_that_is_owed_before_the_acknowledgment():
    assert told(owing("2h", "1h")) == [
        ("resolution-before-acknowledgment", "sla.definitions.high.resolution_time"),
    ]
    assert told(owing("1h", "1h")) == []
