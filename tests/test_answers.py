"""What people do to an alert: acknowledge, update, resolve, escalate, snooze, reassign."""

import pytest

from core.commands import (
    Acknowledge,
    Reassign,
    Resolve,
    Snooze,
)
from tests.cells import (
    ACK,
    ACKNOWLEDGED,
    ALL,
    CLEAR,
    ESCALATE,
    ESCALATED,
    IN_PROGRESS,
    LEVEL_0,
    LEVEL_1,
    NOW,
    PENDING,
    REASSIGN,
    RESOLVE,
    SNOOZE,
    SUPPRESS,
    UNSUPPRESS,
    UPDATE,
    WAKE,
    kinds,
    notices,
    pages,
    standing,
    told,
)
from tests.samples import (
    at,
    decided,
    ladder_rules,
    left_alone,
    refused,
    rules,
    rung,
    triggered,
)

# Acknowledging


@pytest.mark.parametrize("status", [ACKNOWLEDGED, IN_PROGRESS])
def test_the_same_person_may_acknowledge_twice(status):
    alert = standing(status)
    decision = decided(alert, Acknowledge("user2", "sms"), NOW)
    assert decision.result == "acknowledged"
    assert decision.alert is alert


def test_an_acknowledgment_says_who_when_and_how():
    decision = decided(standing(PENDING), ACK, NOW)
    assert (decision.alert.acknowledged_by, decision.alert.acknowledged_at) == ("user5", NOW)
    assert decision.events[0].details == {"by": "user5", "via": "api", "note": "on it", "response_id": "1-6"}
    assert decision.alert.wake_at is None


def test_an_update_of_an_unanswered_alert_counts_as_the_acknowledgment():
    decision = decided(standing(ESCALATED), UPDATE, NOW)
    assert (decision.alert.acknowledged_by, decision.alert.acknowledged_at) == ("user5", NOW)
    assert decision.events[0].details["acknowledges"] is True
    assert decision.alert.wake_at is None


def test_an_update_by_somebody_else_leaves_the_alert_with_whoever_has_it():
    decision = decided(standing(ACKNOWLEDGED), UPDATE, NOW)
    assert (decision.alert.acknowledged_by, decision.alert.acknowledged_at) == ("user2", at(60))
    assert decision.events[0].details["acknowledges"] is None


# Resolving


def test_a_resolution_says_who_when_and_how():
    alert = decided(standing(ACKNOWLEDGED), RESOLVE, NOW).alert
    assert (alert.resolved_by, alert.resolved_at, alert.wake_at) == ("user5", NOW, None)


def test_the_source_is_named_when_it_clears():
    decision = decided(standing(PENDING), CLEAR, NOW)
    assert decision.alert.resolved_by == "generic"
    assert decision.events[0].details == {"by": "generic", "via": "source"}


def test_whoever_was_paged_hears_once_and_never_on_phone_or_sms_that_it_is_resolved():
    alert, _ = left_alone(triggered(), 30_000)
    decision = decided(alert, CLEAR, at(40_000))
    assert told(decision) == notices("user2", "user5", "team_manager", "director", "vp")


def test_whoever_was_paged_on_loud_channels_only_hears_it_on_a_quiet_one():
    loud = ladder_rules(rung(who="user1", channels=("phone", "sms")))
    decision = decided(triggered(rules=loud), CLEAR, NOW, loud)
    assert told(decision) == notices("user1")


def test_nobody_hears_on_a_loud_channel_when_there_is_no_quiet_one():
    loud = ladder_rules(rung(channels=("phone", "sms")), channels={"phone": {"url": ""}, "sms": {"url": ""}})
    assert told(decided(triggered(rules=loud), CLEAR, NOW, loud)) == []


def test_whoever_resolves_it_is_not_told():
    decision = decided(standing(ESCALATED), Resolve("user2", "api"), NOW)
    assert told(decision) == notices("user5")


def test_a_resolved_snooze_never_wakes():
    alert = decided(standing(PENDING), SNOOZE, NOW).alert
    alert = decided(alert, CLEAR, at(200)).alert
    assert (alert.snoozed_until, alert.wake_at) == (None, None)
    assert decided(alert, WAKE, at(600)).alert is alert


# Escalating


def test_a_person_escalates_early_and_the_ladder_goes_on_from_there():
    alert = decided(standing(PENDING), ESCALATE, NOW).alert
    assert (alert.level, alert.level_fired_at, alert.wake_at) == (1, NOW, at(1800))


