"""Each folder of tests/fixtures/config breaks the rule it is named for; faults.txt is what one reads."""

from pathlib import Path

import pytest

from core.adapters.config_files import load
from core.config import ConfigError, Fault
from tests.config.folders import ENV, FIXTURES, VALID, overlaid

BROKEN = sorted(path.parent for path in FIXTURES.glob("*/faults.txt"))  # the others break rules of the linter


@pytest.fixture
def faults_of(tmp_path, monkeypatch):
    """Load the valid config with a fixture laid over it, under a relative name as an operator would."""
    monkeypatch.chdir(tmp_path)

    def faults(fixture):
        overlaid(Path("config"), fixture)
        with pytest.raises(ConfigError) as raised:
            load(Path("config"), ENV)
        return raised.value

    return faults


@pytest.mark.parametrize("fixture", BROKEN, ids=lambda folder: folder.name)
def test_a_broken_rule_is_told_with_file_path_found_and_wanted(fixture, faults_of):
    assert str(faults_of(fixture)).splitlines() == (fixture / "faults.txt").read_text().splitlines()


@pytest.mark.parametrize("fixture", BROKEN, ids=lambda folder: folder.name)
def test_a_fault_never_shows_a_secret(fixture, faults_of):
    error = faults_of(fixture)
    assert "s3cret" not in str(error)
    assert "s3cret" not in repr(error)
    assert error.__cause__ is None
    assert error.__context__ is None


def test_the_valid_config_has_no_fault(tmp_path):
    assert load(overlaid(tmp_path / "config", VALID), ENV).people["boss"].email == "boss@example.com"


def test_every_fault_of_every_file_is_told_at_once(tmp_path):
    folder = overlaid(tmp_path / "config", VALID)
    (folder / "rung.yaml").write_text("timezone: Mars/Olympus\noutbox: maybe\n")
    (folder / "sources.yaml").write_text("sources:\n  grafana: {policy: none_such, token: '${UNSET}'}\n")
    (folder / "more.yaml").write_text("colour: red\n")
    with pytest.raises(ConfigError) as raised:
        load(folder, ENV)
    assert [(Path(fault.file).name, fault.path) for fault in raised.value.faults] == [
        ("more.yaml", "colour"),
        ("rung.yaml", "timezone"),
        ("rung.yaml", "outbox"),
        ("sources.yaml", "sources.grafana.token"),
        ("sources.yaml", "sources.grafana.policy"),
    ]


def test_a_file_that_cannot_be_read_hides_no_fault_of_the_others(tmp_path):
    folder = overlaid(tmp_path / "config", VALID)
    (folder / "channels.yaml").write_text("channels: {email: [}\n")
    (folder / "rung.yaml").write_text("outbox: maybe\n")
    with pytest.raises(ConfigError) as raised:
        load(folder, ENV)
    assert [Path(fault.file).name for fault in raised.value.faults] == ["channels.yaml:1", "rung.yaml"]


def test_a_fault_reads_as_one_line():
    fault = Fault(
        "config/escalation.yaml",
        "escalation.policies.high.levels[1].timeout",
        '"soon"',
        "a duration: seconds or 5m",
    )
    assert str(fault) == (
        'config/escalation.yaml: escalation.policies.high.levels[1].timeout: found "soon", '
        "wanted a duration: seconds or 5m"
    )
