"""POST /reply/slack: signed or nothing; buttons, the slash command, threads; strangers learn how to be known."""

import json
import logging
from urllib.parse import urlencode

import pytest

from functions import reply_slack as door
from tests.adapters.fake_slack import BOT_TOKEN, SIGNING_SECRET, FakeSlack, signed
from tests.apps import App, error
from tests.functions.slack_side import (
    FORM,
    KNOWN,
    NOBODY,
    REPLIES,
    THREAD,
    command,
    numbered,
    post,
    press,
    pressing,
    says,
    saying,
    stands_at,
    told,
    who_has,
)

OPEN = ("pending", None)
TITLE = "CRITICAL: alert 1: Disk is full"


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, replies=REPLIES, people=KNOWN)
    yield app
    app.redis.close()


@pytest.fixture
def slack(monkeypatch):
    """What the door says to Slack later is said to a server of ours."""
    with FakeSlack() as slack:
        for name, value in slack.environment.items():
            monkeypatch.setenv(name, value)
        yield slack


@pytest.fixture
def said(monkeypatch):
    """What the door has said to Slack, without a wire: the address or the thread, and the text."""
    found = []
    for name in ("change_pressed", "tell_presser", "say_in_thread"):
        monkeypatch.setattr(door, name, lambda *words, name=name: found.append((name, *words)))
    return found


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


# Buttons


@pytest.mark.parametrize(
    ("action", "status", "by", "text"),
    [
        ("acknowledge", "acknowledged", "user2", f"User Two has it: {TITLE}"),
        ("ack", "acknowledged", "user2", f"User Two has it: {TITLE}"),
        ("resolve", "resolved", "user2", f"User Two resolved it: {TITLE}"),
        (
            *("escalate", "escalated", None),
            f"User Two escalated it: {TITLE}\n"
            "If nobody answers, level 3 (manager) is paged at 10:30:00 UTC (in 30 min).",
        ),
        (
            *("snooze", "acknowledged", "user2"),
            f"User Two has it: {TITLE}\nSnoozed: the same level fires again at 11:00:00 UTC (in 1 h).",
        ),
    ],
)
def test_a_button_does_what_it_says_and_the_message_says_so(app, said, action, status, by, text):
    app.fires()
    answer = press(app, action, "1", answer_at="https://hooks.slack.com/actions/T111/1/x")
    assert (answer.status_code, answer.data) == (200, b"")
    alert = app.rung.engine.alert(1)[0]
    assert (alert.status, alert.acknowledged_by or alert.resolved_by) == (status, by)
    assert said == [("change_pressed", "https://hooks.slack.com/actions/T111/1/x", text)]
    event = next(event for event in app.events(1) if event.get("via") == "slack")
    assert event["by"] == "user2"


@pytest.mark.parametrize(
    ("action", "value"),
    [("a", "click_me_123"), ("open", ""), ("acknowledge", "click_me"), ("acknowledge", "1" * 400), ("acknowledge", "")],
)
def test_a_button_of_somebody_else_is_heard_and_nothing_is_done(app, said, action, value):
    app.fires()
    assert press(app, action, value).status_code == 200
    assert who_has(app, 1) == OPEN
    assert said == []


@pytest.mark.parametrize("fields", [{"actions": []}, {"actions": "x"}, {"actions": [None]}, {"user": None}, {"user": {}}])
def test_an_interaction_of_another_shape_is_no_error_and_does_nothing(app, said, fields):
    app.fires()
    assert press(app, "acknowledge", "1", **fields).status_code == 200
    assert who_has(app, 1) == OPEN


def test_who_comes_second_hears_who_was_first_and_the_message_stays(app, said):
    app.fires()
    press(app, "acknowledge", "1")
    app.now = app.now.replace(minute=3)
    press(app, "acknowledge", "1", user="U555", answer_at="https://hooks.slack.com/actions/T111/2/x")
    assert who_has(app, 1) == ("acknowledged", "user2")
    name, where, text = said[-1]
    assert (name, where) == ("tell_presser", "https://hooks.slack.com/actions/T111/2/x")
    assert text.startswith("Alert 1 ")
    assert "user2" in text


def test_an_alert_that_does_not_exist_is_said_to_the_presser(app, said):
    press(app, "acknowledge", "4711")
    [(name, _, text)] = said
    assert (name, "4711" in text) == ("tell_presser", True)


def test_a_stranger_is_told_how_to_be_known_and_nothing_else(app, said):
    app.fires(title="a secret title")
    press(app, "acknowledge", "1", user=NOBODY)
    answers = [said[-1][-1], *(told(command(app, text, user=NOBODY)) for text in ("ack 1", "list", "oncall", "help"))]
    assert set(answers) == {
        f"Rung does not know you, and nothing was done: have `slack_id: {NOBODY}` written beside your name in oncall.yaml."
    }
    assert who_has(app, 1) == OPEN


