"""POST /reply/sms: nothing is believed that Twilio did not sign; all that it signed is done once and answered."""

import logging

import pytest
import redis

from core.commands import Resolve
from core.ledger import Key
from core.replies.answering import HELP, NOT_UNDERSTOOD, NOTHING_OPEN
from core.replies.sms_parts import MOST_PARTS, parts
from core.replies.texting import MOST_ANSWERS, MOST_NOT_UNDERSTOOD
from tests.apps import API_TOKEN, PUBLIC_URL, App, bearer, error
from tests.samples import PEOPLE
from tests.twilio_side import AUTH_TOKEN, SIGNATURE, answered, sid, sign, signed, text_form, text_status_form
from tests.worlds import FakeSender

URL = f"{PUBLIC_URL}/reply/sms"
USER2 = PEOPLE["user2"]["phone"]
USER5 = PEOPLE["user5"]["phone"]
STRANGER = "+15550199999"
REPLIES = {"twilio": {"auth_token": AUTH_TOKEN}}
URLS = {
    "email": False,
    "slack": False,
    "sms": {"url": "twilio://AC1:secret@+15550009999/{phone}"},
    "phone": {"url": "twilio://AC1:secret@+15550009999/{phone}?method=call"},
}


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, replies=REPLIES)
    yield app
    app.redis.close()


def post(app, form, url=URL, token=AUTH_TOKEN, **headers):
    request = signed(url, form, token, **headers)
    return app.http.post(request.path, data=request.body, headers=request.headers)


def texts(app, body, sender=USER2, **fields):
    """Send a text and give what comes back."""
    answer = post(app, text_form(body, sender, **fields))
    assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8"), answer.text
    return answered(answer.text)


def everything(app):
    return {key: app.redis.dump(key) for key in app.redis.scan_iter("rung:*")}


def forget(app, *patterns):
    for key in [key for pattern in patterns for key in app.redis.scan_iter(pattern)]:
        app.redis.delete(key)


def answers(app, alert_id):
    return [(e["event"], e["by"], e["via"]) for e in app.events(alert_id) if "response_id" in e]


def test_a_text_acknowledges_and_its_answer_says_so(app):
    app.fires("Disk is full")
    assert texts(app, "ack 1") == "1 is yours: Disk is full. Nobody else is paged."
    assert answers(app, 1) == [("acknowledged", "user2", "sms")]


@pytest.mark.parametrize(("carrier", "via"), [("whatsapp", "whatsapp"), ("rcs", "rcs")])
def test_a_text_by_another_carrier_is_from_the_same_person(app, carrier, via):
    app.fires()
    assert texts(app, "ack", f"{carrier}:{USER2}").startswith("1 is yours")
    assert answers(app, 1) == [("acknowledged", "user2", via)]


def test_with_several_open_alerts_the_answer_lists_them(app):
    app.fires("Disk is full", dedup_key="a")
    app.fires("Shop is slow", dedup_key="b", severity="high")
    assert texts(app, "ack") == (
        "2 are open: 2 high: Shop is slow; 1 critical: Disk is full. Nothing was done: reply ack 2 or ack all."
    )
    assert texts(app, "ack all") == "1-2 are yours."


def test_whoever_comes_second_hears_who_was_first_and_when(app):
    app.fires()
    texts(app, "ack 1", USER5)
    app.passes(180)
    assert texts(app, "ack 1") == "Alert 1 was acknowledged by user5 3 min ago."


def test_what_is_asked_is_answered_and_changes_nothing(app):
    app.fires()
    before = app.record(1)
    assert texts(app, "help") == HELP
    assert texts(app, "status") == "1 is open: 1 critical: Disk is full."
    assert texts(app, "who is this?? 😡") == NOT_UNDERSTOOD
    assert texts(app, "") == NOT_UNDERSTOOD
    assert app.record(1) == before


def test_markup_and_control_characters_of_a_title_break_no_answer(app):
    app.fires('<Say>&"\x0b\x00 😡</Say>')
    assert "<Say>&" in texts(app, "status")
    assert texts(app, "ack 1").startswith("1 is yours: <Say>")


def test_an_answer_fits_into_three_parts_and_says_in_its_end_what_to_do(app):
    for n in range(8):
        app.fires(f"Łódź {n} " + "ł" * 200, dedup_key=str(n))
    answer = texts(app, "ack")
    assert parts(answer) == MOST_PARTS
    assert answer.endswith("... Nothing was done: reply ack 8 or ack all.")


