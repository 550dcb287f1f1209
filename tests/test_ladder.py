"""The ladder in time: every number of the design's table, and the rules behind the numbers."""

from datetime import timedelta

import pytest

from core.alert import Alert, Status
from core.due import wake_at
from core.ladder import GRACE, Step, StepKind, after_last_level, counted_from, next_step
from tests.samples import T0, at, ladder_rules, left_alone, rung, times, triggered

FIRINGS = ("triggered", "escalated")
LONG = 100_000


def unanswered(severity):
    """The first firing's events are not in it: it happens when the alert triggers, at 0."""
    alert, events = left_alone(triggered(severity), LONG)
    return alert, [0, *times(events, *FIRINGS)], times(events, "exhausted")


@pytest.mark.parametrize(
    ("severity", "first_round"),
    [("critical", [0, 600, 1800, 3600]), ("high", [0, 1800, 3600]), ("medium", [0, 7200]), ("low", [0])],
)
def test_the_levels_of_the_first_round_fire_when_the_table_says(severity, first_round):
    _, firings, _ = unanswered(severity)
    assert firings[: len(first_round)] == first_round


@pytest.mark.parametrize(
    ("severity", "round_starts", "levels"),
    [
        ("critical", [0, 7200, 14400, 21600], 4),
        ("high", [0, 14400, 28800], 3),
        ("medium", [0, 28800], 2),
        ("low", [0], 1),
    ],
)
def test_the_rounds_start_when_the_table_says_and_there_are_no_more(severity, round_starts, levels):
    _, firings, _ = unanswered(severity)
    assert firings[::levels] == round_starts


@pytest.mark.parametrize(
    ("severity", "exhausted"), [("critical", 28800), ("high", 36000), ("medium", 43200), ("low", 3600)]
)
def test_the_ladder_is_used_up_when_the_table_says(severity, exhausted):
    alert, _, ends = unanswered(severity)
    assert ends == [exhausted]
    assert alert.exhausted
    assert alert.is_open
    assert alert.wake_at is None


def test_every_round_of_critical_is_like_the_first():
    _, firings, _ = unanswered("critical")
    rounds = [firings[start : start + 4] for start in range(0, 16, 4)]
    assert [[second - round_[0] for second in round_] for round_ in rounds] == [[0, 600, 1800, 3600]] * 4
    assert len(firings) == 16


def test_every_round_of_high_and_medium_is_like_the_first():
    assert unanswered("high")[1] == [0, 1800, 3600, 14400, 16200, 18000, 28800, 30600, 32400]
    assert unanswered("medium")[1] == [0, 7200, 28800, 36000]


def test_a_delay_on_the_first_level_holds_its_page_back():
    rules = ladder_rules(rung(delay=120, timeout=60), max_repeats=0)
    alert = triggered(rules=rules)
    assert (alert.firings, alert.status, alert.wake_at) == (0, Status.PENDING, at(120))
    alert, events = left_alone(alert, LONG, rules)
    assert times(events, "triggered") == [120]
    assert times(events, "exhausted") == [180]


def test_a_delay_on_the_first_level_counts_in_every_round():
    rules = ladder_rules(rung(delay=120, timeout=60), repeat_interval=1000, max_repeats=2)
    _, events = left_alone(triggered(rules=rules), LONG, rules)
    assert times(events, *FIRINGS) == [120, 1120, 2120]


def test_a_level_waits_for_its_delay_when_the_timeout_before_it_is_shorter():
    rules = ladder_rules(rung(timeout=300), rung(delay=600))
    assert triggered(rules=rules).wake_at == at(600)


def test_a_level_waits_for_the_timeout_before_it_when_its_delay_is_shorter():
    rules = ladder_rules(rung(timeout=900), rung(delay=600))
    assert triggered(rules=rules).wake_at == at(900)


def test_a_long_timeout_pushes_the_levels_behind_it_on():
    rules = ladder_rules(rung(timeout=900), rung(delay=600, timeout=900), rung(delay=1000), max_repeats=0)
    _, events = left_alone(triggered(rules=rules), LONG, rules)
    assert times(events, *FIRINGS) == [900, 1800]


def test_the_next_round_waits_for_the_repeat_interval():
    rules = ladder_rules(rung(timeout=300), repeat_interval=1000)
    assert triggered(rules=rules).wake_at == at(1000)


def test_the_next_round_waits_for_the_last_timeout_when_that_is_longer():
    rules = ladder_rules(rung(timeout=3000), repeat_interval=1000)
    assert triggered(rules=rules).wake_at == at(3000)


def test_the_repeat_interval_counts_from_the_start_of_its_own_round():
    rules = ladder_rules(rung(timeout=3000), repeat_interval=1000, max_repeats=2)
    _, events = left_alone(triggered(rules=rules), LONG, rules)
    assert times(events, *FIRINGS) == [3000, 6000]


