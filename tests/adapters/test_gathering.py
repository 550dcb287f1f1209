"""Calls that come together are done together, and what one of them does wrong is its own affair."""

import threading

import pytest

from core.adapters.gathering import Gathering
from tests.conftest import wait_for


class SharedError(Exception):
    """An error that is everybody's."""


class Slow:
    """Doubles numbers; the first call waits until it is let go, so that others gather behind it."""

    def __init__(self):
        self.calls = []
        self.go = threading.Event()

    def __call__(self, items):
        self.calls.append(list(items))
        if len(self.calls) == 1:
            assert self.go.wait(10)
        if "shared" in items:
            raise SharedError
        if "bad" in items:
            raise KeyError("bad")
        if "end" in items:
            raise SystemExit
        return [item * 2 for item in items]


def gathered(items):
    """Call once with 0, then with each of `items` while that one is under way; give results, errors and calls."""
    slow, outcomes = Slow(), {}
    gathering = Gathering(slow, shared=(SharedError,))

    def call(item):
        try:
            outcomes[item] = gathering(item)
        except BaseException as error:  # noqa: BLE001 - the test looks at whatever it is
            outcomes[item] = type(error)

    threads = [threading.Thread(target=call, args=[item]) for item in (0, *items)]
    threads[0].start()
    wait_for(lambda: slow.calls, 5, "the first call")
    for number, thread in enumerate(threads[1:], 1):
        thread.start()
        wait_for(lambda number=number: len(gathering._waiting) == number, 5, "the others to wait")
    slow.go.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    return outcomes, slow.calls


def test_one_caller_alone_does_not_wait():
    slow = Slow()
    slow.go.set()
    gathering = Gathering(slow, shared=())
    assert [gathering(n) for n in (1, 2, 3)] == [2, 4, 6]
    assert slow.calls == [[1], [2], [3]]


def test_those_who_come_meanwhile_share_one_trip_and_each_gets_its_own_result():
    outcomes, calls = gathered([1, 2, 3, 4])
    assert outcomes == {0: 0, 1: 2, 2: 4, 3: 6, 4: 8}
    assert calls == [[0], [1, 2, 3, 4]]


def test_no_trip_carries_more_than_32():
    outcomes, calls = gathered(list(range(1, 71)))
    assert outcomes == {n: 2 * n for n in range(71)}
    assert [len(call) for call in calls] == [1, 32, 32, 6]


def test_an_error_that_is_everybodys_is_raised_to_everybody():
    outcomes, calls = gathered([1, "shared", 3])
    assert outcomes == {0: 0, 1: SharedError, "shared": SharedError, 3: SharedError}
    assert len(calls) == 2


def test_one_bad_item_does_not_fail_the_others():
    outcomes, calls = gathered([1, "bad", 3])
    assert outcomes == {0: 0, 1: 2, "bad": KeyError, 3: 6}
    assert calls == [[0], [1, "bad", 3], [1], ["bad"], [3]]


def test_a_thread_that_ends_in_the_middle_takes_nobody_along_in_silence():
    outcomes, _ = gathered([1, "end", 3])
    assert outcomes == {0: 0, 1: SystemExit, "end": SystemExit, 3: SystemExit}


def test_an_error_leaves_the_next_caller_a_free_way():
    slow = Slow()
    slow.go.set()
    gathering = Gathering(slow, shared=())
    with pytest.raises(KeyError):
        gathering("bad")
    assert gathering(2) == 4
