"""The faults of the requirement's sketch in keeping the score must not return; the others: tests/test_sketch_faults.py.

The numbers are those of the list of faults in the requirements.
"""

from datetime import timedelta
from time import perf_counter

import pytest

from core.business_hours import deadline
from core.commands import Acknowledge, Escalate, Resolve, Update, Wake
from core.config import Config
from core.holidays import HolidayCalendar
from core.rules import Rules
from core.severity import Severity
from core.sla import sla_view, started
from core.sla_clock import ClockKind, SlaStatus
from core.sla_rules import SlaRules
from core.views import alert_view, responses_view
from tests.clocks import RULES as SLA
from tests.duties import utc
from tests.samples import T0, at, config_dict, decided, triggered
from tests.tracked import TRACKED, TRACKING, tracked

COMPLIANT, AT_RISK, BREACHED = SlaStatus
HIGH_HOURS = SLA.hours


def after(seconds, severity="critical", *commands):
    """The alert after these, when every timer until then went off on time."""
    alert = triggered(severity, rules=TRACKED)
    for second, command in commands:
        alert = decided(alert, command, at(second), TRACKED).alert
    while alert.wake_at is not None and alert.wake_at <= at(seconds):
        alert = decided(alert, Wake(), alert.wake_at, TRACKED).alert
    return alert


def status(alert, kind, seconds):
    return sla_view(alert.sla, at(seconds))[kind]["status"]


@pytest.mark.parametrize("kind", ["resolution", "policy"])
@pytest.mark.parametrize(("seconds", "expected"), [(720, COMPLIANT), (2879, COMPLIANT), (2880, AT_RISK)])
def test_it_is_at_risk_when_80_percent_of_the_time_are_gone(kind, seconds, expected):
    """Fault 10: at risk after 20 % of the time, which are 720 s of a critical hour."""
    assert status(after(seconds), kind, seconds) is expected


def test_it_is_at_risk_by_the_hours_of_the_clock():
    """Fault 10: by the clock on the wall. Medium from Monday 10:00: 80 % of 8 h are 6.4 h, 16:24."""
    alert = after(0, "medium")
    assert status(alert, "resolution", 23_039) is COMPLIANT
    assert status(alert, "resolution", 23_040) is AT_RISK


def test_the_acknowledgment_is_at_risk_too():
    """Fault 10: for the resolution only."""
    assert status(after(240), "acknowledgment", 240) is AT_RISK


def test_a_late_answer_does_not_read_as_compliant():
    """Fault 11: a late answer reads as compliant; breaches are not latched."""
    for first in (Acknowledge("user2", "api"), Update("user2", "api"), Resolve("user2", "api")):
        alert = decided(triggered(rules=TRACKED), first, at(301), TRACKED).alert  # the timer was late
        assert status(alert, "acknowledgment", 302) is BREACHED
        assert status(alert, "acknowledgment", 10**6) is BREACHED


def test_a_breach_has_the_instant_of_the_deadline():
    """Fault 11: breach_time is the time of the check."""
    alert = decided(triggered(rules=TRACKED), Wake(), at(1234), TRACKED).alert
    assert sla_view(alert.sla, at(1235))["acknowledgment"]["breached_at"] == "2026-11-23T10:05:00Z"


def test_resolved_without_an_acknowledgment_nothing_breaches_later():
    """Fault 12: the acknowledgment SLA breaches later all the same."""
    alert = decided(triggered(rules=TRACKED), Resolve("user2", "api"), at(200), TRACKED).alert
    assert status(alert, "acknowledgment", 10**6) is COMPLIANT
    assert alert.wake_at is None


def test_an_alert_without_an_sla_is_not_breached():
    """Fault 13: a missing SLA reads "breached"."""
    assert alert_view(triggered(), at(10**6))["sla"] is None
    alert = triggered("low", rules=with_sla(definitions={}))
    assert alert_view(alert, at(0))["sla"]["acknowledgment"] is None


def with_sla(**sections):
    return Rules(Config.model_validate(config_dict(**TRACKING | {"sla": TRACKING["sla"] | sections})))


def test_an_error_in_keeping_the_score_is_not_read_as_breached():
    """Fault 13: any exception reads "breached"."""

    broken = Rules(TRACKED.config)
    del broken.sla
    with pytest.raises(AttributeError, match="sla"):
        triggered(rules=broken)


def test_a_deadline_of_24_business_hours_takes_no_steps():
    """Fault 14: seconds for one deadline. A hundred of them take less than one of the sketch's."""
    began = perf_counter()
    for minute in range(100):
        deadline(T0 + timedelta(minutes=minute), timedelta(days=1), HIGH_HOURS)
    assert perf_counter() - began < 1


def test_the_last_second_of_a_day_does_not_drift():
    """Fault 14: the inclusive end drifts one second a day."""
    assert deadline(utc("2026-11-23T09:00"), timedelta(hours=8), HIGH_HOURS) == utc("2026-11-23T17:00")
    assert deadline(utc("2026-11-23T09:00"), timedelta(hours=80), HIGH_HOURS) == utc("2026-12-04T17:00")


def test_hours_that_never_come_end_at_once():
    """Fault 14: never ends with empty weekdays."""
    hours = TRACKING["sla"]["business_hours"]
    with pytest.raises(ValueError, match=r"weekdays"):
        Config.model_validate(config_dict(sla=TRACKING["sla"] | {"business_hours": hours | {"weekdays": []}}))


def test_hours_that_are_all_holidays_owe_nothing():
    """Fault 14: neither do hours that never come."""

    class Closed(HolidayCalendar):
        def has(self, _ordinal):
            return True

    closed = SlaRules.of(TRACKED.config, Closed())
    kinds = [clock.kind for clock in started(Severity.HIGH, T0, triggered("high").policy, closed).clocks]
    assert kinds == [ClockKind.POLICY]


def test_overnight_hours_end():
    """Fault 14: never ends with overnight hours. 22:00 to 06:00: 4 h from Monday 10:00 are over at 02:00."""
    hours = TRACKING["sla"]["business_hours"] | {"start_time": "22:00", "end_time": "06:00"}
    alert = triggered("high", rules=with_sla(business_hours=hours))
    assert sla_view(alert.sla, T0)["resolution"]["deadline"] == "2026-11-24T02:00:00Z"


def test_the_ids_of_responses_do_not_collide_after_a_restart(client):
    """Fault 16: tracking_id comes from a count in memory and collides after a restart."""
    world = tracked(client)
    first, second = world.fires("a"), world.fires("b")
    for alert in (first, second):
        world.acknowledges(alert)
    world = tracked(client)  # everything but Redis is new
    for alert in (first, second):
        world.says(alert, Update("user2", "api", note="looking"))
        world.says(alert, Update("user2", "api", note="looking"))
        world.says(alert, Escalate("user2", "api"))
        world.says(alert, Resolve("user5", "sms"))
    found = [each for alert in (first, second) for each in responses_view(world.store.timeline(alert))]
    assert len({each["id"] for each in found}) == len(found) == 10
    assert [each["response"] for each in found[:5]] == [
        "acknowledgment",
        "update",
        "update",
        "escalation",
        "resolution",
    ]
    assert {each["id"].split("-")[0] for each in found} == {str(first), str(second)}


def test_a_low_alert_has_three_working_days():
    """Fault 19: 86400 s in business hours are three working days. From Monday 10:00 to Thursday 10:00."""
    assert sla_view(after(0, "low").sla, T0)["resolution"]["deadline"] == "2026-11-26T10:00:00Z"
