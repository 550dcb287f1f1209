"""Ways in that are half set up, and those that a channel could have."""

import pytest

from core.config import Config
from core.lint.ways_in import is_open, missing_replies
from core.rules import Rules
from tests.lint.sound import changed, findings, put, sound, told

TOKENS = {
    "telegram": "tgram://123456789:AAs3cret-token-of-the-tests/1",
    "slack": "slack://rung@xoxb-1-2-s3cret/{slack}",
}
ALL_SET = {
    "twilio": {"auth_token": "s3cret"},
    "email": {"address": "rung@example.com", "secret": "s3cret"},
    "slack": {"signing_secret": "s3cret", "bot_token": "s3cret"},
    "telegram": {"secret": "s3cret"},
}


def missing(written):
    return [(each.code.value, each.path) for each in missing_replies(Rules(Config.model_validate(written)))]


@pytest.mark.parametrize(
    ("replies", "path"),
    [
        ({"email": {"address": "rung@example.com"}}, "replies.email.secret"),
        ({"email": {"secret": "s3cret"}}, "replies.email.address"),
        ({"slack": {"bot_token": "s3cret"}}, "replies.slack.signing_secret"),
    ],
)
def test_a_way_in_that_lacks_one_of_two_things(replies, path):
    [finding] = findings(changed("replies", replies))
    assert (finding.severity, finding.code, finding.path) == ("warning", "reply-half-set", path)
    assert "s3cret" not in repr(finding)


def test_a_way_in_that_is_whole_or_not_there_earns_nothing():
    assert told(changed("replies", ALL_SET)) == []
    assert told(changed("replies", {"email": {"secret": "", "provider": "mailgun"}, "slack": {"bot_token": ""}})) == []


def test_a_channel_in_use_that_nobody_can_answer_on():
    assert missing(sound()) == [("reply-not-set-up", "replies.twilio.auth_token")]
    written = changed(
        "channels", {"chat": {"url": TOKENS["telegram"], "kind": "telegram"}, "slack": {"url": TOKENS["slack"]}}
    )
    assert missing(written) == [
        ("reply-not-set-up", "replies.telegram.secret"),
        ("reply-not-set-up", "replies.slack.signing_secret"),
    ]
    assert missing(put(written, "replies", ALL_SET)) == []


def test_text_and_call_lack_one_secret_together():
    written = put(sound(), "channels.phone", {"url": "twilio://AC1:s3cret@+15550109999/{phone}?method=call"})
    [of_twilio] = missing_replies(Rules(Config.model_validate(written)))
    assert of_twilio.found.startswith("pages on sms and phone cannot be answered by")


def test_texts_that_somebody_else_sends_have_no_way_in():
    assert missing(changed("channels", {"sms": {"url": "clickatell://s3cret@15550109999/{phone}"}})) == []


def test_what_goes_to_the_outbox_or_nowhere_lacks_nothing():
    assert missing(changed("outbox", True)) == []
    assert missing(changed("channels", {"slack": {"url": ""}, "telegram": False, "email": {"url": ""}})) == []


def test_any_secret_opens_a_way_in():
    assert not is_open(Config.model_validate(sound()).replies)
    for name, section in ALL_SET.items():
        assert is_open(Config.model_validate(changed("replies", {name: section})).replies)
