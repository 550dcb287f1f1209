"""What the source, silences and time do to an alert."""

import pytest

from core.commands import (
    Acknowledge,
    Escalate,
    Fire,
    PagesFailed,
    Snooze,
    Update,
)
from core.severity import (
    Severity,
)
from tests.cells import (
    ACK,
    ACKNOWLEDGED,
    CLEAR,
    ESCALATE,
    ESCALATED,
    FIRE,
    IN_PROGRESS,
    LEVEL_0,
    LEVEL_1,
    LEVEL_2,
    NOBODY,
    NOW,
    PENDING,
    REASSIGN,
    RESOLVE,
    RESOLVED,
    SUPPRESS,
    UNSUPPRESS,
    WAKE,
    kinds,
    notices,
    pages,
    standing,
    told,
)
from tests.samples import (
    T0,
    at,
    decided,
    firing,
    ladder_rules,
    left_alone,
    refused,
    rules,
    rung,
    signal,
    times,
    triggered,
)

# Firing again


def test_repeats_are_counted_one_by_one_and_later_at_every_doubling():
    alert, lines = standing(PENDING), []
    for second in range(1, 100):
        decision = decided(alert, FIRE, at(second))
        alert, lines = decision.alert, lines + [event.details["count"] for event in decision.events]
    assert (alert.count, alert.last_signal_at) == (100, at(99))
    assert lines == [*range(2, 21), 32, 64]


@pytest.mark.parametrize("status", [PENDING, ESCALATED])
def test_a_worse_severity_starts_its_own_policy_from_level_0_now(status):
    alert = triggered("medium")
    if status is ESCALATED:
        alert = decided(alert, Escalate("user2", "api"), at(50)).alert
    decision = decided(alert, FIRE, NOW)
    assert kinds(decision) == ["counted", "severity_changed", "escalated"]
    assert told(decision) == LEVEL_0
    after = decision.alert
    assert (after.severity, after.policy_name, after.level, after.round) == (Severity.CRITICAL, "critical", 0, 0)
    assert (after.created_at, after.round_started_at, after.wake_at) == (T0, NOW, at(700))


def test_a_worse_severity_puts_an_exhausted_alert_back_on_a_ladder():
    alert, _ = left_alone(triggered("low"), 3600)
    assert alert.exhausted
    after = decided(alert, FIRE, at(4000)).alert
    assert (after.exhausted, after.wake_at) == (False, at(4600))


@pytest.mark.parametrize("answer", [Acknowledge("user3", "link"), Update("user3", "link")])
def test_whoever_has_an_alert_is_told_once_that_it_got_worse(answer):
    alert = decided(triggered("medium"), answer, at(60)).alert
    decision = decided(alert, FIRE, NOW)
    assert kinds(decision) == ["counted", "severity_changed"]
    assert told(decision) == [("notice", "user3", "email")]
    assert decision.notifications[0].reason == "it is critical now"
    assert decision.alert.severity is Severity.CRITICAL
    assert decision.alert.status is alert.status
    assert told(decided(decision.alert, FIRE, at(200))) == []


def test_whoever_has_an_alert_is_told_on_another_channel_when_the_levels_do_not_reach_them():
    wired = rules(
        channels={"email": {"url": "mailto://x?to={email}"}, "sms": {"url": "json://x/{phone}"}},
        people={"user2": {"email": "a@example.com"}, "user3": {"phone": "+15550100003"}},
    )
    alert = decided(triggered("medium", rules=wired), Acknowledge("user3", "api"), at(60), wired).alert
    assert told(decided(alert, FIRE, NOW, wired)) == [("notice", "user3", "sms")]


def test_when_whoever_has_it_is_no_person_of_the_config_all_who_were_paged_are_told():
    alert = decided(triggered("medium"), Escalate("user2", "api"), at(50)).alert
    alert = decided(alert, Acknowledge("operator", "api"), at(60)).alert
    assert told(decided(alert, FIRE, NOW)) == notices("user2", "user5")


def test_an_alert_that_got_worse_climbs_the_worse_ladder_when_it_is_put_back():
    alert = decided(triggered("medium"), Acknowledge("user2", "api"), at(60)).alert
    alert = decided(alert, FIRE, NOW).alert
    assert alert.policy_name == "critical"
    assert told(decided(alert, ESCALATE, at(200))) == LEVEL_1


