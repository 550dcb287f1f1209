"""Stories of people with preferences: a page that fails goes where they like it, and never where they do not."""

import pytest

from core.commands import Resolve
from core.outcomes import Outcome, OutcomeKind
from tests.bundles import URLS
from tests.samples import PEOPLE, config
from tests.worlds import World

REJECTED = Outcome(OutcomeKind.REJECTED, "no such user")
TURNED_AWAY = {"U0002": REJECTED, "p2%40": REJECTED}  # user2 by Slack and by mail
CHANNELS = URLS | {"slack": {"url": "slack://tokena/tokenb/tokenc/{slack}"}}


@pytest.fixture
def world(client):
    def build(**choices):
        people = PEOPLE | {"user2": PEOPLE["user2"] | choices}
        return World(client, config(channels=CHANNELS, people=people))

    return build


def paged_on(world: World, alert: int = 1) -> list[str]:
    return [key.channel for key in world.entries(alert) if key.responder == "user2"]


def test_a_page_that_fails_goes_to_the_channel_they_prefer(world):
    liked = world(prefer=["phone", "sms"])
    liked.sender.outcomes |= TURNED_AWAY
    liked.fires(severity="low")
    assert paged_on(liked) == ["email", "phone"]
    assert liked.story(1, "failed_over") == ["0 failed_over user2 phone"]


def test_a_page_that_fails_everywhere_else_still_does_not_ring_who_wants_no_medium_calls(world):
    quiet = world(quiet={"medium": ["phone", "sms"]})
    quiet.sender.outcomes |= TURNED_AWAY
    quiet.fires(severity="medium")
    assert paged_on(quiet) == ["email", "slack"]
    assert quiet.story(1, "failed_over") == []
    assert quiet.story(1, "skipped") == ["0 skipped primary none of its pages could be delivered"]


def test_the_same_person_is_called_for_what_is_critical(world):
    quiet = world(quiet={"low": ["email", "slack", "sms", "phone"], "medium": ["phone", "sms"]})
    quiet.sender.outcomes["slack"] = REJECTED
    quiet.fires(severity="critical")
    assert paged_on(quiet) == ["email", "slack", "sms", "phone"]


def test_low_alerts_go_by_mail_to_everybody_but_to_whom_they_are_not_wanted_there(world):
    quiet = world(quiet={"low": ["email"]}, prefer=["slack"])
    quiet.fires(severity="low")
    assert paged_on(quiet) == ["slack"]
    quiet.says(1, Resolve("user9", "api"))
    assert [message.title.split(":")[0] for url, message in quiet.sender.sent if url.startswith("slack")] == [
        "LOW",
        "Resolved",
    ]
    assert not [url for url, _ in quiet.sender.sent if url.startswith("mailtos")]


def test_a_low_alert_that_nobody_wants_pages_the_catch_all_and_says_why(world):
    quiet = world(quiet={"low": ["email", "slack", "sms", "phone"]})
    quiet.fires(severity="low")
    assert quiet.story(1, "skipped", "exhausted")[0] == "0 skipped primary user2 wants no low pages"
    quiet.passes(30_000)
    assert {key.responder for key in quiet.entries(1)} == {"team_manager"}
