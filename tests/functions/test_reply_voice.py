"""POST /reply/voice/<token>: what a key does in a call, what is said back, and what is no answer at all."""

import pytest
import redis

from core.bundles import Bundle
from core.commands import Acknowledge, Resolve
from core.ledger import Key, State
from core.replies.speech import HALF_A_MINUTE
from core.ways import KEYS, KEYS_OF_SEVERAL
from tests.apps import PUBLIC_URL, App, error
from tests.samples import PEOPLE, T0
from tests.twilio_side import (
    AUTH_TOKEN,
    SIGNATURE,
    call_form,
    heard,
    key_form,
    machine_form,
    sid,
    sign,
    signed,
)
from tests.worlds import FakeSender

USER2, USER5 = PEOPLE["user2"]["phone"], PEOPLE["user5"]["phone"]
URLS = {
    "email": False,
    "slack": False,
    "sms": {"url": "twilio://AC1:secret@+15550009999/{phone}"},
    "phone": {"url": "twilio://AC1:secret@+15550009999/{phone}?method=call"},
}
CALL = "p-1"  # what the sender of the tests says that the provider calls it


@pytest.fixture
def app(client, redis_server, tmp_path):
    app = App(tmp_path, redis_server.url, replies={"twilio": {"auth_token": AUTH_TOKEN}}, channels=URLS)
    app.dispatcher = app.rung.dispatcher(FakeSender(), 8)
    yield app
    app.redis.close()


def at(app, alert=1, person="user2", event=2):
    return app.rung.links.make_for_delivery("voice", Key(alert, event, person, "phone"))


def post(app, form, url=None, **headers):
    request = signed(url or at(app), form, **headers)
    return app.http.post(request.path, data=request.body, headers=request.headers)


def presses(app, digit, url=None, to=USER2, **fields):
    """Press a key and give what is heard."""
    answer = post(app, key_form(CALL, to, digit, **fields), url)
    assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8"), answer.text
    return heard(answer.text)


def answers(app, alert_id=1):
    return [(e["event"], e["by"], e["via"]) for e in app.events(alert_id) if "response_id" in e]


def rings(app, **fields):
    """An alert whose level 1 has been sent an SMS, and called, since the SMS failed."""
    alert_id = app.fires(**fields)
    app.dispatcher.drain(3600)
    return alert_id


# Keys


def test_one_acknowledges_and_says_whose_it_is(app):
    app.fires("Disk is full")
    said = presses(app, "1")
    assert said.text.startswith("1 is yours: Disk is full. Nobody else is paged.")
    assert "Press 6 to hear the next" in said.text
    assert said.keys_at == f"{at(app)}?alert=1"
    assert answers(app) == [("acknowledged", "user2", "phone")]


def test_two_resolves(app):
    app.fires("Disk is full")
    assert presses(app, "2").text.startswith("1 is resolved: Disk is full.")
    assert answers(app) == [("resolved", "user2", "phone")]


def test_four_escalates(app):
    app.fires()
    assert presses(app, "4").text.startswith("1 is escalated: level 2 (secondary) is paged.")


def test_five_says_it_again_as_it_stands_now(app):
    app.fires("Disk is full")
    assert presses(app, "5").text == f"Alert 1, critical: Disk is full. Nobody has answered yet. {KEYS}"
    app.does(1, Acknowledge("user5", "api"))
    assert presses(app, "5").text == f"Alert 1, critical: Disk is full. user5 has it. {KEYS}"
    app.does(1, Resolve("user5", "api"))
    assert presses(app, "5").text == f"Alert 1, critical: Disk is full. It is resolved. {KEYS}"
    assert answers(app)[0][1] == "user5"


def test_six_goes_to_the_next_of_that_persons_open_alerts_and_keys_are_about_that_one_then(app):
    for n in range(1, 4):
        app.fires(f"Disk {n}", dedup_key=str(n))
    app.does(2, Resolve("user5", "api"))
    said = presses(app, "6", at(app, 3))
    assert said.text.startswith("Alert 1, critical: Disk 1. Nobody has answered yet.")
    assert said.keys_at == f"{at(app, 3)}?alert=1"
    again = presses(app, "6", said.keys_at)
    assert again.text.startswith("Alert 3, critical: Disk 3."), "after the oldest the newest again"
    assert presses(app, "1", said.keys_at).text.startswith("1 is yours: Disk 1.")
    assert answers(app, 1) == [("acknowledged", "user2", "phone")]
    assert answers(app, 3) == []


