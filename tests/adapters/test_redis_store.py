"""The store against a real Redis: what it promises about commits, tried to be broken."""

import json
import threading
import time
from datetime import timedelta

import pytest
import redis

from core.adapters.jobs import RungJob
from core.adapters.redis_client import connect
from core.adapters.redis_ledger import RedisLedger
from core.adapters.redis_store import RedisStore
from core.commands import Acknowledge, Resolve, Snooze, Wake
from core.engine import Engine, NoSuchAlertError, RefusedError
from core.lifecycle import decide, trigger
from core.reception import Offer, change_for
from core.store import Change, Filter, Identity, StoreUnavailableError, UnreadableRecordError
from core.times import from_epoch
from tests.samples import RULES, T0, at, cleared, firing, signal
from tests.worlds import World, scheduled

SNOOZE = Snooze("user1", "api", until=at(9000))


@pytest.fixture
def world(client):
    return World(client)


@pytest.fixture
def live(client):
    return Engine(RedisStore(client), RULES)


_READ = {
    b"string": redis.Redis.get,
    b"hash": redis.Redis.hgetall,
    b"set": redis.Redis.smembers,
    b"list": lambda client, key: client.lrange(key, 0, -1),
    b"zset": lambda client, key: client.zrange(key, 0, -1, withscores=True),
}


def everything(client: redis.Redis) -> dict[bytes, object]:
    return {key: _READ[client.type(key)](client, key) for key in client.scan_iter()}


def new_change(store: RedisStore, key: str = "k") -> Change:
    identity = Identity("generic", key)
    snapshot = store.look_up([identity])
    return Change(trigger(snapshot.first_id, firing(), snapshot.now, RULES), None, identity)


def answer(store: RedisStore, alert_id: int, command) -> Change:
    snapshot = store.look_up([], [alert_id])
    return Change(decide(snapshot.stored[0].alert, command, snapshot.now, RULES), snapshot.stored[0])


def together(*actions):
    """Run all at once, in a thread each; what one raises is raised here."""
    barrier, errors = threading.Barrier(len(actions)), []

    def run(action):
        barrier.wait()
        try:
            action()
        except Exception as error:  # noqa: BLE001 - handed to the test
            errors.append(error)

    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def fill_up(client: redis.Redis) -> None:
    """Leave the server no room for another write."""
    client.config_set("maxmemory", 1)


def test_of_two_decisions_about_one_version_one_wins(world):
    alert = world.fires()
    mine, theirs = (answer(world.store, alert, Acknowledge(by, "api")) for by in ("user1", "user2"))
    assert world.store.commit([mine]) == [True]
    assert world.store.commit([theirs]) == [False]
    assert world.alert(alert).acknowledged_by == "user1"
    assert [e["by"] for e in world.store.timeline(alert) if e["event"] == "acknowledged"] == ["user1"]


def test_the_loser_decides_again_about_what_the_winner_left(world, monkeypatch):
    """Between the look and the commit somebody else acknowledges: the second is refused, not written over."""
    alert = world.fires()
    look_up, looks = world.store.look_up, []

    def look_up_and_be_late(identities, ids=()):
        snapshot = look_up(identities, ids)
        looks.append(snapshot)
        if len(looks) == 1:
            Engine(RedisStore(world.client, world.clock), RULES).act(alert, Acknowledge("user1", "api"))
        return snapshot

    monkeypatch.setattr(world.store, "look_up", look_up_and_be_late)
    with pytest.raises(RefusedError, match="was acknowledged by user1"):
        world.engine.act(alert, Acknowledge("user2", "api"))
    assert len(looks) == 2
    assert world.alert(alert).acknowledged_by == "user1"


def test_many_at_once_acknowledge_and_exactly_one_has_it(live):
    alert = live.receive("generic", [signal()])[0].alert_id
    names = [f"user{n}" for n in range(8)]
    errors = together(*[lambda by=by: live.act(alert, Acknowledge(by, "api")) for by in names])
    assert [type(error) for error in errors] == [RefusedError] * 7
    taken = [e["by"] for e in live.store.timeline(alert) if e["event"] == "acknowledged"]
    assert taken == [live.alert(alert)[0].acknowledged_by]


