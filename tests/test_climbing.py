"""Climbing: firing levels, leaving those that reach nobody, starting rounds, and the end of the ladder."""

import pytest

from core.alert import Status
from core.commands import Acknowledge, Escalate, Snooze, Wake
from core.decision import NotificationKind
from core.lifecycle import trigger
from tests.samples import (
    T0,
    at,
    config_dict,
    decided,
    firing,
    ladder_rules,
    left_alone,
    level,
    rules,
    rung,
    times,
    triggered,
)

GONE = {"who": "nobody"}


def fired(rules):
    return trigger(1, firing(rules=rules), T0, rules)


def story(decision_or_events):
    events = getattr(decision_or_events, "events", decision_or_events)
    seconds = [round((event.at - T0).total_seconds()) for event in events]
    return [
        f"{second} {event.kind.value} {event.details.get('level_name', event.details.get('responder', ''))}".strip()
        for second, event in zip(seconds, events, strict=True)
    ]


def pages(decision):
    return [(n.responder, n.channel, n.reason) for n in decision.notifications]


def catch_all(*names):
    return config_dict()["escalation"] | {"catch_all": list(names)}


def test_a_level_pages_everybody_on_it_on_every_channel():
    two = ladder_rules(level("primary", 0, ["email", "sms"], ["user1", "vp"], 300))
    assert pages(fired(two)) == [
        ("user1", "email", "level"),
        ("user1", "sms", "level"),
        ("vp", "email", "level"),
        ("vp", "sms", "level"),
    ]


def test_whoever_stands_on_a_level_twice_is_paged_once():
    """user2 is on call and named beside the rotation; the channel is written twice."""
    twice = ladder_rules(level("primary", 0, ["email", "email"], ["oncall_primary", "user2", "user2"], 300))
    assert pages(fired(twice)) == [("user2", "email", "level")]


def test_a_level_that_reaches_some_pages_those_and_names_the_others():
    some = ladder_rules(level("primary", 0, ["email"], ["nobody", "user1"], 300))
    decision = fired(some)
    assert pages(decision) == [("user1", "email", "level")]
    assert decision.events[1].details["unreachable"] == ["nobody"]


@pytest.mark.parametrize(
    ("who", "reason"), [(["nobody"], "nobody cannot be reached on its channels"), ([], "nobody is on it")]
)
def test_a_level_that_reaches_nobody_is_skipped_with_its_reason(who, reason):
    empty = ladder_rules(level("primary", 0, ["email"], who, 300), rung(600))
    decision = fired(empty)
    assert story(decision) == ["0 routed", "0 skipped primary", "0 triggered at600", "0 notified user1"]
    assert decision.events[1].details == {"round": 0, "level": 0, "level_name": "primary", "reason": reason}


def test_a_level_without_channels_reaches_nobody():
    mute = ladder_rules(level("primary", 0, [], ["user1"], 300), rung(600))
    assert story(fired(mute))[1:3] == ["0 skipped primary", "0 triggered at600"]


def test_a_level_on_a_channel_that_is_switched_off_reaches_nobody():
    off = ladder_rules(rung(channels=("sms",)), rung(600), channels={"email": {"url": ""}, "sms": False})
    assert story(fired(off))[1:3] == ["0 skipped at0", "0 triggered at600"]


def test_the_first_level_that_reaches_somebody_is_the_first_firing():
    late = ladder_rules(rung(**GONE), rung(600), rung(1200))
    alert = fired(late).alert
    assert (alert.status, alert.firings, alert.level) == (Status.PENDING, 1, 1)
    after, _ = left_alone(alert, 1200, late)
    assert (after.status, after.firings) == (Status.ESCALATED, 2)


def test_when_a_whole_round_reaches_nobody_the_catch_all_hears_of_it_at_once():
    """Not when the next round starts: with the default policies that is hours later."""
    empty = ladder_rules(rung(**GONE), rung(600, **GONE))
    decision = fired(empty)
    assert pages(decision) == [("team_manager", "email", "nobody on the ladder can be reached")]
    assert decision.notifications[0].kind is NotificationKind.PAGE
    assert decision.alert.wake_at == at(7200)


def test_the_catch_all_hears_once_in_every_round_that_reaches_nobody_and_once_at_the_end():
    empty = ladder_rules(rung(**GONE), rung(600, **GONE), repeat_interval=1000, max_repeats=2)
    alert, events = left_alone(fired(empty).alert, 100_000, empty)
    assert times(events, "notified") == [1000, 2000]
    assert times(events, "exhausted") == [2000]
    assert alert.exhausted