def test_six_without_another_says_so(app):
    app.fires()
    said = presses(app, "6")
    assert said.text == "You have no other open alert. Press 5 to hear this one again, or hang up."
    assert said.keys_at == f"{at(app)}?alert=1"


@pytest.mark.parametrize(
    ("digit", "name"), [("3", "3"), ("7", "7"), ("0", "0"), ("*", "star"), ("#", "hash"), ("11", "11")]
)
def test_a_wrong_key_is_told_and_does_nothing(app, digit, name):
    app.fires()
    before = app.record(1)
    assert presses(app, digit).text.startswith(f"Key {name} does nothing here. Alert 1, critical: ")
    assert app.record(1) == before


def test_after_an_answer_there_is_no_other_and_whoever_comes_second_hears_who_has_it(app):
    app.fires()
    presses(app, "1")
    app.passes(60)
    said = presses(app, "1", at(app, person="user5"), to=USER5)
    assert said.text.startswith("Alert 1 was acknowledged by user2 1 min ago.")
    assert len(answers(app)) == 1


def test_the_same_delivery_again_does_nothing_again(app):
    app.fires()
    form = key_form(CALL, USER2, "4")
    token = {"I-Twilio-Idempotency-Token": "00000000-0000-4000-8000-438d18625f5a"}
    first, again = post(app, form, **token), post(app, form, **token)
    assert heard(first.text).text.startswith("1 is escalated")
    assert heard(again.text).text.startswith("Alert 1, critical: Disk is full. Nobody has answered yet.")
    assert len([e for e in app.events(1) if e["event"] == "escalated"]) == 1


# No answer


@pytest.mark.parametrize("digits", [None, ""])
def test_silence_is_no_answer_and_is_asked_again(app, digits):
    app.fires()
    before = app.record(1)
    said = presses(app, digits)
    assert said.text == f"Alert 1, critical: Disk is full. Nobody has answered yet. {KEYS}"
    assert said.after == "No key was pressed, so nothing was done. Goodbye."
    assert app.record(1) == before


def test_when_the_call_is_answered_and_its_markup_asked_for_it_is_there(app):
    app.fires()
    answer = post(app, call_form(CALL, USER2))
    assert heard(answer.text).keys_at == f"{at(app)}?alert=1"


@pytest.mark.parametrize("who", ["machine_start", "machine_end_beep", "machine_end_other", "fax"])
def test_a_machine_that_presses_keys_is_no_answer(app, who):
    app.fires()
    before = app.record(1)
    said = presses(app, "1", AnsweredBy=who)
    assert said.text.startswith("This call was taken for one to a machine, so keys do nothing.")
    assert said.keys_at == ""
    assert app.record(1) == before
    assert presses(app, None, AnsweredBy=who).text.startswith("Alert 1, critical"), "it may be left on the machine"


@pytest.mark.parametrize("who", ["human", "unknown"])
def test_a_person_may_press(app, who):
    app.fires()
    assert presses(app, "1", AnsweredBy=who).text.startswith("1 is yours")


def test_the_callee_is_whoever_is_called_and_not_who_calls(app):
    app.fires()
    assert presses(app, "1", From=USER5).text.startswith("1 is yours")
    assert answers(app) == [("acknowledged", "user2", "phone")]


@pytest.mark.parametrize("to", [USER5, "+15550199999", ""])
def test_somebody_elses_phone_is_no_answer(app, to):
    app.fires()
    before = app.record(1)
    said = presses(app, "1", to=to)
    assert said.text == "Nothing was done: this is not the phone of user2 any more."
    assert app.record(1) == before


def test_an_alert_that_is_not_kept_any_more_is_said_to_be_none(app):
    assert presses(app, "5", at(app, 99)).text.startswith("there is no alert 99.")
    assert presses(app, "1", at(app, 99)).text.startswith("There is no alert 99.")


# What Twilio did not sign


