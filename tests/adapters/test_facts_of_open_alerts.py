"""Facts of what is still open: written now and then, read live when anything changed since, and always what is true."""

import contextlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.commands import Acknowledge, Escalate, Resolve, Snooze, Suppress, Unsuppress, Update
from core.engine import RefusedError
from core.ledger import Key
from core.outcomes import Outcome, OutcomeKind
from schedules.digest import digest
from tests.reports import oracle
from tests.reports.rows import MONDAY, TUESDAY
from tests.samples import T0, config, signal
from tests.stories.test_delivery import URLS
from tests.stories.test_receipts import ARRIVED, LOST
from tests.worlds import World

DAY = 86_400
FAR = MONDAY + timedelta(days=30)
OWED = {"acknowledgment_time": 300, "resolution_time": 3600, "business_hours": False, "allowed_breaches": 1}
SLA = {"definitions": dict.fromkeys(("critical", "high"), OWED), "pause_on": ["snoozed", "suppressed"]}
CONFIG = config(channels=URLS, sla=SLA)


@pytest.fixture
def world(client):
    return World(client, CONFIG)


def of(world, **given):
    return oracle.facts(world.client, world.clock, **given)


def found(world, start=MONDAY, end=FAR):
    return oracle.given(of(world), start, end)


def expected(world):
    return oracle.expected(world.client, world.now)


def live(world) -> list[int]:
    """The alerts that a report would read live now."""
    return sorted(of(world)._live_and_days(world.now)[0])


def written(world, day="2026-11-23") -> list[int]:
    return sorted(int(each) for each in world.client.hkeys(f"rung:facts:{day}"))


def test_a_row_that_was_written_is_read_in_place_of_the_alert(world):
    world.fires(labels={"team": "shop"})
    before = found(world)
    assert live(world) == [1]
    assert of(world).digest_open() == 1
    assert (live(world), written(world)) == ([], [1])
    world.client.delete("rung:timeline:1", "rung:ledger:1")
    assert found(world) == before, "nothing but the row is read"


@pytest.mark.parametrize(
    "change",
    [
        lambda world: world.fires(),
        lambda world: world.acknowledges(1),
        lambda world: world.says(1, Update("user2", "api", note="on it")),
        lambda world: world.says(1, Escalate("user2", "api")),
        lambda world: world.says(1, Suppress("planned work", None)),
        lambda world: world.passes(600),
        lambda world: world.receipts.take(Key(1, 2, "user2", "sms"), LOST),
    ],
    ids=["counted", "acknowledged", "updated", "escalated", "suppressed", "next level", "not delivered"],
)
def test_whatever_changes_an_alert_has_it_read_live_until_its_row_is_written_again(world, change):
    world.fires()
    of(world).digest_open()
    change(world)
    assert live(world) == [1]
    assert found(world) == expected(world)
    of(world).digest_open()
    assert (live(world), found(world)) == ([], expected(world))


def test_a_page_that_goes_out_late_counts_at_once(world):
    world.sender.outcomes["mailtos"] = Outcome(OutcomeKind.UNAVAILABLE, "refused")
    world.fires()
    of(world).digest_open()
    del world.sender.outcomes["mailtos"]
    world.passes(3)
    assert "email" in {sent.channel for sent in found(world)[1].sent}
    assert found(world) == expected(world)


def test_a_clock_that_runs_out_counts_at_its_instant_though_nobody_has_noticed(world):
    world.fires()
    world.acknowledges(1)
    of(world).digest_open()
    world.now = T0 + timedelta(seconds=3599, microseconds=999_999)
    assert (live(world), found(world)) == ([1], expected(world)), "reminders are overdue, since nobody was there"
    assert found(world)[1].lives[0].clocks[1].breached_at is None
    world.now = T0 + timedelta(seconds=3600)
    assert world.store.timeline(1)[-1]["event"] != "sla_breached"
    assert found(world)[1].lives[0].clocks[1].breached_at == int(world.now.timestamp() * 1000)
    assert found(world) == expected(world)


def test_a_breach_that_was_noticed_stands_under_the_day_of_its_deadline(world):
    world.fires()
    world.says(1, Snooze("user2", "api", until=T0 + timedelta(hours=13, minutes=30)))
    of(world).digest_open()
    assert written(world, "2026-11-24") == []
    world.passes(DAY)
    of(world).digest_open()
    assert 1 in written(world, "2026-11-24"), "the clocks stood still for thirteen hours and a half"
    assert oracle.given(of(world), TUESDAY, FAR) == expected(world)


