"""The review against a real Redis: open alerts show what silences them, a little at a time, whoever dies."""

import json
from datetime import timedelta

import pytest

from core.adapters.redis_review import RedisReview
from core.commands import Acknowledge, Resolve
from core.config.matching import Match
from core.decision import Decision
from core.review import Mark, review
from core.rules import Rules
from core.silence_orders import Span, ended, new_silence
from core.store import Change
from schedules.parts import here
from schedules.review import look
from tests.adapters.test_jobs import leftovers, work
from tests.adapters.test_jobs import world as jobs_world  # a fixture
from tests.samples import T0, at, config, signal
from tests.worlds import World

__all__ = ["jobs_world", "work"]


@pytest.fixture
def world(client):
    return World(client)


@pytest.fixture
def marks(client):
    return RedisReview(client)


def fire(world, count, **fields):
    for start in range(0, count, 100):
        world.receive(*[signal(f"k{n}", "high", **fields) for n in range(start, min(start + 100, count))])


def silence(world, seconds=3600, after=0, number=None, **match):
    now = world.engine.present()[1]
    span = Span(now + timedelta(seconds=after), None, seconds)
    made = new_silence(number or world.standing.next_id(), Match.model_validate(match), span, "alice", now, T0.tzinfo)
    world.standing.add(made)
    return made


def end(world, number):
    rules, now = world.engine.present()
    world.standing.add(ended(rules.standing.silences, number, "bob", now).silence)


def silenced(world):
    return [world.alert(n).suppressed for n in world.store.open_ids(0, 10_000)]


def test_after_a_silence_every_open_alert_that_it_covers_shows_it_and_no_other(world, marks):
    world.receive(signal("a", labels={"team": "db"}), signal("b"), signal("c", labels={"team": "db"}), signal("d"))
    world.says(3, Acknowledge("user2", "link"))
    world.says(4, Resolve("user2", "link"))
    silence(world, labels={"team": "db"})
    assert review(world.engine, marks, 1000) is False
    assert [world.alert(n).suppressed for n in (1, 2, 3, 4)] == [True, False, True, False]
    assert world.alert(1).suppressed_until == at(3600)
    assert world.alert(1).suppressed_reason == "silence 1 (by alice)"


def test_it_goes_on_where_it_stopped_so_many_at_a_time(world, marks):
    fire(world, 250)
    silence(world, source="generic")
    assert review(world.engine, marks, 100) is True
    assert sum(silenced(world)) == 100
    assert review(world.engine, marks, 1) is True
    assert sum(silenced(world)) == 200
    assert review(world.engine, marks, 100) is False
    assert sum(silenced(world)) == 250


def test_while_nothing_changes_no_alert_is_looked_at(world, marks, monkeypatch):
    fire(world, 3)
    review(world.engine, marks, 1000)
    monkeypatch.setattr(world.store, "open_ids", lambda *_: pytest.fail("looked at alerts"))
    world.now += timedelta(hours=1)
    assert review(world.engine, marks, 1000) is False


@pytest.mark.parametrize("seconds", [3600, 7200])
def test_what_begins_and_ends_by_itself_is_reviewed_then(world, marks, seconds):
    """At 3,600 s it begins and at 7,200 s it ends."""
    fire(world, 2)
    silence(world, 3600, after=3600, source="generic")
    review(world.engine, marks, 1000)
    assert silenced(world) == [False, False]
    world.now = at(seconds - 1)
    review(world.engine, marks, 1000)
    before = silenced(world)
    world.now = at(seconds)
    review(world.engine, marks, 1000)
    assert (before, silenced(world)) == ([seconds == 7200] * 2, [seconds == 3600] * 2)


def test_a_maintenance_window_is_reviewed_when_it_begins(client, marks):
    window = {"match": {"source": "generic"}, "from": "11:00", "to": "12:00"}
    world = World(client, config(maintenance=[window]))
    fire(world, 1)
    review(world.engine, marks, 1000)
    world.now = at(3600)
    review(world.engine, marks, 1000)
    assert silenced(world) == [True]


