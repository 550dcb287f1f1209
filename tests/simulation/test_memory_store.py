"""The store in memory keeps the promises of AlertStore: each test runs on it and on the store that runs live."""

from datetime import timedelta

import pytest

from core.adapters.redis_store import RedisStore
from core.commands import Acknowledge, PagesFailed, Resolve, Snooze, Wake
from core.lifecycle import decide, trigger
from core.reception import Offer, change_for
from core.simulation.memory import MemoryStore
from core.store import Change, Filter, Identity
from tests.samples import RULES, T0, at, firing, signal


class Clock:
    """The instant of a test, which moves when it says so."""

    def __init__(self):
        self.now = T0

    def passes(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["memory", "redis"])
def store(request, clock):
    if request.param == "memory":
        return MemoryStore(lambda: clock.now, lambda _alert, _notification: None)
    client = request.getfixturevalue("client")
    return RedisStore(client, lambda: repr(clock.now.timestamp()))


def change_of_new(store, key="k", severity="critical"):
    identity = Identity("generic", key)
    snapshot = store.look_up([identity])
    return Change(trigger(snapshot.first_id, firing(severity), snapshot.now, RULES), None, identity)


def raised(store, key="k", severity="critical"):
    """Raise an alert and give its id."""
    offer = Offer.of("generic", signal(key, severity), RULES)
    snapshot = store.look_up([offer.identity])
    change = change_for(offer, snapshot.stored[0], snapshot.first_id, snapshot.now, RULES)
    assert store.commit([change]) == [True]
    return change.decision.alert.id


def answer(store, alert_id, command, **fields):
    stored = store.look_up([], [alert_id]).stored[0]
    return Change(decide(stored.alert, command, store.look_up([]).now, RULES), stored, **fields)


def test_ids_are_given_to_new_alerts_only_and_never_twice(store):
    assert [raised(store, "a"), raised(store, "b")] == [1, 2]
    snapshot = store.look_up([Identity("generic", "a"), Identity("generic", "c"), Identity("generic", "b")])
    assert (snapshot.first_id, [each and each.alert.id for each in snapshot.stored]) == (3, [1, None, 2])
    assert store.look_up([Identity("generic", "d")], spare_ids=2).first_id == 4
    assert store.look_up([Identity("generic", "e")]).first_id == 7


def test_for_a_resolved_alert_an_id_is_kept_ready(store):
    number = raised(store)
    store.commit([answer(store, number, Resolve("user1", "api"), key_until=at(900), keep_until=at(9000))])
    assert store.look_up([Identity("generic", "k")]).first_id == 2
    assert store.look_up([Identity("generic", "x")]).first_id == 3


def test_what_was_changed_meanwhile_is_not_written(store):
    number = raised(store)
    first, second = (answer(store, number, Acknowledge(by, "api")) for by in ("user1", "user2"))
    assert store.commit([first]) == [True]
    assert store.commit([second]) == [False]
    assert store.look_up([], [number]).stored[0].alert.acknowledged_by == "user1"


def test_of_two_changes_of_one_alert_in_one_commit_one_is_written(store):
    number = raised(store)
    both = [answer(store, number, Acknowledge(by, "api")) for by in ("user1", "user2")]
    assert store.commit(both)[0]
    assert [event["by"] for event in store.timeline(number) if event["event"] == "acknowledged"] == ["user1"]


def test_an_alert_that_is_not_there_is_none(store):
    assert store.look_up([Identity("generic", "none")], [77]).stored == (None, None)


def test_what_is_due_is_given_earliest_first_each_once_and_stays_until_it_is_done(store, clock):
    late, early = raised(store, "late", "high"), raised(store, "early", "critical")
    for by in ("user1", "user2", "user1"):  # changes that leave the time as it was
        store.commit([answer(store, late, Snooze(by, "api", until=at(300)))])
        store.commit([answer(store, late, Snooze(by, "api", until=at(900)))])
    assert store.due(0, 10) == []
    clock.passes(900)
    assert store.due(0, 10) == [early, late]
    assert store.due(0, 1) == [early]
    assert store.due(300, 10) == [early]
    assert store.due(0, 10) == [early, late]
    store.commit([answer(store, early, Wake())])
    assert store.due(0, 10) == [late]