def test_the_last_round_ends_with_its_timeout_and_not_with_the_repeat_interval():
    rules = ladder_rules(rung(timeout=300), repeat_interval=99_999, max_repeats=0)
    assert next_step(triggered(rules=rules)) == Step(StepKind.EXHAUST, at(300))


def test_a_step_done_five_seconds_late_counts_as_on_time():
    assert timedelta(seconds=5) == GRACE
    assert counted_from(T0, at(5)) == T0
    alert, _ = left_alone(triggered(), 600, late=5)
    assert alert.level_fired_at == at(600)


def test_a_step_done_six_seconds_late_counts_from_then():
    assert counted_from(T0, at(6)) == at(6)
    alert, _ = left_alone(triggered(), 600, late=6)
    assert alert.level_fired_at == at(606)


def test_a_level_paged_late_still_has_its_whole_timeout_to_answer():
    rules = ladder_rules(rung(timeout=300), rung(delay=300, timeout=300), rung(delay=600))
    alert, _ = left_alone(triggered(rules=rules), 300, rules, late=200)
    assert alert.wake_at == at(300 + 200 + 300)


@pytest.mark.parametrize("late", [0.25, 1, 4.999, 5])
def test_small_delays_do_not_add_up_over_the_rounds(late):
    _, events = left_alone(triggered(), LONG, late=late)
    assert times(events, "exhausted") == [28800 + late]
    assert times(events, "escalated")[-1] == 25200 + late


def test_a_level_that_reaches_nobody_is_left_at_once_and_times_count_from_then():
    rules = ladder_rules(rung(who="nobody", timeout=900), rung(delay=600, timeout=100), rung(delay=1800))
    alert = triggered(rules=rules)
    assert (alert.level, alert.level_fired_at, alert.wake_at) == (1, T0, at(1800))


def test_after_a_level_was_left_the_timeout_of_the_next_one_counts_from_then():
    rules = ladder_rules(rung(who="nobody"), rung(delay=600, timeout=2000), rung(delay=1800))
    assert triggered(rules=rules).wake_at == at(2000)


def test_a_level_in_the_middle_that_reaches_nobody_is_left_at_once():
    rules = ladder_rules(rung(), rung(delay=600, who="nobody", timeout=5000), rung(delay=6000))
    alert, events = left_alone(triggered(rules=rules), 600, rules)
    assert times(events, "skipped") == times(events, "escalated") == [600]
    assert alert.level == 2


def test_when_the_last_level_reaches_nobody_the_next_round_still_waits_for_the_repeat_interval():
    rules = ladder_rules(rung(timeout=100), rung(delay=100, who="nobody", timeout=9000), repeat_interval=1000)
    alert, _ = left_alone(triggered(rules=rules), 100, rules)
    assert alert.wake_at == at(1000)


def test_when_the_last_level_of_the_last_round_reaches_nobody_the_ladder_is_used_up_at_once():
    rules = ladder_rules(rung(timeout=100), rung(delay=100, who="nobody", timeout=9000), max_repeats=0)
    alert, events = left_alone(triggered(rules=rules), 100, rules)
    assert alert.exhausted
    assert times(events, "exhausted") == [100]


def test_after_the_last_level_comes_a_round_until_the_last_round_and_then_the_end():
    alert = triggered("medium")
    assert after_last_level(alert, at(10)) == Step(StepKind.ROUND, at(28800))
    assert after_last_level(alert, at(30000)) == Step(StepKind.ROUND, at(30000))
    last = alert.model_copy(update={"round": 1})
    assert after_last_level(last, at(10)) == Step(StepKind.EXHAUST, at(10))


def standing(**fields) -> Alert:
    return triggered().model_copy(update=fields)


@pytest.mark.parametrize("status", [Status.PENDING, Status.ESCALATED])
def test_an_unanswered_alert_wakes_for_its_next_step(status):
    assert wake_at(standing(status=status)) == at(600)


@pytest.mark.parametrize("status", [Status.ACKNOWLEDGED, Status.IN_PROGRESS])
def test_an_answered_alert_wakes_only_for_the_end_of_a_snooze(status):
    assert wake_at(standing(status=status)) is None
    assert wake_at(standing(status=status, snoozed_until=at(50))) == at(50)


def test_a_snoozed_alert_wakes_even_when_it_is_silenced_or_used_up():
    for fields in ({"suppressed": True}, {"exhausted": True}):
        assert wake_at(standing(status=Status.ACKNOWLEDGED, snoozed_until=at(50), **fields)) == at(50)


@pytest.mark.parametrize("fields", [{"status": Status.RESOLVED}, {"exhausted": True}, {"suppressed": True}])
def test_what_is_resolved_used_up_or_silenced_does_not_wake(fields):
    assert wake_at(standing(**fields)) is None
