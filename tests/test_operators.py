"""What operators hear of channels: how often the store is asked, what happens when it is away, and other processes."""

import logging
from datetime import datetime

import pytest

from core.ledger import Entry, Key, State
from core.operators import Operators
from core.outcomes import OutcomeKind
from core.rules import Rules
from core.signals import SignalStatus
from core.store import Settlement, StoreUnavailableError
from tests.samples import at, rules

CHANNELS = {
    "email": {"url": "mailtos://me:secret@smtp.example.com?to={email}"},
    "slack": {"url": "slack://tokena/tokenb/tokenc/{slack}"},
    "sms": {"url": "twilio://AC1:secret@+15550009999/{phone}"},
    "phone": False,
}
FIRING, RESOLVED = SignalStatus.FIRING, SignalStatus.RESOLVED


class FakeLedger:
    """What operators were told, as several processes see it; counts how often it is looked up."""

    def __init__(self) -> None:
        self.since: dict[str, datetime] = {}
        self.said: set[str] = set()
        self.looks = 0
        self.is_away = False

    def first_in(self, name: str, seconds: int) -> bool:
        self._be_there()
        assert seconds == 3600
        return name not in self.said and not self.said.add(name)

    def failing(self) -> dict[str, datetime]:
        self._be_there()
        self.looks += 1
        return dict(self.since)

    def note_failing(self, name: str, since: datetime) -> None:
        self._be_there()
        self.since[name] = since

    def forget_failing(self, names: list[str]) -> None:
        self._be_there()
        for name in names:
            del self.since[name]

    def _be_there(self) -> None:
        if self.is_away:
            raise StoreUnavailableError("away")


class Stage:
    """Some processes that send, and what they told; `seconds` is the time since T0."""

    def __init__(self, in_force: Rules) -> None:
        self.rules = in_force
        self.ledger = FakeLedger()
        self.told: list[tuple[SignalStatus, str]] = []
        self.seconds = 0.0
        self.refuses = False

    def process(self) -> Operators:
        return Operators(self._receive, self.ledger, lambda: self.rules, lambda: self.seconds)

    def record(self, operators: Operators, kind: OutcomeKind, person: str = "user2", channel: str = "slack") -> None:
        state = State.SENT if kind is OutcomeKind.SENT else State.FAILED
        entry = Entry(state=state, kind="page", reason="level", round=0, level=0, level_name="primary", queued_at=at(0))
        entry = entry.model_copy(update={"settled_at": at(self.seconds), "error": "no"})
        operators.hear([Settlement(Key(1, 2, person, channel), "token", entry, outcome=kind)])

    def _receive(self, source, signals):
        if self.refuses:
            raise StoreUnavailableError("busy")
        assert source == "rung"
        self.told += [(each.status, each.dedup_key.removeprefix("rung-failing-channel:")) for each in signals]


@pytest.fixture
def stage():
    return Stage(rules(channels=CHANNELS))


SENT, REJECTED, MISCONFIGURED = OutcomeKind.SENT, OutcomeKind.REJECTED, OutcomeKind.MISCONFIGURED


def test_sends_ask_the_store_once_a_minute_at_most(stage):
    operators = stage.process()
    for second in range(121):
        stage.seconds = second
        for channel in ("email", "slack", "sms"):
            stage.record(operators, SENT, channel=channel)
    assert stage.ledger.looks == 3
    assert stage.told == []


def test_nothing_recorded_asks_nobody(stage):
    stage.ledger.is_away = True
    stage.process().hear([])


def test_what_another_process_told_is_over_within_a_minute_of_sends(stage):
    one, other = stage.process(), stage.process()
    stage.record(other, SENT, channel="email")
    stage.seconds = 10
    stage.record(one, MISCONFIGURED)
    stage.seconds = 20
    stage.record(other, SENT)
    assert stage.told == [(FIRING, "slack")]
    stage.seconds = 60
    stage.record(other, SENT, channel="email")
    assert stage.told == [(FIRING, "slack"), (RESOLVED, "slack")]
    assert stage.ledger.since == {}


def test_a_send_before_the_failure_does_not_end_it(stage):
    one, other = stage.process(), stage.process()
    stage.record(other, SENT, channel="email")
    stage.seconds = 10
    stage.record(other, SENT)
    stage.seconds = 20
    stage.record(one, MISCONFIGURED)
    stage.seconds = 60
    stage.record(other, SENT, channel="email")
    assert stage.told == [(FIRING, "slack")]


def test_a_send_between_two_failures_does_not_end_them(stage):
    one, other = stage.process(), stage.process()
    stage.record(other, SENT, channel="email")
    stage.seconds = 10
    stage.record(one, MISCONFIGURED)
    stage.seconds = 20
    stage.record(other, SENT)
    stage.seconds = 30
    stage.record(other, MISCONFIGURED)
    stage.seconds = 60
    stage.record(other, SENT, channel="email")
    assert stage.told == [(FIRING, "slack")]


def test_a_send_to_a_person_ends_what_was_said_of_the_channel_and_of_that_person_only(stage):
    operators = stage.process()
    stage.record(operators, MISCONFIGURED)
    stage.record(operators, REJECTED, "user2")
    stage.record(operators, REJECTED, "user5")
    stage.record(operators, REJECTED, "user5", "sms")
    stage.seconds = 1
    stage.record(operators, SENT, "user5")
    assert {name for status, name in stage.told if status is RESOLVED} == {"slack", "slack/user5"}
    assert stage.ledger.since.keys() == {"slack/user2", "sms/user5"}


def test_while_the_store_is_away_nothing_is_raised_and_it_is_told_later(stage, caplog):
    operators = stage.process()
    stage.ledger.is_away = True
    stage.record(operators, MISCONFIGURED)
    assert [r.getMessage() for r in caplog.records] == ["operators could not be told how channels do: away"]
    assert stage.told == []
    stage.ledger.is_away = False
    stage.record(operators, SENT, channel="email")
    assert stage.told == [(FIRING, "slack")]


def test_an_alert_that_the_store_refused_is_raised_with_the_next_send_and_not_an_hour_later(stage, caplog):
    caplog.set_level(logging.ERROR)
    operators = stage.process()
    stage.refuses = True
    stage.record(operators, MISCONFIGURED)
    assert stage.told == []
    assert stage.ledger.said == {"channel-fails:slack"}, "the hour has begun"
    stage.refuses = False
    stage.record(operators, SENT, channel="email")
    assert stage.told == [(FIRING, "slack")]
    assert [r.getMessage() for r in caplog.records][1:] == ["channel slack turns messages away: no"]


def test_an_end_that_the_store_refused_is_told_later(stage):
    operators = stage.process()
    stage.record(operators, MISCONFIGURED)
    stage.seconds = 1
    stage.refuses = True
    stage.record(operators, SENT)
    assert stage.ledger.since.keys() == {"slack"}
    stage.refuses = False
    stage.record(operators, SENT, channel="email")
    assert stage.told == [(FIRING, "slack"), (RESOLVED, "slack")]


def test_with_the_built_in_outbox_nobody_is_told_anything(stage):
    stage.rules = rules()
    operators = stage.process()
    stage.record(operators, OutcomeKind.GIVEN_UP)
    stage.record(operators, SENT, channel="email")
    assert stage.told == []
    assert stage.ledger.looks == 0
