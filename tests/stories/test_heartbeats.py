"""Stories of heartbeats: a job falls silent and comes back, never comes, and what Rung's own absence means for it."""

import threading
from datetime import timedelta

import pytest

from core.commands import Acknowledge, Resolve
from core.heartbeats import Heartbeats
from core.rules import Rules
from tests.samples import at, config
from tests.worlds import World

BACKUP = {"backup": {"interval": 60, "grace": 10}}


def world_with(client, heartbeats=BACKUP, **changes):
    world = World(client, config(heartbeats=heartbeats, **changes))
    world.beats.note_web()
    world.heartbeats.arm()
    return world


@pytest.fixture
def world(client):
    return world_with(client)


def passes(world, seconds, *, web=True, scheduler=True):
    """Let time pass as the processes do: the web notes itself and the scheduler sweeps, once a second."""
    for _ in range(seconds):
        world.passes(1)
        if web:
            world.beats.note_web()
        if scheduler:
            world.heartbeats.sweep()
            world.send()


def alerts(world):
    return int(world.client.zcard("rung:open") + world.client.zcard("rung:closed"))


def open_alerts(world):
    return [int(each) for each in world.client.zrange("rung:open", 0, -1)]


def life(world, alert=1):
    return world.story(alert, "triggered", "counted", "resolved", "reopened")


def state(world, name="backup"):
    (found,) = [each for each in world.heartbeats.views() if each["name"] == name]
    return found["last_beat_at"], found["next_before"], found["missing_since"]


def restarted(world, **heartbeats):
    """The same Rung with these heartbeats in its config."""
    world.rules = world.engine.rules = Rules(config(heartbeats=heartbeats))


# Silence and return


def test_a_job_stops_and_returns(world):
    for _ in range(3):
        passes(world, 60)
        world.heartbeats.beat("backup")
    assert (alerts(world), state(world)) == (0, ("2026-11-23T10:03:00Z", "2026-11-23T10:04:10Z", None))
    passes(world, 69)
    assert alerts(world) == 0
    passes(world, 1)
    alert = world.alert(1)
    assert (alert.source, alert.dedup_key, alert.title) == ("heartbeat", "backup", "No heartbeat from backup for 1 min")
    assert alert.description == (
        "The last beat came at Mon 23 Nov 2026 10:03:00 UTC, 1 min 10 s ago. "
        "One is expected every 1 min, and is missed 10 s later."
    )
    assert (alert.severity, alert.policy_name, alert.labels) == ("high", "high", {"heartbeat": "backup"})
    assert state(world) == ("2026-11-23T10:03:00Z", None, "2026-11-23T10:04:10Z")
    assert {who for who, *_ in world.told()} == {"user2"}
    passes(world, 30)
    assert world.heartbeats.beat("backup").next_before == at(280 + 70)
    assert life(world) == ["250 triggered primary", "280 resolved heartbeat"]
    assert state(world) == ("2026-11-23T10:04:40Z", "2026-11-23T10:05:50Z", None)


def test_while_a_job_is_silent_there_is_one_alert_and_it_is_raised_once(world):
    passes(world, 400)
    assert alerts(world) == 1
    assert (life(world), world.alert(1).count) == (["70 triggered primary"], 1)


def test_a_job_that_never_came_is_missed_from_when_config_named_it(world):
    passes(world, 70)
    assert world.alert(1).description == (
        "No beat has come since Mon 23 Nov 2026 10:00:00 UTC, 1 min 10 s ago. "
        "One is expected every 1 min, and is missed 10 s later."
    )
    world.heartbeats.beat("backup")
    assert life(world) == ["70 triggered primary", "70 resolved heartbeat"]


def test_a_job_that_stops_soon_again_opens_its_alert_again_and_later_a_new_one(world):
    passes(world, 70)
    world.heartbeats.beat("backup")
    passes(world, 70)
    assert life(world) == ["70 triggered primary", "70 resolved heartbeat", "140 reopened"]
    world.heartbeats.beat("backup")
    for _ in range(7):
        passes(world, 60)
        world.heartbeats.beat("backup")
    passes(world, 70)
    assert alerts(world) == 2


