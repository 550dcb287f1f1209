"""SLA clocks by the requirement's tables: the marks of each severity at literal instants, and what meets them."""

import pytest

from core import sla
from core.holidays import HolidayCalendar
from core.sla_clock import ClockKind, SlaState
from core.sla_rules import SlaRules
from tests.clocks import DEFAULT, FRIDAY, RULES, later, marks, rules_with, started, statuses
from tests.duties import MOMENT, holidays, utc

ACKNOWLEDGMENT, RESOLUTION, POLICY = ClockKind

# The requirement's tables. 2026-11-20 is a Friday; low's 24 business hours are three working days: fault 19.


@pytest.mark.parametrize(
    ("severity", "start", "kind", "at_risk_at", "due"),
    [
        ("critical", "2026-11-23T10:00", ACKNOWLEDGMENT, "2026-11-23T10:04", "2026-11-23T10:05"),
        ("critical", "2026-11-23T10:00", RESOLUTION, "2026-11-23T10:48", "2026-11-23T11:00"),
        ("critical", "2026-11-23T10:00", POLICY, "2026-11-23T10:48", "2026-11-23T11:00"),
        ("high", "2026-11-23T10:00", ACKNOWLEDGMENT, "2026-11-23T10:24", "2026-11-23T10:30"),
        ("high", "2026-11-23T10:00", RESOLUTION, "2026-11-23T13:12", "2026-11-23T14:00"),
        ("high", "2026-11-23T10:00", POLICY, "2026-11-23T11:36", "2026-11-23T12:00"),
        ("medium", "2026-11-23T10:00", ACKNOWLEDGMENT, "2026-11-23T10:48", "2026-11-23T11:00"),
        ("medium", "2026-11-23T10:00", RESOLUTION, "2026-11-23T16:24", "2026-11-24T10:00"),
        ("medium", "2026-11-23T10:00", POLICY, "2026-11-23T13:12", "2026-11-23T14:00"),
        ("low", "2026-11-23T10:00", ACKNOWLEDGMENT, "2026-11-23T11:36", "2026-11-23T12:00"),
        ("low", "2026-11-23T10:00", RESOLUTION, "2026-11-25T13:12", "2026-11-26T10:00"),
        ("low", "2026-11-23T10:00", POLICY, "2026-11-24T05:12", "2026-11-24T10:00"),
        ("critical", "2026-11-20T16:30", ACKNOWLEDGMENT, "2026-11-20T16:34", "2026-11-20T16:35"),
        ("critical", "2026-11-20T16:30", RESOLUTION, "2026-11-20T17:18", "2026-11-20T17:30"),
        ("critical", "2026-11-20T16:30", POLICY, "2026-11-20T17:18", "2026-11-20T17:30"),
        ("high", "2026-11-20T16:30", ACKNOWLEDGMENT, "2026-11-20T16:54", "2026-11-20T17:00"),
        ("high", "2026-11-20T16:30", RESOLUTION, "2026-11-23T11:42", "2026-11-23T12:30"),
        ("high", "2026-11-20T16:30", POLICY, "2026-11-20T18:06", "2026-11-20T18:30"),
        ("medium", "2026-11-20T16:30", ACKNOWLEDGMENT, "2026-11-23T09:18", "2026-11-23T09:30"),
        ("medium", "2026-11-20T16:30", RESOLUTION, "2026-11-23T14:54", "2026-11-23T16:30"),
        ("medium", "2026-11-20T16:30", POLICY, "2026-11-20T19:42", "2026-11-20T20:30"),
        ("low", "2026-11-20T16:30", ACKNOWLEDGMENT, "2026-11-23T10:06", "2026-11-23T10:30"),
        ("low", "2026-11-20T16:30", RESOLUTION, "2026-11-25T11:42", "2026-11-25T16:30"),
        ("low", "2026-11-20T16:30", POLICY, "2026-11-21T11:42", "2026-11-21T16:30"),
    ],
)
def test_every_clock_of_the_requirement(severity, start, kind, at_risk_at, due):
    assert marks(started(severity, utc(start)), kind) == (utc(at_risk_at), utc(due))


@pytest.mark.parametrize(
    ("zone", "start", "at_risk_at", "due"),
    [
        # A high alert at 16:30 on the Friday before a change: half an hour then, the rest on Monday from 09:00.
        ("Europe/Berlin", "2026-03-27T15:30", "2026-03-30T09:42", "2026-03-30T10:30"),
        ("Europe/Berlin", "2026-10-23T14:30", "2026-10-26T10:42", "2026-10-26T11:30"),
        ("America/New_York", "2026-03-06T21:30", "2026-03-09T15:42", "2026-03-09T16:30"),
        ("Australia/Lord_Howe", "2026-04-03T05:30", "2026-04-06T01:12", "2026-04-06T02:00"),
    ],
)
def test_a_clock_runs_by_business_hours_over_a_weekend_on_which_clocks_change(zone, start, at_risk_at, due):
    office = {"start_time": "09:00", "end_time": "17:00", "timezone": zone, "weekdays": [0, 1, 2, 3, 4]}
    high = {"acknowledgment_time": 1800, "resolution_time": 14400, "business_hours": True, "allowed_breaches": 1}
    rules = rules_with(sla={"definitions": {"high": high}, "business_hours": office})
    assert marks(started("high", utc(start), rules), RESOLUTION) == (utc(at_risk_at), utc(due))


