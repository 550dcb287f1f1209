"""A process beside the scheduler: one at a time, with its exit code told, and ended when it takes too long."""

import pytest

from core.adapters.side_process import SideProcess
from tests.conftest import wait_for


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module to run."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return (tmp_path / "side_job.py").write_text


def over(process):
    wait_for(lambda: not process.is_running(), what="the process ending")


def test_it_runs_one_at_a_time(module, tmp_path):
    module(f"import pathlib, time\npathlib.Path('{tmp_path}/ran').open('a').write('x')\ntime.sleep(30)")
    process = SideProcess("side_job")
    assert not process.is_running()
    assert process.start()
    assert not process.start()
    wait_for((tmp_path / "ran").exists, what="a first run")
    process.stop()
    assert (tmp_path / "ran").read_text() == "x"
    assert process.start()
    process.stop()
    process.stop()


def test_an_exit_code_is_told(module, caplog):
    module("raise SystemExit(3)")
    process = SideProcess("side_job")
    process.start()
    over(process)
    assert "side_job ended with exit code 3; it is tried again" in caplog.text


def test_one_that_takes_too_long_is_ended(module, caplog):
    module("import time\ntime.sleep(60)")
    process = SideProcess("side_job", within=1)
    process.start()
    over(process)
    assert "side_job did not end within 1 s and was stopped" in caplog.text


def test_one_that_does_not_end_when_it_is_told_to_is_ended(module, tmp_path):
    told = f"pathlib.Path('{tmp_path}/told').touch()"
    module(
        "import pathlib, signal, time\n"
        f"signal.signal(signal.SIGTERM, lambda *_: {told})\n"
        f"pathlib.Path('{tmp_path}/ready').touch()\n"
        "while True: time.sleep(1)"
    )
    process = SideProcess("side_job", stop_within=0.5)
    process.start()
    wait_for((tmp_path / "ready").exists, what="its start")
    process.stop()
    assert (tmp_path / "told").exists()
    assert not process.is_running()
