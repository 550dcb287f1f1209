"""POST /reply/slack: signed or nothing, answered to nobody but Slack, and no secret is said anywhere."""

import json
import logging
from urllib.parse import urlencode

import pytest

from tests.adapters.fake_slack import BOT_TOKEN, SIGNING_SECRET, signed
from tests.adapters.servers import Answer
from tests.apps import App, error
from tests.functions.slack_side import (
    FORM,
    KNOWN,
    REPLIES,
    commanding,
    numbered,
    post,
    press,
    pressing,
    saying,
    says,
    stands_at,
    told,
    who_has,
)

OPEN = ("pending", None)


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, replies=REPLIES, people=KNOWN)
    yield app
    app.redis.close()


# Who is believed


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0="},
        {"X-Slack-Request-Timestamp": "1795428000"},
        signed(b"another body", 1795428000),
        signed(pressing("acknowledge", "1"), 1795428000, "another secret"),
        {**signed(pressing("acknowledge", "1"), 1795428000), "X-Slack-Request-Timestamp": "1795428001"},
        {**signed(pressing("acknowledge", "1"), 1795428000), "X-Slack-Signature": "v0=é"},
    ],
)
def test_what_is_not_signed_is_turned_away_and_nothing_is_done(app, headers):
    app.fires()
    assert app.now.timestamp() == 1795428000
    answer = post(app, pressing("acknowledge", "1"), headers=headers)
    assert answer.status_code == 403
    assert "older than five minutes" in error(answer)
    assert who_has(app, 1) == OPEN


@pytest.mark.parametrize(("seconds", "status"), [(-301, 403), (-300, 200), (300, 200), (301, 403)])
def test_a_signature_is_good_for_five_minutes(app, said, seconds, status):
    app.fires()
    body = pressing("acknowledge", "1")
    assert post(app, body, headers=signed(body, app.now.timestamp() + seconds)).status_code == status
    assert (who_has(app, 1) == OPEN) is (status == 403)


def test_a_press_is_no_more_taken_after_a_byte_of_it_was_changed(app):
    app.fires()
    body = pressing("acknowledge", "1")
    answer = post(app, body.replace(b"acknowledge", b"resolve"), headers=signed(body, app.now.timestamp()))
    assert answer.status_code == 403
    assert who_has(app, 1) == OPEN


@pytest.mark.parametrize(
    "body",
    [pressing("escalate", "1"), commanding("escalate 1", trigger_id="1.2"), commanding("note 1 hm", trigger_id="1.3")],
)
def test_what_was_signed_once_is_done_once_however_its_signature_is_written(app, body, said):
    app.fires()
    proof = signed(body, app.now.timestamp())
    assert post(app, body, headers=proof).status_code == 200
    before = app.events(1)
    for spelled in ("{}", "v0={}", " {}"):
        signature = spelled.format(proof["X-Slack-Signature"])
        answer = post(app, body, headers={**proof, "X-Slack-Signature": signature})
        assert answer.status_code in {200, 403}
    assert app.events(1) == before


def test_the_secret_is_needed_and_without_one_the_door_is_shut(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url)
    app.fires()
    for secret in ("", SIGNING_SECRET):
        body = pressing("acknowledge", "1")
        answer = post(app, body, headers=signed(body, app.now.timestamp(), secret))
        assert answer.status_code == 404
    assert "signing_secret" in error(answer)
    assert who_has(app, 1) == OPEN


def test_the_look_at_the_certificate_is_answered_unsigned(app):
    for answer in (post(app, b"ssl_check=1&token=x", headers={}), app.http.get("/reply/slack?ssl_check=1&token=x")):
        assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize(
    "body",
    [
        b"ssl_check=1&" + pressing("acknowledge", "1"),
        pressing("acknowledge", "1") + b"&ssl_check=1",
        b"ssl_check=1&command=%2Frung&text=ack+1&user_id=W111",
        b"ssl_check=1&ssl_check=0&command=&text=ack+1&user_id=W111",
        b"ssl_check=0",
    ],
)
def test_it_opens_no_way_around_the_signature(app, body):
    app.fires()
    assert post(app, body, headers={}).status_code == 403
    assert who_has(app, 1) == OPEN


def test_an_unsigned_event_beside_a_check_does_nothing(app):
    app.fires()
    stands_at(app, 1)
    answer = app.http.post("/reply/slack?ssl_check=1", data=saying("ack"), content_type="application/json")
    assert answer.status_code == 403
    assert who_has(app, 1) == OPEN