def test_an_alert_on_a_level_that_the_worse_ladder_does_not_have_stands_on_its_last():
    short = ladder_rules(rung(who="vp"))
    alert = decided(triggered("medium", rules=short), Escalate("user2", "api"), at(50), short).alert
    alert = decided(alert, ACK, at(60), short).alert
    alert = decided(alert, firing("critical", short), NOW, short).alert
    assert (alert.level, alert.current_level.responders) == (0, ("vp",))


def test_a_used_up_alert_that_somebody_has_can_be_escalated_again_when_it_got_worse():
    """The ladder that was used up is not the one it has now."""
    alert, _ = left_alone(triggered("medium"), 43_200)
    alert = decided(alert, ACK, at(43_300)).alert
    refused(alert, ESCALATE, at(43_400))
    alert = decided(alert, FIRE, at(43_500)).alert
    assert not alert.exhausted
    assert told(decided(alert, ESCALATE, at(43_600))) == LEVEL_2


def test_an_alert_that_got_worse_or_came_back_says_what_the_source_says_now():
    worse = firing()
    said = signal(title="Disk is gone", description="I/O errors", labels={"host": "db-2"}, link="https://x.example/2")
    worse = Fire("generic", said, worse.severity, worse.policy_name, worse.policy)
    for before in (triggered("medium"), decided(triggered("medium"), ACK, at(60)).alert, standing(RESOLVED)):
        alert = decided(before, worse, NOW).alert
        assert (alert.title, alert.description) == ("Disk is gone", "I/O errors")
        assert (alert.labels, alert.link) == ({"host": "db-2"}, "https://x.example/2")


@pytest.mark.parametrize("status", [PENDING, ESCALATED, ACKNOWLEDGED, IN_PROGRESS])
@pytest.mark.parametrize("severity", ["high", "medium", "low", "critical"])
def test_a_severity_that_is_no_worse_changes_nothing(status, severity):
    decision = decided(standing(status), firing(severity), NOW)
    assert decision.alert.severity is Severity.CRITICAL
    assert decision.alert.policy_name == "critical"
    assert kinds(decision) == ["counted"]
    assert told(decision) == NOBODY


def test_reopening_resets_the_round_and_the_clocks():
    alert, _ = left_alone(triggered(), 8000)
    alert = decided(alert, Acknowledge("user2", "link"), at(8010)).alert
    alert = decided(alert, RESOLVE, at(8050)).alert
    after = decided(alert, FIRE, at(8100)).alert
    assert (after.round, after.level, after.round_started_at) == (0, 0, at(8100))
    assert (after.acknowledged_at, after.acknowledged_by) == (None, None)
    assert (after.resolved_at, after.resolved_by) == (None, None)
    assert after.wake_at == at(8700)


def test_reopening_follows_the_severity_and_policy_of_today():
    decision = decided(standing(RESOLVED), firing("low"), NOW)
    assert (decision.alert.severity, decision.alert.policy_name) == (Severity.LOW, "low")
    assert told(decision) == pages("user2", "email")


def test_only_whoever_was_paged_since_it_was_reopened_hears_that_it_is_resolved():
    alert = decided(standing(ESCALATED), CLEAR, at(60)).alert
    alert = decided(alert, FIRE, NOW).alert
    assert told(decided(alert, CLEAR, at(200))) == notices("user2")


def test_a_used_up_alert_that_is_reopened_has_a_whole_ladder_again():
    alert, _ = left_alone(triggered(), 30_000)
    alert = decided(decided(alert, CLEAR, at(40_000)).alert, FIRE, at(40_100)).alert
    assert not alert.exhausted
    _, events = left_alone(alert, 200_000)
    assert times(events, "exhausted") == [40_100 + 28_800]


# Silence


def test_in_a_silence_the_ladder_waits_and_then_goes_on_where_it_was():
    alert = decided(standing(PENDING), SUPPRESS, NOW).alert
    assert (alert.suppressed, alert.wake_at) == (True, None)
    assert decided(alert, WAKE, at(5000)).alert is alert
    decision = decided(alert, UNSUPPRESS, at(300))
    assert (told(decision), decision.alert.wake_at) == (NOBODY, at(600))


def test_what_came_due_in_a_silence_is_due_at_once_and_the_rest_counts_from_then():
    alert = decided(standing(PENDING), SUPPRESS, NOW).alert
    decision = decided(alert, UNSUPPRESS, at(5000))
    assert kinds(decision) == ["unsuppressed", "escalated"]
    assert told(decision) == LEVEL_1
    assert (decision.alert.level_fired_at, decision.alert.wake_at) == (at(5000), at(5600))