def test_a_commit_whose_reply_was_lost_and_that_is_sent_again_counts_once(world, monkeypatch):
    commit = world.store._commit

    def lose_the_first_reply(args):
        first = commit(args=args)
        assert commit(args=args) == first == [1] * args[3]
        return first

    monkeypatch.setattr(world.store, "_commit", lose_the_first_reply)
    assert world.receive(signal("a"), signal("b")) == ["triggered", "triggered"]
    world.engine.act(1, Acknowledge("user2", "api"))
    world.receive(signal("a"))
    events = [e["event"] for e in world.store.timeline(1)]
    assert [events.count(e) for e in ("routed", "triggered", "acknowledged", "counted")] == [1, 1, 1, 1]
    assert world.alert(1).count == 2
    assert len(world.entries(1)) == 3
    assert world.client.llen("rq:queue:notify") == 1


def test_a_commit_sent_again_after_others_have_changed_the_alert_is_not_done_twice(world):
    """The reply is lost, and before the repeat arrives somebody else has answered."""
    alert = world.fires()
    mine = answer(world.store, alert, SNOOZE)
    calls, real = [], world.store._commit

    def keep(args):
        calls.append(args)
        return real(args=args)

    world.store._commit = keep
    assert world.store.commit([mine]) == [True]
    world.engine.act(alert, Resolve("user1", "api"))
    before = everything(world.client)
    assert real(args=calls[0]) == [1]
    assert everything(world.client) == before
    assert not world.alert(alert).is_open


def test_in_one_commit_those_that_match_are_written_and_those_that_do_not_are_named(world):
    world.receive(signal("a"), signal("b"), signal("c"))
    changes = [answer(world.store, n, Acknowledge("user1", "api")) for n in (1, 2, 3)]
    world.engine.act(2, Resolve("user9", "api"))
    assert world.store.commit(changes) == [True, False, True]
    assert [world.alert(n).status.value for n in (1, 2, 3)] == ["acknowledged", "resolved", "acknowledged"]


def test_a_large_commit_is_made_in_parts_so_that_redis_has_time_for_others(world):
    offers = [Offer.of("generic", signal(f"k{n}"), RULES) for n in range(501)]
    found = world.store.look_up([offer.identity for offer in offers])
    changes = [change_for(offer, None, found.first_id + n, found.now, RULES) for n, offer in enumerate(offers)]
    assert world.store.commit([changes[0], changes[500]]) == [True, True]
    before = world.client.info("commandstats")["cmdstat_evalsha"]["calls"]
    assert world.store.commit(changes) == [False, *[True] * 499, False]
    assert world.client.info("commandstats")["cmdstat_evalsha"]["calls"] - before == 3


def test_fifty_signals_of_one_key_from_two_threads_are_one_alert_and_counted_exactly(live):
    results: list[str] = []

    def fire():
        for _ in range(25):
            results.extend(each.result for each in live.receive("generic", [signal("same")]))

    assert together(fire, fire) == []
    (alert,) = live.store.find(Filter())
    assert alert.count == 50
    assert sorted(results) == ["counted"] * 49 + ["triggered"]
    assert [e["event"] for e in live.store.timeline(alert.id)].count("triggered") == 1


def test_ids_are_unique_and_small_and_may_have_gaps(live, client):
    def fire(name):
        for number in range(20):
            live.receive("generic", [signal(f"{name}-{number}-{k}") for k in range(5)])

    assert together(*[lambda name=name: fire(name) for name in "abc"]) == []
    ids = [int(alert_id) for alert_id in client.zrange("rung:open", 0, -1)]
    assert len(ids) == len(set(ids)) == 300
    assert max(ids) <= 300
    live.store.look_up([Identity("generic", "never committed")])
    assert live.receive("generic", [signal("next")])[0].alert_id == 302


def test_a_body_with_known_and_unknown_keys_gives_each_its_own_alert(world):
    world.receive(signal("b"))
    received = world.engine.receive("generic", [signal("a"), signal("b"), signal("c"), signal("a"), cleared("c")])
    assert [each.result for each in received] == ["triggered", "counted", "triggered", "counted", "resolved"]
    ids = [each.alert_id for each in received]
    assert ids[1] == 1
    assert ids[0] == ids[3]
    assert ids[2] == ids[4]
    assert len(set(ids)) == 3


