"""SLA clocks in the course of an alert: marks, each noticed once; a higher severity; pauses."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import sla
from core.business_hours import elapsed
from core.holidays import HolidayCalendar
from core.sla_clock import ClockKind
from core.sla_rules import SlaRules
from tests.clocks import DEFAULT, FRIDAY, MONDAY, RULES, later, marks, raised, rules_with, started, statuses
from tests.duties import utc

ACKNOWLEDGMENT, RESOLUTION, POLICY = ClockKind
PAUSING = SlaRules.of(
    DEFAULT.model_copy(update={"sla": DEFAULT.sla.model_copy(update={"pause_on": {"snoozed", "suppressed"}})}),
    HolidayCalendar(),
)


def said(passed):
    return [(mark.kind.value, mark.status.value, mark.at) for mark in passed]


def left_alone(state):
    """Every mark of an alert that nobody answers, each noticed at the instant that was asked for."""
    told = []
    while (at := state.next_mark_at) is not None:
        state, passed = sla.noticed(state, at)
        assert passed, "a mark that is due was not noticed"
        told += said(passed)
    return told


def test_the_marks_of_a_critical_alert_left_alone():
    assert left_alone(started()) == [
        ("acknowledgment", "at_risk", later(240)),
        ("acknowledgment", "breached", later(300)),
        ("resolution", "at_risk", later(2880)),
        ("policy", "at_risk", later(2880)),
        ("resolution", "breached", later(3600)),
        ("policy", "breached", later(3600)),
    ]


def test_the_marks_of_a_high_alert_of_a_friday():
    assert left_alone(started("high", FRIDAY)) == [
        ("acknowledgment", "at_risk", utc("2026-11-20T16:54")),
        ("acknowledgment", "breached", utc("2026-11-20T17:00")),
        ("policy", "at_risk", utc("2026-11-20T18:06")),
        ("policy", "breached", utc("2026-11-20T18:30")),
        ("resolution", "at_risk", utc("2026-11-23T11:42")),
        ("resolution", "breached", utc("2026-11-23T12:30")),
    ]


def test_a_mark_is_noticed_once_and_an_early_look_notices_nothing():
    state = started()
    assert sla.noticed(state, later(239)) == (state, ())
    state, passed = sla.noticed(state, later(240))
    assert said(passed) == [("acknowledgment", "at_risk", later(240))]
    assert sla.noticed(state, later(299)) == (state, ())


def test_a_mark_noticed_late_has_the_instant_at_which_it_was_passed():
    """Fault 11: a breach was when somebody looked. Nobody is told at risk of what is breached."""
    _, passed = sla.noticed(started(), later(2000))
    assert said(passed) == [("acknowledgment", "breached", later(300))]


def test_an_answer_ends_the_marks_of_the_acknowledgment():
    state = sla.answered(started(), later(100), RULES)
    assert state.next_mark_at == later(2880)
    assert sla.noticed(state, later(2000)) == (state, ())


def test_an_answer_that_comes_before_the_late_timer_still_leaves_a_breach_to_notice():
    state = sla.answered(started(), later(301), RULES)
    _, passed = sla.noticed(state, later(301))
    assert said(passed) == [("acknowledgment", "breached", later(300))]


def test_what_was_answered_while_at_risk_is_told_no_more():
    state = sla.answered(started(), later(250), RULES)
    assert sla.noticed(state, later(250)) == (state, ())


def test_nothing_comes_after_the_resolution():
    state = sla.resolved(started(), later(100), RULES)
    assert state.next_mark_at is None
    assert sla.noticed(state, later(10**6)) == (state, ())


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (0, [("policy", "at_risk", later(0)), ("policy", "breached", later(3600))]),
        (1, [("policy", "breached", later(3600))]),
    ],
)
def test_a_threshold_may_be_all_of_the_time_or_none(threshold, expected):
    monitoring = {"enabled": True, "warning_threshold": threshold}
    assert left_alone(started(rules=rules_with(response_tracking={"sla_monitoring": monitoring}))) == expected


# A higher severity: the new clocks, from the old start.


def test_a_higher_severity_counts_from_the_old_start():
    state = raised(started("high", FRIDAY), "critical", later(120, FRIDAY))
    assert state == started("critical", FRIDAY)


def test_a_clock_that_a_higher_severity_does_not_move_is_not_told_of_again():
    state, passed = sla.noticed(started(), later(240))
    assert passed
    state, passed = sla.noticed(raised(state, "critical", later(250)), later(260))
    assert said(passed) == []


def test_a_higher_severity_may_be_breached_at_once():
    state = raised(started("medium"), "critical", later(1800))
    assert state.next_mark_at < later(1800)
    state, passed = sla.noticed(state, later(1800))
    assert said(passed) == [("acknowledgment", "breached", later(300))]
    assert state.next_mark_at == later(2880)


def test_what_was_answered_under_the_old_severity_stays_answered():
    state = raised(sla.answered(started("medium"), later(1200), RULES), "critical", later(1800))
    assert statuses(state, later(1800)) == {
        "acknowledgment": "compliant",
        "resolution": "compliant",
        "policy": "compliant",
    }
    assert marks(state, RESOLUTION)[1] == later(3600)


def test_what_was_breached_under_the_old_severity_stays_breached():
    for look in (True, False):
        state = started("high")
        if look:
            state, _ = sla.noticed(state, later(1800))
        state = raised(state, "critical", later(1801))
        assert state.clock(ACKNOWLEDGMENT).deadline == later(1800)
        assert statuses(state, later(1801))["acknowledgment"] == "breached"


def test_what_nobody_had_to_acknowledge_then_is_not_asked_for_once_it_is():
    high = {"acknowledgment_time": 60, "resolution_time": 600, "business_hours": False, "allowed_breaches": 0}
    rules = rules_with(sla={"definitions": {"high": high}})
    unanswered = started("medium", rules=rules)
    answered = sla.answered(unanswered, later(30), rules)
    assert (unanswered.clocks, answered.clocks) == ((), ())
    assert statuses(raised(answered, "high", later(90), rules), later(90)) == {
        "acknowledgment": None,
        "resolution": "compliant",
        "policy": None,
    }
    assert statuses(raised(unanswered, "high", later(90), rules), later(90))["acknowledgment"] == "breached"


def test_a_higher_severity_that_owes_nothing_leaves_what_was_settled():
    low = {"acknowledgment_time": 60, "resolution_time": 600, "business_hours": False, "allowed_breaches": 0}
    rules = rules_with(sla={"definitions": {"low": low}})
    state = raised(sla.answered(started("low", rules=rules), later(90), rules), "high", later(95), rules)
    assert statuses(state, later(10**6)) == {"acknowledgment": "breached", "resolution": None, "policy": None}


# Pauses: none unless sla.pause_on says so.


def test_no_clock_stands_still_unless_config_says_so():
    assert [RULES.pauses(snoozed=s, suppressed=u) for s in (True, False) for u in (True, False)] == [False] * 4


@pytest.mark.parametrize(
    ("pause_on", "snoozed", "suppressed", "held"),
    [
        (["snoozed"], True, False, True),
        (["snoozed"], False, True, False),
        (["suppressed"], True, False, False),
        (["suppressed"], True, True, True),
        (["snoozed", "suppressed"], False, False, False),
        (["snoozed", "suppressed"], False, True, True),
    ],
)
def test_a_clock_stands_still_for_what_config_names(pause_on, snoozed, suppressed, held):
    assert rules_with(sla={"pause_on": pause_on}).pauses(snoozed=snoozed, suppressed=suppressed) is held


def held(state, start, end):
    return sla.settled(sla.settled(state, start, PAUSING, held=True), end, PAUSING, held=False)


def test_a_pause_moves_the_marks_around_the_clock_by_as_long_as_it_was():
    state = held(started(), later(60), later(660))
    assert marks(state, ACKNOWLEDGMENT) == (later(840), later(900))
    assert marks(state, RESOLUTION) == (later(3480), later(4200))


@pytest.mark.parametrize(
    ("start", "end", "at_risk_at", "due"),
    [
        ("2026-11-20T16:45", "2026-11-23T10:00", "2026-11-23T12:57", "2026-11-23T13:45"),  # 1 h 15 min of hours
        ("2026-11-20T18:00", "2026-11-22T12:00", "2026-11-23T11:42", "2026-11-23T12:30"),  # none
        ("2026-11-23T09:00", "2026-11-23T16:00", "2026-11-24T10:42", "2026-11-24T11:30"),
        ("2026-11-23T12:00", "2026-11-23T13:00", "2026-11-23T11:42", "2026-11-23T13:30"),  # at risk before
        ("2026-11-23T12:30", "2026-11-23T13:00", "2026-11-23T11:42", "2026-11-23T12:30"),  # over before
    ],
)
def test_a_pause_moves_the_marks_of_business_hours_by_the_hours_in_it(start, end, at_risk_at, due):
    state = held(started("high", FRIDAY), utc(start), utc(end))
    assert marks(state, RESOLUTION) == (utc(at_risk_at), utc(due))


def test_while_it_lasts_nothing_is_due_and_nothing_gets_worse():
    state = sla.settled(started(), later(250), PAUSING, held=True)
    assert state.next_mark_at is None
    assert statuses(state, later(10**6))["acknowledgment"] == "at_risk"
    state, passed = sla.noticed(state, later(10**6))
    assert said(passed) == [("acknowledgment", "at_risk", later(240))]
    view = sla.sla_view(state, later(10**6))
    assert view["acknowledgment"]["paused_at"] == "2026-11-23T10:04:10Z"
    assert "paused_at" not in sla.sla_view(started(), later(10))["acknowledgment"]


def test_a_pause_that_began_lasts_and_one_that_ended_is_over():
    once = sla.settled(started(), later(60), PAUSING, held=True)
    assert sla.settled(once, later(90), PAUSING, held=True) == once
    assert sla.settled(started(), later(90), PAUSING, held=False) == started()


def test_an_answer_in_a_pause_is_as_early_as_if_there_were_none():
    state = sla.settled(started(), later(250), PAUSING, held=True)
    answered = sla.answered(state, later(5000), PAUSING)
    assert marks(answered, ACKNOWLEDGMENT) == (later(240), later(5050))
    assert statuses(answered, later(9999))["acknowledgment"] == "compliant"
    after = sla.settled(answered, later(6000), PAUSING, held=False)
    assert marks(after, ACKNOWLEDGMENT) == (later(240), later(5050))
    assert marks(after, RESOLUTION) == (later(2880 + 5750), later(3600 + 5750))
    assert statuses(after, later(9000))["acknowledgment"] == "compliant"


def test_a_resolution_in_a_pause_ends_it():
    state = sla.resolved(sla.settled(started(), later(250), PAUSING, held=True), later(50_000), PAUSING)
    assert (state.paused_at, state.status(later(60_000))) == (None, "compliant")
    assert sla.settled(state, later(60_000), PAUSING, held=False) == state


def test_the_clocks_of_a_higher_severity_stood_still_too():
    state = held(started("high"), later(60), later(660))
    state = raised(state, "critical", later(700), PAUSING)
    assert marks(state, ACKNOWLEDGMENT) == (later(840), later(900))
    assert marks(state, POLICY) == (later(3480), later(4200))


pauses = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 200_000)), max_size=5)


@given(pauses, st.sampled_from(["critical", "high", "medium", "low"]), st.sampled_from([MONDAY, FRIDAY]))
def test_what_ran_before_a_mark_but_for_the_pauses_is_what_is_owed(pauses, severity, start):
    """Every pause begins before the first mark: that of critical after 240 s."""
    state, now, spans = started(severity, start), start, []
    for seconds, length in pauses:
        span = later(seconds, now), later(seconds + length, now)
        state, now = held(state, *span), span[1]
        spans.append(span)
    for before in started(severity, start).clocks:
        hours = RULES.hours if before.in_business_hours else None
        stood_still = sum((elapsed(*span, hours) for span in spans), timedelta(0))
        for mark, due in zip(marks(state, before.kind), (before.at_risk_at, before.deadline), strict=True):
            assert elapsed(start, mark, hours) - stood_still == elapsed(start, due, hours)