def test_beats_that_follow_a_return_at_once_do_not_keep_it_from_being_watched(world):
    passes(world, 70)
    for _ in range(8):
        world.heartbeats.beat("backup")
        passes(world, 1)
    assert open_alerts(world) == []
    ids = world.client.get("rung:last_id")
    assert not any(world.heartbeats.beat("backup").ends_alert for _ in range(3))
    assert world.client.get("rung:last_id") == ids
    passes(world, 70)
    assert open_alerts(world) == [1]


def test_without_a_beat_the_alert_stays_whoever_has_it_and_the_beat_resolves_it(world):
    passes(world, 70)
    world.says(1, Acknowledge("user2", "api"))
    passes(world, 500)
    world.heartbeats.beat("backup")
    assert life(world) == ["70 triggered primary", "570 resolved heartbeat"]


def test_what_a_person_resolved_is_not_raised_again_before_the_job_came_back(world):
    passes(world, 70)
    world.says(1, Resolve("user2", "api"))
    passes(world, 500)
    assert (alerts(world), open_alerts(world)) == (1, [])
    world.heartbeats.beat("backup")
    passes(world, 76)
    assert len(open_alerts(world)) == 1


def test_each_job_is_watched_by_its_own_time(client):
    jobs = {"often": {"interval": 10, "grace": 0}, "seldom": {"interval": 100}, "daily": {"interval": "1d"}}
    world = world_with(client, jobs)
    passes(world, 120)
    assert [world.alert(n).dedup_key for n in open_alerts(world)] == ["often", "seldom"]
    assert life(world, 1) == ["10 triggered primary"]
    assert life(world, open_alerts(world)[1]) == ["110 triggered primary"]
    assert state(world, "daily") == (None, "2026-11-24T12:24:00Z", None)


# Config, routes and silences


def test_severity_policy_and_title_are_those_of_the_config(client):
    world = world_with(
        client, {"backup": {"interval": 10, "severity": "low", "policy": "critical", "title": "Backup did not run"}}
    )
    passes(world, 11)
    alert = world.alert(1)
    assert (alert.severity, alert.policy_name, alert.title) == ("low", "critical", "Backup did not run")


def test_routes_and_silences_hold_for_heartbeats_as_for_any_alert(client):
    jobs = {name: {"interval": 10, "grace": 0, "policy": "critical"} for name in ("backup", "report", "mail")}
    routes = [
        {"name": "jobs", "match": {"source": "heartbeat", "labels": {"heartbeat": "backup"}}, "policy": "low"},
        {"name": "all jobs", "match": {"source": "heartbeat", "title": "/report|mail/"}, "dedup_key": "jobs"},
    ]
    silences = [{"match": {"labels": {"heartbeat": "backup"}}, "from": "2026-11-23T09:00Z", "to": "2026-11-23T10:01Z"}]
    world = world_with(client, jobs, routes=routes, silences=silences)
    passes(world, 10)
    backup, others = world.alert(1), world.alert(2)
    assert (backup.routes, backup.policy_name, backup.suppressed_until) == (("jobs",), "low", at(60))
    assert (others.routes, others.dedup_key, others.count) == (("all jobs",), "jobs", 2)
    assert {who for who, *_ in world.told()} == {"user2"}
    world.heartbeats.beat("backup")
    world.heartbeats.beat("report")
    assert open_alerts(world) == []


def test_a_heartbeat_that_config_names_no_more_is_forgotten_and_its_alert_resolved(world):
    passes(world, 70)
    restarted(world, report={"interval": 300})
    passes(world, 10)
    world.heartbeats.arm()
    assert life(world) == ["70 triggered primary", "80 resolved heartbeat"]
    assert world.client.keys("rung:heartbeat:*") == [b"rung:heartbeat:report"]
    assert world.client.zrange("rung:heartbeats", 0, -1) == [b"report"]
    assert [each["name"] for each in world.heartbeats.views()] == ["report"]


def test_without_any_heartbeat_nothing_is_kept(world):
    passes(world, 70)
    restarted(world)
    world.heartbeats.arm()
    assert (world.heartbeats.sweep(), world.heartbeats.views()) == (0, [])
    assert world.client.keys("rung:heartbeat*") == []