def test_two_sources_may_use_the_same_key(world):
    assert world.fires("k", source="generic") != world.fires("k", source="grafana")
    assert world.client.hlen("rung:dedup") == 2


def test_a_key_that_holds_half_a_character_can_still_be_told_apart(world):
    assert Identity("generic", "\ud800").digest != Identity("generic", "\udfff").digest
    assert Identity("a", "b").digest != Identity("a\0b", "").digest


def test_an_open_alert_has_exactly_one_timer_and_the_predecessor_is_gone(world):
    alert = world.fires()
    assert scheduled(world.client) == [b"escalate-1-1"]
    world.passes(700)
    assert scheduled(world.client) == [b"escalate-1-2"]
    assert list(world.client.scan_iter("rq:job:escalate-*")) == [b"rq:job:escalate-1-2"]
    world.acknowledges(alert)
    assert scheduled(world.client) == []
    assert list(world.client.scan_iter("rq:job:escalate-*")) == []
    world.engine.act(alert, SNOOZE)
    assert world.client.zscore("rq:scheduler:scheduled_jobs", scheduled(world.client)[0]) == at(9000).timestamp()


def test_a_signal_that_is_only_counted_keeps_the_timer_as_it_is(world):
    world.fires()
    before = {key: value for key, value in everything(world.client).items() if b"escalate" in key or b"wake" in key}
    assert len(before) == 2
    world.now += timedelta(seconds=30)
    world.fires()
    after = everything(world.client)
    assert {key: after.get(key) for key in before} == before


def test_the_timer_is_a_job_that_rq_itself_can_read(world):
    world.fires()
    job = RungJob.fetch("escalate-1-1", connection=world.client)
    assert (job.func_name, job.args, job.kwargs) == ("schedules.escalate.escalate", [1, 1], {})
    assert job.origin == "escalate"
    assert job.get_status() == "scheduled"
    assert job.created_at.replace(tzinfo=None) == T0.replace(tzinfo=None)
    assert job.description == "alert 1: level 2 (secondary) at 2026-11-23T10:10:00Z"


def test_the_job_that_empties_the_outbox_is_one_that_rq_can_read(world):
    world.receive(signal())
    (job_id,) = world.client.lrange("rq:queue:notify", 0, -1)
    job = RungJob.fetch(job_id.decode(), connection=world.client)
    assert (job.func_name, job.args, job.kwargs) == ("schedules.notify.notify", [], {})
    assert job.is_queued


def test_what_is_to_wake_an_alert_stands_at_its_wake_at(world):
    alert = world.fires()
    for command in (None, Acknowledge("user1", "api"), SNOOZE, Resolve("user1", "api")):
        if command:
            world.engine.act(alert, command)
        wake_at = world.alert(alert).wake_at
        assert world.client.zscore("rung:wake", alert) == (wake_at.timestamp() if wake_at else None)


def test_an_alert_stands_in_the_index_of_its_state_and_in_no_other(world):
    alert = world.fires()
    assert (world.client.zcard("rung:open"), world.client.zcard("rung:closed")) == (1, 0)
    world.engine.act(alert, Resolve("user1", "api"))
    assert (world.client.zcard("rung:open"), world.client.zcard("rung:closed")) == (0, 1)
    world.now += timedelta(seconds=10)
    world.fires()
    assert world.alert(alert).is_open
    assert (world.client.zcard("rung:open"), world.client.zcard("rung:closed")) == (1, 0)


def test_a_key_that_points_to_an_alert_that_vanished_is_free_again(world):
    gone = world.fires("k")
    world.client.delete(f"rung:alert:{gone}")
    assert world.receive(signal("k")) == ["triggered"]
    assert world.client.zscore("rung:open", gone + 1) == gone + 1


def test_a_clear_for_an_alert_that_vanished_is_ignored(world):
    world.client.delete(f"rung:alert:{world.fires('k')}")
    assert world.receive(cleared("k")) == ["ignored"]


