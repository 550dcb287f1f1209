"""Ways to answer a message from where it is read: only those whose secret is there, with addresses of its own."""

import pytest

from core.config.replies import Replies
from core.ledger import Key
from core.links import Links
from core.outcomes import Ways
from core.ways import KEYS, KEYS_OF_SEVERAL, proof_of, ways_of, ways_of_several, ways_of_test

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
    assert found.keys_say == KEYS


@pytest.mark.parametrize(("kind", "link"), [("slack", LINKS.make(42, "user1")), ("telegram", "")])
def test_a_chat_that_says_who_presses_has_buttons(kind, link):
    assert ways(kind) == Ways(42, link, buttons=True)


@pytest.mark.parametrize("kind", ["sms", "whatsapp", "phone", "slack", "telegram"])
def test_what_is_not_set_up_is_no_way(kind):
    assert ways(kind, Replies()) is None


@pytest.mark.parametrize("kind", ["email", "discord", "my-channel", ""])
def test_elsewhere_there_is_but_the_link(kind):
    assert ways(kind) is None


@pytest.mark.parametrize("kind", ["sms", "whatsapp", "phone"])
def test_twilio_is_given_no_address_that_it_cannot_reach_for_it_would_not_take_the_message(kind):
    assert ways(kind, links=Links("k" * 32, "http://127.0.0.1:8080")) is None


def test_a_message_about_several_is_answered_by_text_or_key_and_has_no_buttons():
    for kind in ("sms", "whatsapp"):
        assert ways_of_several(Key(42, 7, "user1", "my-channel"), kind, SET_UP, LINKS) == ways(kind)
    call = ways_of_several(Key(42, 7, "user1", "my-channel"), "phone", SET_UP, LINKS)
    assert (call.keys_at, call.keys_say) == (ways("phone").keys_at, KEYS_OF_SEVERAL)
    for kind in ("slack", "telegram", "email"):
        assert ways_of_several(Key(42, 7, "user1", "my-channel"), kind, SET_UP, LINKS) is None


def test_a_test_page_says_how_to_prove_the_way_back_where_there_is_one():
    assert proof_of("sms", SET_UP, LINKS) == "Reply status to prove that answers arrive."
    assert proof_of("slack", SET_UP, LINKS) == "Write /rung list to prove that answers arrive."
    assert proof_of("telegram", SET_UP, LINKS) == "Write /status to prove that answers arrive."
    assert proof_of("slack", Replies(), LINKS) == proof_of("telegram", Replies(), LINKS) == ""
    assert (
        proof_of("sms", Replies(), LINKS) == proof_of("phone", SET_UP, LINKS) == proof_of("email", SET_UP, LINKS) == ""
    )
    call = ways_of_test("user1", "my-channel", "phone", SET_UP, LINKS)
    assert LINKS.read_delivery(call.keys_at.rpartition("/")[2]) == Key(0, 0, "user1", "my-channel")
    assert call.status_at == ""
    assert ways_of_test("user1", "my-channel", "phone", Replies(), LINKS) is None
    assert ways_of_test("user1", "my-channel", "sms", SET_UP, LINKS) is None


def test_a_notification_of_ntfy_has_an_address_of_its_own_where_phones_reach_it():
    found = ways("ntfy", Replies())
    assert found.link == LINKS.make(42, "user1")
    assert LINKS.read_delivery(found.act_at.rpartition("/")[2]).alert == 42
    assert ways("ntfy", links=Links("k" * 32, "http://127.0.0.1:8080")) is None


def test_a_mail_is_answered_to_an_address_of_its_own_once_there_is_an_address_and_a_secret():
    found = ways("email", Replies.model_validate({"email": {"address": "rung@example.com", "secret": "s"}}))
    assert found == Ways(42, reply_to=LINKS.mail_address("rung@example.com", 42, "user1"))
    for half in ({"address": "rung@example.com"}, {"secret": "s"}):
        assert ways("email", Replies.model_validate({"email": half})) is None