@pytest.mark.parametrize("status", [ACKNOWLEDGED, IN_PROGRESS])
def test_escalating_an_answered_alert_takes_it_from_whoever_has_it(status):
    alert = decided(standing(status), ESCALATE, NOW).alert
    assert (alert.acknowledged_by, alert.acknowledged_at, alert.level) == (None, None, 1)
    assert alert.wake_at == at(1800)


def test_escalating_at_the_last_level_starts_the_next_round_now():
    alert, _ = left_alone(triggered(), 3600)
    decision = decided(alert, ESCALATE, at(3700))
    assert (decision.alert.round, decision.alert.level, decision.alert.round_started_at) == (1, 0, at(3700))
    assert told(decision) == LEVEL_0
    assert decision.alert.wake_at == at(3700 + 600)


def test_escalating_into_a_round_whose_first_level_has_a_delay_pages_it_now():
    slow = ladder_rules(rung(delay=300))
    alert, _ = left_alone(triggered(rules=slow), 300, slow)
    decision = decided(alert, ESCALATE, at(400), slow)
    assert told(decision) == pages("user1", "email")


def test_escalating_at_the_very_last_level_ends_the_ladder():
    alert, _ = left_alone(triggered("low"), 0)
    decision = decided(alert, ESCALATE, NOW)
    assert (decision.alert.exhausted, decision.alert.status) == (True, ESCALATED)
    assert kinds(decision) == ["exhausted"]
    assert told(decision) == pages("team_manager", "email")
    assert decision.events[0].details["by"] == "user5"


def test_escalating_is_refused_when_the_ladder_is_used_up():
    alert, _ = left_alone(triggered(), 30_000)
    refusal = refused(alert, ESCALATE, at(40_000))
    assert refusal.code == "exhausted"
    assert "nobody is left to escalate to" in refusal.reason


def test_escalating_past_levels_that_reach_nobody_pages_the_first_one_that_does():
    gap = ladder_rules(rung(), rung(600, who="nobody"), rung(1800, who="nobody"), rung(3600, who="user4"))
    decision = decided(triggered(rules=gap), ESCALATE, NOW, gap)
    assert kinds(decision) == ["skipped", "skipped", "escalated"]
    assert told(decision) == pages("user4", "email")


def test_an_alert_that_reached_nobody_and_is_escalated_by_whoever_took_it_is_back_on_the_ladder():
    """Nobody has it and the ladder waits would mean that it is forgotten."""
    empty = ladder_rules(rung(who="nobody"), max_repeats=3)
    alert = decided(triggered(rules=empty), ACK, NOW, empty).alert
    alert = decided(alert, ESCALATE, at(200), empty).alert
    assert alert.is_unanswered
    assert alert.wake_at is not None


# Snoozing


def test_a_snooze_is_an_acknowledgment_with_an_end():
    alert = decided(standing(PENDING), SNOOZE, NOW).alert
    assert (alert.acknowledged_by, alert.snoozed_until, alert.wake_at) == ("user5", at(500), at(500))


def test_when_a_snooze_ends_the_same_level_fires_again():
    alert = decided(standing(ESCALATED), SNOOZE, NOW).alert
    decision = decided(alert, WAKE, at(500))
    assert kinds(decision) == ["unsnoozed", "escalated"]
    assert told(decision) == LEVEL_1
    assert (decision.alert.acknowledged_by, decision.alert.snoozed_until) == (None, None)
    assert (decision.alert.level, decision.alert.wake_at) == (1, at(1800))


def test_a_snooze_does_not_end_early():
    alert = decided(standing(PENDING), SNOOZE, NOW).alert
    assert decided(alert, WAKE, at(499.999)).alert is alert


@pytest.mark.parametrize("until", [NOW, at(99), at(-86400)])
def test_a_snooze_until_now_or_before_is_refused(until):
    refusal = refused(standing(PENDING), Snooze("user5", "api", until), NOW)
    assert refusal.code == "not_in_the_future"
    assert refusal.reason == f"cannot snooze until {until:%Y-%m-%d %H:%M:%S} UTC: that is not in the future"


def test_a_snooze_can_be_moved():
    alert = decided(standing(PENDING), SNOOZE, NOW).alert
    alert = decided(alert, Snooze("user5", "api", at(900)), at(200)).alert
    assert alert.wake_at == at(900)


