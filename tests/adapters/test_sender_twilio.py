"""What Twilio is told beside the text: where it says what became of it, and which keys a call takes."""

import pytest

from core.adapters.sender import send
from core.config.replies import Replies
from core.ledger import Key
from core.links import Links
from core.outcomes import Message, OutcomeKind, Ways
from core.replies.speech import FIRST_TIMES, HALF_A_MINUTE
from core.ways import KEYS, ways_of, ways_of_several, ways_of_test
from tests.adapters.channel_examples import CONTACTS, provider
from tests.adapters.servers import Answer
from tests.twilio_side import fields_of, heard

LINKS = Links("k" * 32, "https://rung.example.com")
SET_UP = Replies.model_validate({"twilio": {"auth_token": "t"}})
KEY = Key(42, 7, "user1", "x")
TEXT_WAYS, CALL_WAYS = (ways_of(KEY, kind, SET_UP, LINKS) for kind in ("sms", "phone"))
TAKEN = Answer.of({"sid": "SM" + "1" * 32, "status": "queued"}, 201)
SPOKEN = "This is Rung. Alert 42, critical: Disk is full."


@pytest.fixture
def twilio(monkeypatch):
    """Send a message as text or call, and give the form that Twilio got."""

    def sent(kind, message):
        with provider(kind, TAKEN, monkeypatch) as (sink, url):
            outcome = send(url, message)
            assert (outcome.kind, outcome.provider_id) == (OutcomeKind.SENT, "SM" + "1" * 32)
            (request,) = sink.requests
        assert int(request.headers["Content-Length"]) == len(request.body)
        return fields_of(request.body)

    return sent


def test_a_text_says_where_its_status_goes_and_is_otherwise_as_it_was(twilio):
    with_ways = twilio("sms", Message("Title", "Straße & Co.", ways=TEXT_WAYS))
    without = twilio("sms", Message("Title", "Straße & Co."))
    assert with_ways == {**without, "StatusCallback": TEXT_WAYS.status_at}
    assert LINKS.read_delivery(with_ways["StatusCallback"].rpartition("/")[2]) == KEY


def test_a_call_speaks_three_times_and_takes_a_key_meanwhile(twilio):
    form = twilio("phone", Message("", SPOKEN, ways=CALL_WAYS))
    said = heard(form["Twiml"])
    assert said.text == f"{SPOKEN} {KEYS}"
    assert (said.times, said.keys_at) == (FIRST_TIMES, CALL_WAYS.keys_at)
    assert said.after == "No key was pressed, so nothing was done. Goodbye."
    assert form["To"] == CONTACTS["phone"]


def test_machines_are_found_out_while_the_call_speaks_so_that_nobody_hears_silence(twilio):
    form = twilio("phone", Message("", SPOKEN, ways=CALL_WAYS))
    assert (form["MachineDetection"], form["AsyncAmd"]) == ("Enable", "true")
    assert form["StatusCallback"] == form["AsyncAmdStatusCallback"] == f"{CALL_WAYS.keys_at}/status"


def test_without_ways_a_call_is_spoken_and_takes_no_keys(twilio):
    form = twilio("phone", Message("", SPOKEN))
    assert set(form) == {"From", "To", "Twiml"}
    assert heard(form["Twiml"]).text == SPOKEN
    assert heard(form["Twiml"]).keys_at == ""


@pytest.mark.parametrize("text", ['<Hangup/> & "quotes"', "\x00\x0b\x1b tab\t", "<" * 5000, "&" * 5000, "ł😡" * 2000])
def test_whatever_a_title_has_in_it_the_markup_is_whole_and_not_longer_than_twilio_takes(twilio, text):
    form = twilio("phone", Message("", f"{SPOKEN} {text}", ways=CALL_WAYS))
    assert heard(form["Twiml"]).text.startswith(SPOKEN)
    assert heard(form["Twiml"]).text.endswith(f" {KEYS}")
    assert len(form["Twiml"]) <= 4000


def test_what_takes_longer_than_half_a_minute_is_said_once(twilio):
    long = twilio("phone", Message("", "word " * 200, ways=CALL_WAYS))
    assert heard(long["Twiml"]).times == 1
    room = HALF_A_MINUTE - len(KEYS) - 1
    assert heard(twilio("phone", Message("", "w" * room, ways=CALL_WAYS))["Twiml"]).times == FIRST_TIMES


def test_a_call_about_several_says_which_keys_it_takes(twilio):
    ways = ways_of_several(KEY, "phone", SET_UP, LINKS)
    form = twilio("phone", Message("", "This is Rung. 3 alerts, all critical.", ways=ways))
    assert heard(form["Twiml"]).text.endswith(
        "Press 1 to acknowledge all of them, 5 to hear it again, 6 to hear them one by one."
    )


def test_a_test_page_takes_a_key_and_asks_for_no_status_of_what_is_in_no_ledger(twilio):
    ways = ways_of_test("user1", "phone", "phone", SET_UP, LINKS)
    form = twilio("phone", Message("Test page from Rung", "This is a test.", ways=ways))
    assert set(form) == {"From", "To", "Twiml"}
    assert heard(form["Twiml"]).text == f"Test page from Rung. This is a test. {ways.keys_say}"
    assert LINKS.read_delivery(heard(form["Twiml"]).keys_at.rpartition("/")[2]) == Key(0, 0, "user1", "phone")


def test_ways_of_another_kind_change_nothing_of_a_text(twilio):
    assert "StatusCallback" not in twilio("sms", Message("t", "b", ways=Ways(42, buttons=True)))
