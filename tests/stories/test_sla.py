"""Stories of SLA clocks, on the default config's numbers: at risk, breached, met, each told once and to the second."""

from datetime import datetime, timedelta

import pytest

from core.commands import Escalate, Reassign, Resolve, Snooze, Suppress, Unsuppress, Update
from core.engine import Engine
from tests.duties import utc
from tests.samples import T0, at
from tests.tracked import TRACKING, bodies, events, heard, marks, pausing, tracked

FRIDAY = utc("2026-11-20T16:30")
CLOCK_CHANGE = utc("2026-10-23T16:30")  # the last Friday of summer time in Berlin, 18:30 there


def of(clock, found):
    return [(when, what, deadline) for when, what, each, deadline in found if each == clock]


def utc_of(instant):
    return datetime.fromisoformat(instant)


@pytest.fixture
def world(client):
    return tracked(client)


def test_a_critical_alert_of_a_friday_afternoon_left_alone(client):
    world = tracked(client, FRIDAY)
    alert = world.fires(severity="critical")
    world.passes(3 * 86_400)
    assert marks(world, alert) == [
        ("20T16:34:00", "at_risk", "acknowledgment", "20T16:35:00"),
        ("20T16:35:00", "breached", "acknowledgment", "20T16:35:00"),
        ("20T17:18:00", "at_risk", "resolution", "20T17:30:00"),
        ("20T17:18:00", "at_risk", "policy", "20T17:30:00"),
        ("20T17:30:00", "breached", "resolution", "20T17:30:00"),
        ("20T17:30:00", "breached", "policy", "20T17:30:00"),
    ]


def test_a_high_alert_of_a_friday_afternoon_is_owed_on_monday(client):
    world = tracked(client, FRIDAY)
    alert = world.fires(severity="high")
    world.passes(4 * 86_400)
    assert marks(world, alert) == [
        ("20T16:54:00", "at_risk", "acknowledgment", "20T17:00:00"),
        ("20T17:00:00", "breached", "acknowledgment", "20T17:00:00"),
        ("20T18:06:00", "at_risk", "policy", "20T18:30:00"),
        ("20T18:30:00", "breached", "policy", "20T18:30:00"),
        ("23T11:42:00", "at_risk", "resolution", "23T12:30:00"),
        ("23T12:30:00", "breached", "resolution", "23T12:30:00"),
    ]


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("critical", [("at_risk", 240), ("breached", 300), ("at_risk", 2880), ("breached", 3600)]),
        ("high", [("at_risk", 1440), ("breached", 1800), ("at_risk", 11_520), ("breached", 14_400)]),
        # Monday 10:00 to 17:00 are 7 h. 8 h: Tuesday 10:00; 6.4 h: Monday 16:24.
        ("medium", [("at_risk", 2880), ("breached", 3600), ("at_risk", 23_040), ("breached", 86_400)]),
        # 19.2 h are 7 + 8 + 4.2: Wednesday 13:12; 24 h are 7 + 8 + 8 + 1: Thursday 10:00.
        ("low", [("at_risk", 5760), ("breached", 7200), ("at_risk", 184_320), ("breached", 259_200)]),
    ],
)
def test_every_row_of_the_definitions_from_a_monday_at_ten(world, severity, expected):
    alert = world.fires(severity=severity)
    world.passes(4 * 86_400)
    found = [e for e in events(world, alert, "sla_at_risk", "sla_breached") if e["clock"] != "policy"]
    seconds = [(e["event"].removeprefix("sla_"), (utc_of(e["at"]) - T0).total_seconds()) for e in found]
    assert seconds == expected


@pytest.mark.parametrize(
    ("severity", "at_risk", "breached"),
    [("critical", 2880, 3600), ("high", 5760, 7200), ("medium", 11_520, 14_400)],
)
def test_every_sla_timeout_of_a_policy_runs_around_the_clock(client, severity, at_risk, breached):
    world = tracked(client, FRIDAY)
    alert = world.fires(severity=severity)
    world.passes(86_400)
    found = [e for e in events(world, alert, "sla_at_risk", "sla_breached") if e["clock"] == "policy"]
    assert [(utc_of(e["at"]) - FRIDAY).total_seconds() for e in found] == [at_risk, breached]