def test_a_config_that_says_something_else_is_reviewed(world, marks):
    fire(world, 1)
    review(world.engine, marks, 1000)
    planned = {"name": "move", "match": {"source": "generic"}, "from": "2026-11-23T09:00", "to": "2026-11-23T12:00"}
    world.engine.rules = Rules(config(silences=[planned]), world.engine.rules.standing)
    review(world.engine, marks, 1000)
    assert world.alert(1).suppressed_reason == 'silence "move"'


def test_a_silence_that_came_and_went_between_two_looks_leaves_no_alert_asleep(world, marks):
    review(world.engine, marks, 1000)
    made = silence(world, source="generic")
    world.receive(signal("a"))
    assert world.alert(1).suppressed
    world.now += timedelta(seconds=1)
    end(world, made.id)
    review(world.engine, marks, 1000)
    assert not world.alert(1).suppressed
    assert world.story(1, "triggered") == ["1 triggered primary"]


def test_a_review_begins_anew_when_silences_change_under_it(world, marks):
    fire(world, 250)
    first = silence(world, source="generic")
    review(world.engine, marks, 200)
    world.now += timedelta(seconds=1)
    end(world, first.id)
    assert review(world.engine, marks, 1000) is False
    assert sum(silenced(world)) == 0


def test_two_at_once_and_one_that_dies_leave_nothing_out(world, marks, client):
    """One is killed between its commit and its mark; another one is in the middle of the same review."""
    fire(world, 300)
    silence(world, source="generic")

    class Dies(RedisReview):
        def write(self, _mark):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        review(world.engine, Dies(client), 1000)
    other = RedisReview(client)
    assert review(world.engine, marks, 100) is True
    assert review(world.engine, other, 100) is True
    assert review(world.engine, marks, 1000) is False
    assert sum(silenced(world)) == 300
    assert [world.story(n, "suppressed") for n in (1, 300)] == [["0 suppressed silence 1 (by alice)"]] * 2


def test_an_alert_that_somebody_changes_meanwhile_is_reviewed_all_the_same(world, marks, monkeypatch):
    world.receive(signal("a"), signal("b"))
    silence(world, source="generic")
    look_up, calls = world.store.look_up, []

    def look_and_be_slow(identities, ids=(), spare_ids=0):
        found = look_up(identities, ids, spare_ids)
        if list(ids) == [1, 2] and not calls:
            calls.append(ids)
            world.receive(signal("a"))
        return found

    monkeypatch.setattr(world.store, "look_up", look_and_be_slow)
    review(world.engine, marks, 1000)
    assert silenced(world) == [True, True]
    assert world.alert(1).count == 2


def test_what_is_due_is_done_after_every_hundred(world, marks):
    fire(world, 350)
    seen = []
    review(world.engine, marks, 1000, between=lambda: seen.append(marks.read().after))
    assert seen == [100, 200, 300, 350]


def test_a_record_that_cannot_be_read_holds_up_nobody(world, marks, client):
    fire(world, 3)
    client.hset("rung:alert:2", "d", "{")
    silence(world, source="generic")
    assert review(world.engine, marks, 1000) is False
    assert [world.alert(n).suppressed for n in (1, 3)] == [True, True]


@pytest.mark.parametrize("damaged", ["", "{", "[]", '["a", "b", "c"]', "null", "\x00"])
def test_a_damaged_mark_costs_one_more_review(marks, client, damaged):
    client.set("rung:review", damaged)
    assert marks.read() == Mark()
    marks.write(Mark("1:a", 7, is_done=True))
    assert marks.read() == Mark("1:a", 7, is_done=True)


# The commit


