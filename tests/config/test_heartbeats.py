"""Heartbeats as they are written."""

from pathlib import Path

import pytest

from core.adapters.config_files import load
from core.config.heartbeats import Heartbeat
from tests.config.folders import ENV, VALID, overlaid

DEFAULT = Path(__file__).parents[2] / "config" / "heartbeats.yaml"


@pytest.mark.parametrize(
    ("written", "patience"),
    [
        ({"interval": "5m", "grace": "30s"}, 330),
        ({"interval": "5m"}, 330),
        ({"interval": "1d"}, 95_040),
        ({"interval": 9}, 9),
        ({"interval": "5m", "grace": 0}, 300),
    ],
)
def test_a_beat_is_missed_after_its_interval_and_the_grace_which_is_a_tenth_unless_written(written, patience):
    assert Heartbeat.model_validate(written).patience == patience


def test_the_example_of_the_default_config_works(tmp_path):
    folder = overlaid(tmp_path / "config", VALID)
    lines = DEFAULT.read_text("utf-8").partition("# heartbeats:")
    example = "\n".join(line.removeprefix("# ") for line in ("# heartbeats:" + lines[2]).splitlines())
    (folder / "heartbeats.yaml").write_text(example.replace("policy: critical", "policy: high"), "utf-8")
    heartbeat = load(folder, ENV | {"BACKUP_HEARTBEAT_TOKEN": "s3cret"}).heartbeats["backup"]
    assert (heartbeat.interval, heartbeat.grace, heartbeat.severity, heartbeat.policy) == (300, 30, "high", "high")
    assert heartbeat.title == "The backup of db-1 did not run"
    assert heartbeat.token.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(heartbeat)


def test_the_default_config_has_none():
    assert load(DEFAULT.parent, {}).heartbeats == {}