def test_hours_go_on_by_the_local_clock_over_the_weekend_on_which_clocks_change(client):
    """18:30 in Berlin on Friday, hours 09:00-20:00: 1.5 h on Friday, 2.5 h on Monday to 11:30, which is 10:30 UTC."""
    hours = TRACKING["sla"]["business_hours"] | {"timezone": "Europe/Berlin", "end_time": "20:00"}
    world = tracked(client, CLOCK_CHANGE, sla=TRACKING["sla"] | {"business_hours": hours})
    alert = world.fires(severity="high")
    world.passes(4 * 86_400)
    # 80 % of 4 h are 3 h 12 min: 1 h 42 min into Monday.
    assert of("resolution", marks(world, alert)) == [
        ("26T09:42:00", "at_risk", "26T10:30:00"),
        ("26T10:30:00", "breached", "26T10:30:00"),
    ]


def test_a_holiday_is_no_working_day(client):
    world = tracked(client, FRIDAY, holidays={"dates": ["2026-11-23"]})
    alert = world.fires(severity="high")
    world.passes(5 * 86_400)
    assert of("resolution", marks(world, alert)) == [
        ("24T11:42:00", "at_risk", "24T12:30:00"),
        ("24T12:30:00", "breached", "24T12:30:00"),
    ]


def test_at_risk_and_breached_are_told_once_each_to_the_level_on_the_channels_of_the_config(world):
    world.fires()
    world.passes(310)
    assert heard(world, "SLA") == [
        ("user2", "email", "SLA at risk: CRITICAL: alert 1: Disk is full"),
        ("user2", "slack", "SLA at risk: CRITICAL: alert 1: Disk is full"),
        ("user2", "email", "SLA breached: CRITICAL: alert 1: Disk is full"),
        ("user2", "slack", "SLA breached: CRITICAL: alert 1: Disk is full"),
    ]


def test_the_notice_says_how_long_is_left_and_since_when_it_is_breached(world):
    world.fires()
    world.passes(310)
    at_risk, breached = bodies(world, "SLA")[::2]
    assert "The acknowledgment is at risk: due 10:05:00 UTC, 1 min left." in at_risk
    assert "The acknowledgment is breached: was due 10:05:00 UTC, 0 s ago." in breached
    assert "Answer: https://rung.example.com/a/" in at_risk


def test_once_somebody_has_it_the_marks_are_told_to_them(world):
    alert = world.fires()
    world.passes(700)
    world.acknowledges(alert, by="user5")
    world.passes(2300)
    assert heard(world, "SLA")[4:] == [
        ("user5", "email", "SLA at risk: CRITICAL: alert 1: Disk is full"),
        ("user5", "slack", "SLA at risk: CRITICAL: alert 1: Disk is full"),
    ]


def test_clocks_that_pass_a_mark_together_are_one_message(world):
    alert = world.fires()
    world.acknowledges(alert)
    world.passes(3600)
    assert [(who, how) for who, how, _ in heard(world, "SLA")] == [("user2", "email"), ("user2", "slack")] * 2
    last = bodies(world, "SLA")[-1]
    assert "The resolution is breached: was due 11:00:00 UTC, 0 s ago." in last
    assert "The policy timeout is breached: was due 11:00:00 UTC, 0 s ago." in last


def test_an_answer_in_time_meets_the_acknowledgment(world):
    alert = world.fires()
    world.passes(299)
    world.acknowledges(alert)
    world.passes(60)
    assert marks(world, alert) == [("23T10:04:00", "at_risk", "acknowledgment", "23T10:05:00")]
    assert world.alert(alert).sla.clocks[0].status(world.now) == "compliant"