def test_what_is_resolved_and_what_comes_back_is_marked_in_one_place_only(world):
    world.fires()
    world.clears()
    assert (world.client.zcard("rung:changed"), world.client.zcard("rung:undigested")) == (0, 1)
    world.passes(60)
    world.fires()
    assert (world.client.zcard("rung:changed"), world.client.zcard("rung:undigested")) == (1, 0)
    assert found(world) == expected(world)


def test_a_window_that_saw_nothing_of_what_is_open_reads_nothing_of_it(world):
    world.fires("a", "low")
    world.passes(3 * DAY)
    of(world).digest_open()
    assert oracle.given(of(world), TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2)) == {}
    assert set(oracle.given(of(world), MONDAY, TUESDAY)) == {1}


def test_of_two_that_write_at_once_the_one_who_read_too_early_writes_nothing(world, monkeypatch):
    world.fires()
    slow = of(world)
    read = slow._read

    def read_and_dawdle(ids, now):
        rows = list(read(ids, now))
        if world.client.hget("rung:alert:1", "s") == b"pending":
            world.acknowledges(1)
            assert of(world).digest_open() == 1
            world.says(1, Update("user2", "api", note="and again"))
        return rows

    monkeypatch.setattr(slow, "_read", read_and_dawdle)
    slow.digest_open()
    assert live(world) == [1], "its last change is not in any row yet"
    assert found(world) == expected(world)


def test_one_that_is_resolved_while_its_row_is_made_is_not_written_as_open(world, monkeypatch):
    world.fires()
    slow = of(world)
    read = slow._read

    def read_and_dawdle(ids, now):
        rows = list(read(ids, now))
        if world.alert(1).is_open:
            world.clears()
        return rows

    monkeypatch.setattr(slow, "_read", read_and_dawdle)
    slow.digest_open()
    assert written(world) == []
    digest(of(world))
    assert found(world)[1].lives[0].resolved_by == "generic"


def test_alerts_of_a_rung_that_marked_none_are_read_live_and_then_written(world):
    for key in "ab":
        world.fires(key)
    world.client.delete("rung:changed", "rung:facts_as")
    assert (live(world), set(found(world))) == ([1, 2], {1, 2})
    assert of(world).digest_open() == 2
    assert (live(world), found(world)) == ([], expected(world))


def test_a_change_meanwhile_is_not_lost_when_all_are_marked(world):
    world.fires("a")
    world.fires("b")
    of(world).digest_open()
    world.acknowledges(2)
    mark = world.client.zscore("rung:changed", 2)
    world.client.delete("rung:facts_as")
    of(world)._mark_all_unless_written_alike()
    assert (world.client.zscore("rung:changed", 2), world.client.zscore("rung:changed", 1)) == (mark, -1)


def test_labels_that_the_config_names_from_now_on_count_at_once_of_what_is_open(world):
    world.fires(labels={"team": "shop", "host": "db1"})
    of(world).digest_open()
    other = of(world, labels=("host",))
    assert oracle.given(other, MONDAY, FAR)[1].labels == {"host": "db1"}
    assert found(world)[1].labels == {"team": "shop"}
    assert other.digest_open() == 1
    assert json.loads(world.client.hget("rung:facts:2026-11-23", "1"))[6] == {"host": "db1"}


def test_a_record_nobody_can_read_holds_up_nobody(world, caplog):
    for key in "ab":
        world.fires(key)
    world.client.hset("rung:alert:1", "d", "{broken")
    assert of(world).digest_open() == 2
    assert written(world) == [2]
    assert "alert 1 cannot be read and is left out of reports" in caplog.text
    assert of(world).digest_open() == 0


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "{",
        "5",
        "[]",
        '{"state": "sent", "settled_at": 5}',
        '{"state": "sent", "settled_at": "2026-11-23T10:00:00Z"}',
    ],
)
def test_an_entry_of_the_ledger_nobody_can_read_costs_its_own_alert_only(world, caplog, entry):
    for key in "ab":
        world.fires(key)
    world.client.hset("rung:ledger:1", "2/user2/sms", entry)
    assert set(found(world)) == {2}
    assert of(world).digest_open() == 2
    assert set(found(world)) == {2}
    assert "alert 1 cannot be read and is left out of reports" in caplog.text


