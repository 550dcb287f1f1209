"""Facts in a real Redis: written when an alert is over and when something of it changes, read once each, forgotten."""

from datetime import timedelta

import pytest

from core.adapters.redis_facts import RedisFacts
from core.commands import Acknowledge, Resolve
from core.facts import Facts, Life
from core.outcomes import Outcome, OutcomeKind
from core.tally import figures
from schedules.digest import digest
from schedules.forget import forget
from tests.reports.rows import ALL, MONDAY, TUESDAY, WEDNESDAY
from tests.reports.seeds import keep
from tests.samples import T0, config
from tests.stories.test_delivery import URLS
from tests.worlds import World

DAY = 86_400


@pytest.fixture
def world(client):
    return World(client)


def of(world: World, **given) -> RedisFacts:
    return RedisFacts(world.client, world.clock, **given)


def found(world: World, start=MONDAY, end=WEDNESDAY) -> dict[int, Facts]:
    rows = list(of(world).between(start, end))
    assert len({row.id for row in rows}) == len(rows), "each once"
    return {row.id: row for row in rows}


def kept(world: World, day: str = "2026-11-23") -> list[int]:
    return sorted(int(each) for each in world.client.hkeys(f"rung:facts:{day}"))


def test_an_alert_that_is_over_is_written_under_each_day_on_which_something_happened(world):
    world.fires()
    world.passes(3 * DAY)
    world.says(1, Acknowledge("user2", "link"))
    world.says(1, Resolve("user2", "link"))
    assert of(world).digest() == 1
    days = [day.decode() for day in world.client.zrange("rung:facts", 0, -1)]
    assert days == ["2026-11-23", "2026-11-26"], "the ladder was used up on the first day"
    assert kept(world) == kept(world, "2026-11-26") == [1]
    assert of(world).digest() == 0


def test_an_open_alert_is_read_live_and_nothing_is_written_of_it(world):
    world.fires()
    assert of(world).digest() == 0
    assert found(world)[1].lives == (Life(int(T0.timestamp() * 1000)),)


def test_what_is_over_and_not_digested_yet_is_read_live_too(world):
    world.fires()
    world.clears()
    live = found(world)
    assert live[1].lives[0].resolved_by == "generic"
    digest(of(world))
    assert found(world) == live, "and digested it is the same"


def test_a_reopened_alert_is_read_live_with_both_lives_and_written_again_when_it_is_over(world):
    world.fires()
    world.clears()
    digest(of(world))
    world.passes(60)
    world.fires()
    assert len(found(world)[1].lives) == 2, "the row of before is not read beside it"
    assert world.client.zcard("rung:undigested") == 0
    world.clears()
    digest(of(world))
    assert [life.resolved_at is not None for life in found(world)[1].lives] == [True, True]


