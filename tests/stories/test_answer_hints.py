"""A text says that it can be answered by one, and a call which keys it takes, once answers are set up."""

import pytest

from core.ways import KEYS, KEYS_OF_SEVERAL
from tests.bundles import numbers, storm_config
from tests.worlds import World

SET_UP = {"twilio": {"auth_token": "t"}}
URLS = {
    "sms": {"url": "twilio://AC1:secret@+15550009999/{phone}"},
    "phone": {"url": "twilio://x:y@+15550009999/{phone}"},
}


def sent(client, channel, replies, alerts=1):
    """The messages of so many alerts; beyond one they are bundled."""
    world = World(client, storm_config(channel, channels=URLS, replies=replies, bundling={"after": 1}))
    for n in range(alerts):
        world.fires(f"key {n}", title="Disk is full")
    world.passes(30)
    return [message for _, message in world.sender.sent]


def last_line(message):
    return message.body.splitlines()[-1]


def test_a_text_names_what_to_reply_and_ends_with_its_link(client):
    [text] = sent(client, "sms", SET_UP)
    assert last_line(text).startswith("Answer: reply ack 1, or https://rung.example.com/a/")
    assert text.ways.status_at


def test_without_a_way_in_a_text_has_but_its_link(client):
    [text] = sent(client, "sms", {})
    assert last_line(text).startswith("Answer: https://rung.example.com/a/")
    assert text.ways is None


def test_a_bundle_by_text_says_how_all_of_it_is_taken(client):
    _, bundle = sent(client, "sms", SET_UP, alerts=5)
    assert numbers(bundle) == [2, 3, 4, 5]
    assert last_line(bundle).startswith("Answer: reply ack all, or https://rung.example.com/b/")
    assert bundle.ways.status_at


@pytest.mark.parametrize(("alerts", "keys"), [(1, KEYS), (5, KEYS_OF_SEVERAL)])
def test_a_call_says_which_keys_it_takes(client, alerts, keys):
    call = sent(client, "phone", SET_UP, alerts)[-1]
    assert call.ways.keys_say == keys
    assert call.body.startswith("This is Rung.")
    assert "https://" not in call.body


def test_a_call_does_not_read_out_for_minutes_what_a_title_says(client):
    world = World(client, storm_config("phone", channels=URLS, replies=SET_UP, bundling={"after": 1}))
    for n in range(5):
        world.fires(f"key {n}", title="very long " * 100)
    world.passes(30)
    assert max(len(message.body) for _, message in world.sender.sent) < 600


def test_a_mail_says_that_it_can_be_answered_and_ends_with_its_link(client):
    replies = {"email": {"address": "rung@inbound.example.com", "secret": "s"}}
    world = World(client, storm_config("email", channels={"email": {"url": "json://localhost"}}, replies=replies))
    world.fires("key")
    [(_, mail)] = world.sender.sent
    assert last_line(mail).startswith("Answer: reply ack to this mail, or https://rung.example.com/a/")
    assert mail.ways.reply_to.startswith("rung+1-")


@pytest.mark.parametrize(
    "replies", [{}, {"email": {"secret": "s"}}, {"email": {"address": "rung@inbound.example.com"}}]
)
def test_a_mail_that_nobody_would_read_the_answer_to_does_not_ask_for_one(client, replies):
    world = World(client, storm_config("email", channels={"email": {"url": "json://localhost"}}, replies=replies))
    world.fires("key")
    [(_, mail)] = world.sender.sent
    assert last_line(mail).startswith("Answer: https://rung.example.com/a/")
    assert mail.ways is None
