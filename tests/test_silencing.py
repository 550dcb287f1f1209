"""Silences and one alert: what each thing that can happen does while one covers it. Instants are seconds after T0."""

import pytest

from core.commands import (
    Acknowledge,
    Clear,
    Escalate,
    PagesFailed,
    Reassign,
    Snooze,
    Suppress,
    Unsuppress,
    Update,
    Wake,
)
from core.lifecycle import trigger
from core.rules import Rules
from core.silences import Silence
from core.silencing import reviewed
from core.standing import Standing
from tests.cells import (
    ACKNOWLEDGED,
    CLEAR,
    ESCALATED,
    FIRE,
    LEVEL_0,
    LEVEL_1,
    LEVEL_2,
    NOBODY,
    PENDING,
    RESOLVED,
    TO_VP,
    WAKE,
    kinds,
    notices,
    pages,
    told,
)
from tests.samples import T0, at, config, decided, firing, ladder_rules, rung, triggered

OPEN = Rules(config())


def silence(starts, ends, number=7, **fields):
    match = fields.pop("match", {"source": "generic"})
    given = {"record_version": 1, "id": number, "match": match, "by": "alice", "created_at": T0}
    return Silence.model_validate(given | {"from": at(starts), "to": at(ends)} | fields)


def under(*silences, like=OPEN):
    return Rules(like.config, Standing(1, silences=silences))


def review(alert, seconds, rules):
    """The alert after the review of that instant, and what it did."""
    command = reviewed(alert, at(seconds), rules)
    assert command is not None
    decision = decided(alert, command, at(seconds), rules)
    assert reviewed(decision.alert, at(seconds), rules) is None
    return decision


def shown(alert):
    return (alert.suppressed, alert.suppressed_until, alert.wake_at)


# Beginning and ending


def test_an_alert_that_triggers_in_a_silence_pages_when_it_ends():
    night = under(silence(-100, 1000))
    decision = trigger(1, FIRE, T0, night)
    assert (kinds(decision), told(decision)) == (["routed", "suppressed"], NOBODY)
    assert shown(decision.alert) == (True, at(1000), at(1000))
    ended = decided(decision.alert, WAKE, at(1000), night)
    assert (kinds(ended), told(ended)) == (["unsuppressed", "triggered"], LEVEL_0)
    assert (ended.alert.status, ended.alert.wake_at) == (PENDING, at(1300))


def test_a_silence_that_begins_between_levels_is_shown_at_once_and_the_next_level_waits_for_its_end():
    night = under(silence(300, 7000))
    begun = review(triggered(), 300, night)
    assert (kinds(begun), told(begun), shown(begun.alert)) == (["suppressed"], NOBODY, (True, at(7000), at(7000)))
    assert begun.events[0].details == {"reason": "silence 7 (by alice)", "until": "2026-11-23T11:56:40Z"}
    ended = decided(begun.alert, WAKE, at(7000), night)
    assert (kinds(ended), told(ended)) == (["unsuppressed", "escalated"], LEVEL_1)
    assert shown(ended.alert) == (False, None, at(7600))


def test_a_silence_that_nobody_has_shown_yet_holds_up_the_level_all_the_same():
    decision = decided(triggered(), WAKE, at(600), under(silence(300, 7000)))
    assert (kinds(decision), told(decision)) == (["suppressed"], NOBODY)
    assert shown(decision.alert) == (True, at(7000), at(7000))


def test_once_a_silence_is_ended_before_its_time_the_ladder_goes_on_at_once():
    alert = review(triggered(), 300, under(silence(300, 7000))).alert
    decision = review(alert, 1000, under(silence(300, 1000, ended_by="bob")))
    assert (kinds(decision), told(decision)) == (["unsuppressed", "escalated"], LEVEL_1)
    assert shown(decision.alert) == (False, None, at(1800))


def test_once_a_silence_is_ended_before_the_next_level_is_due_the_ladder_goes_on_where_it_was():
    alert = review(triggered(), 300, under(silence(300, 7000))).alert
    decision = review(alert, 400, OPEN)
    assert (kinds(decision), told(decision), decision.alert.wake_at) == (["unsuppressed"], NOBODY, at(600))


def test_a_silence_that_is_prolonged_is_not_told_again_and_wakes_at_its_new_end():
    alert = review(triggered(), 300, under(silence(300, 1000))).alert
    later = under(silence(300, 3000))
    decision = review(alert, 500, later)
    assert (kinds(decision), shown(decision.alert)) == ([], (True, at(3000), at(3000)))
    assert told(decided(decision.alert, WAKE, at(3000), later)) == LEVEL_1