def test_a_clock_of_business_hours_stands_still_on_a_holiday():
    rules = SlaRules.of(DEFAULT, holidays(dates=["2026-11-23"]))
    assert marks(started("high", FRIDAY, rules), RESOLUTION) == (utc("2026-11-24T11:42"), utc("2026-11-24T12:30"))
    assert marks(started("critical", FRIDAY, rules), RESOLUTION)[1] == utc("2026-11-20T17:30")


# Status: fault 10 was at risk after 20 % of the time.


@pytest.mark.parametrize(
    ("seconds", "acknowledgment", "resolution", "worst"),
    [
        (0, "compliant", "compliant", "compliant"),
        (61, "compliant", "compliant", "compliant"),  # more than 20 % gone
        (239.999999, "compliant", "compliant", "compliant"),
        (240, "at_risk", "compliant", "at_risk"),
        (299.999999, "at_risk", "compliant", "at_risk"),
        (300, "breached", "compliant", "breached"),
        (2879, "breached", "compliant", "breached"),
        (2880, "breached", "at_risk", "breached"),
        (3600, "breached", "breached", "breached"),
    ],
)
def test_a_clock_is_at_risk_when_80_percent_are_gone_and_breached_at_its_deadline(
    seconds, acknowledgment, resolution, worst
):
    now = later(seconds)
    assert statuses(started(), now) == {
        "acknowledgment": acknowledgment,
        "resolution": resolution,
        "policy": resolution,
    }
    assert started().status(now) == worst


def test_at_risk_is_by_the_hours_of_the_clock_and_not_by_the_clock_on_the_wall():
    """Fault 10: a Friday's alert was at risk all weekend."""
    state = started("high", FRIDAY)
    assert [statuses(state, utc(now))["resolution"] for now in ("2026-11-22T12:00", "2026-11-23T11:42")] == [
        "compliant",
        "at_risk",
    ]


def test_an_answer_in_time_meets_the_acknowledgment_for_good():
    state = sla.answered(started(), later(299), RULES)
    assert statuses(state, later(299))["acknowledgment"] == "compliant"
    assert statuses(state, later(10**6))["acknowledgment"] == "compliant"
    assert state.clock(ACKNOWLEDGMENT).met_at == later(299)


def test_a_late_answer_stays_a_breach():
    """Fault 11: a late answer read as compliant, and a breach was when somebody looked."""
    state = sla.answered(started(), later(301), RULES)
    view = sla.sla_view(state, later(5000))["acknowledgment"]
    assert (view["status"], view["breached_at"]) == ("breached", "2026-11-23T10:05:00Z")
    assert view["met_at"] == "2026-11-23T10:05:01Z"


def test_only_the_first_answer_counts():
    first = sla.answered(started(), later(100), RULES)
    assert sla.answered(first, later(1000), RULES) == first


def test_an_answer_at_the_very_deadline_is_in_time_unless_the_breach_was_noticed():
    assert sla.answered(started(), later(300), RULES).status(later(300)) == "compliant"
    noticed, _ = sla.noticed(started(), later(300))
    assert sla.answered(noticed, later(300), RULES).status(later(300)) == "breached"


def test_resolving_without_acknowledging_satisfies_the_acknowledgment():
    """Fault 12: resolved without an acknowledgment, it was breached later all the same."""
    state = sla.resolved(started(), later(200), RULES)
    assert statuses(state, later(10**6)) == dict.fromkeys(["acknowledgment", "resolution", "policy"], "compliant")
    assert {clock.met_at for clock in state.clocks} == {later(200)}


def test_resolving_does_not_move_an_acknowledgment_that_there_was():
    state = sla.resolved(sla.answered(started(), later(200), RULES), later(4000), RULES)
    assert [clock.met_at for clock in state.clocks] == [later(200), later(4000), later(4000)]
    assert statuses(state, later(9999)) == {
        "acknowledgment": "compliant",
        "resolution": "breached",
        "policy": "breached",
    }


def test_a_severity_without_a_definition_is_never_breached():
    """Fault 13: what had no SLA read as breached."""
    rules = rules_with(sla={"definitions": {}})
    state = started("low", rules=rules)
    assert (state.clocks, state.status(later(10**9)), state.next_mark_at) == ((), None, None)
    assert sla.sla_view(state, later(10**9)) == {
        "acknowledgment": None,
        "resolution": None,
        "policy": None,
        "status": None,
    }
    for after in (sla.answered(state, later(9), rules), sla.resolved(state, later(9), rules)):
        assert after.status(later(10**9)) is None
        assert sla.noticed(after, later(10**9)) == (after, ())