def test_of_several_people_with_one_id_it_is_the_one_who_was_paged(client, redis_server, tmp_path, said):
    shared = {name: {**person, "slack": "+W111"} for name, person in KNOWN.items()}
    app = App(tmp_path, redis_server.url, replies=REPLIES, people=shared)
    app.fires()
    press(app, "acknowledge", "1")
    assert who_has(app, 1) == ("acknowledged", "user2")
    assert said[-1][-1].startswith("User Two has it")


def test_who_is_paged_in_a_channel_is_known_by_the_id_beside_it(client, redis_server, tmp_path, said):
    people = {name: {**person, "slack": "#oncall"} for name, person in KNOWN.items()}
    people["user4"]["slack_id"] = "U444"
    app = App(tmp_path, redis_server.url, replies=REPLIES, people=people)
    app.fires()
    for user in ("oncall", "#oncall", "", "U000"):
        press(app, "acknowledge", "1", user=user)
    assert who_has(app, 1) == OPEN
    press(app, "acknowledge", "1", user="U444")
    assert who_has(app, 1) == ("acknowledged", "user4")


def test_when_redis_is_away_nothing_is_claimed_to_be_done(app, said, monkeypatch):
    app.fires()
    body = pressing("acknowledge", "1")
    proof = signed(body, app.now.timestamp())
    app.rung.client.connection_pool.disconnect()
    monkeypatch.setattr(app.rung.client.connection_pool, "get_connection", _refused)
    assert post(app, body, headers=proof).status_code == 503
    assert said == []


def _refused(*_arguments, **_options):
    import redis

    raise redis.ConnectionError("refused")


# The slash command


def test_commands_act_and_are_answered_to_whoever_gave_them(app):
    app.fires()
    app.fires("Net is down", dedup_key="net")
    assert told(command(app, "ack 2 👍")) == "2 is yours: Net is down. Nobody else is paged."
    assert told(command(app, "ack")) == "1 is yours: Disk is full. Nobody else is paged."
    assert told(command(app, "  RESOLVE   1 ")) == "1 is resolved: Disk is full."
    assert told(command(app, "ack 1", user="U555")).startswith("Alert 1 ")
    assert [who_has(app, each)[0] for each in (1, 2)] == ["resolved", "acknowledged"]


@pytest.mark.parametrize("text", ["list", "status", "LIST "])
def test_list_says_what_is_open(app, text):
    assert told(command(app, text)) == "Nothing is open that you were paged about."
    app.fires()
    app.fires("<!channel> & <b>", dedup_key="net")
    listed = told(command(app, text))
    assert listed.startswith("2 are open: 2 critical: ")
    assert "1 critical: Disk is full" in listed
    assert "<" not in listed
    assert who_has(app, 1) == OPEN


@pytest.mark.parametrize("text", ["oncall", "on-call", " OnCall "])
def test_oncall_says_who_is(app, text):
    lines = told(command(app, text)).splitlines()
    assert lines[0].startswith("oncall_primary: User Two (user2) until ")
    assert lines[1].startswith("oncall_secondary: user5 until ")


@pytest.mark.parametrize("text", ["help", "info"])
def test_help_says_what_there_is(app, text):
    assert "ack 42, resolve 42" in told(command(app, text))


@pytest.mark.parametrize("text", ["", "frobnicate", "ack please do the needful 42", "stop", "\0", "x" * 3000, "ack 99999"])
def test_nonsense_does_nothing_and_is_answered_in_words(app, text):
    app.fires()
    app.fires("Net is down", dedup_key="net")
    assert len(told(command(app, text))) > 20
    assert [who_has(app, each) for each in (1, 2)] == [OPEN, OPEN]


# Threads


def test_what_is_said_under_a_page_is_about_its_alert(app, slack):
    app.fires()
    app.fires("Net is down", dedup_key="net")
    stands_at(app, 1)
    assert says(app, "ack").status_code == 200
    assert [who_has(app, each) for each in (1, 2)] == [("acknowledged", "user2"), OPEN]
    [answer] = slack.wait_until(lambda: slack.calls("chat.postMessage"))
    assert (answer["channel"], answer["thread_ts"]) == THREAD
    assert answer["text"] == "1 is yours: Disk is full. Nobody else is paged."


def test_a_number_that_was_said_is_the_one_that_is_meant(app, said):
    app.fires()
    app.fires("Net is down", dedup_key="net")
    stands_at(app, 1)
    says(app, "ack 2")
    assert [who_has(app, each) for each in (1, 2)] == [OPEN, ("acknowledged", "user2")]


@pytest.mark.parametrize("text", ["list", "status", "help"])
def test_questions_in_a_thread_are_answered_and_do_nothing(app, said, text):
    app.fires()
    stands_at(app, 1)
    assert says(app, text).status_code == 200
    assert who_has(app, 1) == OPEN
    assert len(said) == 1