def test_answering_late_stays_a_breach_whose_instant_is_the_deadline(world):
    alert = world.fires()
    world.passes(400)
    world.acknowledges(alert)
    world.passes(60)
    assert marks(world, alert)[-1] == ("23T10:05:00", "breached", "acknowledgment", "23T10:05:00")
    clock = world.alert(alert).sla.clocks[0]
    assert (clock.breached, clock.met_at, clock.status(world.now)) == (True, at(400), "breached")


def test_an_update_counts_as_the_acknowledgment(world):
    alert = world.fires()
    world.passes(200)
    world.says(alert, Update("user2", "api", note="looking"))
    world.passes(400)
    assert marks(world, alert) == []


def test_resolving_without_acknowledging_meets_both(world):
    alert = world.fires()
    world.passes(100)
    world.says(alert, Resolve("user2", "api"))
    world.passes(100_000)
    assert marks(world, alert) == []
    assert [clock.met_at for clock in world.alert(alert).sla.clocks] == [at(100)] * 3


def test_the_source_that_clears_late_leaves_a_breach_in_the_timeline_and_tells_nobody(world):
    alert = world.fires()
    world.now = at(4000)  # Rung was down
    world.clears()
    assert marks(world, alert) == [
        ("23T11:06:40", "breached", "acknowledgment", "23T10:05:00"),
        ("23T11:06:40", "breached", "resolution", "23T11:00:00"),
        ("23T11:06:40", "breached", "policy", "23T11:00:00"),
    ]
    assert not [entry for entry in world.entries(alert).values() if entry.reason.startswith("SLA")]


def test_a_raised_severity_is_owed_from_the_old_start(world):
    """Medium until 10:30, then critical: the acknowledgment was due at 10:05, the resolution is at 11:00."""
    alert = world.fires(severity="medium")
    world.passes(1800)
    world.fires(severity="critical")
    world.passes(2000)
    assert marks(world, alert) == [
        ("23T10:30:00", "breached", "acknowledgment", "23T10:05:00"),
        ("23T10:48:00", "at_risk", "resolution", "23T11:00:00"),
        ("23T10:48:00", "at_risk", "policy", "23T11:00:00"),
        ("23T11:00:00", "breached", "resolution", "23T11:00:00"),
        ("23T11:00:00", "breached", "policy", "23T11:00:00"),
    ]


def test_reopened_it_has_new_clocks(world):
    alert = world.fires()
    world.passes(400)
    world.clears()
    world.passes(100)
    world.fires()
    assert world.alert(alert).sla.started_at == at(500)
    world.passes(240)
    assert marks(world, alert)[2:] == [("23T10:12:20", "at_risk", "acknowledgment", "23T10:13:20")]


def test_reopened_under_a_severity_that_owes_nothing_it_has_no_clocks(client):
    sla = TRACKING["sla"] | {"definitions": {"critical": TRACKING["sla"]["definitions"]["critical"]}}
    tracking = TRACKING["response_tracking"] | {"sla_monitoring": {"enabled": False}}
    world = tracked(client, sla=sla, response_tracking=tracking)
    alert = world.fires()
    world.clears()
    assert world.fires(severity="low") == alert
    assert world.alert(alert).sla is None
    world.passes(10_000)
    assert marks(world, alert) == []


def test_a_snooze_stops_no_clock(world):
    alert = world.fires()
    world.says(alert, Snooze("user2", "api", until=at(7200)))
    world.passes(3600)
    assert of("resolution", marks(world, alert)) == [
        ("23T10:48:00", "at_risk", "23T11:00:00"),
        ("23T11:00:00", "breached", "23T11:00:00"),
    ]


def test_with_pause_on_snoozed_the_clocks_stand_still(client):
    world = tracked(client, **pausing("snoozed"))
    alert = world.fires()
    world.passes(600)
    world.says(alert, Snooze("user2", "api", until=at(4200)))
    world.passes(3600)
    assert of("resolution", marks(world, alert)) == []
    world.passes(3000)
    assert of("resolution", marks(world, alert)) == [  # 3600 s later than without
        ("23T11:48:00", "at_risk", "23T12:00:00"),
        ("23T12:00:00", "breached", "23T12:00:00"),
    ]


