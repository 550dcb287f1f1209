"""Ways to answer a message from where it is read: only those whose secret is there, with addresses of its own."""

import pytest

from core.config.replies import Replies
from core.ledger import Key
from core.links import Links
from core.outcomes import Ways
from core.ways import ways_of

LINKS = Links("k" * 32, "https://rung.example.com")
SET_UP = Replies.model_validate(
    {
        "twilio": {"auth_token": "t"},
        "slack": {"signing_secret": "s"},
        "telegram": {"secret": "g"},
    }
)


def ways(kind, replies=SET_UP, links=LINKS):
    return ways_of(Key(42, 7, "user1", "my-channel"), kind, replies, links)


@pytest.mark.parametrize("kind", ["sms", "whatsapp"])
def test_of_a_text_the_provider_says_what_became_of_it(kind):
    found = ways(kind)
    assert found == Ways(42, status_at=found.status_at)
    assert found.status_at.startswith("https://rung.example.com/reply/sms/")
    assert LINKS.read_delivery(found.status_at.rpartition("/")[2]) == Key(42, 7, "user1", "my-channel")


def test_of_a_call_the_provider_says_which_key_was_pressed_too():
    found = ways("phone")
    assert found.keys_at.startswith("https://rung.example.com/reply/voice/")
    assert found.status_at == f"{found.keys_at}/status"


@pytest.mark.parametrize("kind", ["slack", "telegram"])
def test_a_chat_that_says_who_presses_has_buttons(kind):
    assert ways(kind) == Ways(42, buttons=True)


@pytest.mark.parametrize("kind", ["sms", "whatsapp", "phone", "slack", "telegram"])
def test_what_is_not_set_up_is_no_way(kind):
    assert ways(kind, Replies()) is None


@pytest.mark.parametrize("kind", ["email", "discord", "my-channel", ""])
def test_elsewhere_there_is_but_the_link(kind):
    assert ways(kind) is None


@pytest.mark.parametrize("kind", ["sms", "whatsapp", "phone"])
def test_twilio_is_given_no_address_that_it_cannot_reach_for_it_would_not_take_the_message(kind):
    assert ways(kind, links=Links("k" * 32, "http://127.0.0.1:8080")) is None
