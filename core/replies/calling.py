"""Calls: which key does what, and what is said back. No key, a machine, or somebody else's phone is no answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.alert import Alert
from core.bundle_messages import ranges
from core.bundles import Bundle
from core.config import Config
from core.engine import Engine, NoSuchAlertError
from core.ledger import Key
from core.messages import spoken_title
from core.oncall import shown
from core.receipts import ANSWERED, Fate, Receipt, Receipts
from core.replies.answering import Replies
from core.replies.grammar import Spoken, Verb
from core.replies.people import by_phone
from core.store import UnreadableRecordError
from core.ways import KEYS, KEYS_OF_SEVERAL, NO_ALERT

_ACTS: Mapping[str, Spoken] = {
    "1": Spoken(Verb.ACKNOWLEDGE),
    "2": Spoken(Verb.RESOLVE),
    "4": Spoken(Verb.ESCALATE),
}
_AGAIN, _NEXT = "5", "6"
_WAY = "phone"
_GO_ON = "Press 6 to hear the next of your open alerts, or hang up."
_MACHINE = "This call was taken for one to a machine, so keys do nothing. Answer by text, or by the link in a message."


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key of a call, '' for none, with the alert that was being heard, None for what the call was about.

    `call` is its name at the provider, `number` the one that was called; `is_machine`: a machine is thought to have
    picked up.
    """

    key: Key
    call: str
    number: str
    digit: str = ""
    alert: int | None = None
    is_machine: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What is said back, and the alert that the next key is about, None for what the call was about.

    `is_last`: no key is waited for.
    """

    text: str
    alert: int | None = None
    is_last: bool = False


class Calling:
    """Answers keys. Raises StoreUnavailableError when nothing could be done."""

    def __init__(
        self,
        engine: Engine,
        replies: Replies,
        config: Callable[[], Config],
        receipts: Receipts,
    ) -> None:
        """Take the parts; `config` gives the one in force."""
        self._engine = engine
        self._replies = replies
        self._config = config
        self._receipts = receipts

    def answer(self, pressed: Pressed) -> Said:
        """Do what the key asks for, and give what is said back."""
        if reason := self._why_not(pressed):
            return Said(reason, is_last=True)
        if pressed.key.alert == NO_ALERT:
            return _tested(pressed.digit)
        if pressed.digit:
            self._receipts.take(pressed.key, Receipt(pressed.call, Fate.ARRIVED, ANSWERED))
        bundle = self._receipts.bundle(pressed.key) if pressed.alert is None else None
        if bundle and len(bundle.alerts) > 1:
            return self._about_several(pressed, bundle)
        return self._about_one(pressed, pressed.alert or pressed.key.alert)

    def hear(self, pressed: Pressed) -> Said:
        """Give what the call is about, as it stands; nothing is done."""
        return self.answer(replace(pressed, digit=""))

    def _why_not(self, pressed: Pressed) -> str:
        person = pressed.key.responder
        if person not in by_phone(self._config(), pressed.number):
            return f"Nothing was done: this is not the phone of {shown(self._config(), person)} any more."
        return _MACHINE if pressed.is_machine and pressed.digit else ""

    def _about_one(self, pressed: Pressed, alert_id: int) -> Said:
        digit, person = pressed.digit, pressed.key.responder
        if digit in _ACTS:
            replied = self._replies.act([alert_id], person, _ACTS[digit], _WAY)
            return Said(f"{replied.text} {_GO_ON}", alert_id)
        if digit == _NEXT:
            return self._next(person, alert_id)
        return Said(f"{_wrong(digit)}{self._described(alert_id)} {KEYS}", alert_id)

    def _about_several(self, pressed: Pressed, bundle: Bundle) -> Said:
        person, digit = pressed.key.responder, pressed.digit
        if digit == _NEXT:
            return self._next(person)
        if _ACTS.get(digit) == Spoken(Verb.ACKNOWLEDGE):
            return Said(f"{self._replies.act(bundle.alerts, person, _ACTS[digit], _WAY).text} {_GO_ON}")
        numbers = ", ".join(ranges(bundle.alerts, " to "))
        return Said(f"{_wrong(digit)}{len(bundle.alerts)} alerts: {numbers}. {KEYS_OF_SEVERAL}")

    def _next(self, person: str, current: int | None = None) -> Said:
        """Give the next older one that is open, after the oldest the newest again."""
        others = [alert for alert in self._replies.paged([person]) if alert.id != current]
        if not others:
            return Said("You have no other open alert. Press 5 to hear this one again, or hang up.", current)
        older = (alert for alert in others if current is not None and alert.id < current)
        following = next(older, others[0])
        return Said(f"{self._standing(following)} {KEYS}", following.id)

    def _described(self, alert_id: int) -> str:
        try:
            return self._standing(self._engine.alert(alert_id)[0])
        except (NoSuchAlertError, UnreadableRecordError) as error:
            return f"{error}."

    def _standing(self, alert: Alert) -> str:
        return f"Alert {alert.id}, {alert.severity.value}: {spoken_title(alert)}. {self._whose(alert)}."

    def _whose(self, alert: Alert) -> str:
        if not alert.is_open:
            return "It is resolved"
        if alert.acknowledged_by:
            return f"{shown(self._config(), alert.acknowledged_by)} has it"
        return "Nobody has answered yet"


def _tested(digit: str) -> Said:
    if digit:
        return Said(f"Key {_said(digit)} was heard: answers on the phone work. Goodbye.", is_last=True)
    return Said("This is a test page. Press any key.")


def _wrong(digit: str) -> str:
    return f"Key {_said(digit)} does nothing here. " if digit not in {"", _AGAIN} else ""


def _said(digit: str) -> str:
    return {"*": "star", "#": "hash"}.get(digit, digit)
