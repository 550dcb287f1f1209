"""Stories of silences and maintenance windows: who hears what and when, while alerts fire on. Seconds since T0."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.adapters.redis_review import RedisReview
from core.commands import Escalate
from core.config.matching import Match
from core.review import review
from core.silence_orders import Span, ended, new_silence
from tests.samples import config
from tests.worlds import World

LINES = ("triggered", "escalated", "suppressed", "unsuppressed", "acknowledged", "resolved", "exhausted")
UTC_ZONE = ZoneInfo("UTC")


@pytest.fixture
def world(client):
    return World(client)


def silence(world, seconds, *, after=0, **match):
    """Somebody silences what matches, for so long; the job behind it has run."""
    now = world.engine.present()[1]
    number = world.standing.next_id()
    start = datetime.fromtimestamp(now.timestamp() + after, UTC)
    span = Span(start, None, seconds)
    world.standing.add(new_silence(number, Match.model_validate(match), span, "alice", now, UTC_ZONE, "new disks"))
    reviewed(world)
    return number


def end(world, number):
    rules, now = world.engine.present()
    change = ended(rules.standing.silences, number, "bob", now)
    (world.standing.add if change.stays else world.standing.remove)(change.silence)
    reviewed(world)


def reviewed(world):
    assert not review(world.engine, RedisReview(world.client), 1000)
    world.send()


def told(world):
    return [(who, how) for who, how, _ in world.told()]


def test_a_silence_that_ends_while_the_alert_still_fires(world):
    number = silence(world, 3600, source="generic")
    alert = world.fires()
    world.passes(1800)
    world.fires()
    assert told(world) == []
    world.passes(1799)
    assert world.alert(alert).suppressed
    world.passes(301)
    assert world.story(alert, *LINES) == [
        f"0 suppressed silence {number} (new disks, by alice)",
        "3600 unsuppressed no silence covers it any more",
        "3600 triggered primary",
        "3900 escalated secondary",
    ]
    assert told(world)[:3] == [("user2", "email"), ("user2", "slack"), ("user2", "sms")]


def test_a_silence_added_between_two_levels(world):
    alert = world.fires()
    world.passes(400)
    silence(world, 3000, source="generic")
    assert world.alert(alert).suppressed
    world.passes(100_000)
    assert world.story(alert, *LINES)[:6] == [
        "0 triggered primary",
        "400 suppressed silence 1 (new disks, by alice)",
        "3400 unsuppressed no silence covers it any more",
        "3400 escalated secondary",
        "4000 escalated manager",
        "5800 escalated executive",
    ]
    assert world.alert(alert).exhausted


def test_a_silence_ended_early(world):
    alert = world.fires()
    world.passes(400)
    number = silence(world, 86_400, source="generic")
    world.passes(1600)
    assert len(told(world)) == 3
    end(world, number)
    assert not world.alert(alert).suppressed
    assert world.story(alert, *LINES)[2:] == [
        "2000 unsuppressed no silence covers it any more",
        "2000 escalated secondary",
    ]
    assert told(world)[3:] == [("user5", "email"), ("user5", "phone"), ("user5", "slack"), ("user5", "sms")]
    assert world.standing.read().silences[0].ended_by == "bob"


def test_a_silence_planned_for_later_and_taken_back_before_it_begins(world):
    alert = world.fires()
    number = silence(world, 3600, after=500, source="generic")
    world.passes(300)
    end(world, number)
    world.passes(400)
    assert world.story(alert, *LINES) == ["0 triggered primary", "600 escalated secondary"]
    assert world.standing.read().silences == ()


def test_a_silence_planned_for_later_begins_by_itself(world):
    alert = world.fires()
    silence(world, 3600, after=500, source="generic")
    world.passes(499)
    reviewed(world)
    assert not world.alert(alert).suppressed
    world.passes(1)
    reviewed(world)
    assert world.alert(alert).suppressed
    world.passes(4000)
    assert world.story(alert, *LINES)[1:4] == [
        "500 suppressed silence 1 (new disks, by alice)",
        "4100 unsuppressed no silence covers it any more",
        "4100 escalated secondary",
    ]


def test_a_silence_of_one_team_leaves_the_others_alone(world):
    silence(world, 3600, labels={"team": "db"})
    ours, theirs = world.fires("a", labels={"team": "db"}), world.fires("b", labels={"team": "web"})
    world.passes(10)
    assert world.story(ours, *LINES) == ["0 suppressed silence 1 (new disks, by alice)"]
    assert world.story(theirs, *LINES) == ["0 triggered primary"]


def test_in_a_silence_a_person_asks_for_the_next_level_and_the_source_clears(world):
    alert = world.fires()
    world.passes(100)
    silence(world, 86_400, source="generic")
    world.says(alert, Escalate("user2", "link"))
    world.passes(5000)
    world.clears()
    world.passes(100_000)
    assert world.story(alert, *LINES) == [
        "0 triggered primary",
        "100 suppressed silence 1 (new disks, by alice)",
        "100 escalated secondary user2",
        "5100 resolved generic",
    ]


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        # 22:00 on Monday to 04:00 on Tuesday in Berlin, where it is an hour later than in UTC.
        ("2026-11-23T21:00:00", "2026-11-24T03:00:00"),
        # The night in which the clock goes from 03:00 back to 02:00: an hour longer.
        ("2026-10-24T20:00:00", "2026-10-25T03:00:00"),
        # The night in which it goes from 02:00 to 03:00: an hour shorter.
        ("2026-03-28T21:00:00", "2026-03-29T02:00:00"),
    ],
    ids=["winter", "autumn", "spring"],
)
def test_a_maintenance_window_across_midnight_in_berlin(client, begins, ends):
    window = {"name": "backup", "match": {"labels": {"team": "db"}}, "from": "22:00", "to": "04:00"}
    world = World(client, config(timezone="Europe/Berlin", maintenance=[window]))
    begin, end_ = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (begins, ends))
    span = (end_ - begin).total_seconds()

    def until(instant, seconds=0.0):
        world.passes((instant - world.now).total_seconds() + seconds)

    world.now = datetime.fromtimestamp(begin.timestamp() - 300, UTC)
    before = world.fires("before", labels={"team": "db"})
    until(begin)
    reviewed(world)
    assert world.alert(before).suppressed_until == end_
    world.passes(3 * 3600)  # past midnight in Berlin
    reviewed(world)
    inside = world.fires("inside", labels={"team": "db"})
    until(end_, -1)
    paged = len(told(world))
    assert paged == 3
    assert [world.alert(alert).suppressed for alert in (before, inside)] == [True, True]
    until(end_, 1)
    assert [world.alert(alert).suppressed for alert in (before, inside)] == [False, False]
    after = world.fires("after", labels={"team": "db"})

    def lines(alert):
        events = [event for event in world.store.timeline(alert) if event["event"] in LINES]
        passed = [(datetime.fromisoformat(event["at"]) - begin).total_seconds() for event in events]
        return [(round(seconds), event["event"]) for seconds, event in zip(passed, events, strict=True)]

    assert lines(before) == [(-300, "triggered"), (0, "suppressed"), (span, "unsuppressed"), (span, "escalated")]
    assert lines(inside) == [(10_800, "suppressed"), (span, "unsuppressed"), (span, "triggered")]
    assert lines(after) == [(span + 1, "triggered")]