# Who


@pytest.mark.parametrize("body", ["ack 1", "status", "help", "resolve 1", "hello", "STOP"])
@pytest.mark.parametrize("sender", [STRANGER, f"whatsapp:{STRANGER}", "", "anonymous", "15550100002", "266696687"])
def test_a_number_that_belongs_to_nobody_gets_no_information_and_changes_nothing(app, sender, body):
    app.fires()
    before = everything(app)
    assert texts(app, body, sender) == ""
    assert everything(app) == before


def test_the_log_names_no_number(app, caplog):
    with caplog.at_level(logging.DEBUG):
        texts(app, "ack 1", STRANGER)
        texts(app, "STOP")
        post(app, text_form("ack 1", USER2), token="other")
    assert "belongs to nobody" in caplog.text
    assert "after a STOP no text reaches them" in caplog.text
    assert STRANGER not in caplog.text
    assert USER2 not in caplog.text
    assert AUTH_TOKEN not in caplog.text


# What Twilio did not sign


def forgeries():
    form = text_form("ack 1", USER2)
    good = sign(URL, form)
    yield "no signature", form, {SIGNATURE: ""}
    yield "nonsense", form, {SIGNATURE: "é"}
    yield "another account's", form, {SIGNATURE: sign(URL, form, "other")}
    yield "of http", form, {SIGNATURE: sign(URL.replace("https", "http"), form)}
    yield "of the address behind the proxy", form, {SIGNATURE: sign("http://localhost/reply/sms", form)}
    yield "of another door", form, {SIGNATURE: sign(URL + "/x", form)}
    yield "of another text", {**form, "Body": "resolve 1"}, {SIGNATURE: good}
    yield "of another sender", {**form, "From": USER5}, {SIGNATURE: good}
    yield "with a field more", {**form, "Digits": "1"}, {SIGNATURE: good}
    yield "with a field less", {n: v for n, v in form.items() if n != "ToCity"}, {SIGNATURE: good}
    yield "of no field", form, {SIGNATURE: sign(URL, {})}


@pytest.mark.parametrize(("form", "headers"), [pytest.param(f, h, id=name) for name, f, h in forgeries()])
def test_what_is_forged_is_refused_and_changes_nothing(app, form, headers):
    app.fires()
    before = everything(app)
    for more in ({}, bearer(API_TOKEN)):
        answer = post(app, form, **headers, **more)
        assert answer.status_code == 403
        assert "RUNG_PUBLIC_URL" in error(answer)
        assert AUTH_TOKEN not in answer.text
    assert everything(app) == before


def test_a_query_is_part_of_what_is_signed(app):
    app.fires()
    form = text_form("ack 1", USER2)
    assert post(app, form, f"{URL}?a=1&b=%20c").status_code == 200
    request = signed(URL, form)
    assert app.http.post(f"{request.path}?a=1", data=request.body, headers=request.headers).status_code == 403


def test_a_field_that_stands_twice_is_signed_with_both(app):
    app.fires()
    form = text_form("ack 1", USER2)
    request = signed(URL, form)
    twice = request.body + b"&Body=resolve+1"
    assert app.http.post(request.path, data=twice, headers=request.headers).status_code == 403


@pytest.mark.parametrize("body", [b"\xff\xfe&Body=%FF", b"", b"{}", b"&&&", b"a" * 100_000, b"a=1&" * 5000])
def test_a_body_that_is_no_form_of_twilios_is_refused(app, body):
    headers = {"Content-Type": "application/x-www-form-urlencoded", SIGNATURE: "A" * 28}
    assert app.http.post("/reply/sms", data=body, headers=headers).status_code == 403


def test_a_body_that_is_too_large_is_refused_unread(app):
    assert app.http.post("/reply/sms", data=b"a" * (1024 * 1024 + 1)).status_code == 413


def test_behind_a_proxy_it_is_the_public_address_that_is_signed_whatever_host_is_named(app):
    app.fires()
    answer = post(app, text_form("ack 1", USER2), Host="10.0.0.1:8080")
    assert answered(answer.text).startswith("1 is yours")


def test_twilio_may_have_signed_the_address_with_its_port(app):
    app.fires()
    form = text_form("ack 1", USER2)
    with_port = sign("https://rung.example.com:443/reply/sms", form)
    assert post(app, form, **{SIGNATURE: with_port}).status_code == 200