def test_the_outcome_of_the_clocks_is_kept_of_every_life(world):
    def sla_of(alert, now):
        deadline = alert.round_started_at + timedelta(minutes=5)
        return {"acknowledgment": {"deadline": deadline.isoformat(), "met_at": None, "breached_at": None}}

    for _ in range(3):
        world.fires()
        world.clears()
        world.passes(60)
    [row] = of(world, sla_of=sla_of).between(MONDAY, TUESDAY)
    seconds = [life.clocks[0].deadline // 1000 - int(T0.timestamp()) for life in row.lives]
    assert seconds == [300, 360, 420]
    assert world.client.llen("rung:before:1") == 2


def test_what_is_kept_of_earlier_lives_leaves_with_the_alert(world):
    for _ in range(2):
        world.fires()
        world.clears()
        world.passes(60)
    world.passes(91 * DAY)
    forget(world.store)
    assert world.client.keys("rung:before:*") == []


def test_the_labels_of_the_config_are_kept(world):
    world.fires(labels={"team": "shop", "host": "db1"})
    [row] = of(world, labels=lambda: ("team",)).between(MONDAY, TUESDAY)
    assert row.labels == {"team": "shop"}


def test_an_outcome_that_comes_after_the_end_is_counted_too(client):
    world = World(client, config(channels=URLS))
    world.sender.outcomes["mailtos"] = Outcome(OutcomeKind.UNAVAILABLE, "refused")
    world.fires()
    world.clears()
    digest(of(world))
    assert "email" not in {sent.channel for sent in found(world)[1].sent if sent.kind == "notice"}
    del world.sender.outcomes["mailtos"]
    world.passes(60)
    assert world.client.zcard("rung:undigested") == 1
    digest(of(world))
    assert "email" in {sent.channel for sent in found(world)[1].sent if sent.kind == "notice"}


def test_of_two_that_digest_at_once_the_one_who_read_too_early_writes_nothing(world, monkeypatch):
    world.fires()
    world.clears()
    slow = of(world)
    read = slow._read

    def read_and_dawdle(ids, now):
        rows = list(read(ids, now))
        if world.alert(1).is_open is False:
            world.passes(10)
            world.fires()
            world.clears()
        return rows

    monkeypatch.setattr(slow, "_read", read_and_dawdle)
    slow.digest()
    assert kept(world) == [], "what was read is old"
    digest(of(world))
    assert len(found(world)[1].lives) == 2


def test_a_record_nobody_can_read_is_left_out_and_holds_up_nobody(world, caplog):
    for key in "ab":
        world.fires(key)
        world.clears(key)
    world.client.hset("rung:alert:1", "d", "{broken")
    digest(of(world))
    assert kept(world) == [2]
    assert "alert 1 cannot be read and is left out of reports" in caplog.text
    assert world.client.zcard("rung:undigested") == 0


def test_rows_nobody_can_read_cost_only_themselves(world, caplog):
    keep(world.client, ALL)
    world.client.hset("rung:facts:2026-11-24", "9", "{broken")
    world.client.hset("rung:facts:2026-11-24", "8", "[1, 8]")
    world.client.hset("rung:facts:2026-11-24", "7", ALL[0].dump().replace(b'"user1"', b"{}"))
    assert set(found(world, TUESDAY, WEDNESDAY)) == {2, 3}
    assert caplog.text.count("a row of facts of 2026-11-24 cannot be read and is left out") == 3


def test_rows_of_a_newer_rung_are_left_out_without_a_word(world, caplog):
    keep(world.client, ALL)
    world.client.hset("rung:facts:2026-11-24", "9", '[2, "whatever"]')
    assert set(found(world, TUESDAY, WEDNESDAY)) == {2, 3}
    assert caplog.text == ""


def test_a_window_reads_its_own_days_only(world):
    keep(world.client, ALL)
    assert set(found(world, MONDAY, TUESDAY)) == {1, 2, 3}
    assert set(found(world, TUESDAY, WEDNESDAY)) == {2, 3}
    assert found(world, WEDNESDAY, WEDNESDAY + timedelta(days=300)) == {}


def test_facts_outlive_the_alert_and_leave_when_their_time_has_come(client):
    world = World(client, config(retention={"resolved": "10d", "facts": "30d"}))
    world.fires()
    world.clears()
    digest(of(world))
    world.passes(11 * DAY)
    forget(world.store)
    assert world.store.look_up([], [1]).stored == (None,)
    assert set(found(world)) == {1}
    keep_for = timedelta(seconds=world.rules.config.retention.facts)
    world.passes(19 * DAY)
    assert of(world).forget(keep_for) == 0, "the day ended less than 30 days ago"
    world.passes(DAY)
    assert of(world).forget(keep_for) == 1
    assert found(world) == {}
    assert world.client.keys("rung:facts*") == []


def test_an_alert_stays_until_its_facts_are_written(client, tmp_path, redis_server):
    from schedules.digest import tidy
    from tests.apps import App

    app = App(tmp_path, redis_server.url, retention={"resolved": 1})
    for number in range(700):
        app.fires(f"a{number}")
        app.does(number + 1, Resolve("a", "api"))
    app.now += timedelta(seconds=10)
    assert tidy(app.rung), "600 of them were digested, and none forgotten"
    assert client.zcard("rung:closed") == 700
    while tidy(app.rung):
        pass
    assert client.zcard("rung:closed") == 0
    assert client.hlen("rung:facts:2026-11-23") == 700


def test_figures_are_the_same_live_digested_and_when_alerts_have_left(world):
    world.fires("a")
    world.passes(120)
    world.acknowledges(1)
    world.fires("b")
    world.passes(700)
    world.clears("a")
    world.clears("b")
    zone = world.rules.config.timezone
    from zoneinfo import ZoneInfo

    def counted():
        return figures(of(world).between(MONDAY, TUESDAY), MONDAY, TUESDAY, ZoneInfo(zone))

    live = counted()
    digest(of(world))
    assert counted() == live
    world.client.delete("rung:alert:1", "rung:timeline:1", "rung:ledger:1")
    assert counted() == live
    assert (live.opened, live.resolved, live.answered) == (2, 2, 1)