def test_the_challenge_is_given_back_to_slack_only(app):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}).encode()
    answer = post(app, body, "application/json")
    assert (answer.status_code, answer.json) == (200, {"challenge": "3eZbrw1a"})
    unsigned = post(app, body, "application/json", headers={})
    assert unsigned.status_code == 403
    assert b"3eZbrw1a" not in unsigned.data


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"payload=nonsense", FORM),
        (b"payload=%5B%5D", FORM),
        (b"payload=" + b"%5B" * 100_000, FORM),
        (b"[" * 100_000, "application/json"),
        (b"", "application/json"),
        (b"\xff", "application/json"),
        (b"[1]", "application/json"),
        (b"token=x", FORM),
    ],
)
def test_what_slack_never_sends_is_a_400_however_well_signed(app, body, kind):
    answer = post(app, body, kind)
    assert answer.status_code == 400
    assert "JSON object" in error(answer)


# What is said later


def test_a_press_changes_the_message_and_a_refusal_is_for_the_presser_alone(app, slack):
    app.fires("<!channel> & co")
    where = slack.posted("C111", {"text": "a page"})
    press(app, "acknowledge", "1", answer_at=slack.answer_at(where, "W111"))
    slack.wait_until(lambda: "has it" in slack.said(where))
    assert slack.said(where).endswith(" & co")
    before = slack.said(where)
    press(app, "acknowledge", "1", user="U555", answer_at=slack.answer_at(where, "U555"))
    [(user, text)] = slack.wait_until(lambda: slack.told)
    assert user == "U555"
    assert "user2" in text
    assert slack.said(where) == before


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://hooks.slack.com/actions/T1/1/x",
        "https://hooks.slack.com.evil.example/actions/T1/1/x",
        "https://hooks.slack.com@evil.example/actions/x",
        "https://evil.example/https://hooks.slack.com/actions/T1/1/x",
        "https://hooks.slack.com:444/actions/T1/1/x",
        "https://hooks.slack.com/services/T1/B1/x",
        "https://hooks.slack.com/actions/../services/T1/B1/x",
        "https://hooks.slack.com/actions/T1/1/x\nHost: evil.example",
        "https://slack.com/api/auth.revoke",
        "file:///etc/passwd",
    ],
)
def test_no_other_address_is_ever_asked(app, slack, monkeypatch, address):
    begun = []
    monkeypatch.setattr("core.adapters.slack_answers._later", begun.append)
    app.fires()
    press(app, "acknowledge", "1", answer_at=address)
    press(app, "acknowledge", "1", user="U555", answer_at=address)
    assert who_has(app, 1) == ("acknowledged", "user2")
    assert begun == []


def test_no_secret_reaches_the_log_when_slack_cannot_be_told(app, slack, caplog, capfd):
    caplog.set_level(logging.DEBUG, "rung")
    app.fires()
    stands_at(app, 1)
    press(app, "acknowledge", "1", answer_at="https://hooks.slack.com/actions/T1/1/answer-secret")
    slack.fails["chat.postMessage"] = [Answer.of({"ok": False, "error": "not_in_channel"})]
    says(app, "note on it")
    slack.wait_until(lambda: len([r for r in caplog.records if "Slack was not told" in r.getMessage()]) == 2)
    everything = caplog.text + "".join(capfd.readouterr())
    for secret in ("answer-secret", BOT_TOKEN, SIGNING_SECRET):
        assert secret not in everything
    assert "Slack was not told: HTTPError" in everything
    assert "Slack was not told: SlackApiError" in everything


def test_no_secret_stands_in_what_an_error_or_the_data_says(app, said):
    app.fires()
    address = "https://hooks.slack.com/actions/T1/1/answer-secret"
    answers = [
        press(app, "acknowledge", "1", answer_at=address),
        post(app, b"payload=x"),
        post(app, b"x=1", headers={}),
    ]
    kept = b"".join(app.redis.dump(key) or b"" for key in app.redis.keys("*"))
    for secret in (b"answer-secret", BOT_TOKEN.encode(), SIGNING_SECRET.encode()):
        assert secret not in kept
        assert all(secret not in answer.data for answer in answers)


def test_without_a_bot_token_a_thread_is_heard_and_not_answered(client, redis_server, tmp_path, slack):
    replies = {"slack": {"signing_secret": SIGNING_SECRET}}
    app = App(tmp_path, redis_server.url, replies=replies, people=KNOWN)
    app.fires()
    stands_at(app, 1)
    assert says(app, "ack").status_code == 200
    assert who_has(app, 1) == ("acknowledged", "user2")
    assert slack.asked == []


def test_the_number_of_the_corpus_is_any_number(app, said):
    numbered(app, 4711)
    assert app.fires() == 4711
    body = urlencode({"command": "/incident", "text": "ack 4711 👍", "user_id": "W111"}).encode()
    assert "4711 is yours" in told(post(app, body))
