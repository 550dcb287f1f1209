"""Stories of the ladder: nobody answers, somebody does, the source clears, the same thing happens again."""

from datetime import timedelta

import pytest

from core.commands import Escalate, Reassign, Resolve, Snooze, Update
from core.engine import NoSuchAlertError, RefusedError
from tests.samples import at
from tests.worlds import World

LADDER = ("triggered", "escalated", "skipped", "exhausted", "acknowledged", "resolved", "reopened")


@pytest.fixture
def world(client):
    return World(client)


def test_nobody_answers_and_the_ladder_climbs_to_the_end_and_says_so(world):
    alert = world.fires(severity="critical")
    world.passes(30000)
    assert world.story(alert, *LADDER) == [
        "0 triggered primary",
        "600 escalated secondary",
        "1800 escalated manager",
        "3600 escalated executive",
        "7200 escalated primary",
        "7800 escalated secondary",
        "9000 escalated manager",
        "10800 escalated executive",
        "14400 escalated primary",
        "15000 escalated secondary",
        "16200 escalated manager",
        "18000 escalated executive",
        "21600 escalated primary",
        "22200 escalated secondary",
        "23400 escalated manager",
        "25200 escalated executive",
        "28800 exhausted",
    ]
    assert world.alert(alert).exhausted
    assert world.alert(alert).wake_at is None
    assert world.told()[-1][0] == "team_manager"


def test_each_level_pages_its_people_on_its_channels_once(world):
    alert = world.fires(severity="critical")
    world.passes(700)
    assert [(who, how) for who, how, _ in world.told()] == [
        ("user2", "email"),
        ("user2", "slack"),
        ("user2", "sms"),
        ("user5", "email"),
        ("user5", "phone"),
        ("user5", "slack"),
        ("user5", "sms"),
    ]
    assert set(world.ledger_of(alert).values()) == {"sent"}


def test_an_acknowledgment_stops_the_ladder(world):
    alert = world.fires()
    world.passes(120)
    world.acknowledges(alert, by="user2")
    world.passes(100_000)
    assert world.story(alert, *LADDER) == ["0 triggered primary", "120 acknowledged user2"]


def test_the_source_clears_and_whoever_was_paged_hears_it_once_and_quietly(world):
    alert = world.fires()
    world.passes(700)
    world.clears()
    world.passes(100_000)
    assert world.story(alert, *LADDER)[-1] == "700 resolved generic"
    notices = [(who, how) for who, how, title in world.told() if title.startswith("Resolved")]
    assert notices == [("user2", "email"), ("user5", "email")]


def test_whoever_resolves_it_is_not_told_that_it_is_resolved(world):
    alert = world.fires()
    world.passes(700)
    world.says(alert, Resolve("user5", "api"))
    notices = [who for who, _, title in world.told() if title.startswith("Resolved")]
    assert notices == ["user2"]


def test_the_same_signal_again_is_counted_and_pages_nobody(world):
    alert = world.fires()
    before = world.told()
    assert world.fires() == alert
    assert world.alert(alert).count == 2
    assert world.told() == before


def test_a_worse_severity_starts_its_own_ladder_from_its_foot(world):
    alert = world.fires(severity="medium")
    world.passes(100)
    assert world.fires(severity="critical") == alert
    world.passes(700)
    assert world.story(alert, *LADDER) == [
        "0 triggered primary",
        "100 escalated primary",
        "700 escalated secondary",
    ]


def test_it_is_reopened_when_it_fires_again_soon_after_it_was_resolved(world):
    alert = world.fires()
    world.clears()
    world.passes(200)
    assert world.fires() == alert
    world.passes(700)
    assert world.story(alert, *LADDER) == [
        "0 triggered primary",
        "0 resolved generic",
        "200 reopened",
        "200 escalated primary",
        "800 escalated secondary",
    ]


def test_it_is_a_new_alert_when_it_fires_long_after_it_was_resolved(world):
    alert = world.fires()
    world.clears()
    world.passes(400)
    assert world.fires() == alert + 1
    assert not world.alert(alert).is_open