@pytest.mark.parametrize("path", ["/reply/sms", "/reply/sms/x.y", "/reply/voice/x.y", "/reply/voice/x.y/status"])
def test_without_a_secret_the_door_is_shut_and_says_what_opens_it(client, redis_server, tmp_path, path):
    app = App(tmp_path, redis_server.url)
    app.fires()
    before = everything(app)
    for token in ("", AUTH_TOKEN):
        answer = post(app, text_form("ack 1", USER2), PUBLIC_URL + path, token)
        assert answer.status_code == 404
        assert "replies.twilio.auth_token" in error(answer)
    assert everything(app) == before
    app.redis.close()


def test_only_a_post_does_anything(app):
    for method in ("get", "put", "delete", "patch"):
        assert getattr(app.http, method)("/reply/sms").status_code == 405


# Twice


def test_the_same_text_again_gets_an_empty_answer_and_does_nothing(app):
    app.fires()
    form = text_form("escalate 1", USER2)
    first = post(app, form)
    before = app.events(1)
    again = post(app, form)
    assert answered(first.text).startswith("1 is escalated")
    assert (again.status_code, answered(again.text)) == (200, "")
    assert app.events(1) == before


def test_the_same_words_in_another_text_are_said_again(app):
    app.fires()
    assert texts(app, "ack 1") == texts(app, "ack 1")
    assert len(answers(app, 1)) == 1


class Breaking:
    """Stands before Redis, which is gone from the n-th call on."""

    def __init__(self, monkeypatch, after):
        self.left = after
        original = redis.connection.AbstractConnection.send_packed_command

        def send(connection, *arguments, **options):
            if self.left == 0:
                raise redis.ConnectionError("gone")
            self.left -= 1
            return original(connection, *arguments, **options)

        monkeypatch.setattr(redis.connection.AbstractConnection, "send_packed_command", send)
        self._undo = monkeypatch.undo

    def mend(self):
        self._undo()


def calls_of_an_escalation(app, monkeypatch) -> int:
    counting = Breaking(monkeypatch, 10_000)
    texts(app, "escalate 1")
    counting.mend()
    return 10_000 - counting.left


def test_whenever_redis_goes_away_it_is_done_once_or_not_at_all_and_the_answer_says_that_it_was_not(app, monkeypatch):
    app.fires()
    calls = calls_of_an_escalation(app, monkeypatch)
    assert calls > 4
    for after in range(calls):
        alert_id = app.fires(dedup_key=f"k{after}")
        form = text_form(f"escalate {alert_id}", USER2)
        breaking = Breaking(monkeypatch, after)
        answer = post(app, form)
        breaking.mend()
        done = len([e for e in app.events(alert_id) if e["event"] == "escalated"])
        assert answer.status_code == 200
        is_told = answered(answer.text) == "Nothing was done: Rung cannot reach its memory. Please send it again."
        assert (is_told, done) in {(True, 0), (False, 1)}, f"after {after} calls"
        forget(app, "rung:reply:*", "rung:answers:*")  # as after the twenty seconds of one that died, and ten minutes
        if is_told:
            assert answered(post(app, form).text).startswith(f"{alert_id} is escalated")


# The carrier's words


@pytest.mark.parametrize("word", ["STOP", "stop", "Unsubscribe", "END", "QUIT", "CANCEL", "START", "YES"])
def test_words_of_the_carrier_are_not_answered_and_do_nothing(app, word):
    app.fires()
    before = app.record(1)
    assert texts(app, word) == ""
    assert app.record(1) == before


@pytest.mark.parametrize("kind", ["STOP", "START", "HELP"])
def test_nor_is_what_twilio_has_answered_by_itself(app, kind):
    app.fires()
    assert texts(app, "ack 1", OptOutType=kind) == ""
    assert answers(app, 1) == []


# Loops


def test_two_machines_that_answer_each_other_fall_silent(app):
    said = [texts(app, "Sorry, I am driving") for _ in range(10)]
    assert said == [NOT_UNDERSTOOD] * MOST_NOT_UNDERSTOOD + [""] * (10 - MOST_NOT_UNDERSTOOD)
    assert texts(app, "Sorry, I am driving", USER5) == NOT_UNDERSTOOD, "another person is another matter"


