"""Standing orders in a real Redis: written with their event at once, read again by others, forgotten in time."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.adapters.redis_client import connect
from core.adapters.redis_standing import OVERRIDES, SILENCES, VERSION, RedisStanding
from core.override_orders import NoSuchOverrideError, Orderer, added, ended
from core.store import StoreUnavailableError
from schedules.forget import forget_orders
from tests.apps import App
from tests.duties import override
from tests.samples import T0, at
from tests.worlds import World

ADA = Orderer("ada", "api", T0)


@pytest.fixture
def standing(client):
    return RedisStanding(client)


def made(number="7", **fields):
    return override("vp", "2026-11-23T10:00", "2026-11-23T18:00", id=number, **fields)


def add(standing, *overrides, orderer=ADA):
    return standing.order(lambda _: added(overrides, orderer))


def end(standing, number, seconds=600):
    orderer = Orderer("bob", "page", at(seconds))
    return standing.order(lambda found: ended(found, number, orderer))


def kinds(standing, rotation="oncall"):
    return [(each["event"], [o["id"] for o in each["overrides"]]) for each in standing.timeline(rotation)]


def test_what_is_ordered_stands_and_has_its_event_under_a_new_version(standing):
    before = standing.read().version
    orders = add(standing, made("1"), made("2"))
    assert standing.read().version == before + 1
    assert {each.id for each in standing.read().overrides} == {"1", "2"}
    assert standing.timeline("oncall") == [orders.event]
    assert standing.timeline("another") == []


def test_what_ended_stays_and_what_was_taken_back_is_gone(standing):
    add(standing, made("1"))
    add(standing, override("vp", "2026-11-24T10:00", "2026-11-24T18:00", id="2"))
    for number in ("1", "2"):
        end(standing, number)
    [left] = standing.read().overrides
    assert (left.id, left.ends_at) == ("1", at(600))
    assert kinds(standing) == [
        ("override_added", ["1"]),
        ("override_added", ["2"]),
        ("override_ended", ["1"]),
        ("override_removed", ["2"]),
    ]


def test_a_decision_is_made_again_when_somebody_was_quicker(standing, client):
    add(standing, made("1"))
    others = RedisStanding(client)
    seen = []

    def decide(found):
        seen.append([each.id for each in found.overrides])
        if len(seen) == 1:
            others.remove(found.overrides[0])
        return ended(found, "1", ADA)

    with pytest.raises(NoSuchOverrideError):
        standing.order(decide)
    assert seen == [["1"], []]
    assert standing.read().overrides == ()
    assert kinds(standing) == [("override_added", ["1"])], "nothing of the first decision was written"


def test_orders_of_many_at_once_are_all_kept(standing, redis_server):
    def order(number):
        client = connect(redis_server.url)
        add(RedisStanding(client), made(str(number)))
        client.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(order, range(24)))
    assert {each.id for each in standing.read().overrides} == {str(number) for number in range(24)}
    assert len(standing.timeline("oncall")) == 24
    assert standing.read().version == 24


def test_an_order_sent_again_because_the_reply_was_lost_is_one_event(standing):
    for _ in range(2):
        add(standing, made("1"))
        add(standing, made("2"))
    assert sorted(kinds(standing)) == [("override_added", ["1"]), ("override_added", ["2"])]


def test_a_timeline_keeps_the_last_thousand(standing, client):
    client.rpush("rung:rotation:oncall", *[b'{"event": "old"}'] * 1000)
    add(standing, made("1"))
    events = standing.timeline("oncall")
    assert (len(events), events[0]["event"], events[-1]["event"]) == (1000, "old", "override_added")


def test_while_redis_is_away_orders_are_refused(tmp_path):
    client = redis.Redis.from_url(f"unix://{tmp_path}/nothing.sock", retry=Retry(NoBackoff(), 0))
    away = RedisStanding(client)
    for call in (lambda: add(away, made()), lambda: away.timeline("oncall")):
        with pytest.raises(StoreUnavailableError):
            call()


def test_what_ended_is_kept_as_long_as_resolved_alerts_and_then_forgotten(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, retention={"resolved": "10d"})
    standing = app.rung.standing
    add(
        standing,
        made("1"),
        made("2", rotation="another"),
        override("vp", "2026-11-25T00:00", "2026-11-26T00:00", id="3"),
    )
    app.now = made().ends_at + timedelta(days=10)
    assert forget_orders(app.rung) == 0
    app.now += timedelta(seconds=1)
    assert forget_orders(app.rung) == 2
    assert [each.id for each in standing.read().overrides] == ["3"]
    assert len(kinds(standing)) == 1, "what was ordered stays in the timeline"
    app.redis.close()


SILENCE = {
    "record_version": 1,
    "id": 1,
    "everything": True,
    "from": "2026-11-23T09:00:00Z",
    "to": "2026-11-23T12:00:00Z",
    "by": "ada",
    "created_at": "2026-11-23T09:00:00Z",
}
NO_DATE_IN_UTC = "9999-12-31T23:59:59-10:00"
TOO_DEEP = "[" * 100_000


def damaged(record, **fields):
    return json.dumps(json.loads(record) | fields)


@pytest.mark.parametrize(
    ("key", "record"),
    [
        (SILENCES, json.dumps(SILENCE | {"to": NO_DATE_IN_UTC})),
        (SILENCES, TOO_DEEP),
        (OVERRIDES, damaged(made().dump(), ends_at=NO_DATE_IN_UTC)),
        (OVERRIDES, damaged(made().dump(), record_version=1.0)),
        (OVERRIDES, damaged(made().dump(), member=5)),
        (OVERRIDES, damaged(made().dump(), member={"name": "vp"})),
        (OVERRIDES, damaged(made().dump(), member="\ud800")),
        (OVERRIDES, TOO_DEEP),
    ],
)
def test_a_damaged_order_stops_no_page(client, key, record):
    world = World(client)
    client.hset(key, "7", record.replace('"oncall"', '"oncall_primary"'))
    client.incr(VERSION)
    assert set(world.ledger_of(world.fires()).values()) == {"sent"}


def test_a_silence_until_the_end_of_time_does_not_stop_forgetting(standing, client):
    client.hset(SILENCES, "1", json.dumps(SILENCE | {"to": "9999-12-31T23:59:59Z"}))
    add(standing, made("2"))
    assert standing.forget(made().ends_at + timedelta(days=2), timedelta(days=1)) == 1
    assert [each.id for each in standing.read().silences] == [1]