def test_a_policy_is_watched_around_the_clock_whatever_the_severity_owes():
    rules = rules_with(response_tracking={"sla_monitoring": {"enabled": True}})
    state = started("high", FRIDAY, rules)
    assert statuses(state, FRIDAY) == {"acknowledgment": None, "resolution": None, "policy": "compliant"}
    assert marks(state, POLICY) == (utc("2026-11-20T18:06"), utc("2026-11-20T18:30"))
    assert started(rules=rules_with(response_tracking={"sla_monitoring": {"enabled": False}})).clocks == ()


@pytest.mark.parametrize(
    ("of_sla", "of_policy", "thresholds"),
    [
        ({}, {}, (0.8, 0.8)),
        ({"warning_threshold": 0.5}, {}, (0.5, 0.5)),
        ({}, {"warning_threshold": 0.6}, (0.6, 0.6)),
        ({"warning_threshold": 0.5}, {"warning_threshold": 0.6}, (0.5, 0.6)),
        ({"warning_threshold": 0}, {"warning_threshold": 1}, (0, 1)),
    ],
)
def test_a_threshold_that_stands_once_is_that_of_both(of_sla, of_policy, thresholds):
    """Fault 18: the warning threshold stood twice."""
    critical = {"acknowledgment_time": 300, "resolution_time": 1000, "business_hours": False, "allowed_breaches": 0}
    rules = rules_with(
        sla={"definitions": {"critical": critical}, "monitoring": of_sla},
        response_tracking={"sla_monitoring": {"enabled": True, **of_policy}},
    )
    state = started(rules=rules)
    assert state.clock(RESOLUTION).at_risk_at == later(1000 * thresholds[0])
    assert state.clock(POLICY).at_risk_at == later(3600 * thresholds[1])


def test_the_channels_of_a_mark_are_those_of_who_watches():
    both = rules_with(
        sla={"monitoring": {"notification_channels": ["email"]}},
        response_tracking={"sla_monitoring": {"notification_channels": ["slack", "sms"]}},
    )
    assert [both.channels_for(kind) for kind in ClockKind] == [("email",), ("email",), ("slack", "sms")]
    one = rules_with(sla={"monitoring": {"notification_channels": ["email"]}})
    assert one.channels_for(RESOLUTION) == ("email",)
    other = rules_with(response_tracking={"sla_monitoring": {"notification_channels": ["sms"]}})
    assert other.channels_for(RESOLUTION) == ("sms",)
    none = {"monitoring": {"notification_channels": []}}
    assert (
        rules_with(sla=none, response_tracking={"sla_monitoring": {"notification_channels": ["sms"]}}).channels_for(
            RESOLUTION
        )
        == ()
    )


def test_hours_that_never_come_owe_nothing():
    class Closed(HolidayCalendar):
        def has(self, _ordinal):
            return True

    state = started("high", rules=SlaRules.of(DEFAULT, Closed()))
    assert [clock.kind for clock in state.clocks] == [POLICY]


def test_microseconds_of_the_start_are_kept():
    state = started("high", FRIDAY + MOMENT)
    assert marks(state, RESOLUTION) == (utc("2026-11-23T11:42") + MOMENT, utc("2026-11-23T12:30") + MOMENT)


def test_the_view_says_it_all():
    state = sla.answered(started("high", FRIDAY), utc("2026-11-20T16:40"), RULES)
    assert sla.sla_view(state, utc("2026-11-23T12:00")) == {
        "acknowledgment": {
            "deadline": "2026-11-20T17:00:00Z",
            "at_risk_at": "2026-11-20T16:54:00Z",
            "met_at": "2026-11-20T16:40:00Z",
            "status": "compliant",
            "breached_at": None,
        },
        "resolution": {
            "deadline": "2026-11-23T12:30:00Z",
            "at_risk_at": "2026-11-23T11:42:00Z",
            "met_at": None,
            "status": "at_risk",
            "breached_at": None,
        },
        "policy": {
            "deadline": "2026-11-20T18:30:00Z",
            "at_risk_at": "2026-11-20T18:06:00Z",
            "met_at": None,
            "status": "breached",
            "breached_at": "2026-11-20T18:30:00Z",
        },
        "status": "breached",
    }


def test_the_clocks_survive_the_record():
    state = sla.answered(started("high", FRIDAY + MOMENT), FRIDAY + 3 * MOMENT, RULES)
    state = sla.settled(state, FRIDAY + 4 * MOMENT, RULES, held=True)
    state = sla.settled(state, FRIDAY + 5 * MOMENT, RULES, held=False)
    state, _ = sla.noticed(state, utc("2026-11-23T12:00"))
    assert SlaState.model_validate_json(state.model_dump_json(exclude_defaults=True)) == state