def test_more_than_are_read_at_once_are_all_written(world):
    for number in range(450):
        world.engine.receive("generic", [_low(f"k{number}")])
    assert of(world).digest_open() == 450
    assert (live(world), len(found(world))) == ([], 450)


def test_whoever_is_told_to_stop_writes_no_more_than_is_read_at_once_and_the_next_goes_on(world):
    for number in range(450):
        world.engine.receive("generic", [_low(f"k{number}")])
    assert of(world).digest_open(iter([False, True]).__next__) == 200
    assert (len(live(world)), len(found(world))) == (250, 450)
    assert of(world).digest_open() == 250


def _low(key):
    return signal(key, "low")


KEYS = st.sampled_from("ab")
ALERTS = st.integers(1, 3)
GAPS = st.sampled_from([0, 1, 299, 300, 301, 3_300, 3_600, 20_000]) | st.integers(0, 90_000)
STEPS = st.one_of(
    st.tuples(st.just("fires"), KEYS, st.sampled_from(["critical", "high", "medium"])),
    st.tuples(st.just("clears"), KEYS),
    st.tuples(st.just("passes"), GAPS),
    st.tuples(st.just("passes unseen"), GAPS),
    st.tuples(st.just("writes"), st.sampled_from(["open", "over"])),
    st.tuples(st.just("fails"), st.sampled_from(["slack", "mailtos", "nothing any more"])),
    st.tuples(st.just("hears of"), ALERTS, st.sampled_from([LOST, ARRIVED])),
    st.tuples(st.just("says"), ALERTS, st.sampled_from([Acknowledge, Update, Resolve, Escalate])),
    st.tuples(st.just("snoozes"), ALERTS, GAPS),
    st.tuples(st.just("silences"), ALERTS, st.none() | GAPS),
    st.tuples(st.just("ends the silence"), ALERTS),
)


class Story:
    """A world that is told what happens."""

    def __init__(self, client):
        client.flushall()
        self.world = World(client, CONFIG)

    def goes_on(self, what, *rest):
        world = self.world
        match what:
            case "fires":
                world.fires(*rest)
            case "clears":
                world.clears(*rest)
            case "passes":
                world.passes(*rest)
            case "passes unseen":
                world.now += timedelta(seconds=rest[0])
            case "writes":
                of(world).digest_open() if rest == ("open",) else digest(of(world))
            case "hears of":
                self._hears_of(*rest)
            case "fails":
                world.sender.outcomes = {rest[0]: Outcome(OutcomeKind.UNAVAILABLE, "refused")}
            case _:
                self._is_told(what, *rest)

    def _hears_of(self, alert_id, receipt):
        for key, entry in self.world.entries(alert_id).items():
            if key.channel == "sms":
                self.world.receipts.take(key, replace(receipt, provider_id=entry.provider_id or "p-1"))

    def _is_told(self, what, alert_id, *rest):
        until = self.world.now + timedelta(seconds=1 + rest[0]) if rest and isinstance(rest[0], int) else None
        commands = {
            "says": lambda: rest[0]("user2", "api"),
            "snoozes": lambda: Snooze("user2", "api", until=until),
            "silences": lambda: Suppress("work", until),
            "ends the silence": lambda: Unsuppress("it is over"),
        }
        if self.world.client.exists(f"rung:alert:{alert_id}"):
            with contextlib.suppress(RefusedError):
                self.world.says(alert_id, commands[what]())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=3, max_size=14))
@example([("fires", "a", "critical"), ("writes", "open"), ("passes unseen", 300), ("says", 1, Acknowledge)])
@example([("fires", "a", "critical"), ("writes", "open"), ("hears of", 1, LOST)])
@example([("fires", "a", "high"), ("silences", 1, None), ("writes", "open"), ("passes", 90_000), ("passes unseen", 9)])
def test_whatever_happens_and_whenever_rows_are_written_a_report_is_given_what_is_true(client, steps):
    story = Story(client)
    for step in steps:
        story.goes_on(*step)
        assert found(story.world) == expected(story.world), step