def test_a_silence_stops_no_clock_unless_config_says_so(client):
    for causes, expected in (((), ["23T10:48:00", "23T11:00:00"]), (("suppressed",), ["23T11:48:00", "23T12:00:00"])):
        client.flushdb()
        world = tracked(client, **pausing(*causes))
        alert = world.fires()
        world.acknowledges(alert)
        world.says(alert, Suppress("night"))
        world.passes(3600)
        world.says(alert, Unsuppress("night"))
        world.passes(3700)
        assert [when for when, _, _ in of("resolution", marks(world, alert))] == expected


def test_the_event_says_since_when_it_was_at_risk_when_that_was_noticed_late(world):
    alert = world.fires()
    world.now = at(270)
    world.engine.drain()
    (event,) = events(world, alert, "sla_at_risk")
    assert (event["at"], event["since"]) == ("2026-11-23T10:04:30Z", "2026-11-23T10:04:00Z")


def test_of_a_breach_noticed_late_nobody_is_told_that_it_was_at_risk(world):
    alert = world.fires()
    world.now = at(330)
    world.engine.drain()
    world.send()
    assert marks(world, alert) == [("23T10:05:30", "breached", "acknowledgment", "23T10:05:00")]
    assert "was due 10:05:00 UTC, 30 s ago." in bodies(world, "SLA")[0]
    assert "since" not in events(world, alert, "sla_breached")[0]  # the deadline says it


def test_two_schedulers_tell_of_a_mark_once(world):
    alert = world.fires()
    other = Engine(world.store, world.rules, read_standing=world.standing.read)
    world.now = at(240)
    world.engine.wake(alert)
    other.wake(alert)
    other.drain()
    world.send()
    assert len(marks(world, alert)) == 1
    assert len(heard(world, "SLA")) == 2


def test_after_a_restart_the_marks_come_as_if_there_had_been_none(client):
    before = tracked(client)
    alert = before.fires()
    before.passes(250)
    after = tracked(client, at(250))
    after.passes(60)
    assert [when for when, *_ in marks(after, alert)] == ["23T10:04:00", "23T10:05:00"]


def test_a_notice_that_waits_is_withdrawn_once_it_is_resolved(world):
    alert = world.fires()
    world.now = at(240)
    world.engine.drain()
    world.says(alert, Resolve("vp", "api"))
    assert heard(world, "SLA") == []
    errors = [e.error for e in world.entries(alert).values() if e.reason.startswith("SLA")]
    assert errors == ["it is resolved"] * 2


def test_a_warning_that_waits_is_withdrawn_once_it_was_answered_in_time(world):
    alert = world.fires()
    world.now = at(240)
    world.engine.drain()
    world.acknowledges(alert)
    assert heard(world, "SLA") == []


def test_a_notice_of_a_breach_that_waits_is_told_whoever_answered_since(world):
    alert = world.fires()
    world.now = at(300)
    world.engine.drain()
    world.acknowledges(alert)
    assert len(heard(world, "SLA breached")) == 2


def test_whoever_it_was_reassigned_to_hears_of_the_marks(world):
    alert = world.fires()
    world.says(alert, Reassign("user2", "api", to="vp"))
    world.passes(250)
    assert {who for who, _, _ in heard(world, "SLA")} == {"vp"}


def test_marks_do_not_move_the_ladder(world):
    alert = world.fires()
    world.passes(7200)
    fired = [utc_of(e["at"]) - T0 for e in events(world, alert, "triggered", "escalated")]
    assert fired == [timedelta(seconds=each) for each in (0, 600, 1800, 3600, 7200)]


def test_an_alert_climbed_by_a_person_keeps_its_clocks(world):
    alert = world.fires()
    world.passes(60)
    world.acknowledges(alert)
    world.says(alert, Escalate("user2", "api"))
    world.passes(500)
    assert marks(world, alert) == []  # it was acknowledged once