def test_a_silence_that_is_prolonged_and_not_reviewed_holds_at_its_old_end_too():
    alert = review(triggered(), 300, under(silence(300, 1000))).alert
    decision = decided(alert, WAKE, at(1000), under(silence(300, 3000)))
    assert (kinds(decision), shown(decision.alert)) == ([], (True, at(3000), at(3000)))


def test_of_two_silences_that_overlap_the_second_takes_over_without_a_word():
    both = under(silence(300, 1000, 1), silence(800, 2000, 2))
    alert = review(triggered(), 300, both).alert
    assert (alert.suppressed_until, alert.suppressed_reason) == (at(1000), "silence 1 (by alice)")
    over = decided(alert, WAKE, at(1000), both)
    assert (kinds(over), told(over), shown(over.alert)) == ([], NOBODY, (True, at(2000), at(2000)))
    assert over.alert.suppressed_reason == "silence 2 (by alice)"
    assert told(decided(over.alert, WAKE, at(2000), both)) == LEVEL_1


def test_once_the_longer_of_two_is_ended_the_alert_wakes_at_the_end_of_the_other():
    alert = review(triggered(), 300, under(silence(300, 1000, 1), silence(300, 2000, 2))).alert
    assert alert.suppressed_until == at(2000)
    left = under(silence(300, 1000, 1), silence(300, 600, 2))
    decision = review(alert, 600, left)
    assert (kinds(decision), shown(decision.alert)) == ([], (True, at(1000), at(1000)))
    assert told(decided(decision.alert, WAKE, at(1000), left)) == LEVEL_1


def test_nothing_is_reviewed_where_all_is_shown():
    night = under(silence(300, 7000))
    assert reviewed(triggered(), at(299), night) is None
    assert reviewed(review(triggered(), 300, night).alert, at(6999), night) is None


def test_what_was_silenced_by_hand_waits_for_a_hand_whatever_silences_there_are():
    alert = decided(triggered(), Suppress("by hand"), at(100)).alert
    night = under(silence(300, 1000))
    for seconds in (200, 300, 1000):
        assert reviewed(alert, at(seconds), night) is None
        assert decided(alert, WAKE, at(seconds), night).alert is alert
    assert told(decided(alert, Unsuppress("by hand"), at(1000), night)) == LEVEL_1


# Answers


def test_an_alert_acknowledged_in_a_silence_only_notes_its_end():
    night = under(silence(300, 1000))
    alert = review(triggered(), 300, night).alert
    alert = decided(alert, Acknowledge("user2", "link"), at(400), night).alert
    assert shown(alert) == (True, at(1000), at(1000))
    decision = decided(alert, WAKE, at(1000), night)
    assert (kinds(decision), told(decision), shown(decision.alert)) == (["unsuppressed"], NOBODY, (False, None, None))
    assert decision.alert.status is ACKNOWLEDGED


def test_a_silence_over_an_acknowledged_alert_is_noted_when_it_begins_and_when_it_is_ended():
    alert = decided(triggered(), Acknowledge("user2", "link"), at(100)).alert
    begun = review(alert, 300, under(silence(300, 1000)))
    assert (kinds(begun), told(begun), shown(begun.alert)) == (["suppressed"], NOBODY, (True, at(1000), at(1000)))
    ended = review(begun.alert, 400, OPEN)
    assert (kinds(ended), told(ended), shown(ended.alert)) == (["unsuppressed"], NOBODY, (False, None, None))


def test_an_update_in_a_silence_takes_the_alert():
    night = under(silence(300, 1000))
    alert = decided(review(triggered(), 300, night).alert, Update("user2", "link"), at(400), night).alert
    assert told(decided(alert, WAKE, at(1000), night)) == NOBODY


def test_a_snooze_that_ends_in_a_silence_waits_for_the_end_of_the_silence():
    night = under(silence(200, 1000))
    alert = decided(triggered(), Snooze("user2", "api", at(500)), at(100), night).alert
    ended = decided(alert, WAKE, at(500), night)
    assert (kinds(ended), told(ended)) == (["suppressed", "unsnoozed"], NOBODY)
    assert (ended.alert.status, shown(ended.alert)) == (ESCALATED, (True, at(1000), at(1000)))
    assert told(decided(ended.alert, WAKE, at(1000), night)) == LEVEL_0


def test_a_silence_that_ends_in_a_snooze_leaves_the_snooze_as_it_is():
    night = under(silence(200, 1000))
    alert = decided(triggered(), Snooze("user2", "api", at(2000)), at(100), night).alert
    alert = review(alert, 200, night).alert
    ended = decided(alert, WAKE, at(1000), night)
    assert (kinds(ended), told(ended), ended.alert.wake_at) == (["unsuppressed"], NOBODY, at(2000))
    assert told(decided(ended.alert, WAKE, at(2000), night)) == LEVEL_0


