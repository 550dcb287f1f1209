"""From the first webhook to the report: clocks that break, answers and reminders, counted from what really happened."""

from datetime import timedelta

import pytest

from core.adapters.redis_facts import RedisFacts
from core.commands import Acknowledge, Resolve
from core.report import make_report, window
from core.report_page import sections
from core.report_times import Kind, schedules_of
from core.report_view import report_view
from core.sla import sla_view
from schedules.digest import digest
from tests.samples import T0, config
from tests.worlds import World

OWED = {"acknowledgment_time": 300, "resolution_time": 3600, "business_hours": False, "allowed_breaches": 1}
SLA = {"definitions": {"critical": OWED}, "reporting": {"enabled": False, "interval": "daily"}}


@pytest.fixture
def world(client):
    return World(client, config(sla=SLA))


def facts_of(world):
    return RedisFacts(
        world.client,
        world.clock,
        lambda: ("team",),
        lambda alert, now: sla_view(alert.sla, now) if alert.sla else None,
    )


def report(world):
    facts, given = facts_of(world), world.rules.config
    due = window(schedules_of(given)[Kind.DAILY], world.now, T0, T0 + timedelta(hours=12))
    return report_view(make_report(facts, given, due, world.now))


def test_a_day_of_one_alert_in_time_one_late_and_one_that_comes_back(world):
    world.fires("quick", labels={"team": "shop"})
    world.passes(120)
    world.says(1, Acknowledge("user2", "link"))
    world.passes(1080)
    world.says(1, Resolve("user2", "link"))

    world.fires("late", labels={"team": "shop"})  # at 20 minutes
    world.passes(900)
    world.says(2, Acknowledge("user5", "sms"))
    world.passes(3000)
    world.says(2, Resolve("user5", "sms"))

    world.fires("twice")  # at 85 minutes
    world.passes(60)
    world.clears("twice")
    world.passes(100)
    world.fires("twice")
    world.passes(400)
    live = report(world)
    world.says(3, Resolve("user2", "page"))
    digest(facts_of(world))
    world.passes(60)
    found = report(world)

    figures = found["figures"]
    assert (figures["alerts"]["opened"], figures["alerts"]["reopened"]) == (3, 1)
    assert figures["time_to_acknowledge"] == {"count": 3, "mean": (120 + 900 + 400) / 3, "median": 400.0, "p90": 900.0}
    assert figures["sla"]["clocks"] == {
        # late: after 5 minutes; twice: its second life after 5 minutes; the first life was cleared in time
        "acknowledgment": {"kept": 2, "breached": 2, "share": 0.5},
        # late: an hour passed before 65 minutes did
        "resolution": {"kept": 3, "breached": 1, "share": 0.75},
    }
    assert figures["sla"]["labels"] == {"team=shop": {"kept": 2, "breached": 2, "share": 0.5}}
    [budget] = [each for each in found["budgets"] if each["severity"] == "critical"]
    assert (budget["used"], budget["gone_at"], budget["overdrawn_at"]) == (
        3,
        "2026-11-23T10:25:00Z",
        "2026-11-23T11:20:00Z",
    )
    assert live["figures"]["sla"]["clocks"]["acknowledgment"]["breached"] == 2, "an open alert counts as it stands"
    assert figures["alerts"]["reminders"] == len(
        [e for n in (1, 2, 3) for e in world.store.timeline(n) if e["event"] == "reminded"]
    )
    assert sections(found)


def test_breaches_of_the_first_life_stand_even_when_it_comes_back_before_they_were_written(world):
    world.fires()
    world.passes(400)
    world.clears()
    world.passes(60)
    world.fires()
    world.passes(10)
    assert report(world)["figures"]["sla"]["clocks"]["acknowledgment"]["breached"] == 1


def test_an_alert_that_comes_back_all_the_time_becomes_another_before_anything_of_it_is_forgotten(world):
    """Every life has its promises, and what is kept of an alert is read and written as a whole each time."""
    for _ in range(130):
        world.fires()
        world.passes(200)
        world.clears()
        digest(facts_of(world))
        world.passes(200)
    assert world.client.llen("rung:before:1") == 99
    found = sorted(facts_of(world).between(T0, world.now))
    assert [len(row.lives) for row in found] == [100, 30]
    due = window(schedules_of(world.rules.config)[Kind.DAILY], world.now, T0, world.now)
    figures = make_report(facts_of(world), world.rules.config, due, world.now).figures
    assert (figures.opened, figures.reopened) == (2, 128)
    assert (figures.sla.kept, figures.sla.breached) == (260, 0)


def test_whoever_is_paged_for_the_next_alert_is_paged_as_for_a_new_one(world):
    for _ in range(100):
        world.fires()
        world.passes(200)
        world.clears()
        world.passes(200)
    new = world.fires()
    assert new != 1
    assert world.story(new, "triggered", "reopened") == ["40000 triggered primary"]
    assert world.alert(new).lives == 1
