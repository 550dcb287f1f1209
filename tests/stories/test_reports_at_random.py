"""Days made up by dice, through the real engine: the figures are those that the timelines give when counted plainly.

Live, digested and cut into windows they are the same.
"""

import random
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from core.adapters.redis_facts import RedisFacts
from core.budgets import budgets
from core.commands import Acknowledge, Escalate, Resolve, Snooze, Update
from core.engine import RefusedError
from core.report_times import periods
from core.sla import sla_view
from core.tally import figures
from schedules.digest import digest
from tests.samples import T0, config
from tests.worlds import World

SLA = {
    "definitions": {
        "critical": {
            "acknowledgment_time": 300,
            "resolution_time": 3600,
            "business_hours": False,
            "allowed_breaches": 1,
        },
        "high": {"acknowledgment_time": 1800, "resolution_time": 7200, "business_hours": True, "allowed_breaches": 1},
    },
    "business_hours": {"start_time": "09:00", "end_time": "17:00", "timezone": "Europe/Berlin", "weekdays": [0, 1, 2]},
    "pause_on": ["snoozed"],
    "reporting": {"enabled": False, "interval": "daily"},
}
UTC = ZoneInfo("UTC")
OWED = {"acknowledgment", "resolution"}


def facts_of(world):
    return RedisFacts(
        world.client, world.clock, tuple, lambda alert, now: sla_view(alert.sla, now) if alert.sla else None
    )


def lived(client, dice):
    """Let days pass in which sources and people do what they like; give the world and the alerts there were."""
    world, alerts = World(client, config(sla=SLA)), set()
    for _ in range(40):
        if dice.random() < 0.4 or not alerts:
            alerts.add(world.fires(dice.choice("abc"), dice.choice(["critical", "high", "medium"])))
        elif dice.random() < 0.25:
            world.clears(dice.choice("abc"))
        else:
            person_does_something(world, dice.choice(sorted(alerts)), dice)
        if dice.random() < 0.3:
            digest(facts_of(world))
        world.passes(dice.choice([1, 30, 100, 400, 2000, 9000, 40_000]))
    return world, alerts


def person_does_something(world, alert, dice):
    by, until = dice.choice(["user1", "user2"]), world.now + timedelta(seconds=dice.choice([60, 3000]))
    ways = [
        Acknowledge(by, "link"),
        Resolve(by, "link"),
        Update(by, "api", note="seen"),
        Escalate(by, "api"),
        Snooze(by, "api", until=until),
    ]
    try:
        world.says(alert, dice.choice(ways))
    except RefusedError:
        assert world.alert(alert).id == alert, "it is as it was"


def answers(timeline):
    """Count the lives of an alert that a person took."""
    number, is_taken = 0, False
    for event in timeline:
        kind = event["event"]
        is_taken = is_taken and kind != "reopened"
        by_resolving = kind == "resolved" and event["via"] != "source"
        by_word = kind in {"acknowledged", "snoozed"} or (kind == "updated" and event.get("acknowledges"))
        if (by_resolving or by_word) and not is_taken:
            number, is_taken = number + 1, True
    return number


def sums(found):
    levels, channels = found.levels.values(), found.channels.values()
    numbers = (found.opened, found.reopened, found.answered, found.resolved, found.exhausted, found.reminders)
    told = (found.pages, sum(each.sent for each in channels), sum(each.failed for each in channels))
    stood = (sum(each.fired for each in levels), sum(each.time.total for each in levels))
    return (*numbers, *told, *stood, found.sla.kept, found.sla.breached)


@pytest.mark.parametrize("seed", range(4))
def test_the_figures_are_those_of_the_timelines_however_they_are_cut(client, seed):
    world, alerts = lived(client, random.Random(seed))
    facts, end = facts_of(world), world.now + timedelta(seconds=1)

    def counted(start, until):
        return figures(facts.between(start, until), start, until, UTC)

    live = counted(T0, end)
    digest(facts)
    assert counted(T0, end) == live

    hours = [*(T0 + n * timedelta(hours=11) for n in range((end - T0) // timedelta(hours=11) + 1)), end]
    parts = [sums(counted(*window)) for window in pairwise(hours)]
    assert [sum(each) for each in zip(*parts, strict=True)] == pytest.approx(sums(live))

    timelines = [world.store.timeline(alert) for alert in alerts]
    happened = Counter(event["event"] for timeline in timelines for event in timeline)
    broken = [event for line in timelines for event in line if event["event"] == "sla_breached"]
    breached = sum(event["clock"] in OWED for event in broken)
    assert (live.opened, live.answered) == (len(alerts), sum(map(answers, timelines)))
    assert (live.reopened, live.resolved) == (happened["reopened"], happened["resolved"])
    assert (live.exhausted, live.reminders) == (happened["exhausted"], happened["reminded"])
    assert sum(each.fired for each in live.levels.values()) == happened["triggered"] + happened["escalated"]
    assert live.sla.breached == breached > 0
    days = periods(config(sla=SLA), T0, end)
    used = budgets(facts.between(days[0].start, end), days, dict.fromkeys(("critical", "high", "medium"), 0))
    assert sum(each.used for each in used) == breached
