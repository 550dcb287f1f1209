"""A silence that begins while an alert is open shows in it at that instant, as live, and each wake is done once."""

from datetime import UTC, datetime, timedelta

import pytest

from core.commands import Acknowledge, Snooze
from core.simulation.beginnings import next_beginning
from core.simulation.run import Act, Simulation
from core.sla_clock import ClockKind
from core.timeline import EventKind
from tests.samples import T0, at, rules, signal

SILENCE = {"name": "move", "match": {"labels": {"team": "db"}}, "from": at(420), "to": at(7200)}
BACKUPS = {"name": "backups", "everything": "true", "weekdays": ["monday"], "from": "10:07", "to": "11:00"}


def ran(until=36_000, acts=(), **changes):
    simulation = Simulation(rules(**changes), T0)
    simulation.receive("generic", [signal(labels={"team": "db"})])
    simulation.run(acts, at(until))
    return simulation


def times_of(simulation, *kinds):
    return [(each.event.at - T0).total_seconds() for each in simulation.happened if each.event.kind in kinds]


@pytest.mark.parametrize(
    "changes", [{"silences": [SILENCE]}, {"maintenance": [BACKUPS]}], ids=["a silence", "a maintenance window"]
)
def test_an_alert_is_suppressed_the_second_it_begins_though_nothing_else_is_due(changes):
    simulation = ran(until=3000, **changes)
    assert times_of(simulation, EventKind.SUPPRESSED) == [420]
    assert times_of(simulation, EventKind.TRIGGERED, EventKind.ESCALATED) == [0]


def test_clocks_that_stand_still_under_a_silence_stand_still_from_its_first_second():
    hour = {"acknowledgment_time": "1h", "resolution_time": "1d", "business_hours": False, "allowed_breaches": 0}
    sla = {"definitions": {"critical": hour}, "pause_on": ["suppressed"]}
    clock = ran(until=8000, silences=[SILENCE], sla=sla).alert(1).sla.clock(ClockKind.ACKNOWLEDGMENT)
    assert clock.deadline == at(3600 + 7200 - 420)


def test_a_window_that_begins_for_ever_keeps_no_run_going():
    simulation = Simulation(rules(maintenance=[BACKUPS]), T0)
    simulation.receive("generic", [signal()])
    simulation.run([Act(at(60), lambda each: each.act(1, Acknowledge("user1", "link")))])
    assert simulation.now < T0 + timedelta(days=1)


def test_beginnings_come_one_after_the_other():
    silences = rules(silences=[SILENCE], maintenance=[BACKUPS]).silences
    monday = datetime(2026, 11, 23, 10, 7, tzinfo=UTC)
    assert next_beginning(silences, T0) == at(420) == monday
    assert next_beginning(silences, monday) == monday + timedelta(days=7)
    assert next_beginning(silences, monday - timedelta(days=2)) == monday
    assert next_beginning(rules().silences, T0) is None


def test_a_level_fires_once_however_often_the_alert_changed_before_it_was_due():
    acts = [
        Act(at(60), lambda each: each.act(1, Snooze("user1", "link", until=at(7200)))),
        *(Act(at(60 + n), lambda each: each.receive("generic", [signal(labels={"team": "db"})])) for n in range(1, 9)),
    ]
    fired = times_of(ran(acts=acts), EventKind.TRIGGERED, EventKind.ESCALATED)
    assert fired[:3] == [0, 7200, 7500]
    assert len(set(fired)) == len(fired)