def test_an_alert_snoozed_before_anybody_was_paged_is_pending_when_the_snooze_ends_in_the_silence():
    night = under(silence(-100, 1000))
    alert = trigger(1, FIRE, T0, night).alert
    alert = decided(alert, Snooze("user2", "api", at(500)), at(100), night).alert
    alert = decided(alert, WAKE, at(500), night).alert
    assert (alert.status, shown(alert)) == (PENDING, (True, at(1000), at(1000)))
    ended = decided(alert, WAKE, at(1000), night)
    assert (kinds(ended), told(ended)) == (["unsuppressed", "triggered"], LEVEL_0)


def test_a_person_who_escalates_in_a_silence_has_the_next_level_paged_and_the_one_after_waits():
    night = under(silence(100, 5000))
    alert = review(triggered(), 100, night).alert
    asked = decided(alert, Escalate("user5", "api"), at(200), night)
    assert (kinds(asked), told(asked)) == (["escalated"], LEVEL_1)
    assert shown(asked.alert) == (True, at(5000), at(5000))
    assert decided(asked.alert, WAKE, at(1800), night).alert is asked.alert
    assert told(decided(asked.alert, WAKE, at(5000), night)) == LEVEL_2


def test_a_person_who_escalates_to_a_level_with_nobody_on_it_has_the_one_after_paged():
    ladder = ladder_rules(rung(), rung(600, who="nobody"), rung(1200, who="vp"), rung(1800))
    night = under(silence(100, 5000), like=ladder)
    asked = decided(triggered(rules=ladder), Escalate("user5", "api"), at(200), night)
    assert (kinds(asked), told(asked)) == (["skipped", "escalated", "suppressed"], pages("vp", "email"))
    assert asked.alert.wake_at == at(5000)


def test_an_acknowledged_alert_that_a_person_escalates_in_a_silence_is_back_on_the_ladder():
    night = under(silence(100, 5000))
    alert = decided(triggered(), Acknowledge("user2", "link"), at(50)).alert
    asked = decided(alert, Escalate("user2", "api"), at(200), night)
    assert (told(asked), shown(asked.alert)) == (LEVEL_1, (True, at(5000), at(5000)))


def test_a_person_who_is_given_the_alert_in_a_silence_is_paged():
    night = under(silence(100, 5000))
    asked = decided(review(triggered(), 100, night).alert, Reassign("user5", "api", "vp"), at(200), night)
    assert (told(asked), shown(asked.alert)) == (TO_VP, (True, at(5000), at(5000)))
    assert told(decided(asked.alert, WAKE, at(5000), night)) == LEVEL_1


def test_an_alert_is_resolved_in_a_silence_and_whoever_was_paged_hears_it_quietly():
    night = under(silence(100, 5000))
    decision = decided(review(triggered(), 100, night).alert, CLEAR, at(300), night)
    assert (decision.alert.status, decision.alert.wake_at, told(decision)) == (RESOLVED, None, notices("user2"))
    assert reviewed(decision.alert, at(5000), night) is not None  # so a review has to leave resolved ones alone


def test_of_an_alert_that_came_and_went_in_a_silence_nobody_hears():
    night = under(silence(-100, 5000))
    alert = trigger(1, FIRE, T0, night).alert
    assert told(decided(alert, Clear("generic"), at(300), night)) == NOBODY


# Signals


def test_an_alert_that_opens_again_in_a_silence_pages_when_it_ends():
    night = under(silence(150, 1000))
    alert = decided(triggered(), CLEAR, at(100)).alert
    again = decided(alert, FIRE, at(200), night)
    assert (kinds(again), told(again)) == (["reopened", "suppressed"], NOBODY)
    assert shown(again.alert) == (True, at(1000), at(1000))
    assert told(decided(again.alert, WAKE, at(1000), night)) == LEVEL_0


def test_an_alert_resolved_in_a_silence_that_opens_again_after_it_pages_at_once():
    night = under(silence(100, 200))
    alert = decided(review(triggered(), 100, night).alert, CLEAR, at(150), night).alert
    again = decided(alert, FIRE, at(250), night)
    assert (kinds(again), told(again)) == (["reopened", "escalated"], LEVEL_0)
    assert (shown(again.alert), again.alert.suppressed_reason) == ((False, None, at(850)), "")


def test_a_repeat_in_a_silence_is_counted_and_pages_nobody():
    night = under(silence(100, 1000))
    decision = decided(review(triggered(), 100, night).alert, FIRE, at(700), night)
    assert (kinds(decision), told(decision), shown(decision.alert)) == (["counted"], NOBODY, (True, at(1000), at(1000)))