def test_an_exhausted_alert_may_be_snoozed_and_its_last_level_fires_again():
    alert, _ = left_alone(triggered(), 30_000)
    alert = decided(alert, Snooze("vp", "api", at(50_000)), at(40_000)).alert
    decision = decided(alert, WAKE, at(50_000))
    assert told(decision) == [*pages("director", *ALL), *pages("vp", *ALL)]
    assert not decision.alert.exhausted
    assert decision.alert.wake_at == at(53_600)


def test_a_snooze_that_ends_in_a_silence_pages_as_soon_as_the_silence_ends():
    alert = decided(standing(ESCALATED), SNOOZE, NOW).alert
    alert = decided(alert, SUPPRESS, at(200)).alert
    assert alert.wake_at == at(500)
    ended = decided(alert, WAKE, at(500))
    assert (kinds(ended), told(ended), ended.alert.wake_at) == (["unsnoozed"], [], None)
    decision = decided(ended.alert, UNSUPPRESS, at(580))
    assert kinds(decision) == ["unsuppressed", "escalated"]
    assert told(decision) == LEVEL_1


def test_a_silence_that_ends_within_a_snooze_changes_nothing_about_it():
    alert = decided(standing(PENDING), SNOOZE, NOW).alert
    alert = decided(alert, SUPPRESS, at(200)).alert
    alert = decided(alert, UNSUPPRESS, at(300)).alert
    assert (alert.status, alert.wake_at) == (ACKNOWLEDGED, at(500))
    assert told(decided(alert, WAKE, at(500))) == LEVEL_0


@pytest.mark.parametrize("command", [ESCALATE, REASSIGN])
def test_a_snoozed_alert_that_is_put_back_on_the_ladder_is_snoozed_no_more(command):
    alert = decided(standing(PENDING), SNOOZE, NOW).alert
    after = decided(alert, command, at(200)).alert
    assert (after.is_unanswered, after.snoozed_until) == (True, None)
    assert after.wake_at > at(500)


def test_a_snooze_by_whoever_has_the_alert_keeps_the_time_of_the_acknowledgment():
    alert = decided(standing(ACKNOWLEDGED), Snooze("user2", "api", at(500)), NOW).alert
    assert (alert.acknowledged_by, alert.acknowledged_at) == ("user2", at(60))


def test_a_snooze_by_somebody_else_takes_the_alert_over():
    alert = decided(standing(ACKNOWLEDGED), SNOOZE, NOW).alert
    assert (alert.acknowledged_by, alert.acknowledged_at) == ("user5", NOW)


# Reassigning


def test_a_reassigned_alert_gives_the_new_person_the_levels_timeout():
    alert = decided(standing(ACKNOWLEDGED), REASSIGN, NOW).alert
    assert (alert.acknowledged_by, alert.level, alert.wake_at) == (None, 0, at(600))
    late = decided(standing(PENDING), REASSIGN, at(550)).alert
    assert late.wake_at == at(550 + 300)


def test_a_reassignment_says_to_whom():
    decision = decided(standing(PENDING), REASSIGN, NOW)
    assert decision.events[0].details == {
        "by": "user5",
        "via": "api",
        "note": "on it",
        "response_id": "1-6",
        "to": "vp",
    }
    assert {n.reason for n in decision.notifications} == {"reassigned by user5"}


def test_reassigning_to_a_rotation_pages_whoever_is_on_call():
    decision = decided(standing(PENDING), Reassign("user2", "api", "oncall_secondary"), NOW)
    assert told(decision) == pages("user5", *ALL[:3])


def test_reassigning_to_a_name_nobody_knows_is_refused():
    refusal = refused(standing(PENDING), Reassign("user2", "api", "bob"), NOW)
    assert refusal.code == "unknown_responder"
    assert refusal.reason == "there is no person or rotation named 'bob' in the config"


def test_reassigning_to_somebody_whom_no_channel_reaches_is_refused():
    wired = rules(channels={"sms": {"url": "json://sms.example.com/{phone}"}}, people={"user2": {}, "vp": {}})
    refusal = refused(triggered(), REASSIGN, NOW, wired)
    assert refusal.code == "unreachable"
    assert refusal.reason == "vp cannot be reached on any channel of the config"


def test_an_exhausted_alert_may_be_reassigned():
    alert, _ = left_alone(triggered(), 30_000)
    decision = decided(alert, REASSIGN, at(40_000))
    assert told(decision) == pages("vp", *ALL)
    assert (decision.alert.exhausted, decision.alert.wake_at) == (False, at(43_600))