def test_a_silence_is_begun_and_ended_once():
    alert = decided(standing(PENDING), SUPPRESS, NOW).alert
    assert decided(alert, SUPPRESS, at(200)).alert is alert
    alert = decided(alert, UNSUPPRESS, at(300)).alert
    assert decided(alert, UNSUPPRESS, at(400)).alert is alert


def test_a_silence_on_an_answered_alert_is_noted():
    alert = decided(standing(ACKNOWLEDGED), SUPPRESS, NOW).alert
    assert alert.suppressed
    decision = decided(alert, UNSUPPRESS, at(5000))
    assert (kinds(decision), told(decision), decision.alert.wake_at) == (["unsuppressed"], NOBODY, None)


def test_an_alert_can_be_acknowledged_and_resolved_in_a_silence():
    alert = decided(standing(PENDING), SUPPRESS, NOW).alert
    assert decided(alert, ACK, at(200)).alert.status is ACKNOWLEDGED
    assert decided(alert, CLEAR, at(200)).alert.status is RESOLVED


def test_a_silence_that_ends_while_the_alert_is_resolved_does_not_mute_it_for_ever():
    """The end of a silence is no command for a resolved alert, so the mark must not outlive the resolution."""
    alert = decided(standing(PENDING), SUPPRESS, NOW).alert
    alert = decided(alert, CLEAR, at(150)).alert
    refused(alert, UNSUPPRESS, at(200))
    decision = decided(alert, FIRE, at(250))
    assert told(decision) == LEVEL_0
    assert decision.alert.wake_at == at(850)


# Time


def test_a_wake_that_is_late_by_hours_fires_one_level_and_not_all_of_them():
    decision = decided(triggered(), WAKE, at(86_400))
    assert kinds(decision) == ["escalated"]
    assert decision.alert.wake_at == at(86_400 + 600)


def test_a_doubled_wake_changes_nothing():
    alert = decided(triggered(), WAKE, at(600)).alert
    assert decided(alert, WAKE, at(600)).alert is alert


def test_a_wake_that_starts_a_round_says_that_it_did_something():
    slow = ladder_rules(rung(delay=60), repeat_interval=1000)
    alert, _ = left_alone(triggered(rules=slow), 60, slow)
    decision = decided(alert, WAKE, at(1000), slow)
    assert (decision.alert.round, decision.alert.wake_at) == (1, at(1060))
    assert decision.result == "woken"


def test_pages_of_a_firing_that_no_longer_counts_leave_nothing():
    alert = standing(ESCALATED)
    assert decided(alert, PagesFailed(alert.cause - 1), NOW).alert is alert


def test_pages_that_failed_leave_a_level_once():
    alert = triggered(rules=(last := ladder_rules(rung())))
    after = decided(alert, PagesFailed(alert.cause), NOW, last).alert
    assert (after.left_at, after.wake_at) == (NOW, NOW.replace(minute=NOW.minute + 1))
    assert decided(after, PagesFailed(alert.cause), at(200), last).alert is after


def test_pages_that_failed_leave_no_level_that_has_not_fired_yet():
    """A round later the delay of level 0 is running, and the pages of the round before fail at last."""
    slow = ladder_rules(rung(delay=60), repeat_interval=1000)
    alert, _ = left_alone(triggered(rules=slow), 1000, slow)
    assert alert.level_fired_at is None
    assert decided(alert, PagesFailed(alert.cause), at(1010), slow).alert is alert


def test_pages_of_the_catch_all_that_failed_have_nobody_after_them():
    alert, _ = left_alone(triggered("low"), 3600)
    assert decided(alert, PagesFailed(alert.cause), at(4000)).alert is alert


def test_the_pages_of_a_reassignment_that_failed_leave_the_level():
    decision = decided(standing(PENDING), REASSIGN, NOW)
    failed = PagesFailed(decision.notifications[0].event)
    assert told(decided(decision.alert, failed, at(110))) == LEVEL_1


def test_the_pages_of_the_firing_before_a_reassignment_leave_nothing():
    before = standing(PENDING)
    alert = decided(before, REASSIGN, NOW).alert
    assert decided(alert, PagesFailed(before.cause), at(110)).alert is alert


# A round of which not one page could be delivered


def undelivered(rules, seconds, alert=None):
    """The decision about the alert when all pages of its firing have failed for good, so long after T0."""
    alert = alert or triggered(rules=rules)
    return decided(alert, PagesFailed(alert.cause), at(seconds), rules)


