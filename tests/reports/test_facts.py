"""From a timeline and a ledger to a row of facts: stories of alerts in simulated time, and the row of each."""

from datetime import timedelta

import pytest

from core.commands import Acknowledge, Escalate, Resolve, Snooze, Suppress, Unsuppress, Update
from core.facts import Clock, Facts, Life, Stay, to_ms
from core.facts_reading import clocks_of, facts_of
from core.outcomes import Outcome, OutcomeKind
from tests.reports.rows import ALL
from tests.samples import T0, at, config, ladder_rules, rung
from tests.stories.test_delivery import URLS
from tests.worlds import World

PRIMARY, SECONDARY = "1 (primary)", "2 (secondary)"


@pytest.fixture
def world(client):
    return World(client)


def row(world: World, alert: int = 1, **given) -> Facts:
    return facts_of(world.alert(alert), world.store.timeline(alert), world.ledger.entries(alert), **given)


def ms(seconds: float) -> int:
    return to_ms(at(seconds))


def test_an_alert_that_is_answered_and_resolved(world):
    world.fires(labels={"team": "shop", "host": "db1"})
    world.passes(120)
    world.says(1, Acknowledge("user2", "link"))
    world.passes(480)
    world.says(1, Resolve("user5", "cli"))
    found = row(world, labels=["team"])
    assert (found.id, found.title, found.source, found.severity) == (1, "Disk is full", "generic", "critical")
    assert (found.policy, found.labels, found.signals) == ("critical", {"team": "shop"}, 1)
    assert found.lives == (Life(ms(0), ms(120), "user2", "link", PRIMARY, ms(600), "user5"),)
    assert found.stays == (Stay(PRIMARY, ms(0), ms(120)),)
    assert found.fired == ((PRIMARY, ms(0)),)
    assert [(each.responder, each.channel, each.kind, each.delivered) for each in found.sent[:3]] == [
        ("user2", "email", "page", True),
        ("user2", "slack", "page", True),
        ("user2", "sms", "page", True),
    ]
    assert {each.kind for each in found.sent[3:]} == {"notice"}


def test_an_alert_that_climbs_to_its_end_and_begins_again(client):
    ladder = ladder_rules(rung(0, 300), rung(600, 600), max_repeats=1, repeat_interval=7200)
    world = World(client, ladder.config)
    world.fires()
    world.passes(10_000)
    found = row(world)
    assert [at for _, at in found.fired] == [ms(0), ms(600), ms(7200), ms(7800)]
    assert found.rounds == (ms(7200),)
    assert found.exhausted == (ms(8400),)
    assert found.stays == (
        Stay("1 (at0)", ms(0), ms(600)),
        Stay("2 (at600)", ms(600), ms(7200)),
        Stay("1 (at0)", ms(7200), ms(7800)),
        Stay("2 (at600)", ms(7800), ms(8400)),
    )
    assert found.lives == (Life(ms(0)),)
    world.acknowledges(1)
    assert row(world).lives[0].answered_level == "the ladder was used up"


@pytest.mark.parametrize(
    "command",
    [Acknowledge("a", "api"), Update("a", "api", note="on it"), Snooze("a", "api", until=T0 + timedelta(hours=1))],
    ids=["acknowledgment", "update", "snooze"],
)
def test_whatever_takes_an_alert_answers_it_and_only_the_first_counts(world, command):
    world.fires()
    world.passes(60)
    world.says(1, command)
    world.says(1, Update("b", "api", note="me too"))
    assert row(world).lives == (Life(ms(0), ms(60), "a", "api", PRIMARY),)


def test_a_person_who_resolves_without_a_word_before_has_answered_and_a_source_that_clears_has_not(world):
    world.fires("a")
    world.fires("b")
    world.passes(60)
    world.says(1, Resolve("user2", "page"))
    world.clears("b")
    assert row(world, 1).lives == (Life(ms(0), ms(60), "user2", "page", PRIMARY, ms(60), "user2"),)
    assert row(world, 2).lives == (Life(ms(0), resolved_at=ms(60), resolved_by="generic"),)


def test_an_alert_that_is_put_back_on_the_ladder_stands_there_again(world):
    world.fires()
    world.passes(60)
    world.acknowledges(1)
    world.passes(60)
    world.says(1, Escalate("user2", "api"))
    world.passes(60)
    world.acknowledges(1, "user5")
    found = row(world)
    assert found.stays == (Stay(PRIMARY, ms(0), ms(60)), Stay(SECONDARY, ms(120), ms(180)))
    assert found.lives[0].answered_by == "user2"


def test_a_stay_that_a_silence_interrupts_is_one_stay_without_the_time_under_it(world):
    world.fires()
    for _ in range(2):
        world.passes(60)
        world.says(1, Suppress("planned work", None))
        world.passes(100)
        world.says(1, Unsuppress("it is over"))
    world.passes(30)
    world.acknowledges(1)
    assert row(world).stays == (Stay(PRIMARY, ms(350 - 150), ms(350)),)


def test_a_level_that_is_left_as_soon_as_a_silence_ends_was_left_then_after_the_time_before_it(world):
    world.fires()
    world.passes(60)
    world.says(1, Suppress("planned work", None))
    world.passes(840)
    world.says(1, Unsuppress("it is over"))
    world.passes(20)
    world.acknowledges(1)
    assert row(world).stays == (Stay(PRIMARY, ms(840), ms(900)), Stay(SECONDARY, ms(900), ms(920)))


