"""What Twilio's forms mean: a text that came in, what became of a text or a call, and which key was pressed."""

from collections.abc import Mapping, Sequence

from core.outcomes import OutcomeKind
from core.receipts import Fate, Receipt
from core.replies.texting import Incoming

Form = Mapping[str, Sequence[str]]

_CARRIED = ("whatsapp", "rcs")
_LONGEST_CODE = 10

# How Twilio says what became of a text. What comes before (queued, sending, sent) says nothing new.
_TEXT_FATES = {
    "delivered": Fate.ARRIVED,
    "read": Fate.ARRIVED,
    "undelivered": Fate.LOST,
    "failed": Fate.LOST,
    "canceled": Fate.LOST,
}
# The same of a call, when it is over.
_CALL_FATES = {
    "completed": Fate.TAKEN_UP,
    "no-answer": Fate.LOST,
    "busy": Fate.LOST,
    "failed": Fate.LOST,
    "canceled": Fate.LOST,
}
_CALL_REASONS = {
    "no-answer": "nobody picked up",
    "busy": "the line was busy",
    "failed": "the call could not be connected",
    "canceled": "the call was canceled",
}

# Twilio's error codes, by who is to do something about it. Of the others the next text may well arrive.
_PERSON = {
    "21610": "the recipient has unsubscribed",
    "21614": "the phone number takes no SMS",
    "30004": "the recipient blocks it",
    "30005": "the phone number is not known, or out of service",
    "30006": "the phone number is a landline, or its carrier cannot be reached",
    "63024": "the recipient cannot be reached there",
}
_ACCOUNT = {
    "30002": "the account is suspended",
    "30007": "the carrier took it for spam",
    "30032": "the sender's toll-free number is not verified",
    "30034": "the sender's number is not registered (A2P 10DLC)",
    "63016": "outside of its window WhatsApp takes approved templates only",
}
_MOMENT = {
    "30001": "too many messages waited",
    "30003": "the phone is switched off, or out of reach",
    "30008": "the carrier did not say why",
}


def incoming(form: Form) -> Incoming:
    """Give the text that somebody sent."""
    carrier, _, number = first(form, "From").partition(":")
    return Incoming(
        id=first(form, "MessageSid"),
        sender=first(form, "From"),
        text=first(form, "Body"),
        via=carrier.lower() if number and carrier.lower() in _CARRIED else "sms",
        is_for_carrier=bool(first(form, "OptOutType")),
    )


def of_a_text(form: Form) -> Receipt | None:
    """Give what became of a text; None when that is not said yet."""
    word = first(form, "MessageStatus")
    fate = _TEXT_FATES.get(word)
    if fate is None:
        return None
    sid, code = first(form, "MessageSid"), first(form, "ErrorCode")
    if fate is Fate.ARRIVED:
        return Receipt(sid, fate, word)
    return Receipt(sid, fate, word, _text_reason(word, code), _fault(code))


def of_a_call(form: Form) -> Receipt | None:
    """Give what became of a call; None when that is not said yet. A machine that picks up is no answer."""
    sid, word = first(form, "CallSid"), first(form, "CallStatus")
    if is_machine(form):
        return Receipt(sid, Fate.LOST, "machine", "an answering machine picked up")
    fate = _CALL_FATES.get(word)
    if fate is None:
        return None
    if fate is Fate.TAKEN_UP:
        return Receipt(sid, fate, word)
    # That nobody picks up says nothing about the channel.
    fault = OutcomeKind.REJECTED if word == "failed" else None
    return Receipt(sid, fate, word, _CALL_REASONS[word], fault)


def is_machine(form: Form) -> bool:
    """Say whether Twilio took whoever picked up for a machine or a fax."""
    return first(form, "AnsweredBy").startswith(("machine", "fax"))


def first(form: Form, name: str) -> str:
    """Give the first value of a field, '' when it is not there."""
    return next(iter(form.get(name, ())), "")


def _text_reason(word: str, code: str) -> str:
    known = {**_PERSON, **_ACCOUNT, **_MOMENT}.get(code, "the provider could not deliver it")
    said = f" (Twilio error {code})" if code.isascii() and code.isdigit() and len(code) <= _LONGEST_CODE else ""
    return f"{word}: {known}{said}"


def _fault(code: str) -> OutcomeKind | None:
    if code in _ACCOUNT:
        return OutcomeKind.MISCONFIGURED
    return OutcomeKind.REJECTED if code in _PERSON else None