def test_the_same_event_again_is_done_once(app, said):
    app.fires()
    stands_at(app, 1)
    for _ in range(3):
        assert says(app, "note looking at it").status_code == 200
    assert len([event for event in app.events(1) if event["event"] == "updated"]) == 1
    assert len(said) == 1
    says(app, "note found it", event_id="Ev112")
    assert len(said) == 2


def test_an_event_that_failed_is_done_when_it_comes_again(app, said, monkeypatch):
    app.fires()
    stands_at(app, 1)
    with monkeypatch.context() as broken:
        broken.setattr(type(app.rung.replies), "act", _unavailable)
        assert says(app, "ack").status_code == 503
    assert says(app, "ack").status_code == 200
    assert who_has(app, 1) == ("acknowledged", "user2")


def _unavailable(*_arguments):
    from core.store import StoreUnavailableError

    raise StoreUnavailableError("away")


@pytest.mark.parametrize(
    "fields",
    [
        {"bot_id": "BZYBOTHED", "subtype": "bot_message"},
        {"bot_id": "BZYBOTHED"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"thread_ts": None},
        {"user": None},
        {"user": {"id": "W111"}},
        {"channel": "C999"},
        {"thread_ts": "1774771100.000201"},
        {"type": "reaction_added"},
    ],
)
def test_what_no_person_said_under_that_page_does_nothing(app, said, fields):
    app.fires()
    stands_at(app, 1)
    assert says(app, "ack", **fields).status_code == 200
    assert who_has(app, 1) == OPEN
    assert said == []


def test_said_in_the_thread_and_shown_in_the_channel_counts(app, said):
    app.fires()
    stands_at(app, 1)
    says(app, "ack", subtype="thread_broadcast")
    assert who_has(app, 1) == ("acknowledged", "user2")


@pytest.mark.parametrize("text", ["is anybody looking at this?", "a", "thanks", "stop", "👍", "I will ack it soon"])
def test_people_may_talk_under_a_page(app, said, text):
    app.fires()
    stands_at(app, 1)
    assert says(app, text).status_code == 200
    assert who_has(app, 1) == OPEN
    assert said == []


def test_a_stranger_in_a_thread_is_told_how_to_be_known(app, said):
    app.fires(title="a secret title")
    stands_at(app, 1)
    says(app, "ack", user=NOBODY)
    [(_, token, *where, text)] = said
    assert (token, tuple(where)) == (BOT_TOKEN, THREAD)
    assert NOBODY in text
    assert "secret" not in text
    assert who_has(app, 1) == OPEN


def test_a_bundle_is_about_all_of_its_alerts(app, said):
    for number in range(3):
        app.fires(f"Disk {number}", dedup_key=str(number))
        stands_at(app, number + 1, bundle="b1")
    says(app, "resolve")
    assert [who_has(app, each) for each in (1, 2, 3)] == [OPEN] * 3
    assert "several alerts" in said[-1][-1]
    says(app, "ack", event_id="Ev2")
    assert [who_has(app, each)[1] for each in (1, 2, 3)] == ["user2"] * 3


@pytest.mark.parametrize("body", [{"type": "app_rate_limited", "minute_rate_limited": 1}, {}, {"type": 7}, {"event": []}])
def test_what_is_no_event_is_heard_and_nothing_is_done(app, body):
    assert post(app, json.dumps(body).encode(), "application/json").status_code == 200


# What is said later


def test_a_press_changes_the_message_and_a_refusal_is_for_the_presser_alone(app, slack):
    app.fires("<!channel> & co")
    where = slack._post("C111", {"text": "a page"})  # noqa: SLF001 - as if Rung had sent it
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
    slack.fails["/actions/T1/1/answer-secret"] = []
    press(app, "acknowledge", "1", answer_at="https://hooks.slack.com/actions/T1/1/answer-secret")
    slack.fails["chat.postMessage"] = [_says_no()]
    says(app, "note on it")
    slack.wait_until(lambda: len([r for r in caplog.records if "Slack was not told" in r.getMessage()]) == 2)
    everything = caplog.text + "".join(capfd.readouterr())
    for secret in ("answer-secret", BOT_TOKEN, SIGNING_SECRET):
        assert secret not in everything
    assert "Slack was not told: HTTPError" in everything
    assert "Slack was not told: SlackApiError" in everything


def _says_no():
    from tests.adapters.servers import Answer

    return Answer.of({"ok": False, "error": "not_in_channel"})


def test_no_secret_stands_in_what_an_error_or_the_data_says(app, said):
    app.fires()
    address = "https://hooks.slack.com/actions/T1/1/answer-secret"
    answers = [press(app, "acknowledge", "1", answer_at=address), post(app, b"payload=x"), post(app, b"x=1", headers={})]
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