def test_a_round_of_which_not_one_page_could_be_delivered_is_walked_again_soon():
    """The network broke and not the people; the next round is hours away."""
    one = ladder_rules(rung())
    decision = undelivered(one, 50)
    assert kinds(decision) == ["skipped", "skipped"]
    assert told(decision) == pages("team_manager", "email")
    assert decision.alert.wake_at == at(110)
    again = decided(decision.alert, WAKE, at(110), one)
    assert told(again) == pages("user1", "email")
    assert (again.alert.round, again.alert.level) == (0, 0)


def test_it_is_walked_again_ever_less_often_and_the_catch_all_hears_once():
    one = ladder_rules(rung(), repeat_interval=2000)
    decision, waits, heard = undelivered(one, 0), [], []
    while decision.alert.round == 0:
        now = decision.alert.wake_at
        waits.append((now - decision.at).total_seconds())
        heard += told(decision)
        decision = decided(decision.alert, WAKE, now, one)
        if decision.alert.round == 0:
            decision = decided(decision.alert, PagesFailed(decision.alert.cause), now, one)
    assert waits == [60, 120, 240, 480, 960, 140]
    assert decision.at == at(2000)
    assert heard == pages("team_manager", "email")


def test_a_round_of_which_one_level_was_delivered_is_not_walked_again():
    two = ladder_rules(rung(), rung(600))
    alert, _ = left_alone(triggered(rules=two), 600, two)
    decision = undelivered(two, 650, alert)
    assert (told(decision), decision.alert.wake_at) == (NOBODY, at(7200))


def test_a_round_that_ends_in_a_level_that_reaches_nobody_is_walked_again_too():
    """Its pages failed, and the level after them has nobody: not one page reached anybody."""
    gap = ladder_rules(rung(), rung(600, who="nobody"))
    decision = undelivered(gap, 50)
    assert kinds(decision) == ["skipped", "skipped", "skipped"]
    assert told(decision) == pages("team_manager", "email")
    assert decision.alert.wake_at == at(110)


def test_an_answer_ends_the_wait_for_walking_again():
    one = ladder_rules(rung())
    alert = decided(undelivered(one, 50).alert, ACK, NOW, one).alert
    assert alert.wake_at is None


def test_a_person_who_escalates_has_the_round_walked_again_now():
    one = ladder_rules(rung())
    decision = decided(undelivered(one, 50).alert, ESCALATE, at(60), one)
    assert told(decision) == pages("user1", "email")
    assert decision.alert.wake_at == at(7200)


def test_the_next_round_comes_when_it_was_due_although_this_one_was_walked_again():
    one = ladder_rules(rung(), repeat_interval=1000)
    alert = decided(undelivered(one, 50).alert, WAKE, at(110), one).alert
    assert alert.wake_at == at(1000)


def test_a_last_round_of_which_nothing_could_be_delivered_is_walked_again_before_the_ladder_ends():
    one = ladder_rules(rung(), repeat_interval=1000, max_repeats=0)
    alert = undelivered(one, 50).alert
    assert (alert.exhausted, alert.wake_at) == (False, at(110))
    late = undelivered(one, 990)
    assert late.alert.exhausted


def test_in_a_silence_nobody_hears_that_nothing_could_be_delivered():
    one = ladder_rules(rung())
    alert = decided(triggered(rules=one), SUPPRESS, at(10), one).alert
    decision = undelivered(one, 50, alert)
    assert (told(decision), decision.alert.wake_at) == (NOBODY, None)
    assert told(decided(decision.alert, UNSUPPRESS, at(500), one)) == pages("user1", "email")


def test_a_snooze_that_ends_in_a_silence_fires_its_level_even_where_nothing_could_be_delivered_before():
    one = ladder_rules(rung(), repeat_interval=100_000)
    alert = decided(undelivered(one, 50).alert, Snooze("vp", "api", at(70)), at(60), one).alert
    alert = decided(alert, SUPPRESS, at(65), one).alert
    alert = decided(alert, WAKE, at(70), one).alert
    assert told(decided(alert, UNSUPPRESS, at(80), one)) == pages("user1", "email")


def test_a_reassignment_ends_the_wait_for_walking_again():
    one = ladder_rules(rung())
    alert = decided(undelivered(one, 50).alert, REASSIGN, at(60), one).alert
    assert alert.wake_at == at(7200)


def test_a_round_that_was_delivered_is_not_walked_again_when_the_pages_of_a_reassignment_fail():
    one = ladder_rules(rung())
    alert = decided(triggered(rules=one), REASSIGN, at(60), one).alert
    decision = undelivered(one, 110, alert)
    assert (told(decision), decision.alert.wake_at) == (NOBODY, at(7200))