def test_a_snooze_ends_in_the_same_level_firing_again(world):
    alert = world.fires()
    world.passes(700)
    world.says(alert, Snooze("user5", "api", until=at(4000)))
    world.passes(5000)
    assert world.story(alert, *LADDER, "snoozed", "unsnoozed") == [
        "0 triggered primary",
        "600 escalated secondary",
        "700 snoozed user5",
        "4000 unsnoozed",
        "4000 escalated secondary",
        "4600 escalated manager",
    ]


def test_a_person_escalates_and_the_next_level_is_paged_now(world):
    alert = world.fires()
    world.passes(60)
    world.says(alert, Escalate("user2", "api"))
    assert world.story(alert, *LADDER)[-1] == "60 escalated secondary user2"
    assert world.told()[-1][0] == "user5"


def test_an_acknowledged_alert_that_is_escalated_is_back_on_the_ladder(world):
    alert = world.fires()
    world.acknowledges(alert)
    world.says(alert, Escalate("user2", "api"))
    world.passes(1900)
    assert world.story(alert, *LADDER)[-2:] == ["0 escalated secondary user2", "1800 escalated manager"]


def test_a_reassigned_alert_pages_the_new_person_now(world):
    alert = world.fires()
    world.passes(100)
    world.says(alert, Reassign("user2", "api", to="vp"))
    assert [who for who, *_ in world.told()[-3:]] == ["vp", "vp", "vp"]
    world.passes(10_000)
    assert "600 escalated secondary" in world.story(alert, *LADDER)


def test_an_update_counts_as_the_acknowledgment(world):
    alert = world.fires()
    world.passes(30)
    after = world.says(alert, Update("user2", "api", note="looking"))
    assert (after.status, after.acknowledged_by) == ("in_progress", "user2")
    world.passes(100_000)
    assert world.story(alert, "escalated") == []


def test_the_second_person_to_acknowledge_is_told_who_has_it(world):
    alert = world.fires()
    world.acknowledges(alert, by="user2")
    world.passes(180)
    with pytest.raises(RefusedError, match="alert 1 was acknowledged by user2 3 min ago"):
        world.acknowledges(alert, by="user5")


def test_an_unknown_alert_is_no_alert(world):
    with pytest.raises(NoSuchAlertError, match="there is no alert 99"):
        world.acknowledges(99)


def test_the_demo_source_climbs_thirty_times_as_fast(world):
    alert = world.fires(severity="low", source="demo")
    world.passes(70)
    assert world.story(alert, *LADDER) == [
        "0 triggered primary",
        "20 escalated secondary",
        "60 escalated manager",
    ]


def test_a_twenty_alert_body_makes_twenty_alerts_in_order(world):
    from tests.samples import cleared, signal

    results = world.receive(*[signal(f"k{n}") for n in range(19)], cleared("k3"))
    assert results == ["triggered"] * 19 + ["resolved"]
    assert not world.alert(4).is_open


def test_after_a_long_outage_each_level_still_gets_its_timeout(world):
    """Rung was down for three hours: nobody is paged at the same instant as the level below."""
    alert = world.fires()
    world.now += timedelta(hours=3)
    world.passes(2000)
    assert world.story(alert, "escalated") == ["10800 escalated secondary", "11400 escalated manager"]


def test_a_clock_that_is_set_back_fires_no_level_twice(world):
    alert = world.fires()
    world.passes(700)
    world.now -= timedelta(hours=1)
    world.passes(3600 + 1200)
    assert world.story(alert, *LADDER) == ["0 triggered primary", "600 escalated secondary", "1800 escalated manager"]


def test_a_clock_that_is_set_forward_fires_one_level_and_gives_it_its_timeout(world):
    alert = world.fires()
    world.now += timedelta(days=1)
    world.passes(1000)
    assert world.story(alert, *LADDER) == [
        "0 triggered primary",
        "86400 escalated secondary",
        "87000 escalated manager",
    ]