def test_an_alert_that_vanished_does_not_wake_anybody(world):
    world.client.delete(f"rung:alert:{world.fires()}")
    world.now += timedelta(hours=1)
    world.engine.drain()
    assert world.client.zcard("rung:wake") == 0
    world.engine.wake(1)
    with pytest.raises(NoSuchAlertError):
        world.engine.act(1, Wake())


@pytest.mark.parametrize(
    "record",
    [
        '{"record_version":2,"id":1,"newer":true}',
        '{"record_version":1,"id":1}',
        "{}",
        "[]",
        "null",
        "\x80not even text",
        "",
    ],
)
def test_a_record_that_cannot_be_read_does_not_hold_up_the_others(world, record):
    world.receive(signal("newer"), signal("ours"))
    world.client.hset("rung:alert:1", "d", record)
    world.now += timedelta(seconds=700)
    world.engine.drain()
    assert world.alert(2).level == 1
    assert world.store.due(0.0, 10) == []
    assert world.client.zscore("rung:wake", 1) == world.now.timestamp() + 60
    with pytest.raises(UnreadableRecordError, match="the record of alert 1 cannot be read"):
        world.engine.alert(1)


def test_a_record_that_lost_its_text_does_not_hold_up_the_others(world):
    world.receive(signal("broken"), signal("ours"))
    world.client.hdel("rung:alert:1", "d")
    world.now += timedelta(seconds=700)
    world.engine.drain()
    assert world.alert(2).level == 1


def test_a_record_that_a_newer_rung_wrote_is_left_as_it_is_and_says_so(world):
    world.fires()
    newer = json.dumps(json.loads(world.client.hget("rung:alert:1", "d")) | {"record_version": 2})
    world.client.hset("rung:alert:1", "d", newer)
    with pytest.raises(UnreadableRecordError, match="newer Rung"):
        world.acknowledges(1)
    assert world.client.hget("rung:alert:1", "d").decode() == newer


def test_a_listing_shows_the_alerts_that_can_be_read(world):
    world.receive(signal("a"), signal("b"), signal("c"))
    world.client.hset("rung:alert:2", "d", '{"record_version":2}')
    assert [alert.id for alert in world.store.find(Filter())] == [3, 1]


def test_a_wake_up_that_has_nothing_to_do_ends_and_is_put_right(world):
    """An index that disagrees with its alert (restored by hand, say) must not keep every worker busy for ever."""
    alert = world.fires()
    world.acknowledges(alert)
    world.client.zadd("rung:wake", {str(alert): world.now.timestamp() - 10})
    assert world.engine.drain() < 10
    assert world.client.zscore("rung:wake", alert) is None


def test_listing_goes_page_by_page_newest_first_without_a_gap_or_a_double(world):
    world.receive(*[signal(f"k{n}", "critical" if n % 2 else "low") for n in range(230)])
    seen: list[int] = []
    after = None
    while page := world.store.find(Filter(limit=60, after=after)):
        seen += [alert.id for alert in page]
        after = page[-1].id
    assert seen == list(range(230, 0, -1))
    assert len(world.store.find(Filter(severities=frozenset({"low"}), limit=500))) == 115


def test_what_was_rejected_is_kept_up_to_a_number(world):
    for number in range(1005):
        world.store.keep_rejected({"body": str(number)})
    assert world.client.llen("rung:rejected") == 1000
    newest = json.loads(world.client.lindex("rung:rejected", 0))
    assert newest == {"id": 1005, "at": "2026-11-23T10:00:00Z", "body": "1004"}


def test_what_was_rejected_is_given_newest_first_and_one_can_be_dropped(world):
    for number in range(250):
        world.store.keep_rejected({"body": f'"ä" {number}', "items": [1, 2], "none": None})
    records = list(world.store.rejected())
    assert [record["id"] for record in records] == list(range(250, 0, -1))
    for _ in range(2):
        world.store.drop_rejected(records[7])
    assert [record["id"] for record in world.store.rejected()] == [n for n in range(250, 0, -1) if n != 243]


def test_text_of_any_kind_comes_back_as_it_went_in(world):
    text = "Ärger \U0001f525 \x00 \x1b[31m \u2028 ' \" \\ \\u0041 ]] %s 日本"
    world.engine.receive("generic", [signal("k", title=text, description=text * 3, labels={text: text})])
    world.engine.act(1, Acknowledge("user1", "api", note=text))
    alert = world.alert(1)
    assert (alert.title, alert.description, alert.labels) == (text, text * 3, {text: text})
    assert world.store.timeline(1)[-1]["note"] == text


