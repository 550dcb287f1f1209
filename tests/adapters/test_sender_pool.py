"""Sender processes: killed at the deadline, replaced when they die, gone with their owner."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from core.adapters import sender_process
from core.adapters.sender_pool import SenderPool
from core.outcomes import Message, OutcomeKind
from tests.adapters.servers import Answer, HttpSink, hang, trickle

MESSAGE = Message("Disk full", "db1 has no space left.")
PROJECT = Path(__file__).parents[2]
DEADLINE = 0.6

OWNER = """
import os, signal, sys, threading
sys.path.insert(0, {project!r})
from core.adapters.sender_pool import SenderPool
from core.outcomes import Message
print("main ran", flush=True)
if __name__ == "__main__":
    {body}
"""


@pytest.fixture(scope="module")
def pool():
    with SenderPool(size=2, deadline=DEADLINE) as pool:
        pool.warm()
        yield pool


@pytest.fixture
def sink():
    with HttpSink(Answer.of({"id": "m1"})) as sink:
        yield sink


@pytest.fixture
def owner(tmp_path):
    """Start a script that owns a pool, from another folder and without the project on its path."""
    started = []

    def start(body, *arguments):
        script = tmp_path / "owner.py"
        script.write_text(OWNER.format(project=str(PROJECT), body=body.replace("\n", "\n    ")))
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [sys.executable, str(script), *map(str, arguments)]
        started.append(
            subprocess.Popen(
                command,
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def family(pid):
    """Give the processes that descend from this one; a process whose parent died is not among them."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    children = [int(child) for child in found.stdout.split()]
    return [*children, *(each for child in children for each in family(child))]


def is_alive(pid):
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until(condition, seconds=5.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds:g} s"
        time.sleep(0.02)


def senders():
    """Give the sender processes of this process: they are children of its fork server."""
    return [pid for child in family(os.getpid()) for pid in family(child)]


def kill(*pids):
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_a_message_goes_through_the_pool(pool, sink):
    outcome = pool.submit(sink.url(), MESSAGE).result(5)
    assert (outcome.kind, outcome.provider_id) == (OutcomeKind.SENT, "m1")


def test_many_messages_are_each_sent_once(pool, sink):
    futures = [pool.submit(sink.url(path=str(number)), MESSAGE) for number in range(40)]
    assert {future.result(10).kind for future in futures} == {OutcomeKind.SENT}
    assert sorted(int(request.path[1:]) for request in sink.requests) == list(range(40))


def test_the_fork_server_has_apprise_and_the_owner_does_not(pool, owner, sink):
    process = owner(
        "from core.adapters import sender_process\n"
        "with SenderPool(1) as pool:\n"
        "    pool.warm()\n"
        "    ready = pool._pool.schedule(sender_process.is_preloaded).result()\n"
        "    outcome = pool.submit(sys.argv[1], Message('t', 'b')).result()\n"
        "    print(ready, 'apprise' in sys.modules, outcome.kind.value)",
        sink.url(),
    )
    output = process.communicate(timeout=20)[0]
    assert output.splitlines() == ["main ran", "True False sent"]


@pytest.mark.parametrize("behaviour", [hang, trickle])
def test_a_target_that_never_ends_is_cut_off_at_the_deadline(pool, sink, behaviour):
    sink.behaviour = behaviour
    began = time.monotonic()
    outcome = pool.submit(sink.url(), MESSAGE).result(5)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNAVAILABLE, "no answer within 0.6 s")
    assert DEADLINE <= time.monotonic() - began < DEADLINE + 1.0


def test_a_hung_target_does_not_hold_up_the_others(pool, sink):
    with HttpSink(hang) as hanging:
        hung = pool.submit(hanging.url(), MESSAGE)
        hanging.wait_for(1)
        outcomes = [pool.submit(sink.url(), MESSAGE).result(5) for _ in range(10)]
        assert not hung.done()
        assert {outcome.kind for outcome in outcomes} == {OutcomeKind.SENT}
        assert hung.result(5).kind is OutcomeKind.UNAVAILABLE


def test_all_senders_hung_are_all_replaced(pool, sink):
    with HttpSink(hang) as hanging:
        hung = [pool.submit(hanging.url(), MESSAGE) for _ in range(2)]
        after = pool.submit(sink.url(), MESSAGE)
        assert {future.result(5).kind for future in hung} == {OutcomeKind.UNAVAILABLE}
        assert after.result(5).kind is OutcomeKind.SENT


def test_a_sender_that_dies_while_sending_is_told_and_replaced(pool, sink):
    with HttpSink(hang) as hanging:
        future = pool.submit(hanging.url(), MESSAGE)
        hanging.wait_for(1)
        kill(*senders())
        outcome = future.result(5)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNAVAILABLE, "the sender process died")
    assert pool.submit(sink.url(), MESSAGE).result(5).kind is OutcomeKind.SENT


def test_a_broken_pool_is_replaced_by_a_new_one(pool, sink):
    for _ in range(3):
        kill(*senders())
        wait_until(lambda: not pool._pool.active)
        assert pool.submit(sink.url(), MESSAGE).result(5).kind is OutcomeKind.SENT
    wait_until(lambda: len(senders()) == 2)