@pytest.mark.parametrize("path", ["", "/status"])
def test_what_is_forged_is_refused_and_changes_nothing(app, path):
    rings(app)
    before = {key: app.redis.dump(key) for key in app.redis.scan_iter()}
    url = at(app) + path
    form = key_form(CALL, USER2, "1", CallStatus="no-answer")
    for signature in (
        "",
        "A" * 28,
        sign(url, form, "other"),
        sign(url + "?alert=1", form),
        sign(at(app, 2) + path, form),
    ):
        assert post(app, form, url, **{SIGNATURE: signature}).status_code == 403
    assert {key: app.redis.dump(key) for key in app.redis.scan_iter()} == before


def test_which_alert_a_key_is_about_is_signed_with_the_address(app):
    app.fires("a", dedup_key="a")
    app.fires("b", dedup_key="b")
    form = key_form(CALL, USER2, "1")
    request = signed(at(app), form)
    assert app.http.post(f"{request.path}?alert=2", data=request.body, headers=request.headers).status_code == 403
    assert answers(app, 2) == []


@pytest.mark.parametrize("path", ["", "/status"])
def test_an_address_that_this_rung_did_not_make_is_nowhere(app, path):
    answer = post(app, key_form(CALL, USER2, "1"), f"{PUBLIC_URL}/reply/voice/x.y{path}")
    assert answer.status_code == 404
    assert "was not made by this Rung" in error(answer)


# Speech


def test_markup_and_control_characters_of_a_title_are_read_out_and_break_nothing(app):
    app.fires('<Hangup/>&"\x0b\x00')
    assert presses(app, "5").text.startswith('Alert 1, critical: <Hangup/>&"')


def test_a_long_title_is_cut_so_that_all_is_said_in_half_a_minute(app):
    app.fires("very long " * 50)
    said = presses(app, "5")
    assert len(said.text) <= HALF_A_MINUTE
    assert said.text.endswith(KEYS)


def test_redis_that_is_away_is_said_and_the_key_may_be_pressed_again(app, monkeypatch):
    def away(*_arguments, **_options):
        raise redis.ConnectionError("gone")

    app.fires()
    with monkeypatch.context() as patch:
        patch.setattr(redis.connection.AbstractConnection, "send_packed_command", away)
        said = presses(app, "1", f"{at(app)}?alert=1")
    assert said.text == "Nothing was done: Rung cannot reach its memory. Please press the key again."
    assert presses(app, "1", said.keys_at).text.startswith("1 is yours")


# A call about several


@pytest.fixture
def several(app):
    """Alerts 1 to 3, of which one call tells; alert 4 is open beside them."""
    for n in range(1, 5):
        app.fires(f"Disk {n}", dedup_key=str(n))
    app.rung.ledger.keep_bundle(Bundle("b1", "user2", "phone", T0, (1, 2, 3)), 3600)
    for n in range(1, 4):
        entry = next(iter(app.rung.ledger.entries(n).values()))
        told = entry.model_copy(update={"bundle": "b1", "state": State.SENT, "provider_id": CALL})
        app.redis.hset(f"rung:ledger:{n}", "2/user2/phone", told.dump())
    return app


def test_one_acknowledges_all_of_them(several):
    assert presses(several, "1").text.startswith("1-3 are yours.")
    owners = [several.rung.engine.alert(n)[0].acknowledged_by for n in range(1, 5)]
    assert owners == ["user2", "user2", "user2", None]


def test_of_all_that_somebody_has_already_it_is_said(several):
    several.does(2, Acknowledge("user5", "api"))
    assert presses(several, "1").text.startswith("1, 3 are yours. Alert 2 was acknowledged by user5 0 s ago.")


@pytest.mark.parametrize("digit", ["2", "4", "9"])
def test_nothing_else_is_done_to_all_of_them(several, digit):
    before = [several.record(n) for n in range(1, 5)]
    assert presses(several, digit).text == f"Key {digit} does nothing here. 3 alerts: 1 to 3. {KEYS_OF_SEVERAL}"
    assert [several.record(n) for n in range(1, 5)] == before


def test_they_can_be_heard_and_answered_one_by_one(several):
    said = presses(several, "6")
    assert said.text.startswith("Alert 4, critical: Disk 4.")
    third = presses(several, "6", said.keys_at)
    assert third.text.startswith("Alert 3, critical: Disk 3.")
    assert presses(several, "2", third.keys_at).text.startswith("3 is resolved")
    assert several.rung.engine.alert(2)[0].is_unanswered


