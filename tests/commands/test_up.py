"""`rung up` with real supervisord and Redis over light stand-ins: what a person at the terminal relies on."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from core.adapters import data_lock

ROOT = Path(__file__).parents[2]
APPS = ("web", "scheduler", "worker")


def eventually(question, seconds=8.0):
    """Ask again and again until the answer is true; give it."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)
    return answer


def is_alive(pid):
    """A zombie is dead; in a container it may stay for good because process 1 does not look after it."""
    status = Path(f"/proc/{pid}/stat")
    if not Path("/proc/self/stat").exists():
        return data_lock.is_alive(pid)
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Up:
    """One `rung up`, with what it printed and what its stand-ins noted."""

    def __init__(self, folder, port, **env):
        self.data = folder / "data"
        self.config = folder / "config"
        self.config.mkdir(exist_ok=True)
        self.output = folder / "output"
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        mine = {"RUNG_DATA": self.data, "RUNG_CONFIG": self.config, "PORT": port, **env}
        self.env = inherited | {name: str(value) for name, value in mine.items()}
        self.port = port
        self.process = None

    def start(self, **how):
        how = {"stdin": subprocess.DEVNULL, "stdout": self.output.open("wb"), **how}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.commands.fake_up"],
            cwd=ROOT,
            env=self.env,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **how,
        )
        return self

    def ready(self):
        eventually(lambda: (self.data / "run.json").exists() or self.process.poll() is not None)
        assert self.process.poll() is None, self.printed()
        eventually(lambda: all((self.data / "notes" / f"{name}.pid").exists() for name in APPS))
        eventually(lambda: "Ctrl-C stops Rung" in self.printed())
        return self

    def printed(self):
        return self.output.read_text()

    def note(self, name, what="pid"):
        path = self.data / "notes" / f"{name}.{what}"
        return path.read_text() if path.exists() else None

    def run_file(self):
        return json.loads((self.data / "run.json").read_text())

    def supervisord(self):
        return int((self.data / "run" / "supervisord.pid").read_text())

    def redis(self):
        return redis.Redis.from_url(self.run_file()["redis_url"], decode_responses=True)

    def pids(self):
        noted = [int(self.note(name, what)) for name in APPS for what in ("pid", "child")]
        return [*noted, self.supervisord(), self.redis().info()["process_id"]]

    def stop(self, number=signal.SIGINT, seconds=5.0):
        began = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(seconds + 5) == 0, self.printed()
        assert time.monotonic() - began < seconds


@contextmanager
def running(up):
    try:
        yield up.start().ready()
    finally:
        if up.process.poll() is None:
            up.process.terminate()
            up.process.wait(15)


@pytest.fixture
def up(tmp_path):
    up = Up(tmp_path, free_port())
    yield up
    if up.process and up.process.poll() is None:
        up.process.terminate()
        up.process.wait(15)


def test_the_banner_says_where_rung_is_and_how_to_raise_a_first_alert(up):
    up.start().ready()
    secrets = json.loads((up.data / "secrets.json").read_text())
    printed = up.printed()
    assert "rung outbox" in printed
    assert secrets["api_token"] in printed
    assert secrets["secret_key"] not in printed
    assert (
        f"curl -X POST http://127.0.0.1:{up.port}/ingest/demo "
        f"-H 'Authorization: Bearer {secrets['source_token']}' -H 'Content-Type: application/json' "
        """-d '{"title": "Checkout is down", "severity": "critical"}'"""
    ) in printed
    up.stop()


def test_the_run_file_tells_other_terminals_how_to_reach_rung_and_goes_when_it_stops(up):
    up.start().ready()
    found = up.run_file()
    assert found["url"] == f"http://127.0.0.1:{up.port}"
    assert found["pid"] == up.process.pid
    assert found["api_token"] == json.loads((up.data / "secrets.json").read_text())["api_token"]
    assert (up.data / "run.json").stat().st_mode & 0o777 == 0o600
    assert up.redis().ping()
    up.stop()
    assert not (up.data / "run.json").exists()


