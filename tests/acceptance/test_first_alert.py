"""What a newcomer does: `make run` in a clone without a venv, paste the curl, watch level two, acknowledge, restart."""

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
LEVEL_TWO_AFTER = 20  # seconds, thirty times as fast as 600

pytestmark = [
    pytest.mark.skipif(shutil.which("curl") is None, reason="the printed line needs curl"),
    pytest.mark.skipif(shutil.which("make") is None, reason="needs make"),
]


def clone(into: Path) -> Path:
    """The project as it stands, without its history and without anything git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so there is nothing to clone")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, into / name)
    return into


class MakeRun:
    """`make run` in a terminal of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("RUNG_", "REDIS_", "MAKE", "VENV", "PYTHON"))}
        self.env = {**kept, "PORT": str(port)}
        self.process: subprocess.Popen[str] | None = None
        self.printed: list[str] = []

    def start(self) -> "MakeRun":
        self.printed = []
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=self.folder,
            env=self.env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        wait_for(lambda: "Ctrl-C stops Rung" in self.text, 300, f"the banner of make run\n{self.text}")
        return self

    @property
    def text(self) -> str:
        return "".join(self.printed)

    def ctrl_c(self) -> float:
        """Press Ctrl-C, as a terminal does to everything in the foreground; give the seconds until all is gone."""
        assert self.process is not None
        began = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(15)
        wait_for(lambda: not self.left_behind(), 5, f"everything gone: {self.left_behind()}")
        return time.monotonic() - began

    def left_behind(self) -> list[str]:
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_text().replace("\0", " ")
                place = str((entry / "cwd").readlink())
            except OSError:
                continue
            if str(self.folder) in command or place == str(self.folder):
                found.append(command)
        return found

    def rung(self, *arguments: str) -> str:
        command = [self.folder / ".venv/bin/rung", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.printed.append(line)


@pytest.fixture
def make_run(tmp_path):
    run = MakeRun(clone(tmp_path / "clone"), free_port())
    yield run
    run.kill()


def test_a_newcomer_raises_an_alert_sees_it_climb_answers_it_and_finds_it_again_after_a_restart(make_run):
    make_run.start()
    curl = next(line.strip() for line in make_run.printed if line.strip().startswith("curl "))
    answer = json.loads(subprocess.run(["bash", "-c", f"{curl} -sS"], capture_output=True, check=True).stdout)
    assert [alert["result"] for alert in answer["alerts"]] == ["triggered"]

    messages = wait_for(lambda: json.loads(make_run.rung("outbox", "--json"))["messages"], 5, "a page")
    assert {message["alert"] for message in messages} == {1}
    assert re.search(r"Answer: http://127\.0\.0\.1:\d+/a/\S+", messages[0]["body"])

    def second_firing():
        timeline = json.loads(make_run.rung("show", "1", "--json"))["timeline"]
        return [event for event in timeline if event["event"] == "escalated"]

    fired = wait_for(second_firing, LEVEL_TWO_AFTER + 10, "level two")[0]
    created = json.loads(make_run.rung("show", "1", "--json"))["created_at"]
    late = (datetime.fromisoformat(fired["at"]) - datetime.fromisoformat(created)).total_seconds() - LEVEL_TWO_AFTER
    assert fired["level_name"] == "secondary"
    assert 0 <= late < 2

    assert "acknowledged by alice" in make_run.rung("ack", "1", "--by", "alice")
    after = json.loads(make_run.rung("show", "1", "--json"))
    assert (after["status"], after["what_happens_next"]) == ("acknowledged", "alice has it; the ladder waits.")

    assert make_run.ctrl_c() < 5
    assert "Error" not in make_run.text

    make_run.start()
    assert json.loads(make_run.rung("show", "1", "--json"))["acknowledged_by"] == "alice"
    assert [event["event"] for event in json.loads(make_run.rung("show", "1", "--json"))["timeline"]].count(
        "escalated"
    ) == 1
    make_run.ctrl_c()
