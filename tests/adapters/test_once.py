"""What comes twice is done once; what failed, or died half-way, is done by the next delivery."""

import threading

import pytest
import redis

from core.adapters.once import once
from core.store import StoreUnavailableError


def do(client, name, done, error=None):
    with once(client, name) as is_first:
        if is_first:
            done.append(name)
        if error:
            raise error


def test_the_second_delivery_is_told_that_it_is_one(client):
    done = []
    for name in ("SM1", "SM1", "SM2", "SM1"):
        do(client, name, done)
    assert done == ["SM1", "SM2"]


def test_the_name_is_kept_for_a_day_and_no_longer(client):
    do(client, "SM1", [])
    assert 86_300 < client.ttl("rung:reply:SM1") <= 86_400


def test_of_many_deliveries_at_once_one_is_the_first(client):
    done, barrier = [], threading.Barrier(8)

    def deliver():
        barrier.wait()
        do(client, "SM1", done)

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == ["SM1"]


def test_what_ended_with_an_error_is_done_by_the_next_delivery(client):
    done = []
    with pytest.raises(ValueError, match="broken"):
        do(client, "SM1", done, ValueError("broken"))
    do(client, "SM1", done)
    do(client, "SM1", done)
    assert done == ["SM1", "SM1"]


def test_an_error_of_a_repeat_does_not_forget_that_it_was_done(client):
    done = []
    do(client, "SM1", done)
    with pytest.raises(ValueError, match="broken"):
        do(client, "SM1", done, ValueError("broken"))
    do(client, "SM1", done)
    assert done == ["SM1"]


def test_while_it_is_being_done_a_repeat_waits_for_nobody_and_who_dies_over_it_is_forgotten_soon(client):
    done = []
    with once(client, "SM1"):
        do(client, "SM1", done)
        assert done == []
        assert 0 < client.ttl("rung:reply:SM1") <= 20


class LostReply:
    """A client whose first SET is done, but its reply is lost, so that it is sent again."""

    def __init__(self, client):
        self._client = client

    def __getattr__(self, name):
        return getattr(self._client, name)

    def set(self, *arguments, **options):
        self._client.set(*arguments, **options)
        return self._client.set(*arguments, **options)


def test_a_call_that_was_sent_again_because_its_reply_was_lost_is_no_second_delivery(client):
    done = []
    do(LostReply(client), "SM1", done)
    do(client, "SM1", done)
    assert done == ["SM1"]


class Dying:
    """A client that loses its Redis after so many calls."""

    def __init__(self, client, calls):
        self._client, self._calls = client, calls

    def __getattr__(self, name):
        if self._calls == 0:
            raise redis.ConnectionError("gone")
        self._calls -= 1
        return getattr(self._client, name)


def test_without_redis_nothing_is_begun(client):
    done = []
    with pytest.raises(StoreUnavailableError):
        do(Dying(client, 0), "SM1", done)
    assert done == []


def test_a_redis_that_goes_away_afterwards_does_not_undo_what_was_done_nor_hide_what_went_wrong(client, caplog):
    done = []
    do(Dying(client, 1), "SM1", done)
    assert done == ["SM1"]
    assert "SM1 may be done again" in caplog.text
    with pytest.raises(ValueError, match="broken"):
        do(Dying(client, 1), "SM2", done, ValueError("broken"))