def test_children_get_their_settings_and_secrets_through_the_environment_only(up):
    up.start().ready()
    env = json.loads(up.note("worker", "env"))
    secrets = json.loads((up.data / "secrets.json").read_text())
    assert env["RUNG_SECRET_KEY"] == secrets["secret_key"]
    assert env["RUNG_API_TOKEN"] == secrets["api_token"]
    assert env["RUNG_SOURCE_TOKEN"] == secrets["source_token"]
    assert env["REDIS_URL"] == up.run_file()["redis_url"]
    assert env["RUNG_PUBLIC_URL"] == f"http://127.0.0.1:{up.port}"
    assert (env["PORT"], env["RUNG_DATA"], env["TZ"]) == (str(up.port), str(up.data), "UTC")
    assert env["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT)
    in_files = "".join(path.read_text() for path in (up.data / "run").iterdir() if path.is_file())
    assert not any(secret in in_files for secret in secrets.values())
    up.stop()


def test_ctrl_c_stops_everything_within_five_seconds_and_leaves_no_process(up):
    up.start().ready()
    pids = up.pids()
    up.stop(signal.SIGINT)
    assert [pid for pid in pids if is_alive(pid)] == []


def test_what_dies_is_started_again_at_once_and_takes_its_own_children_along(up):
    up.start().ready()
    for name in APPS:
        old, child = int(up.note(name)), int(up.note(name, "child"))
        os.kill(old, signal.SIGKILL)
        eventually(lambda name=name, old=old: int(up.note(name)) != old, seconds=4)
        eventually(lambda child=child: not is_alive(child), seconds=2)
    assert "up        | " in up.printed()
    up.stop()


def test_redis_is_started_again_and_still_knows_what_it_was_told(up):
    up.start().ready()
    client = up.redis()
    client.set("promise", "kept")
    old = client.info()["process_id"]
    os.kill(old, signal.SIGKILL)

    def started_again():
        try:
            return up.redis().info()["process_id"] != old
        except redis.ConnectionError:
            return False

    eventually(started_again)
    assert up.redis().get("promise") == "kept"
    up.stop()


def test_a_second_start_goes_on_with_the_same_data_and_secrets(up):
    up.start().ready()
    up.redis().set("alert", "open")
    first = up.run_file()["api_token"]
    up.stop()
    up.output.unlink()
    up.start().ready()
    assert up.redis().get("alert") == "open"
    assert up.run_file()["api_token"] == first
    up.stop()


def test_redis_is_reachable_by_its_owner_only_and_keeps_what_it_is_told(up):
    up.start().ready()
    config = up.redis().config_get("*")
    assert (config["port"], config["unixsocketperm"]) == ("0", "700")
    assert (config["appendonly"], config["maxmemory-policy"]) == ("yes", "noeviction")
    assert (up.data / "run").stat().st_mode & 0o077 == 0
    up.stop()


def test_a_redis_url_is_used_and_no_server_is_started(tmp_path, up):
    up.start().ready()
    folder = tmp_path / "other"
    folder.mkdir()
    with running(Up(folder, free_port(), REDIS_URL=up.run_file()["redis_url"])) as other:
        assert other.run_file()["redis_url"] == up.run_file()["redis_url"]
        assert not (other.data / "redis").exists()
    up.stop()


def test_a_port_in_use_is_one_clear_line_and_exit_code_2(up):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", up.port))
        taken.listen()
        assert up.start().process.wait(10) == 2
    [line] = up.printed().splitlines()
    assert line.startswith(f"rung: port {up.port} is in use: stop what listens there, or choose another, ")


def test_a_second_rung_up_on_the_same_data_is_refused_and_harms_nothing(up):
    up.start().ready()
    second = subprocess.run(
        [sys.executable, "-m", "tests.commands.fake_up"],
        cwd=ROOT,
        env={**up.env, "PORT": str(free_port())},
        capture_output=True,
        text=True,
        timeout=15,
        check=False,
    )
    assert second.returncode == 2
    assert f"already runs on this data folder: stop it with `kill {up.process.pid}`" in second.stderr
    assert up.redis().ping()
    up.stop()


def test_a_bad_config_is_refused_before_anything_runs(up):
    (up.config / "bad").touch()
    assert up.start().process.wait(10) == 2
    assert up.printed() == "bad config here\n"
    assert not (up.data / "run" / "supervisord.log").exists()


def test_sighup_hands_a_good_config_on_to_the_processes_but_not_to_redis(up):
    up.start().ready()
    server = up.redis().info()["process_id"]
    up.process.send_signal(signal.SIGHUP)
    eventually(lambda: all(up.note(name, "hup") == up.note(name) for name in APPS))
    eventually(lambda: "the config is good and was handed on" in up.printed())
    assert up.redis().info()["process_id"] == server
    up.stop()


def test_sighup_with_a_bad_config_says_so_and_changes_nothing(up):
    up.start().ready()
    (up.config / "bad").touch()
    up.process.send_signal(signal.SIGHUP)
    eventually(lambda: "nothing was changed" in up.printed())
    assert "bad config here" in up.printed()
    assert [up.note(name, "hup") for name in APPS] == [None] * 3
    up.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can end a process with its parent")
def test_when_rung_up_is_killed_its_processes_end_and_the_next_one_goes_on(up):
    up.start().ready()
    up.redis().set("alert", "open")
    pids = up.pids()
    up.process.kill()
    up.process.wait()
    up.output.unlink()
    (up.data / "run.json").unlink()
    up.start().ready()
    assert [pid for pid in pids if is_alive(pid)] == []
    assert up.redis().get("alert") == "open"
    up.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can end a process with its parent")
def test_when_supervisord_is_killed_everything_is_started_again(up):
    up.env["FAKE_LOYAL"] = "yes"  # children that end with their parent, as gunicorn's and the senders do
    up.start().ready()
    up.redis().set("alert", "open")
    old = up.pids()
    eventually(lambda: time.time() - (up.data / "notes" / "web.pid").stat().st_mtime > 2.5)  # no start-up fault
    os.kill(up.supervisord(), signal.SIGKILL)
    eventually(lambda: all(up.note(name) and int(up.note(name)) not in old for name in APPS), seconds=12)
    assert [pid for pid in old if is_alive(pid)] == []
    assert up.redis().get("alert") == "open"
    up.stop()


def test_a_redis_that_cannot_start_is_named_with_the_last_lines_of_its_log(up):
    up.env["FAKE_REDIS"] = f"{sys.executable}|-S|-c|raise SystemExit('wrong format version 80')"
    up.env["FAKE_PATIENCE"] = "2"
    up.env["FAKE_READY"] = "503 Redis is out of reach"
    up.start()
    eventually(lambda: "Rung keeps trying" in up.printed(), seconds=15)
    assert f"redis does not stay up. The last lines of {up.data}/run/redis.log" in up.printed()
    assert "    wrong format version 80" in up.printed()
    assert not (up.data / "run.json").exists()
    up.stop()


def test_a_closed_terminal_stops_everything(up):
    ours, theirs = pty.openpty()
    up.start(stdin=theirs)
    os.close(theirs)
    up.ready()
    pids = up.pids()
    os.close(ours)
    up.process.send_signal(signal.SIGHUP)
    assert up.process.wait(8) == 0
    assert [pid for pid in pids if is_alive(pid)] == []


def test_a_reader_of_the_output_that_goes_away_stops_everything(up):
    reader, writer = os.pipe()
    up.start(stdout=writer)
    os.close(writer)
    eventually((up.data / "run.json").exists)
    eventually(lambda: all(up.note(name, what) for name in APPS for what in ("pid", "child")), seconds=15)
    pids = up.pids()
    os.close(reader)
    os.kill(int(up.note("web")), signal.SIGKILL)  # so that there is something to say
    assert up.process.wait(10) == 0
    eventually(lambda: not any(is_alive(pid) for pid in pids), seconds=2)


@pytest.mark.parametrize("name", ["100% mine", "a folder 100% long " + "x" * 100], ids=["short", "long"])
def test_data_may_lie_in_a_folder_with_spaces_and_a_percent_sign_however_long_its_name(name):
    with tempfile.TemporaryDirectory() as short:  # pytest's own folder is too long for one of the two
        folder = Path(short) / name
        folder.mkdir()
        with running(Up(folder, free_port())) as up:
            assert up.redis().ping()
            up.stop()
