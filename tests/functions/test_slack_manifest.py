"""What docs/replies.md has people paste into Slack is what this Rung answers to."""

import re
from pathlib import Path

import pytest
import yaml

from functions.app import create_app

DOCS = (Path(__file__).parents[2] / "docs" / "replies.md").read_text("utf-8")
[MANIFEST] = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)]
SETTINGS = MANIFEST["settings"]
ADDRESSES = {
    MANIFEST["features"]["slash_commands"][0]["url"],
    SETTINGS["event_subscriptions"]["request_url"],
    SETTINGS["interactivity"]["request_url"],
}


def test_all_that_slack_sends_goes_to_one_door_of_ours():
    [address] = ADDRESSES
    path = address.removeprefix("https://rung.example.com")
    ways = [rule.methods for rule in create_app(None).url_map.iter_rules() if rule.rule == path]
    assert {"GET", "POST"} <= set().union(*ways)


def test_it_asks_for_what_is_used_and_no_more():
    scopes = {"chat:write", "chat:write.customize", "commands", "channels:history", "groups:history", "im:history"}
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == scopes
    assert SETTINGS["event_subscriptions"]["bot_events"] == ["message.channels", "message.groups", "message.im"]
    assert MANIFEST["features"]["slash_commands"][0]["command"] == "/rung"


@pytest.mark.parametrize("people", re.findall(r"^ +([a-z]+: \{slack: .*?\})", DOCS, re.MULTILINE))
def test_the_people_of_the_example_are_taken_by_config(people):
    from core.config.people import Person

    [fields] = yaml.safe_load(people).values()
    assert Person.model_validate(fields).contacts["slack"] == fields["slack"]