def test_what_was_decided_by_standing_orders_of_before_is_decided_again(world):
    """The level was about to fire when somebody silenced the alert."""
    world.receive(signal("a", "high"))
    world.now = at(1800)
    commit, calls = world.store.commit, []

    def commit_too_late(changes, standing=None):
        if not calls:
            calls.append(silence(world, source="generic"))
        return commit(changes, standing)

    world.store.commit = commit_too_late
    world.engine.drain()
    world.engine.drain()
    assert world.story(1, "escalated", "suppressed") == ["1800 suppressed silence 1 (by alice)"]


def test_nobody_is_put_to_sleep_by_a_silence_that_was_just_ended(world, marks):
    """An alert comes in, is about to be silenced, and then the silence is ended and the review is over."""
    made = silence(world, source="generic")
    world.now = at(10)
    commit, calls = world.store.commit, []

    def commit_too_late(changes, standing=None):
        if not calls:
            calls.append(1)
            end(world, made.id)
            assert review(world.engine, marks, 1000) is False
        return commit(changes, standing)

    world.store.commit = commit_too_late
    world.receive(signal("a"))
    assert world.story(2, "triggered", "suppressed") == ["10 triggered primary"]  # the first try used up an id


def test_a_commit_that_names_no_standing_orders_is_written(world):
    world.receive(signal("a"))
    stored = world.store.look_up([], [1]).stored[0]
    silence(world, source="generic")
    changed = Change(Decision(stored.alert.model_copy(update={"title": "x"}), "woken", world.now), stored)
    assert world.store.commit([changed], 99) == [False]
    assert world.store.commit([changed]) == [True]


# The job


def test_a_silence_queues_one_job_which_reviews_and_leaves_nothing_behind(jobs_world, work):
    world = jobs_world
    world.receive(signal("a"))
    world.send()
    world.client.delete("rq:queue:notify", *world.client.scan_iter("rq:job:notify-*"))
    made = silence(world, source="generic")
    silence(world, source="other")
    assert world.client.lrange("rq:queue:escalate", 0, -1) == [b"review-1"]
    work()
    assert world.alert(1).suppressed
    assert leftovers(world) == []
    world.now += timedelta(seconds=1)
    end(world, made.id)
    assert world.client.lrange("rq:queue:escalate", 0, -1) == [b"review-2"]
    work()
    assert not world.alert(1).suppressed


def test_a_job_that_has_not_seen_to_all_has_another_go_on(jobs_world, work, monkeypatch):
    monkeypatch.setattr("schedules.review._A_JOB", 100)
    world = jobs_world
    fire(world, 250)
    silence(world, source="generic")
    work()
    assert sum(silenced(world)) == 250
    assert int(world.client.get("rung:last_review")) == 3


def test_the_job_does_what_is_due_in_between(jobs_world, work, monkeypatch):
    world, drained = jobs_world, []
    fire(world, 250)
    silence(world, source="generic")
    monkeypatch.setattr(world.engine, "drain", lambda: drained.append(world.alert(250).suppressed))
    work()
    assert drained == [False, False, True]


def test_what_a_lost_job_left_the_scheduler_reviews_a_little_at_a_time(jobs_world):
    world = jobs_world
    fire(world, 350)
    silence(world, source="generic")
    world.client.delete("rq:queue:escalate")
    look(here.rung)
    assert sum(silenced(world)) == 300
    look(here.rung)
    assert sum(silenced(world)) == 350
    assert not world.client.exists("rq:queue:escalate")


def test_an_override_queues_no_review(world):
    from core.overrides import Override

    world.standing.add(Override("o", "oncall_primary", "user3", at(0), at(3600), None, "alice", "", T0))
    assert world.client.lrange("rq:queue:escalate", 0, -1) == []


def test_the_mark_is_small(marks, client):
    marks.write(Mark("12:0123456789abcdef", 100_000, is_done=False))
    assert json.loads(client.get("rung:review")) == ["12:0123456789abcdef", 100_000, False]