def test_every_future_ends_in_an_outcome_while_senders_are_killed(pool, sink):
    futures = []
    for number in range(60):
        futures.append(pool.submit(sink.url(), MESSAGE))
        if number % 10 == 0:
            kill(*senders()[:1])
    outcomes = [future.result(10) for future in futures]
    assert {outcome.kind for outcome in outcomes} <= {OutcomeKind.SENT, OutcomeKind.UNAVAILABLE}
    assert pool.submit(sink.url(), MESSAGE).result(5).kind is OutcomeKind.SENT


def test_closing_ends_what_is_under_way_with_an_outcome():
    before = set(senders())
    with HttpSink(hang) as hanging:
        pool = SenderPool(size=1, deadline=30)
        futures = [pool.submit(hanging.url(), MESSAGE) for _ in range(3)]
        hanging.wait_for(1)
        pool.close(patience=0.1)
    outcomes = {(outcome.kind, outcome.reason) for outcome in (future.result(1) for future in futures)}
    assert outcomes == {(OutcomeKind.UNAVAILABLE, "the sender process was stopped")}
    wait_until(lambda: set(senders()) <= before)


def test_closing_waits_for_what_is_nearly_done(sink):
    with SenderPool(size=1) as pool:
        futures = [pool.submit(sink.url(), MESSAGE) for _ in range(5)]
    assert {future.result(0).kind for future in futures} == {OutcomeKind.SENT}


def test_a_closed_pool_takes_nothing():
    pool = SenderPool()
    pool.close()
    with pytest.raises(RuntimeError, match=r"closed: submit before close\(\)"):
        pool.submit("json://127.0.0.1", MESSAGE)


def test_a_pool_that_was_never_used_starts_nothing():
    before = senders()
    with SenderPool(size=3):
        assert senders() == before


def test_an_error_inside_a_sender_is_named_without_its_text(monkeypatch):
    def fail(_url, _message):
        raise KeyError("s3cr3t")

    monkeypatch.setattr("core.adapters.sender.send", fail)
    outcome = sender_process.run("json://s3cr3t", MESSAGE, 5)
    assert (outcome.kind, outcome.reason) == (OutcomeKind.UNAVAILABLE, "the sender failed (KeyError)")
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_killing_the_owner_leaves_no_process_behind(owner):
    with HttpSink(hang) as hanging:
        process = owner(
            "pool = SenderPool(2, deadline=60)\n"
            "pool.submit(sys.argv[1], Message('t', 'b'))\n"
            "if os.fork() == 0:\n"
            "    signal.pause()\n"
            "signal.pause()",
            hanging.url(),
        )
        hanging.wait_for(1, seconds=20)
        children = family(process.pid)
        fork = next(pid for pid in children if pid in forks_of(process.pid))
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = [pid for pid in children if pid != fork]
        assert len(left) >= 3  # the fork server and two senders, at least
        try:
            hung = [pid for pid in left if "multiprocessing.forkserver" in command_of(pid)]
            wait_until(lambda: not any(is_alive(pid) for pid in hung))
        finally:
            os.kill(fork, signal.SIGKILL)
        wait_until(lambda: not any(is_alive(pid) for pid in left))


def forks_of(pid):
    own = command_of(pid)
    return [child for child in family(pid) if command_of(child) == own]


def command_of(pid):
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    return ""


def test_a_fork_of_the_owner_sends_on_its_own_while_the_parent_goes_on(owner, sink):
    process = owner(
        "pool = SenderPool(1)\n"
        "def send(who):\n"
        "    outcome = pool.submit(sys.argv[1], Message('t', who)).result(10)\n"
        "    print(who, outcome.kind.value, flush=True)\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "send('parent')\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    send('child')\n"
        "    sys.exit()\n"
        "os.waitpid(child, 0)\n"
        "send('parent again')\n"
        "pool.close()",
        sink.url(),
    )
    output = process.communicate(timeout=30)[0]
    assert output.splitlines() == ["main ran", "parent sent", "child sent", "parent again sent"]


def test_no_secret_of_a_url_shows_up_anywhere(owner):
    process = owner(
        "import logging\n"
        "logging.basicConfig(level=1)\n"
        "with SenderPool(1, deadline=0.5) as pool:\n"
        "    for url in sys.argv[1].split():\n"
        "        future = pool.submit(url, Message('t', 'b'))\n"
        "        print(repr(pool), repr(future), future.result(10), flush=True)",
        "json://user:s3cr3t@127.0.0.1:1/s3cr3t "
        "jsons://user:s3cr3t@127.0.0.1:1/s3cr3t?verify=no "
        "twilio://s3cr3t:s3cr3t@s3cr3t/s3cr3t "
        "nosuch://s3cr3t "
        "mailto://u:s3cr3t@127.0.0.1:1?from=a@example.com&to=s3cr3t@example.com",
    )
    output = process.communicate(timeout=30)[0]
    assert output.count("Outcome(kind=") == 5
    assert "s3cr3t" not in output


def test_the_command_line_of_a_sender_holds_no_url(pool):
    with HttpSink(hang) as hanging:
        future = pool.submit(hanging.url(path="s3cr3t"), MESSAGE)
        hanging.wait_for(1)
        assert not [pid for pid in senders() if "s3cr3t" in command_of(pid)]
        assert future.result(5).kind is OutcomeKind.UNAVAILABLE
