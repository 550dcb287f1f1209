"""What the linter says of durations is what the engine does with an alert that nobody answers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.commands import Acknowledge
from core.lint import lint
from core.lint.ladders import fires_at
from core.timeline import EventKind
from tests.samples import T0, decided, ladder_rules, left_alone, rung, times, triggered

LONG = 10**6
seconds = st.integers(0, 20).map(lambda minutes: minutes * 60)
ladders = st.lists(st.tuples(seconds, st.integers(1, 15).map(lambda minutes: minutes * 60)), min_size=1, max_size=4)
repeats = st.integers(0, 2)
intervals = st.integers(0, 60).map(lambda minutes: minutes * 60)


def ruled(ladder, interval=7200, rounds=0, **changes):
    levels = [rung(delay, timeout, f"user{number}") for number, (delay, timeout) in enumerate(ladder, 1)]
    return ladder_rules(*levels, repeat_interval=interval, max_repeats=rounds, **changes)


def lived(rules):
    """The events of a critical alert that nobody answers until its ladder is used up."""
    alert = triggered(rules=rules)
    return [*left_alone(alert, LONG, rules)[1]]


def first_pages(rules):
    """Seconds from the alert until each level fires for the first time."""
    alert = triggered(rules=rules)
    at_once = [0.0] if alert.firings else []
    fired = times(left_alone(alert, LONG, rules)[1], EventKind.TRIGGERED, EventKind.ESCALATED)
    return [*at_once, *fired][: len(rules.config.escalation.policies["critical"].levels)]


def codes(rules, *paths):
    return {each.code.value for each in lint(rules, T0) if any(path in each.path for path in paths)}


@settings(deadline=None, max_examples=60)
@given(ladders)
def test_levels_fire_when_the_linter_thinks_that_they_do(ladder):
    rules = ruled(ladder)
    assert first_pages(rules) == fires_at(rules.config.escalation.policies["critical"])


@settings(deadline=None, max_examples=60)
@given(ladders)
def test_a_delay_is_without_effect_when_the_level_fires_at_another_time(ladder):
    rules = ruled(ladder)
    late = [due for due, (delay, _) in zip(first_pages(rules), ladder, strict=True) if delay and due != delay]
    assert ("delay-without-effect" in codes(rules, "policies.critical")) == bool(late)


@settings(deadline=None, max_examples=60)
@given(ladders, intervals, st.integers(1, 2))
def test_a_repeat_interval_is_without_effect_when_the_next_round_comes_later(ladder, interval, rounds):
    rules = ruled(ladder, interval, rounds)
    pages = times(lived(rules), EventKind.TRIGGERED, EventKind.ESCALATED)
    second_round = pages[len(ladder) - (1 if ladder[0][0] == 0 else 0)] - ladder[0][0]
    said = "repeat-interval-without-effect" in codes(rules, "policies.critical")
    assert said == (0 < interval < second_round)


@settings(deadline=None, max_examples=80)
@given(ladders, intervals, repeats, st.integers(1, 70).map(lambda minutes: minutes * 60))
def test_reminders_never_come_when_none_does(ladder, interval, rounds, first):
    tracking = {"timeouts": {"acknowledgment": {"critical": first}}, "reminders": {"max_reminders": 1}}
    rules = ruled(ladder, interval, rounds, response_tracking=tracking)
    reminded = times(lived(rules), EventKind.REMINDED)
    assert ("reminders-never-come" in codes(rules, "acknowledgment.critical")) == (not reminded)


@settings(deadline=None, max_examples=80)
@given(ladders, st.integers(1, 40).map(lambda minutes: minutes * 60))
def test_the_sla_is_broken_before_level_two_when_its_breach_stands_before_it(ladder, owed):
    definition = {
        "acknowledgment_time": owed,
        "resolution_time": LONG,
        "business_hours": False,
        "allowed_breaches": 0,
    }
    rules = ruled(ladder, sla={"definitions": {"critical": definition}})
    pages = first_pages(rules)
    [breach] = times(
        [each for each in lived(rules) if each.details.get("clock") == "acknowledgment"], EventKind.SLA_BREACHED
    )
    said = codes(rules, "policies.critical")
    assert ("first-page-after-sla" in said) == (pages[0] >= breach)
    assert ("level-after-sla" in said) == (len(pages) > 1 and pages[0] < breach < pages[1])


@settings(deadline=None, max_examples=80)
@given(
    st.integers(1, 20).map(lambda minutes: minutes * 60),
    st.integers(1, 20).map(lambda minutes: minutes * 60),
    st.integers(1, 20).map(lambda minutes: minutes * 60),
    st.integers(0, 1),
)
def test_an_acknowledgment_runs_out_unreminded_when_no_reminder_stands_before_it(update, expires, resolution, most):
    tracking = {
        "acknowledgment_expires": expires,
        "timeouts": {"updates": {"critical": update}},
        "reminders": {"max_reminders": 1},
        "resolution_reminders": {"interval": resolution, "max_reminders": most},
    }
    rules = ruled([(0, 3600)], response_tracking=tracking)
    alert = decided(triggered(rules=rules), Acknowledge(by="user1", via="api"), T0, rules).alert
    events = left_alone(alert, expires, rules)[1]
    [ran_out] = times(events, EventKind.ESCALATED)
    reminded = [at for at in times(events, EventKind.REMINDED) if at < ran_out]
    assert ran_out == expires
    assert ("acknowledgment-expires-unreminded" in codes(rules, "acknowledgment_expires")) == (not reminded)
