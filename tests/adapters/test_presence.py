"""Which processes are there and whether they agree: small reads and writes, so a fake Redis will do."""

import fakeredis
import pytest

from core.adapters.presence import key_complaints, missing_processes, note_scheduler


@pytest.fixture
def client():
    return fakeredis.FakeRedis()


def add_worker(client, queue: str, name: str) -> None:
    client.sadd(f"rq:workers:{queue}", f"rq:worker:{name}")
    client.hset(f"rq:worker:{name}", "state", "idle")


def test_a_rung_of_which_nothing_runs_says_what_does_not_happen(client):
    said = missing_processes(client)
    assert [line.split(":")[0] for line in said] == [
        "no scheduler runs",
        "no worker takes jobs from the queue 'escalate'",
        "no worker takes jobs from the queue 'notify'",
    ]
    assert "nobody is paged" in said[2]


def test_a_rung_that_is_whole_says_nothing(client):
    note_scheduler(client)
    add_worker(client, "escalate", "a")
    add_worker(client, "notify", "b")
    assert missing_processes(client) == []


def test_a_worker_that_was_killed_and_has_expired_is_missing(client):
    note_scheduler(client)
    add_worker(client, "escalate", "a")
    add_worker(client, "notify", "b")
    client.delete("rq:worker:b")
    assert len(missing_processes(client)) == 1


def test_a_scheduler_is_forgotten_after_some_seconds(client):
    note_scheduler(client)
    assert 0 < client.ttl("rung:scheduler") <= 15


def test_processes_with_one_key_agree(client):
    assert key_complaints(client, "k" * 32) == []
    assert key_complaints(client, "k" * 32) == []


def test_a_process_with_another_key_is_told_without_the_key_being_kept(client):
    key_complaints(client, "k" * 32)
    [said] = key_complaints(client, "another-key-of-32-characters-....")
    assert "RUNG_SECRET_KEY" in said
    assert b"another-key" not in client.get("rung:secret_key")