def test_an_alert_that_gets_worse_in_a_silence_of_everything_waits_at_the_foot_of_its_new_ladder():
    night = under(silence(100, 1000))
    worse = decided(review(triggered("high"), 100, night).alert, firing("critical"), at(300), night)
    assert (kinds(worse), told(worse)) == (["counted", "severity_changed"], NOBODY)
    assert shown(worse.alert) == (True, at(1000), at(1000))
    assert told(decided(worse.alert, WAKE, at(1000), night)) == LEVEL_0


def test_an_alert_that_gets_too_bad_for_its_silence_pages_at_once():
    night = under(silence(100, 1000, match={"severity": "high"}))
    alert = review(triggered("high"), 100, night).alert
    worse = decided(alert, firing("critical"), at(300), night)
    assert kinds(worse) == ["counted", "severity_changed", "unsuppressed", "escalated"]
    assert (told(worse), shown(worse.alert)) == (LEVEL_0, (False, None, at(900)))


def test_an_alert_that_gets_bad_enough_for_a_silence_pages_nobody():
    night = under(silence(100, 1000, match={"severity": "critical"}))
    worse = decided(triggered("high"), firing("critical"), at(300), night)
    assert (kinds(worse)[-1], told(worse), worse.alert.wake_at) == ("suppressed", NOBODY, at(1000))


def test_an_acknowledged_alert_that_gets_too_bad_for_its_silence_says_so():
    night = under(silence(100, 1000, match={"severity": "high"}))
    alert = decided(triggered("high"), Acknowledge("user2", "link"), at(50)).alert
    worse = decided(review(alert, 100, night).alert, firing("critical"), at(300), night)
    assert (kinds(worse)[-1], told(worse)) == ("unsuppressed", notices("user2"))


# The ladder


def test_a_ladder_that_is_used_up_stays_so_through_a_silence():
    alert = triggered("low")
    alert = decided(alert, WAKE, at(3600)).alert
    assert alert.exhausted
    night = under(silence(4000, 5000))
    begun = review(alert, 4000, night)
    assert (kinds(begun), shown(begun.alert)) == (["suppressed"], (True, at(5000), at(5000)))
    ended = decided(begun.alert, WAKE, at(5000), night)
    assert (kinds(ended), told(ended), shown(ended.alert)) == (["unsuppressed"], NOBODY, (False, None, None))


def test_a_ladder_whose_end_is_due_in_a_silence_ends_with_it():
    night = under(silence(3000, 5000))
    assert told(decided(triggered("low"), WAKE, at(3600), night)) == NOBODY
    ended = decided(decided(triggered("low"), WAKE, at(3600), night).alert, WAKE, at(5000), night)
    assert (kinds(ended), told(ended)) == (["unsuppressed", "exhausted"], pages("team_manager", "email"))


def test_a_round_that_is_due_in_a_silence_begins_with_its_end():
    one = ladder_rules(rung(timeout=300), repeat_interval=1000)
    night = under(silence(500, 5000), like=one)
    alert = decided(triggered(rules=one), WAKE, at(1000), night).alert
    ended = decided(alert, WAKE, at(5000), night)
    assert (ended.alert.round, ended.alert.round_started_at, told(ended)) == (1, at(5000), pages("user1", "email"))


@pytest.mark.parametrize("is_shown", [True, False])
def test_pages_that_fail_in_a_silence_fire_nothing_and_the_next_level_waits(is_shown):
    night = under(silence(100, 5000))
    alert = review(triggered(), 100, night).alert if is_shown else triggered()
    failed = decided(alert, PagesFailed(alert.cause), at(150), night)
    assert (told(failed), shown(failed.alert)) == (NOBODY, (True, at(5000), at(5000)))
    assert failed.alert.left_at == at(150)
    assert told(decided(failed.alert, Wake(), at(5000), night)) == LEVEL_1


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_whole_round_that_fails_in_a_silence_does_not_page_the_catch_all(is_shown):
    one = ladder_rules(rung())
    night = under(silence(100, 5000), like=one)
    alert = triggered(rules=one)
    alert = review(alert, 100, night).alert if is_shown else alert
    failed = decided(alert, PagesFailed(alert.cause), at(150), night)
    assert (told(failed), shown(failed.alert)) == (NOBODY, (True, at(5000), at(5000)))
    assert told(decided(failed.alert, Wake(), at(5000), night)) == pages("user1", "email")


def test_the_reason_names_what_covers_it():
    both = under(silence(0, 1000, 1, reason="db upgrade"), silence(0, 2000, 2))
    alert = trigger(1, FIRE, T0, both).alert
    assert alert.suppressed_reason == "silence 1 (db upgrade, by alice); silence 2 (by alice)"
