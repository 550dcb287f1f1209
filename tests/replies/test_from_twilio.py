"""What Twilio's forms mean."""

import pytest

from core.outcomes import OutcomeKind
from core.receipts import Fate, Receipt
from core.replies.from_twilio import incoming, is_machine, of_a_call, of_a_text
from core.replies.texting import Incoming


def form(**fields):
    return {name: [value] for name, value in fields.items()}


def test_a_text_that_came_in():
    found = incoming(form(MessageSid="SM1", From="+15550100001", Body="ack 42", To="+15550109999"))
    assert found == Incoming("SM1", "+15550100001", "ack 42", via="sms")


@pytest.mark.parametrize(
    ("sender", "via"),
    [
        ("whatsapp:+15550100001", "whatsapp"),
        ("rcs:+15550100001", "rcs"),
        ("WhatsApp:+15550100001", "whatsapp"),
        ("+15550100001", "sms"),
        ("messenger:123", "sms"),
        ("whatsapp:", "sms"),
        ("", "sms"),
    ],
)
def test_the_way_it_came_stands_before_the_number(sender, via):
    found = incoming(form(From=sender))
    assert (found.via, found.sender, found.text, found.id) == (via, sender, "", "")


@pytest.mark.parametrize(
    ("fields", "is_it"), [({"OptOutType": "STOP"}, True), ({"OptOutType": ""}, False), ({}, False)]
)
def test_what_twilio_has_dealt_with_is_for_the_carrier(fields, is_it):
    assert incoming(form(Body="arret", **fields)).is_for_carrier is is_it


@pytest.mark.parametrize("word", ["accepted", "scheduled", "queued", "sending", "sent", "receiving", "", "Delivered"])
def test_what_is_not_the_end_of_a_text_says_nothing(word):
    assert of_a_text(form(MessageSid="SM1", MessageStatus=word)) is None
    assert of_a_text({}) is None


@pytest.mark.parametrize("word", ["delivered", "read"])
def test_a_text_that_arrived(word):
    assert of_a_text(form(MessageSid="SM1", MessageStatus=word)) == Receipt("SM1", Fate.ARRIVED, word)


@pytest.mark.parametrize(
    ("word", "code", "reason", "fault"),
    [
        ("undelivered", "30003", "undelivered: the phone is switched off, or out of reach (Twilio error 30003)", None),
        (
            "undelivered",
            "30005",
            "undelivered: the phone number is not known, or out of service (Twilio error 30005)",
            OutcomeKind.REJECTED,
        ),
        (
            "undelivered",
            "30007",
            "undelivered: the carrier took it for spam (Twilio error 30007)",
            OutcomeKind.MISCONFIGURED,
        ),
        ("failed", "21610", "failed: the recipient has unsubscribed (Twilio error 21610)", OutcomeKind.REJECTED),
        ("failed", "31999", "failed: the provider could not deliver it (Twilio error 31999)", None),
        ("canceled", "", "canceled: the provider could not deliver it", None),
        ("failed", "+15550100001", "failed: the provider could not deliver it", None),
        ("failed", "9" * 50, "failed: the provider could not deliver it", None),
    ],
)
def test_a_text_that_did_not_arrive_says_why_and_whether_somebody_is_to_mend_it(word, code, reason, fault):
    found = of_a_text(form(MessageSid="SM1", MessageStatus=word, ErrorCode=code))
    assert found == Receipt("SM1", Fate.LOST, word, reason, fault)


@pytest.mark.parametrize("word", ["queued", "initiated", "ringing", "in-progress", ""])
def test_what_is_not_the_end_of_a_call_says_nothing(word):
    assert of_a_call(form(CallSid="CA1", CallStatus=word)) is None


@pytest.mark.parametrize(
    ("word", "reason", "fault"),
    [
        ("no-answer", "nobody picked up", None),
        ("busy", "the line was busy", None),
        ("canceled", "the call was canceled", None),
        ("failed", "the call could not be connected", OutcomeKind.REJECTED),
    ],
)
def test_a_call_that_nobody_heard(word, reason, fault):
    assert of_a_call(form(CallSid="CA1", CallStatus=word)) == Receipt("CA1", Fate.LOST, word, reason, fault)


def test_a_call_that_was_picked_up():
    assert of_a_call(form(CallSid="CA1", CallStatus="completed")) == Receipt("CA1", Fate.TAKEN_UP, "completed")
    assert of_a_call(form(CallSid="CA1", CallStatus="completed", AnsweredBy="human")).fate is Fate.TAKEN_UP
    assert of_a_call(form(CallSid="CA1", CallStatus="completed", AnsweredBy="unknown")).fate is Fate.TAKEN_UP


@pytest.mark.parametrize(
    "who", ["machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax"]
)
def test_a_machine_that_picks_up_is_no_answer_whatever_the_call_says(who):
    wanted = Receipt("CA1", Fate.LOST, "machine", "an answering machine picked up")
    assert of_a_call(form(CallSid="CA1", AnsweredBy=who, MachineDetectionDuration="2400")) == wanted
    assert of_a_call(form(CallSid="CA1", AnsweredBy=who, CallStatus="completed")) == wanted
    assert is_machine(form(AnsweredBy=who))


def test_a_person_is_no_machine():
    assert not any(is_machine(form(AnsweredBy=who)) for who in ("human", "unknown", ""))
    assert not is_machine({})