@pytest.mark.parametrize(("interval", "missed_at"), [(20, 32), (600, 670)])
def test_a_change_of_its_interval_counts_from_the_last_beat(world, interval, missed_at):
    passes(world, 10)
    world.heartbeats.beat("backup")
    passes(world, 20)
    restarted(world, backup={"interval": interval})
    world.heartbeats.arm()
    assert world.client.zscore("rung:heartbeats", "backup") == at(missed_at).timestamp()


def test_arming_again_moves_nothing(world):
    passes(world, 30)
    world.heartbeats.arm()
    passes(world, 40)
    world.heartbeats.arm()
    passes(world, 10)
    assert life(world) == ["70 triggered primary"]
    assert state(world)[2] == "2026-11-23T10:01:10Z"


@pytest.mark.parametrize(("lost", "missed_at"), [("rung:heartbeats", 70), ("rung:heartbeat:backup", 101)])
def test_a_heartbeat_that_redis_lost_is_watched_anew(world, lost, missed_at):
    passes(world, 30)
    world.client.delete(lost)
    passes(world, 1)
    world.heartbeats.arm()
    passes(world, 100)
    assert life(world) == [f"{missed_at} triggered primary"]


# Rung itself was away


def test_when_the_web_was_away_every_job_has_its_whole_time_from_its_return(world):
    passes(world, 40)
    passes(world, 600, web=False)
    assert alerts(world) == 0
    passes(world, 70)
    assert alerts(world) == 0
    passes(world, 1)
    assert life(world) == ["711 triggered primary"]
    assert world.alert(1).description.startswith("No beat has come since Mon 23 Nov 2026 10:00:00 UTC, 11 min ago.")


def test_when_everything_was_away_every_job_has_its_whole_time_from_the_return(world):
    passes(world, 40)
    world.now += timedelta(hours=3)
    world.heartbeats.sweep()
    world.beats.note_web()
    assert state(world)[1] == "2026-11-23T13:01:50Z"
    passes(world, 69)
    assert alerts(world) == 0
    passes(world, 1)
    assert life(world) == ["10910 triggered primary"]


def test_a_web_that_is_away_for_a_moment_delays_nothing(world):
    passes(world, 66)
    passes(world, 4, web=False)
    assert life(world) == ["70 triggered primary"]


def test_when_only_the_scheduler_was_away_silence_is_silence(world):
    """Beats could be taken all the time."""
    passes(world, 500, scheduler=False)
    passes(world, 1)
    assert life(world) == ["501 triggered primary"]


def test_an_alert_that_is_open_stays_while_the_web_is_away(world):
    passes(world, 70)
    passes(world, 600, web=False)
    passes(world, 200)
    assert life(world) == ["70 triggered primary"]


def test_a_web_that_never_was_there_pages_nobody(client):
    world = World(client, config(heartbeats=BACKUP))
    world.heartbeats.arm()
    passes(world, 200, web=False)
    assert alerts(world) == 0


# Who is quicker, and who is killed


class KilledError(RuntimeError):
    """Stands for a kill -9."""


def killed(*_):
    raise KilledError


def test_a_scheduler_killed_between_alert_and_mark_leaves_one_alert_that_the_next_one_marks(world, monkeypatch):
    passes(world, 69)
    world.passes(1)
    with monkeypatch.context() as patch:
        patch.setattr(world.beats, "settle", killed)
        with pytest.raises(KilledError):
            world.heartbeats.sweep()
    assert open_alerts(world) == [1]
    passes(world, 4)
    assert world.alert(1).count == 1
    passes(world, 200)
    assert (alerts(world), world.alert(1).count) == (1, 2)
    world.heartbeats.beat("backup")
    assert open_alerts(world) == []


def test_a_scheduler_killed_before_its_alert_is_followed_by_one_that_raises_it(world, monkeypatch):
    passes(world, 69)
    world.passes(1)
    with monkeypatch.context() as patch:
        patch.setattr(world.engine, "receive", killed)
        with pytest.raises(KilledError):
            world.heartbeats.sweep()
    passes(world, 5)
    assert life(world) == ["75 triggered primary"]


