"""The config as commands read it that need no running Rung: nothing is asked, made or kept for it."""

from pathlib import Path

import pytest

from core.config import ConfigError
from functions.commands._offline import STAND_IN, load_config, read_config
from tests.config.folders import ENV, VALID, overlaid

DEFAULT = Path(__file__).parents[2] / "config"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("RUNG_CONFIG", "RUNG_CONFIG_BASE", "RUNG_SOURCE_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)


def test_it_reads_the_folder_it_is_told(tmp_path):
    overlaid(tmp_path / "mine", VALID)
    assert set(load_config("mine").people) == {"ada", "bob", "boss"}


def test_it_reads_the_folder_of_the_environment_else_the_one_that_rung_brings(tmp_path, monkeypatch):
    assert "oncall_primary" in load_config().rotations
    monkeypatch.setenv("RUNG_CONFIG", str(overlaid(tmp_path / "mine", VALID)))
    assert set(load_config().rotations) == {"oncall"}


def test_the_token_that_rung_up_makes_needs_not_be_there(monkeypatch):
    assert load_config(str(DEFAULT)).sources["grafana"].token.get_secret_value() == STAND_IN
    monkeypatch.setenv("RUNG_SOURCE_TOKEN", "a-token-of-mine")
    assert load_config(str(DEFAULT)).sources["grafana"].token.get_secret_value() == "a-token-of-mine"


def test_an_empty_variable_is_one_that_is_not_set(tmp_path, monkeypatch):
    folder = overlaid(tmp_path / "mine", VALID)
    monkeypatch.setenv("SMS_TOKEN", "")
    with pytest.raises(ConfigError, match="SMS_TOKEN"):
        load_config(str(folder))


def test_files_are_named_as_one_types_them(tmp_path, monkeypatch):
    folder = overlaid(tmp_path / "mine", VALID)
    assert read_config("mine").files["people"] == "mine/oncall.yaml"
    assert read_config(str(folder)).files["people"] == "mine/oncall.yaml"
    monkeypatch.chdir(folder)
    assert read_config(".").files["people"] == "oncall.yaml"
    monkeypatch.chdir("/")
    assert read_config(str(DEFAULT)).files["people"] == str(DEFAULT / "oncall.yaml").removeprefix("/")


def test_what_is_not_there_is_a_fault():
    with pytest.raises(ConfigError, match="nowhere: found no folder"):
        load_config("nowhere")


def test_nothing_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNG_DATA", str(tmp_path / "data"))
    load_config(str(DEFAULT))
    assert list(tmp_path.iterdir()) == []
