"""POST /reply/telegram: the secret first; then buttons, commands and what is said to the bot, and nothing else."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.commands import Acknowledge, Resolve
from core.replies.telegram import read_update
from tests.apps import App, error
from tests.functions.other_ways import (
    GROUP,
    HEADER,
    JOHNNY,
    SECRET,
    changes,
    pressing,
    saying,
    send,
    stands_at,
    who_has,
)

PENDING = ("pending", None)
TAKEN = ("acknowledged", "user2")


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, **changes())
    yield app
    app.redis.close()


def told(answer, method="sendMessage"):
    """What Telegram is to say, by the call of its API that the answer is."""
    assert answer.status_code == 200, answer.text
    assert answer.json["method"] == method
    return answer.json["text"]


def nothing(answer):
    return (answer.status_code, answer.json) == (200, {})


# The secret


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], f"{SECRET} ", SECRET.upper()])
def test_without_the_secret_nothing_is_believed(app, secret):
    app.fires()
    answer = send(app, pressing("ack:1"), secret)
    assert answer.status_code == 403
    assert SECRET not in answer.text
    assert who_has(app, 1) == PENDING


def test_the_door_is_shut_while_no_secret_is_set(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, **changes(telegram={}))
    app.fires()
    for secret in ("", SECRET):
        assert send(app, pressing("ack:1"), secret).status_code == 404
    assert who_has(app, 1) == PENDING
    app.redis.close()


def test_the_secret_is_looked_at_before_the_body(app):
    answer = app.http.post("/reply/telegram", data=b"no JSON", headers={HEADER: "wrong"})
    assert answer.status_code == 403


# Buttons


@pytest.mark.parametrize(
    ("verb", "status"),
    [("ack", "acknowledged"), ("resolve", "resolved"), ("escalate", "escalated"), ("snooze", "acknowledged")],
)
def test_each_button_does_what_it_says_and_its_spinner_ends(app, verb, status):
    app.fires()
    answer = send(app, pressing(f"{verb}:1"))
    assert "1 is" in told(answer, "answerCallbackQuery")
    assert answer.json["callback_query_id"] == "530241234567890123"
    assert answer.json["show_alert"] is False
    assert who_has(app, 1)[0] == status


def test_the_timeline_says_who_and_by_which_way(app):
    app.fires()
    send(app, pressing("ack:1"))
    [taken] = [event for event in app.events(1) if event["event"] == "acknowledged"]
    assert (taken["by"], taken["via"]) == ("user2", "telegram")


def test_who_comes_second_is_told_who_has_it(app):
    app.fires()
    app.does(1, Acknowledge("user5", "sms"))
    answer = send(app, pressing("ack:1"))
    assert "user5" in told(answer, "answerCallbackQuery")
    assert answer.json["show_alert"] is True
    assert who_has(app, 1) == ("acknowledged", "user5")


def test_a_stranger_is_told_their_own_id_and_nothing_about_the_alert(app):
    app.fires("The vault is open")
    text = told(send(app, pressing("resolve:1", user=666)), "answerCallbackQuery")
    assert "666" in text
    assert "vault" not in text
    assert who_has(app, 1) == PENDING


def test_an_alert_that_there_is_not_is_said_to_be_none(app):
    answer = send(app, pressing("ack:4711"))
    assert "4711" in told(answer, "answerCallbackQuery")
    assert answer.json["show_alert"] is True


@pytest.mark.parametrize(
    "data", ["", "ack", "ack:", "ack:x", "ack:-1", "ack:\u0661", "drop:1", f"ack:{'9' * 60}", "ack:1 ", "ACK:1"]
)
def test_a_button_that_is_none_of_ours_stops_spinning_and_does_nothing(app, data):
    app.fires()
    assert told(send(app, pressing(data)), "answerCallbackQuery") == ""
    assert who_has(app, 1) == PENDING


def test_what_a_button_says_is_no_longer_than_telegram_takes(app):
    app.fires("x" * 5000)
    assert len(told(send(app, pressing("ack:1")), "answerCallbackQuery")) <= 200


def test_an_update_that_comes_again_is_done_once(app):
    app.fires()
    send(app, pressing("escalate:1"))
    assert nothing(send(app, pressing("escalate:1")))
    assert [event["event"] for event in app.events(1)].count("escalated") == 1
    send(app, pressing("escalate:1", number=2))
    assert [event["event"] for event in app.events(1)].count("escalated") == 2


def test_an_update_whose_work_failed_is_done_when_it_comes_again(app, monkeypatch):
    from core.engine import Engine
    from core.store import StoreUnavailableError

    app.fires()
    act = Engine.act
    monkeypatch.setattr(Engine, "act", lambda *_arguments: (_ for _ in ()).throw(StoreUnavailableError("away")))
    assert send(app, pressing("ack:1")).status_code == 503
    monkeypatch.setattr(Engine, "act", act)
    send(app, pressing("ack:1"))
    assert who_has(app, 1) == TAKEN


# What is said


@pytest.mark.parametrize(
    "text", ["/ack 1", "/ack_1", "/ack@our_bot 1", "/ack@our_bot\n1", "ack 1", "1 ack", "/ack", "Ack!"]
)
def test_however_it_is_written_the_alert_is_acknowledged(app, text):
    app.fires()
    assert told(send(app, saying(text))) == "1 is yours: Disk is full. Nobody else is paged."
    assert who_has(app, 1) == TAKEN


def test_a_command_takes_all_that_the_grammar_knows(app):
    app.fires()
    assert "snoozed until" in told(send(app, saying("/snooze_1_2h")))
    assert "your note" in told(send(app, saying("/note 1 on my way", number=2)))
    assert app.events(1)[-1]["note"] == "on my way"


def test_the_answer_goes_to_the_chat_and_under_what_was_said(app):
    app.fires()
    answer = send(app, saying("/ack 1", chat=GROUP)).json
    assert answer["chat_id"] == GROUP
    assert answer["reply_parameters"] == {"message_id": 174, "allow_sending_without_reply": True}


def test_with_several_open_nothing_is_guessed(app):
    app.fires("one", dedup_key="1")
    app.fires("two", dedup_key="2")
    assert "2 are open" in told(send(app, saying("/ack")))
    assert who_has(app, 1) == who_has(app, 2) == PENDING


def test_a_command_under_a_page_in_a_topic_of_a_group_is_about_that_page(app):
    app.fires("one", dedup_key="1")
    app.fires("two", dedup_key="2")
    stands_at(app, 1, f"{GROUP}:173")
    send(app, saying("/ack@our_bot", chat=GROUP, answers=173, message_thread_id=12))
    assert (who_has(app, 1), who_has(app, 2)) == (TAKEN, PENDING)


def test_under_a_page_that_is_over_nothing_else_is_acknowledged(app):
    app.fires("one", dedup_key="1")
    stands_at(app, 1, f"{GROUP}:173")
    app.does(1, Resolve("user5", "sms"))
    app.fires("two", dedup_key="2")
    assert "no page about an open alert" in told(send(app, saying("/ack", chat=GROUP, answers=173)))
    assert who_has(app, 2) == PENDING


def test_under_a_page_about_several_alerts_a_number_is_wanted(app):
    for key in ("1", "2"):
        app.fires(key, dedup_key=key)
    for alert_id in (1, 2):
        stands_at(app, alert_id, f"{JOHNNY}:173")
    assert "several alerts" in told(send(app, saying("ack", answers=173)))
    assert who_has(app, 1) == who_has(app, 2) == PENDING
    send(app, saying("ack 2", answers=173, number=2))
    assert (who_has(app, 1), who_has(app, 2)) == (PENDING, TAKEN)


def test_a_page_of_the_same_number_in_another_chat_is_another_page(app):
    app.fires("one", dedup_key="1")
    stands_at(app, 1, f"{GROUP}:173")
    send(app, saying("/resolve", answers=173))
    assert who_has(app, 1) == PENDING


@pytest.mark.parametrize("text", ["ack 1", "resolve 1", "ack", "status", "help", "what now?"])
def test_people_who_talk_in_a_group_are_not_listened_to(app, text):
    app.fires()
    assert nothing(send(app, saying(text, chat=GROUP)))
    assert who_has(app, 1) == PENDING


@pytest.mark.parametrize("user", [JOHNNY, 666])
def test_commands_of_other_bots_are_left_to_them(app, user):
    assert nothing(send(app, saying("/weather", user=user, chat=GROUP)))


def test_who_is_paged_in_a_group_is_known_by_telegram_id(app):
    app.fires()
    send(app, saying("/ack 1", user=555, chat=GROUP))
    assert who_has(app, 1) == ("acknowledged", "user5")


def test_the_group_itself_is_nobody(app):
    app.fires()
    answer = send(app, saying("/ack 1", user=GROUP, chat=GROUP))
    assert "does not know you" in told(answer)
    assert who_has(app, 1) == PENDING


@pytest.mark.parametrize("text", ["/ack 1", "/status", "hello", "/start", "resolve 1"])
def test_a_stranger_learns_their_id_and_nothing_else(app, text):
    app.fires("The vault is open")
    said = told(send(app, saying(text, user=666)))
    assert "666" in said
    assert "vault" not in said
    assert who_has(app, 1) == PENDING


def test_start_says_who_one_is(app):
    assert told(send(app, saying("/start 6f1e2d3c4b5a"))).startswith("You are user2.")


def test_stop_is_no_answer(app):
    app.fires()
    assert nothing(send(app, saying("/stop")))
    assert who_has(app, 1) == PENDING


def test_what_nobody_understands_is_said_to_be_so_in_private(app):
    assert "not understood" in told(send(app, saying("Who are you?")))


BOT = {"id": JOHNNY, "is_bot": True}
FORWARDED = {"type": "user", "sender_user": {"id": 1}}


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1, "edited_message": saying("/ack 1")["message"]},
        {"update_id": 1, "channel_post": saying("/ack 1")["message"]},
        {"update_id": 1, "edited_channel_post": saying("/ack 1")["message"]},
        saying("/ack 1", **{"from": BOT}),
        saying("/ack 1", sender_chat={"id": GROUP, "type": "supergroup"}),
        saying("/ack 1", forward_origin=FORWARDED),
        saying("/ack 1", via_bot=BOT),
        {"update_id": 1, "message": {**saying("/ack 1")["message"], "from": None}},
        {key: value for key, value in saying("/ack 1").items() if key != "update_id"},
        saying(""),
        {"update_id": 1},
    ],
)
def test_what_is_nobodys_own_word_now_is_no_answer(app, update):
    app.fires()
    assert nothing(send(app, update))
    assert who_has(app, 1) == PENDING


# Anything at all


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 50_000, b"1" * 5000])
def test_what_is_no_object_is_refused_and_breaks_nothing(app, body):
    answer = app.http.post("/reply/telegram", data=body, headers={HEADER: SECRET})
    assert answer.status_code == 400
    assert "the body" in error(answer)


def test_a_body_that_is_too_large_is_refused(app):
    assert app.http.post("/reply/telegram", data=b" " * 1_100_000, headers={HEADER: SECRET}).status_code == 413


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
PERSON = st.fixed_dictionaries(
    {}, optional={"id": ANYTHING | st.just(JOHNNY), "is_bot": ANYTHING | st.just(value=False)}
)
CHAT = st.fixed_dictionaries({}, optional={"id": ANYTHING, "type": ANYTHING | st.just("private")})
FIELDS = {"from": PERSON | ANYTHING, "chat": CHAT | ANYTHING, "message_id": ANYTHING, "reply_to_message": ANYTHING}
MESSAGE = st.fixed_dictionaries(
    FIELDS, optional={"text": st.text() | st.sampled_from(["/ack", "/resolve_7", "ack all"])}
)
QUERY = st.fixed_dictionaries(
    {"from": PERSON | ANYTHING, "data": ANYTHING | st.from_regex("(ack|resolve):[0-9]+"), "id": ANYTHING}
)
UPDATES = st.fixed_dictionaries(
    {"update_id": ANYTHING | st.integers(1, 2**40)},
    optional={"message": MESSAGE | ANYTHING, "callback_query": QUERY | ANYTHING},
)


@settings(max_examples=300)
@given(UPDATES)
def test_any_update_is_read(update):
    read_update(json.loads(json.dumps(update)))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(UPDATES)
def test_any_update_through_the_door_is_answered_and_leaves_alone_what_it_does_not_name(app, update):
    app.redis.flushdb()
    for key in ("1", "2"):
        app.fires(key, dedup_key=key)
    answer = send(app, update)
    assert answer.status_code == 200
    assert answer.json == {} or answer.json["method"] in {"sendMessage", "answerCallbackQuery"}
    said = json.dumps(update)
    for alert_id in (1, 2):
        assert who_has(app, alert_id) == PENDING or f":{alert_id}" in said or "all" in said
