"""Durations that contradict each other, and those that only look as if they did."""

import pytest

from tests.lint.sound import changed, findings, level, policy, put, sound, told

HIGH = "escalation.policies.high"


def test_a_delay_that_is_over_before_the_level_before_it():
    [finding] = findings(changed(f"{HIGH}.levels.1.delay", "4m"))
    assert (finding.code, finding.path) == ("delay-without-effect", f"{HIGH}.levels[1].delay")
    assert finding.found == "level 2 (boss) of high has a delay of 4 min, and the time of level 1 is over after 5 min"


@pytest.mark.parametrize("delay", ["5m", "6m", 0])
def test_a_delay_that_holds_or_is_none(delay):
    assert told(changed(f"{HIGH}.levels.1.delay", delay)) == []


def test_a_delay_that_was_meant_from_the_level_before():
    high = policy(*(level(name, name, delay=delay) for name, delay in (("ada", 0), ("bob", "10m"), ("boss", "10m"))))
    assert told(changed(HIGH, high)) == [("delay-without-effect", f"{HIGH}.levels[2].delay")]


def test_a_repeat_interval_that_is_over_before_the_round():
    assert told(changed(f"{HIGH}.repeat_interval", "69m")) == [
        ("repeat-interval-without-effect", f"{HIGH}.repeat_interval")
    ]


@pytest.mark.parametrize(("interval", "repeats"), [("70m", 1), (0, 1), ("1m", 0)])
def test_a_repeat_interval_that_holds_or_is_none_or_is_never_asked(interval, repeats):
    written = changed(f"{HIGH}.repeat_interval", interval)
    assert told(put(written, f"{HIGH}.max_repeats", repeats)) == []


def reminding(first, **more):
    tracking = {"reminders": {"max_reminders": 3, **more}, "timeouts": {"acknowledgment": {"high": first}}}
    return changed("response_tracking", tracking)


NEVER = [("reminders-never-come", "response_tracking.timeouts.acknowledgment.high")]


def test_reminders_that_every_level_is_left_before():
    # level 1 waits 10 minutes, level 2 from then until the next round at 2 h
    assert told(reminding("110m")) == NEVER
    assert told(reminding("109m")) == []


def test_without_another_round_the_last_level_waits_for_its_timeout_only():
    written = put(reminding("109m"), f"{HIGH}.max_repeats", 0)
    assert told(written) == NEVER
    assert told(put(written, "response_tracking.timeouts.acknowledgment.high", "59m")) == []


def test_reminders_that_nobody_wants_are_not_missed():
    assert told(reminding("10h", enabled=False)) == []
    assert told(reminding("10h", max_reminders=0)) == []


def test_the_timeout_of_all_severities_is_told_where_it_stands():
    tracking = {"reminders": {"max_reminders": 3}, "acknowledgment_timeout": "3h"}
    assert set(told(changed("response_tracking", tracking))) == {
        ("reminders-never-come", "response_tracking.acknowledgment_timeout")
    }


def expiring(after, **tracking):
    base = {"reminders": {"max_reminders": 3}, "timeouts": {"updates": {"high": "1h"}}, "acknowledgment_expires": after}
    return changed("response_tracking", base | tracking)


def test_an_acknowledgment_that_runs_out_before_anybody_asks_for_an_update():
    assert told(expiring("1h")) == [
        ("acknowledgment-expires-unreminded", "response_tracking.acknowledgment_expires"),
    ]
    assert told(expiring("61m")) == []


def test_a_reminder_of_the_resolution_asks_too():
    often = {"interval": "30m", "max_reminders": 3}
    assert told(expiring("1h", resolution_reminders=often)) == []
    assert len(told(expiring("1h", resolution_reminders={**often, "max_reminders": 0}))) == 1
    off = {"enabled": False, "max_reminders": 3}
    assert told(expiring("1h", reminders=off)) == []  # nobody is to be reminded of anything


def test_who_is_never_asked_for_an_update_knows_that_it_runs_out():
    assert told(expiring("1h", timeouts={})) == []


@pytest.mark.parametrize("threshold", [0, 1])
def test_a_warning_that_comes_with_the_alert_or_with_the_breach(threshold):
    monitoring = {"enabled": True, "warning_threshold": threshold}
    assert told(changed("response_tracking", {"sla_monitoring": monitoring})) == [
        ("threshold-at-the-edge", "response_tracking.sla_monitoring.warning_threshold")
    ]
    definition = {
        "acknowledgment_time": "10m",
        "resolution_time": "1h",
        "business_hours": False,
        "allowed_breaches": 0,
    }
    sla = {"definitions": {"high": definition}, "monitoring": {"warning_threshold": threshold}}
    assert told(changed("sla", sla)) == [("threshold-at-the-edge", "sla.monitoring.warning_threshold")]


def test_a_warning_that_nobody_watches_or_that_leaves_some_time():
    assert told(changed("response_tracking", {"sla_monitoring": {"enabled": False, "warning_threshold": 1}})) == []
    assert told(changed("sla", {"monitoring": {"warning_threshold": 1}})) == []
    assert told(changed("response_tracking", {"sla_monitoring": {"enabled": True, "warning_threshold": 0.99}})) == []


def resolving(after, **route):
    return changed("routes", [{"match": {"source": "grafana"}, "auto_resolve": after, **route}])


def test_a_source_whose_silence_resolves_before_a_level_is_due():
    [finding] = findings(resolving("10m"))
    assert (finding.code, finding.path) == ("auto-resolved-before-level", "routes[0].auto_resolve")
    assert "level 2 would fire after 10 min" in finding.found
    assert told(resolving("11m")) == []


@pytest.mark.parametrize("value", [True, False])
def test_what_resolves_by_no_silence(value):
    assert told(resolving(value)) == []


def test_of_several_policies_that_a_route_may_take_all_must_be_too_slow():
    quick = policy(level("primary", "oncall"), level("boss", "boss", timeout="1h"))
    written = put(resolving("7m"), "escalation.policies.low", quick)
    assert told(written) == []
    put(written, "routes.0.match.severity", "high")
    assert told(written) == [("auto-resolved-before-level", "routes[0].auto_resolve")]


def test_a_bundle_that_waits_longer_than_a_level():
    assert told(changed("bundling", {"every": "10m"})) == [("bundle-slower-than-ladder", "bundling.every")]
    assert told(changed("bundling", {"every": "9m"})) == []
    assert told(changed("bundling", {"every": "10m", "after": 0})) == []


def reporting(kept, interval):
    mail = {"enabled": True, "interval": interval, "recipients": ["boss@example.com"]}
    return put(changed("retention", {"facts": kept}), "sla.reporting", mail)


def test_facts_that_are_gone_before_the_report():
    assert told(reporting("30d", "monthly")) == [("facts-shorter-than-report", "retention.facts")]
    assert told(reporting("31d", "monthly")) == []
    assert told(reporting("7d", "weekly")) == []
    assert told(reporting("6d", "weekly")) == [("facts-shorter-than-report", "retention.facts")]


def test_a_heartbeat_that_may_not_be_a_second_late():
    assert told(changed("heartbeats", {"backup": {"interval": "5m", "grace": 0}})) == [
        ("heartbeat-without-grace", "heartbeats.backup.grace")
    ]
    assert told(changed("heartbeats", {"backup": {"interval": "5m"}})) == []
    assert told(changed("heartbeats", {"backup": {"interval": "5s"}})) == []


def test_the_sound_config_has_none():
    assert told(sound()) == []