def test_who_answers_under_a_silence_ends_the_stay_that_it_interrupted(world):
    world.fires()
    world.passes(60)
    world.says(1, Suppress("planned work", None))
    world.passes(600)
    world.acknowledges(1)
    assert row(world).stays == (Stay(PRIMARY, ms(600), ms(660)),)


def test_a_level_that_a_person_fires_under_a_silence_is_stood_at_once_the_silence_is_over(world):
    world.fires()
    world.passes(60)
    world.says(1, Suppress("planned work", None))
    world.passes(30)
    world.says(1, Escalate("user2", "api"))
    world.passes(100)
    world.says(1, Unsuppress("it is over"))
    world.passes(40)
    world.acknowledges(1)
    assert row(world).stays == (Stay(PRIMARY, ms(30), ms(90)), Stay(SECONDARY, ms(190), ms(230)))


def test_an_alert_that_was_resolved_under_a_silence_comes_back_without_it(world):
    world.fires()
    world.passes(60)
    world.says(1, Suppress("planned work", None))
    world.passes(30)
    world.says(1, Resolve("user2", "api"))
    world.passes(10)
    world.fires()
    world.passes(50)
    world.acknowledges(1)
    assert row(world).stays == (Stay(PRIMARY, ms(30), ms(90)), Stay(PRIMARY, ms(100), ms(150)))


def test_an_alert_that_comes_back_has_two_lives_and_what_was_known_of_the_first_is_kept(world):
    def sla(deadline, met):
        return {"acknowledgment": {"deadline": deadline, "met_at": met, "breached_at": None}, "resolution": None}

    world.fires()
    world.passes(60)
    world.clears()
    first = world.alert(1), sla("2026-11-23T10:05:00Z", "2026-11-23T10:01:00Z")
    world.passes(60)
    world.fires()
    again = row(world, sla=sla("2026-11-23T10:07:00Z", None), before=[first])
    assert again.lives == (
        Life(
            ms(0),
            resolved_at=ms(60),
            resolved_by="generic",
            clocks=(Clock("acknowledgment", ms(300), ms(60), None),),
        ),
        Life(ms(120), clocks=(Clock("acknowledgment", ms(420), None, None),)),
    )


def test_a_breach_of_an_earlier_life_stands_even_when_its_record_is_gone(world):
    world.fires()
    world.clears()
    world.fires()
    events = world.store.timeline(1)
    breach = {
        "event": "sla_breached",
        "at": "2026-11-23T10:00:00Z",
        "clock": "resolution",
        "deadline": "2026-11-23T09:59:00Z",
    }
    found = facts_of(world.alert(1), [events[0], breach, *events[1:]], {})
    assert found.lives[0].clocks == (Clock("resolution", ms(-60), None, ms(-60)),)


def test_failures_and_how_long_a_page_was_on_its_way(client):
    world = World(client, config(channels=URLS))
    world.sender.outcomes["slack"] = Outcome(OutcomeKind.REJECTED, "no such user")
    world.sender.outcomes["mailtos"] = Outcome(OutcomeKind.UNAVAILABLE, "refused")
    world.fires()
    world.passes(2)
    del world.sender.outcomes["mailtos"]
    world.passes(30)
    found = {each.channel: (each.delivered, each.settled_at - each.queued_at) for each in row(world).sent}
    failed_over = {"phone": (True, 0)}
    assert found == {"slack": (False, 0), "sms": (True, 0), "email": (True, 12_000)} | failed_over


def test_reminders_are_counted_from_the_timeline(world):
    world.fires()
    events = [*world.store.timeline(1), {"event": "reminded", "at": "2026-11-23T10:05:00Z"}]
    assert facts_of(world.alert(1), events, {}).reminders == (ms(300),)


def test_the_clocks_of_an_alerts_json():
    sla = {
        "acknowledgment": {
            "deadline": "2026-11-23T10:05:00Z",
            "at_risk_at": "2026-11-23T10:04:00Z",
            "met_at": "2026-11-23T10:20:00Z",
            "status": "breached",
            "breached_at": "2026-11-23T10:05:00Z",
        },
        "resolution": None,
        "policy": {"deadline": "2026-11-23T11:00:00Z", "met_at": None, "breached_at": None, "status": "at_risk"},
        "status": "breached",
    }
    assert clocks_of(sla) == (
        Clock("acknowledgment", ms(300), ms(1200), ms(300)),
        Clock("policy", ms(3600), None, None),
    )
    assert clocks_of(None) == ()


def test_a_breach_counts_at_its_deadline_and_not_when_it_was_met_late():
    assert Clock("acknowledgment", 5, 20, 5).decided_at == 5
    assert Clock("acknowledgment", 5, 3, None).decided_at == 3
    assert Clock("acknowledgment", 5, None, None).decided_at is None


def test_a_row_stands_under_every_day_on_which_something_of_it_counts():
    assert [each.days() for each in ALL] == [["2026-11-23"], ["2026-11-23", "2026-11-24"], ["2026-11-23", "2026-11-24"]]
