"""`rung page` sends for real and says, for each channel, what became of it."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from functions.commands import main
from tests.adapters.servers import HOST, Answer, HttpSink

CHANNELS = """
channels:
  email: false
  slack: false
  sms: false
  phone: false
  ntfy:
    url: ntfy://{host}/{{ntfy}}
  webhook:
    url: json://{host}/hook?:responder={{email}}
"""


def answer(handler):
    """Take what ntfy is told, and nothing that is for the webhook."""
    return Answer.of({"id": "hwQ2YpKdmg"}) if handler.path == "/" else Answer(410)


@pytest.fixture
def rung(tmp_path):
    folder = shutil.copytree(Path(__file__).parents[2] / "config", tmp_path / "config")
    with HttpSink(answer) as sink:
        (folder / "channels.yaml").write_text(CHANNELS.format(host=f"{HOST}:{sink.port}"))
        people = (folder / "oncall.yaml").read_text().replace("    name: User One", "    ntfy: ada\n    name: User One")
        (folder / "oncall.yaml").write_text(people)
        env = {"RUNG_CONFIG": str(folder), "RUNG_DATA": str(tmp_path / "data"), "REDIS_URL": "redis://127.0.0.1:1/0"}
        yield lambda *words: CliRunner().invoke(main, ["page", *words], env=env)


def test_it_says_for_each_channel_what_became_of_it_and_fails_when_one_did(rung):
    said = rung("user1", "--channel", "ntfy", "--channel", "webhook")
    assert said.output.splitlines() == ["ntfy: sent (id hwQ2YpKdmg)", "webhook: rejected (HTTP 410 from the provider)"]
    assert said.exit_code == 1


def test_it_is_fine_when_all_went_well(rung):
    said = rung("user1", "--channel", "ntfy")
    assert (said.exit_code, said.output) == (0, "ntfy: sent (id hwQ2YpKdmg)\n")


def test_a_channel_that_is_not_configured_is_a_wrong_usage(rung):
    said = rung("user1", "--channel", "sms2")
    assert said.exit_code == 2
    assert "config has no channel sms2; it has email, slack, sms, phone, ntfy, webhook" in said.output
