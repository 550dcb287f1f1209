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


def test_without_a_channel_every_one_has_a_line_and_those_that_do_not_reach_the_person_are_no_failure(rung, tmp_path):
    said = rung("user2", "--channel", "webhook")
    assert said.exit_code == 1, "it is turned away"
    (tmp_path / "config" / "channels.yaml").write_text(
        (tmp_path / "config" / "channels.yaml").read_text().replace("/hook", "/")
    )
    said = rung("user2")
    assert said.output.splitlines() == [
        "email: not sent (it is switched off in the config)",
        "slack: not sent (it is switched off in the config)",
        "sms: not sent (it is switched off in the config)",
        "phone: not sent (it is switched off in the config)",
        "ntfy: not sent (user2 has no ntfy in the config)",
        "webhook: sent (id hwQ2YpKdmg)",
    ]
    assert said.exit_code == 0


@pytest.mark.parametrize(
    ("channel", "why"), [("sms", "it is switched off in the config"), ("ntfy", "user2 has no ntfy in the config")]
)
def test_a_channel_that_was_asked_for_and_cannot_reach_the_person_is_a_failure(rung, channel, why):
    said = rung("user2", "--channel", channel)
    assert (said.exit_code, said.output) == (1, f"{channel}: not sent ({why})\n")


def test_what_the_person_does_not_want_there_is_said_and_a_test_is_sent_all_the_same(rung, tmp_path):
    file = tmp_path / "config" / "oncall.yaml"
    quiet = "    quiet: {low: [ntfy, webhook], medium: [ntfy]}\n    ntfy: ada\n"
    file.write_text(file.read_text().replace("    ntfy: ada\n", quiet))
    said = rung("user1", "--channel", "ntfy", "--channel", "webhook", "--channel", "ntfy")
    assert said.output.splitlines() == [
        "ntfy: sent (id hwQ2YpKdmg); no low or medium pages go there, by choice",
        "webhook: rejected (HTTP 410 from the provider); no low pages go there, by choice",
    ]


def test_when_no_channel_reaches_the_person_it_says_why_for_each_and_fails(rung, tmp_path):
    file = tmp_path / "config" / "oncall.yaml"
    file.write_text(file.read_text().replace("    email: user3@example.com\n", ""))
    said = rung("user3")
    assert said.exit_code == 1
    assert "webhook: not sent (user3 has no email in the config)" in said.stdout
    assert "no channel of the config reaches user3" in said.stderr


def test_nobody_of_that_name_is_wrong_usage_with_a_hint(rung):
    said = rung("user22")
    assert said.exit_code == 2
    assert "there is no person 'user22' in the config (did you mean user2?)" in said.stderr