def test_what_is_answered_is_due_no_more(store, clock):
    number = raised(store)
    store.commit([answer(store, number, Resolve("user1", "api"), key_until=at(900), keep_until=at(9000))])
    clock.passes(9000)
    assert store.due(0, 10) == []


def test_what_is_postponed_is_due_so_much_later(store, clock):
    number = raised(store)
    clock.passes(600)
    store.postpone(number, 60)
    assert store.due(0, 10) == []
    clock.passes(60)
    assert store.due(0, 10) == [number]
    store.postpone(99, 1)
    clock.passes(5)
    assert store.due(0, 10) == [number]


def test_open_alerts_are_given_from_an_id_on_lowest_first(store):
    numbers = [raised(store, key) for key in "abcd"]
    store.commit([answer(store, numbers[1], Resolve("user1", "api"), key_until=at(9), keep_until=at(9))])
    assert store.open_ids(0, 10) == [1, 3, 4]
    assert store.open_ids(1, 1) == [3]
    assert store.open_ids(4, 10) == []


def test_alerts_are_found_newest_first_a_page_at_a_time(store):
    for key, severity in (("a", "critical"), ("b", "low"), ("c", "critical"), ("d", "high")):
        raised(store, key, severity)
    store.commit([answer(store, 3, Resolve("user1", "api"), key_until=at(9), keep_until=at(9))])
    found = [
        [alert.id for alert in store.find(wanted)]
        for wanted in (
            Filter(),
            Filter(limit=2),
            Filter(after=4),
            Filter(severities=frozenset({"critical"})),
            Filter(statuses=frozenset({"resolved"})),
        )
    ]
    assert found == [[4, 2, 1], [4, 2], [2, 1], [1], [3]]


def test_the_timeline_of_an_alert_is_its_own_oldest_first(store):
    first, second = raised(store, "a"), raised(store, "b")
    store.commit([answer(store, first, Acknowledge("user1", "api"))])
    assert [event["event"] for event in store.timeline(first)] == [
        "routed",
        "triggered",
        *["notified"] * 3,
        "acknowledged",
    ]
    assert [event["n"] for event in store.timeline(second)] == [1, 2, 3, 4, 5]
    assert store.timeline(99) == []


def test_an_alert_that_is_over_holds_its_key_as_long_as_it_says(store, clock):
    number = raised(store)
    store.commit([answer(store, number, Resolve("user1", "api"), key_until=at(300), keep_until=at(9000))])
    clock.passes(299)
    store.forget(10)
    assert store.look_up([Identity("generic", "k")]).stored[0].alert.id == number
    clock.passes(2)
    store.forget(10)
    assert store.look_up([Identity("generic", "k")]).stored == (None,)


def test_what_could_not_be_read_is_kept_newest_first_until_it_is_dropped(store):
    for word in ("one", "two"):
        store.keep_rejected({"at": "2026-11-23T10:00:00Z", "body": word})
    first, second = store.rejected()
    assert [(each["id"], each["body"]) for each in (first, second)] == [(2, "two"), (1, "one")]
    assert store.count_rejected() == 2
    store.drop_rejected(second)
    assert [each["body"] for each in store.rejected()] == ["two"]


def test_the_mark_that_every_page_failed_stays_until_it_is_dealt_with(clock):
    store = MemoryStore(lambda: clock.now, lambda _alert, _notification: None)
    number = raised(store)
    cause = store.alert(number).cause
    store.mark_failed(number, cause)
    store.mark_failed(number, cause - 1)  # an older one hides no newer one
    assert store.look_up([], [number]).stored[0].failed_cause == cause
    store.commit([answer(store, number, PagesFailed(cause))])
    assert store.look_up([], [number]).stored[0].failed_cause == cause
    clock.passes(600)
    store.commit([answer(store, number, Wake(), dealt_with=cause)])
    assert store.look_up([], [number]).stored[0].failed_cause is None
