"""The group of worker processes, as real processes: what dies is started again, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.adapters.process_group import _STOP_WITHIN
from tests.conftest import wait_for

ROOT = Path(__file__).resolve().parents[2]

# Each child notes its pid, and each SIGHUP that reaches it; `stubborn` does not listen to SIGTERM.
SCRIPT = """
import os, signal, sys, time
from pathlib import Path
from core.adapters.logs import set_up
from core.adapters.process_group import ProcessGroup

set_up({})
notes = Path(sys.argv[1])

def note(name):
    with (notes / name).open("a") as file:
        file.write(f"{os.getpid()}\\n")

def child(name):
    def main():
        signal.signal(signal.SIGHUP, lambda *_: note(f"{name}.hup"))
        if name == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        note(name)
        if name == "failing" and len((notes / name).read_text().split()) == 1:
            raise ValueError("no good")
        if name == "ending" and len((notes / name).read_text().split()) == 1:
            return
        while True:
            time.sleep(10)
    return main

note("parent")
ProcessGroup({name: child(name) for name in sys.argv[2:]}).run()
print("the group ended", flush=True)
"""


class Group:
    def __init__(self, notes: Path, names: tuple[str, ...]) -> None:
        self.notes = notes
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(notes), *names],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in names:
            self.pids(name, 1)

    def pids(self, name: str, how_many: int) -> list[int]:
        """The pids that a child of this name has had, once there are so many."""
        file = self.notes / name

        def noted():
            found = [int(line) for line in file.read_text().split()] if file.exists() else []
            return len(found) >= how_many and found

        return wait_for(noted, 10, f"{how_many} of {name}")

    def everybody(self) -> list[int]:
        return [int(line) for file in self.notes.iterdir() for line in file.read_text().split()]

    def end(self, number: int) -> str:
        self.process.send_signal(number)
        return self.process.communicate(timeout=10)[0]


@pytest.fixture
def start(tmp_path) -> Iterator[object]:
    groups: list[Group] = []

    def start_group(*names: str) -> Group:
        groups.append(Group(tmp_path, names))
        return groups[-1]

    yield start_group
    for group in groups:
        group.process.kill()
        group.process.wait()
        for pid in filter(is_alive, group.everybody()):
            os.kill(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    """Whether a process is there; one that only waits to be collected is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def all_gone(pids: list[int]) -> bool:
    return not any(map(is_alive, pids))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_child_that_dies_is_started_again_and_its_sibling_is_left_alone(start, number):
    group = start("one", "two")
    (first,) = group.pids("one", 1)
    os.kill(first, number)
    again = group.pids("one", 2)[-1]
    assert again != first
    assert is_alive(again)
    assert len(group.pids("two", 1)) == 1
    assert is_alive(group.pids("two", 1)[0])


@pytest.mark.parametrize("name", ["failing", "ending"])
def test_a_child_that_fails_or_returns_is_started_again(start, name):
    group = start(name)
    assert is_alive(group.pids(name, 2)[-1])
    said = group.end(signal.SIGTERM)
    assert f"the {name} died (exit code {'1' if name == 'failing' else '0'}); starting it again" in said
    assert ("ValueError: no good" in said) == (name == "failing")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_all_its_children_and_soon(start, number):
    group = start("one", "two")
    started = time.monotonic()
    said = group.end(number)
    assert time.monotonic() - started < _STOP_WITHIN - 0.1, "it waited for nothing"
    assert said.splitlines()[-1] == "the group ended"
    assert group.process.returncode == 0
    assert all_gone(group.everybody())


def test_a_child_that_will_not_end_is_killed(start):
    group = start("one", "stubborn")
    started = time.monotonic()
    group.end(signal.SIGTERM)
    assert time.monotonic() - started < 4
    assert all_gone(group.everybody())


def test_one_that_dies_while_it_ends_is_not_started_again(start):
    group = start("one", "two")
    os.kill(group.pids("one", 1)[0], signal.SIGKILL)
    group.end(signal.SIGTERM)
    assert len(group.pids("one", 1)) == 1
    assert all_gone(group.everybody())


def test_kill_9_of_the_parent_leaves_no_child(start):
    group = start("one", "stubborn")
    group.process.kill()
    group.process.wait()
    wait_for(lambda: all_gone(group.everybody()), 3, "the children ending")


def test_sighup_is_handed_on_to_every_child_and_ends_none(start):
    group = start("one", "two")
    group.process.send_signal(signal.SIGHUP)
    for name in ("one", "two"):
        assert group.pids(f"{name}.hup", 1) == group.pids(name, 1)
    assert group.process.poll() is None


def test_sighup_finds_a_child_that_was_started_again(start):
    group = start("one")
    os.kill(group.pids("one", 1)[0], signal.SIGKILL)
    again = group.pids("one", 2)[-1]
    group.process.send_signal(signal.SIGHUP)
    assert group.pids("one.hup", 1) == [again]