def test_a_ladder_of_one_round_that_reaches_nobody_is_used_up_at_once_and_pages_the_catch_all_once():
    empty = ladder_rules(rung(**GONE), max_repeats=0)
    decision = fired(empty)
    assert story(decision) == ["0 routed", "0 skipped at0", "0 exhausted", "0 notified team_manager"]
    assert pages(decision) == [("team_manager", "email", "nobody answered")]
    assert (decision.alert.status, decision.alert.exhausted) == (Status.ESCALATED, True)


def test_a_round_that_reached_somebody_once_does_not_alarm_the_catch_all():
    half = ladder_rules(rung(), rung(600, **GONE), repeat_interval=1000)
    _, events = left_alone(triggered(rules=half), 1000, half)
    assert story(events) == ["600 skipped at600", "1000 escalated at0", "1000 notified user1"]


def test_the_end_of_the_ladder_pages_the_catch_all_on_the_channels_of_the_policy():
    alert, _ = left_alone(triggered("medium"), 43_199)
    decision = decided(alert, Wake(), at(43_200))
    assert pages(decision) == [
        ("team_manager", "email", "nobody answered"),
        ("team_manager", "slack", "nobody answered"),
    ]
    assert decision.alert.cause == decision.notifications[0].event == decision.events[0].number


def test_a_catch_all_that_the_policys_channels_do_not_reach_is_paged_on_any_that_do():
    sms_only = ladder_rules(
        rung(**GONE),
        max_repeats=0,
        channels={"email": {"url": "mailto://x?to={email}"}, "sms": {"url": "json://x/{phone}"}},
        people={"user1": {"email": "a@example.com"}, "team_manager": {"phone": "+15550100007"}},
    )
    assert pages(fired(sms_only)) == [("team_manager", "sms", "nobody answered")]


def test_without_a_catch_all_the_end_is_recorded_all_the_same():
    none = rules(escalation=catch_all())
    alert, events = left_alone(triggered("low", rules=none), 3600, none)
    assert story(events) == ["3600 exhausted"]
    assert alert.exhausted


def test_a_catch_all_may_be_a_rotation():
    on_call = rules(escalation=catch_all("oncall_secondary"))
    _, events = left_alone(triggered("low", rules=on_call), 3600, on_call)
    assert story(events) == ["3600 exhausted", "3600 notified user5"]


def test_the_catch_all_is_remembered_as_paged():
    alert, _ = left_alone(triggered("low"), 3600)
    assert alert.paged == (("user2", "email"), ("team_manager", "email"))


def test_whoever_takes_an_exhausted_alert_and_snoozes_it_hears_again_when_the_level_reaches_nobody():
    """The snooze ends, the level reaches nobody now, and the ladder ends once more."""
    alert = decided(triggered("low"), Snooze("user2", "api", at(100)), at(10)).alert
    people = {name: person for name, person in config_dict()["people"].items() if name != "user2"}
    left = rules(people=people, rotations={})
    decision = decided(alert, Wake(), at(100), left)
    assert story(decision) == [
        "100 unsnoozed",
        "100 skipped primary",
        "100 exhausted",
        "100 notified team_manager",
    ]


def test_levels_whose_times_are_shorter_than_the_grace_fire_in_order_and_once():
    quick = ladder_rules(rung(timeout=1), rung(timeout=1), rung(timeout=1), repeat_interval=0, max_repeats=1)
    decision = decided(triggered(rules=quick), Wake(), at(4.5), quick)
    assert [(e.details["round"], e.details["level"]) for e in decision.events if e.kind == "escalated"] == [
        (0, 1),
        (0, 2),
        (1, 0),
        (1, 1),
    ]
    assert decision.alert.wake_at == at(5)


def test_a_round_that_was_due_long_ago_starts_now():
    alert, _ = left_alone(triggered("medium"), 7200)
    decision = decided(alert, Wake(), at(90_000))
    assert (decision.alert.round, decision.alert.round_started_at) == (1, at(90_000))
    assert decision.alert.wake_at == at(97_200)


def test_an_escalated_alert_pages_with_the_event_of_its_own_firing():
    decision = decided(triggered(), Escalate("user2", "api"), at(10))
    assert {n.event for n in decision.notifications} == {decision.alert.cause}
    assert {(n.round, n.level, n.level_name) for n in decision.notifications} == {(0, 1, "secondary")}


def test_escalating_where_no_further_level_reaches_anybody_alarms_nobody_twice():
    half = ladder_rules(rung(), rung(600, **GONE))
    alert = decided(triggered(rules=half), Acknowledge("user1", "api"), at(5), half).alert
    decision = decided(alert, Escalate("user1", "api"), at(10), half)
    assert story(decision) == ["10 skipped at600"]
    assert (decision.alert.status, decision.alert.wake_at) == (Status.ESCALATED, at(7200))