def test_no_key_says_it_again_and_the_keys_stay_about_all_of_them(several):
    said = presses(several, None)
    assert said.text == f"3 alerts: 1 to 3. {KEYS_OF_SEVERAL}"
    assert said.keys_at == at(several)


# A test page


def test_a_key_in_a_test_page_proves_the_way_back_and_is_about_no_alert(app):
    app.fires()
    url = at(app, alert=0, event=0)
    assert presses(app, None, url).text == "This is a test page. Press any key."
    assert presses(app, "1", url).text == "Key 1 was heard: answers on the phone work. Goodbye."
    assert answers(app) == []


# What became of the call


def status(app, form, key_at=None):
    answer = post(app, form, f"{key_at or at(app)}/status")
    assert (answer.status_code, answer.data) == (204, b"")
    app.dispatcher.drain(3600)


def ledger(app, alert_id=1):
    return {key: (e.state.value, e.receipt) for key, e in app.rung.ledger.entries(alert_id).items()}


@pytest.fixture
def called(client, redis_server, tmp_path):
    """user2 is called first, and may be reached by SMS as well."""
    policy = {
        "levels": [
            {"level": n, "delay": d, "notification_channels": c, "responders": [p], "timeout": 300}
            for n, d, c, p in (("first", 0, ["phone"], "user2"), ("second", 600, ["phone", "sms"], "user5"))
        ],
        "repeat_interval": 7200,
        "max_repeats": 0,
        "sla_timeout": 3600,
    }
    escalation = {
        "policies": {"critical": policy},
        "default_policy": "critical",
        "catch_all": [],
        "reopen_within": 300,
    }
    app = App(
        tmp_path,
        redis_server.url,
        replies={"twilio": {"auth_token": AUTH_TOKEN}},
        channels=URLS,
        escalation=escalation,
    )
    app.dispatcher = app.rung.dispatcher(FakeSender(), 8)
    rings(app)
    yield app
    app.redis.close()


@pytest.mark.parametrize("word", ["no-answer", "busy", "failed", "canceled"])
def test_a_call_that_nobody_heard_goes_to_the_next_channel_at_once(called, word):
    status(called, call_form(CALL, USER2, word, SequenceNumber="3"))
    assert ledger(called) == {"2/user2/phone": ("failed", word), "2/user2/sms": ("sent", "")}


@pytest.mark.parametrize("word", ["initiated", "ringing", "in-progress", "queued"])
def test_what_happens_on_the_way_is_no_end(called, word):
    before = called.record(1)
    status(called, call_form(CALL, USER2, word))
    assert ledger(called) == {"2/user2/phone": ("sent", "")}
    assert called.record(1) == before


def test_a_call_that_was_picked_up_goes_nowhere_else(called):
    status(called, call_form(CALL, USER2, "completed", CallDuration="31"))
    status(called, machine_form(CALL, "human"))
    assert ledger(called) == {"2/user2/phone": ("sent", "completed")}


def test_a_machine_that_picked_up_is_found_out_while_the_call_goes_on(called):
    status(called, machine_form(CALL, "machine_start"))
    status(called, call_form(CALL, USER2, "completed", AnsweredBy="machine_start"))
    assert ledger(called) == {"2/user2/phone": ("failed", "machine"), "2/user2/sms": ("sent", "")}
    assert len([e for e in called.events(1) if e["event"] == "failed_over"]) == 1


def test_whoever_presses_a_key_was_there_whatever_was_taken_for_a_machine(called):
    assert presses(called, "1").text.startswith("1 is yours")
    status(called, call_form(CALL, USER2, "completed", AnsweredBy="machine_start"))
    assert ledger(called)["2/user2/phone"] == ("sent", "answered")


def test_what_comes_late_and_out_of_order_changes_nothing(called):
    presses(called, "1")
    before = called.record(1), called.events(1)
    for word, number in (("ringing", "1"), ("initiated", "0"), ("no-answer", "3"), ("no-answer", "3")):
        status(called, call_form(CALL, USER2, word, SequenceNumber=number))
    assert (called.record(1), called.events(1)) == before


def test_the_call_of_another_attempt_is_another_call(called):
    status(called, call_form(sid("CA"), USER2, "no-answer"))
    assert ledger(called) == {"2/user2/phone": ("sent", "")}