def test_redis_tells_the_time(live, client):
    seconds, micros = client.time()
    _, now = live.alert(live.receive("generic", [signal()])[0].alert_id)
    assert abs(now - from_epoch(seconds + micros / 1e6)) < timedelta(seconds=2)


def test_without_redis_every_call_says_so_within_seconds(own_server):
    client = connect(own_server.url)
    engine, ledger = Engine(RedisStore(client), RULES), RedisLedger(client)
    engine.receive("generic", [signal()])
    own_server.kill()
    for call in (
        lambda: engine.receive("generic", [signal("other")]),
        lambda: engine.act(1, Acknowledge("user1", "api")),
        lambda: engine.alert(1),
        engine.drain,
        lambda: engine.store.find(Filter()),
        lambda: engine.store.keep_rejected({}),
        lambda: ledger.claim(1, 1, {}),
        lambda: ledger.entries(1),
    ):
        started = time.monotonic()
        with pytest.raises(StoreUnavailableError, match="Redis is out of reach"):
            call()
        assert time.monotonic() - started < 3


def test_a_redis_that_was_killed_and_comes_back_has_everything_and_goes_on(own_server):
    client = connect(own_server.url)
    engine = Engine(RedisStore(client), RULES)
    engine.receive("generic", [signal("a"), signal("b")])
    engine.act(1, Acknowledge("user1", "api"))
    before = everything(client)
    own_server.kill()
    with pytest.raises(StoreUnavailableError):
        engine.receive("generic", [signal("c")])
    own_server.start()
    assert everything(client) == before
    assert engine.receive("generic", [signal("b")])[0].result == "counted"
    assert engine.receive("generic", [signal("c")])[0].result == "triggered"


def test_a_redis_that_is_killed_in_the_middle_of_it_leaves_no_half_alert(own_server):
    """Alerts come in while it dies: each that was answered for is whole, and none is there in part."""
    client = connect(own_server.url)
    engine, safe = Engine(RedisStore(client), RULES), []
    enough = threading.Event()

    def fire():
        for number in range(100_000):
            try:
                safe.append(engine.receive("generic", [signal(f"k{number}")])[0].alert_id)
            except StoreUnavailableError:
                return
            if number == 100:
                enough.set()

    thread = threading.Thread(target=fire)
    thread.start()
    assert enough.wait(20)
    own_server.kill()
    thread.join()
    own_server.start()
    present = {int(key.rsplit(b":", 1)[1]) for key in client.scan_iter("rung:alert:*")}
    assert set(safe) <= present
    for alert_id in present:
        assert client.zscore("rung:wake", alert_id)
        assert client.zscore("rung:open", alert_id)
        assert client.exists(f"rq:job:escalate-{alert_id}-1", f"rung:timeline:{alert_id}") == 2
        assert client.hlen(f"rung:ledger:{alert_id}") == 3


def test_a_redis_that_is_full_refuses_and_nothing_is_half_written(own_server):
    client = connect(own_server.url)
    engine = Engine(RedisStore(client), RULES)
    engine.receive("generic", [signal("a"), signal("b")])
    before = everything(client)
    fill_up(client)
    for attempt in (
        lambda: engine.receive("generic", [signal("c"), signal("d")]),
        lambda: engine.receive("generic", [signal("a")]),
        lambda: engine.act(1, Acknowledge("user1", "api")),
        lambda: engine.act(2, Resolve("user1", "api")),
        lambda: engine.store.keep_rejected({"body": "x"}),
    ):
        with pytest.raises(StoreUnavailableError, match="refuses to write"):
            attempt()
    assert everything(client) == before
    client.config_set("maxmemory", 0)
    assert engine.act(1, Acknowledge("user1", "api")).acknowledged_by == "user1"


def test_a_server_that_forgot_the_scripts_is_given_them_again(world):
    world.fires("a")
    world.client.script_flush()
    assert world.receive(signal("b")) == ["triggered"]