def test_after_a_while_there_is_an_answer_again(app):
    for _ in range(10):
        texts(app, "what?")
    left = app.redis.ttl("rung:answers:not-understood:user2")
    assert 0 < left <= 600
    forget(app, "rung:answers:*")  # as its time to live does
    assert texts(app, "what?") == NOT_UNDERSTOOD


def test_what_can_be_understood_is_answered_however_much_was_not(app):
    app.fires()
    for _ in range(10):
        texts(app, "what?")
    assert texts(app, "help") == HELP
    assert texts(app, "status").startswith("1 is open")
    assert texts(app, "ack 1").startswith("1 is yours")


def test_a_machine_that_sends_commands_is_obeyed_and_falls_silent_too(app):
    said = [texts(app, "status") for _ in range(MOST_ANSWERS + 5)]
    assert said == [NOTHING_OPEN] * MOST_ANSWERS + [""] * 5
    app.fires()
    assert texts(app, "ack 1") == ""
    assert answers(app, 1) == [("acknowledged", "user2", "sms")], "a limit eats answers and never a command"


# What became of a text of ours


def test_an_address_of_a_delivery_that_is_none_is_nowhere(app):
    form = text_status_form(sid(), "delivered", USER2)
    for token in ("x.y", "x", "%00"):
        assert post(app, form, f"{URL}/{token}").status_code in {403, 404}
    assert post(app, form, f"{URL}/x.y").status_code == 404


@pytest.fixture
def sending(client, redis_server, tmp_path):
    """Level 1 of alert 1 has been paged by SMS, through a provider that calls it p-1; e-mail and Slack are off."""
    app = App(tmp_path, redis_server.url, replies=REPLIES, channels=URLS)
    app.dispatcher = app.rung.dispatcher(FakeSender(), 8)
    app.fires()
    app.dispatcher.drain(3600)
    yield app
    app.redis.close()


def status(app, word, name="p-1", **fields):
    url = app.rung.links.make_for_delivery("sms", Key(1, 2, "user2", "sms"))
    answer = post(app, text_status_form(name, word, USER2, **fields), url)
    assert (answer.status_code, answer.data) == (204, b"")
    app.dispatcher.drain(3600)


def ledger(app):
    return {key: (e.state.value, e.receipt, e.error) for key, e in app.rung.ledger.entries(1).items()}


def test_that_it_arrived_stands_in_the_ledger_and_what_came_before_says_nothing(sending):
    for word in ("queued", "sending", "sent"):
        status(sending, word)
    assert ledger(sending) == {"2/user2/sms": ("sent", "", None)}
    status(sending, "delivered")
    status(sending, "sent")
    assert ledger(sending) == {"2/user2/sms": ("sent", "delivered", None)}
    (shown,) = sending.get("/alerts/1").json["notifications"]
    assert (shown["receipt"], shown["provider_id"]) == ("delivered", "p-1")


@pytest.mark.parametrize("word", ["undelivered", "failed"])
def test_one_that_did_not_arrive_goes_to_the_next_channel_at_once(sending, word):
    status(sending, word, ErrorCode="30003")
    reason = f"{word}: the phone is switched off, or out of reach (Twilio error 30003)"
    assert ledger(sending) == {"2/user2/sms": ("failed", word, reason), "2/user2/phone": ("sent", "", None)}
    kinds = [e["event"] for e in sending.events(1)][-4:]
    assert kinds == ["delivered", "notification_failed", "failed_over", "delivered"]


def test_of_another_text_it_says_nothing(sending):
    status(sending, "failed", name=sid())
    assert ledger(sending) == {"2/user2/sms": ("sent", "", None)}


def test_a_status_that_is_forged_changes_nothing(sending):
    before = everything(sending)
    url = sending.rung.links.make_for_delivery("sms", Key(1, 2, "user2", "sms"))
    assert post(sending, text_status_form("p-1", "failed", USER2), url, token="other").status_code == 403
    assert everything(sending) == before


def test_the_status_of_what_is_not_kept_any_more_is_taken_and_forgotten(app):
    url = app.rung.links.make_for_delivery("sms", Key(99, 2, "user2", "sms"))
    answer = post(app, text_status_form(sid(), "failed", USER2), url)
    assert (answer.status_code, answer.data) == (204, b"")


def test_what_is_over_is_said_to_be_over(app):
    app.fires()
    app.does(1, Resolve("user5", "api"))
    assert texts(app, "ack 1") == "Alert 1 was resolved by user5 0 s ago."
    assert texts(app, "ack") == NOTHING_OPEN