def between(world, monkeypatch, step, does):
    """Have this happen just before the sweep takes a step."""
    goes_on = getattr(step[0], step[1])

    def first(*args):
        monkeypatch.setattr(*step, goes_on)
        does()
        return goes_on(*args)

    monkeypatch.setattr(*step, first)


@pytest.mark.parametrize("step", ["receive", "settle"])
def test_a_beat_that_comes_while_the_alert_is_raised_wins(world, monkeypatch, step):
    passes(world, 69)
    world.passes(1)
    place = (world.engine, step) if step == "receive" else (world.beats, step)
    between(world, monkeypatch, place, lambda: world.heartbeats.beat("backup"))
    world.heartbeats.sweep()
    assert open_alerts(world) == []
    assert state(world) == ("2026-11-23T10:01:10Z", "2026-11-23T10:02:20Z", None)
    (alert,) = world.client.zrange("rung:closed", 0, -1)
    passes(world, 70)
    assert life(world, int(alert)) == ["70 triggered primary", "70 resolved heartbeat", "140 reopened"]


@pytest.mark.parametrize("step", ["receive", "settle"])
def test_a_beat_that_comes_while_a_scheduler_is_killed_leaves_no_alert_open(world, monkeypatch, step):
    passes(world, 69)
    world.passes(1)

    def beat_and_die():
        world.heartbeats.beat("backup")
        raise KilledError

    place = (world.engine, step) if step == "receive" else (world.beats, step)
    between(world, monkeypatch, place, beat_and_die)
    with pytest.raises(KilledError):
        world.heartbeats.sweep()
    passes(world, 6)
    assert open_alerts(world) == []
    assert state(world)[2] is None


def test_a_web_killed_between_taking_a_beat_and_resolving_is_followed_by_the_scheduler(world, monkeypatch):
    passes(world, 80)
    with monkeypatch.context() as patch:
        patch.setattr(world.engine, "receive", killed)
        with pytest.raises(KilledError):
            world.heartbeats.beat("backup")
    assert open_alerts(world) == [1]
    passes(world, 5)
    assert life(world) == ["70 triggered primary", "85 resolved heartbeat"]
    passes(world, 64)
    assert open_alerts(world) == []
    passes(world, 1)
    assert life(world)[-1] == "150 reopened"


def test_two_schedulers_at_once_raise_one_alert_each(client):
    jobs = {f"job-{number}": {"interval": 10} for number in range(50)}
    world = world_with(client, jobs)
    world.now += timedelta(seconds=11)
    client.hset("rung:web", mapping={"at": world.clock()})
    barrier, done = threading.Barrier(2), []

    def sweep():
        mine = Heartbeats(world.beats, world.engine)
        barrier.wait()
        done.append(mine.sweep())

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 50
    assert sorted(world.alert(n).dedup_key for n in open_alerts(world)) == sorted(jobs)
    assert {world.alert(n).count for n in open_alerts(world)} == {1}


def test_more_than_fit_into_one_sweep_come_in_the_next(client):
    world = world_with(client, {f"job-{number}": {"interval": 10} for number in range(450)})
    world.now += timedelta(seconds=11)
    client.hset("rung:web", mapping={"at": world.clock()})
    assert [world.heartbeats.sweep() for _ in range(4)] == [200, 200, 50, 0]
    assert len(open_alerts(world)) == 450


def test_a_sweep_reads_only_what_is_due(client):
    world = world_with(client, {f"job-{number}": {"interval": 3600} for number in range(1000)})
    client.config_resetstat()
    for _ in range(10):
        assert world.heartbeats.sweep() == 0
    assert "cmdstat_hmget" not in client.info("commandstats")


def test_the_silence_of_a_heartbeat_does_not_resolve_its_own_alert(client):
    """A route for everything may resolve what is not heard of for a while; a missing job is told once, and stays so."""
    route = {"name": "all", "match": {"source": "heartbeat"}, "auto_resolve": "10m"}
    world = world_with(client, routes=[route])
    passes(world, 70)
    world.passes(1200)
    assert world.store.open_ids(0, 10) == [1]
    world.heartbeats.beat("backup")
    assert world.store.open_ids(0, 10) == []
