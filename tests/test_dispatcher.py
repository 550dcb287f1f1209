"""The dispatcher: what it hands to senders, when, how many at once, and what it records."""

import logging
from concurrent.futures import Future
from datetime import timedelta

import pytest

from core.adapters.redis_ledger import LEASE
from core.commands import Acknowledge, Resolve
from core.dispatcher import Dispatcher
from core.outcomes import Message, Outcome, OutcomeKind
from core.store import Filter, StoreUnavailableError
from tests.samples import config, signal
from tests.worlds import SENT, World

URLS = {
    "email": {"url": "mailtos://me:mail-secret@smtp.example.com?to={email}"},
    "slack": {"url": "slack://tokena/tokenb/tokenc/{slack}"},
    "sms": {"url": "twilio://AC1:sms-secret@+15550009999/{phone}"},
    "phone": {"url": "twilio://AC1:call-secret@+15550009999/{phone}?method=call"},
}
REJECTED = Outcome(OutcomeKind.REJECTED, "no such user")
NO_ANSWER = Outcome(OutcomeKind.UNAVAILABLE, "no answer in time")


class SlowSender:
    """Sends end when the test says so."""

    def __init__(self) -> None:
        self.under_way: dict[str, Future[Outcome]] = {}
        self.started: list[str] = []

    def submit(self, url: str, message: Message) -> "Future[Outcome]":
        future: Future[Outcome] = Future()
        self.started.append(url)
        self.under_way[url + message.title] = future
        return future

    def finish(self, word: str, outcome: Outcome = SENT) -> None:
        for name in [name for name in self.under_way if word in name]:
            self.under_way.pop(name).set_result(outcome)


@pytest.fixture
def world(client):
    return World(client, config(channels=URLS))


@pytest.fixture
def slow(world, monkeypatch):
    """A dispatcher of eight slots whose waiting takes no time: a look every tick, and the test plays the world."""
    sender = SlowSender()
    dispatcher = Dispatcher(
        world.ledger,
        lambda: world.rules,
        world.links,
        sender,
        8,
        world.engine.wake,
        world.operators,
        lambda: world.now.timestamp(),  # noqa: PLW0108 - the clock moves
    )
    monkeypatch.setattr("core.dispatcher._LOOK_EVERY", 0)
    return dispatcher, sender


def turn(dispatcher: Dispatcher) -> None:
    """One turn of the dispatcher's loop."""
    dispatcher._launch()
    dispatcher._land()
    dispatcher._renew()


def test_it_sends_everything_that_is_due_and_says_how_much(world):
    world.receive(signal("a"), signal("b"))
    assert world.dispatcher.drain(60) == 6
    assert world.dispatcher.drain(60) == 0
    assert len(world.sender.sent) == 6
    assert set(world.ledger_of(1).values()) == {"sent"}
    assert world.ledger.messages(10) == [], "what was really sent is not in the built-in outbox"


def test_the_address_is_filled_with_the_persons_contacts(world):
    world.receive(signal())
    world.send()
    urls = [url for url, _ in world.sender.sent]
    assert urls[0] == "mailtos://me:mail-secret@smtp.example.com?to=p2%40example.com"
    assert "15550100002" in urls[2]


def test_without_credentials_pages_go_to_the_built_in_outbox_and_nobody_is_sent_anything(client):
    world = World(client)
    world.fires()
    assert world.sender.sent == []
    assert [how for _, how, _ in world.told()] == ["email", "slack", "sms"]


def test_a_message_says_what_a_person_needs_at_three_in_the_morning(world):
    world.fires(description="96 % used", link="https://grafana.example.com/d/1", title="Disk is full")
    message = next(message for url, message in world.sender.sent if url.startswith("mailto"))
    assert message.title == "CRITICAL: alert 1: Disk is full"
    link = world.links.make(1, "user2")
    for wanted in (
        "96 % used",
        "Alert 1, critical, from generic",
        "level 1 (primary)",
        "Also told: you on",
        "level 2 (secondary) is paged at 10:10:00 UTC (in 10 min)",
        "https://grafana.example.com/d/1",
        link,
    ):
        assert wanted in message.body


def test_each_person_has_a_link_of_their_own(world):
    world.fires()
    world.passes(600)
    bodies = [message.body for url, message in world.sender.sent if url.startswith("mailto")]
    for person, body in zip(("user2", "user5"), bodies, strict=True):
        token = body.rsplit("/a/", 1)[1].split()[0]
        assert world.links.read(token).person == person


def test_no_more_than_its_slots_are_ever_under_way(world, slow):
    dispatcher, sender = slow
    world.receive(*[signal(f"k{n}") for n in range(20)])
    for _ in range(30):
        turn(dispatcher)
        assert len(sender.under_way) <= 8
        sender.finish("alert 1:")
        sender.finish("mailtos")
    assert len(sender.started) > 8


def test_a_channel_that_hangs_does_not_hold_up_the_others(world, slow):
    dispatcher, sender = slow
    world.receive(*[signal(f"k{n}") for n in range(30)])
    for _ in range(60):
        turn(dispatcher)
        sender.finish("mailtos")
        sender.finish("twilio")
    assert all(name.startswith("slack") for name in sender.under_way)
    states = [state for n in range(1, 31) for state in world.ledger_of(n).values()]
    assert states.count("sent") == 60


def test_when_all_other_channels_hang_the_one_that_works_still_sends_at_once(world, slow):
    dispatcher, sender = slow
    world.receive(*[signal(f"k{n}") for n in range(30)])
    for _ in range(20):
        turn(dispatcher)
    hung = len(sender.under_way)
    world.now += timedelta(seconds=600)
    world.engine.wake(1)  # level two is called by phone
    turn(dispatcher)
    assert len(sender.under_way) > hung
    assert [url for url in sender.started if url.endswith("method=call")]


def test_a_channel_that_hangs_gets_three_senders_and_then_one_until_it_answers(world, slow):
    dispatcher, sender = slow
    world.receive(*[signal(f"k{n}") for n in range(30)])

    def under_way_after(seconds: int, slack: Outcome | None = None) -> int:
        """How many Slack messages hang while everything else is answered at once."""
        for _ in range(seconds):
            world.now += timedelta(seconds=1)
            turn(dispatcher)
            sender.finish("mailtos")
            sender.finish("twilio")
        hanging = sum(name.startswith("slack") for name in sender.under_way)
        if slack:
            sender.finish("slack", slack)
        return hanging

    assert [under_way_after(10, NO_ANSWER), under_way_after(10, NO_ANSWER), under_way_after(10, SENT)] == [3, 1, 1]
    assert [under_way_after(3, SENT), under_way_after(3, SENT)] == [2, 4]


def test_a_channel_that_is_refused_at_once_keeps_its_senders(world, slow):
    dispatcher, sender = slow
    world.receive(*[signal(f"k{n}") for n in range(30)])
    turn(dispatcher)
    before = len(sender.under_way)
    sender.finish("", Outcome(OutcomeKind.UNAVAILABLE, "connection refused"))
    for _ in range(3):
        turn(dispatcher)
    assert len(sender.under_way) == before == 7, "the eighth is kept for the phone"


def test_the_lease_of_a_send_that_takes_long_is_renewed(world, slow):
    dispatcher, sender = slow
    world.receive(signal())
    turn(dispatcher)
    for _ in range(10):
        world.now += timedelta(seconds=LEASE - 2)
        turn(dispatcher)
        assert world.ledger.claim(10, 10, {}) == []
    sender.finish("")
    turn(dispatcher)
    assert set(world.ledger_of(1).values()) == {"sent"}
    assert {entry.attempts for entry in world.entries(1).values()} == {1}


def test_a_send_of_a_process_that_died_is_sent_again_by_another(world, slow):
    dispatcher, _ = slow
    world.receive(signal())
    turn(dispatcher)
    world.now += timedelta(seconds=LEASE)
    world.send()
    assert len(world.sender.sent) == 3
    entries = world.entries(1).values()
    assert {(entry.state.value, entry.attempts, entry.unknown) for entry in entries} == {("sent", 2, 1)}
    delivered = [e for e in world.store.timeline(1) if e["event"] == "delivered"]
    assert {(e["attempts"], e["unknown"]) for e in delivered} == {(2, 1)}


def test_a_message_of_many_that_were_claimed_together_is_not_delivered_before_it_went_out(world, slow, monkeypatch):
    dispatcher, sender = slow

    def submit(url: str, message: Message) -> "Future[Outcome]":
        world.now += timedelta(seconds=1)  # as long as it takes to get that far
        return SlowSender.submit(sender, url, message)

    monkeypatch.setattr(sender, "submit", submit)
    world.receive(signal())
    claimed = world.now
    turn(dispatcher)
    sender.finish("")
    turn(dispatcher)
    ends = [entry.settled_at - claimed for entry in world.entries(1).values()]
    assert ends == [timedelta(seconds=3)] * 3, "the last of them went out after three seconds"
    delivered = [event["at"] for event in world.store.timeline(1) if event["event"] == "delivered"]
    assert delivered == ["2026-11-23T10:00:03Z"] * 3


def test_after_its_budget_it_takes_in_no_more_and_asks_to_be_called_again(world, slow):
    dispatcher, sender = slow
    world.receive(*[signal(f"k{n}") for n in range(10)])
    turn(dispatcher)
    world.client.delete("rq:queue:notify")
    before = list(sender.started)
    assert dispatcher.drain(0) == 0
    assert sender.started == before
    assert world.client.llen("rq:queue:notify") == 1
    sender.finish("")
    turn(dispatcher)
    states = [state for n in range(1, 11) for state in world.ledger_of(n).values()]
    assert states.count("sent") == len(before)


def test_a_result_that_could_not_be_recorded_is_recorded_later_and_not_lost(world, slow, monkeypatch):
    dispatcher, sender = slow
    world.receive(signal())
    turn(dispatcher)

    def away(settlements):
        if settlements:
            raise StoreUnavailableError("away")
        return []

    with monkeypatch.context() as context:
        context.setattr(world.ledger, "settle", away)
        sender.finish("mailtos")
        with pytest.raises(StoreUnavailableError):
            dispatcher.drain(60)
    sender.finish("")
    turn(dispatcher)
    turn(dispatcher)
    assert set(world.ledger_of(1).values()) == {"sent"}
    assert {entry.attempts for entry in world.entries(1).values()} == {1}


def test_a_worker_that_is_told_to_stop_ends_what_is_under_way_and_takes_in_no_more(world, slow):
    dispatcher, sender = slow
    world.receive(*[signal(f"k{n}") for n in range(10)])
    turn(dispatcher)
    before = list(sender.started)
    sender.finish("")
    assert dispatcher.drain(60, stopping=lambda: True) == 0
    assert sender.started == before
    states = [state for n in range(1, 11) for state in world.ledger_of(n).values()]
    assert states.count("sent") == len(before)


def test_pages_of_a_person_or_channel_that_left_the_config_fail_with_a_reason(world, monkeypatch):
    world.receive(signal())
    people = {name: person for name, person in world.rules.config.people.items() if name != "user2"}
    monkeypatch.setattr(world.rules, "config", world.rules.config.model_copy(update={"people": people}))
    world.send()
    assert "p2%40" not in str(world.sender.sent)
    errors = {entry.error for key, entry in world.entries(1).items() if key.responder == "user2"}
    assert errors == {"the person or the channel is gone from the config, or the channel is switched off"}


def test_operators_hear_once_an_hour_that_a_channel_turns_messages_away(world, caplog):
    caplog.set_level(logging.INFO, "rung")
    world.sender.outcomes["mailtos"] = Outcome(OutcomeKind.MISCONFIGURED, "credentials refused")
    for number in range(5):
        world.fires(f"k{number}", "low")
    said = [r.getMessage() for r in caplog.records if r.levelno > logging.INFO]
    assert said == ["channel email turns messages away: credentials refused"]


def test_no_secret_of_an_address_reaches_the_log_or_the_timeline(world, caplog):
    caplog.set_level(logging.DEBUG)
    world.sender.outcomes["twilio"] = Outcome(OutcomeKind.UNAVAILABLE, "503")
    world.sender.outcomes["slack"] = REJECTED
    world.fires()
    world.passes(700)
    said = caplog.text + str(world.store.timeline(1)) + str(world.entries(1)) + str(world.store.find(Filter(limit=9)))
    assert "channel sms cannot be reached" in said
    for secret in ("mail-secret", "sms-secret", "call-secret", "tokena", "+1555010"):
        assert secret not in said


def test_a_page_that_came_too_late_to_count_is_said_to_be(world, slow, caplog):
    caplog.set_level(logging.INFO, "rung")
    dispatcher, sender = slow
    world.receive(signal())
    turn(dispatcher)
    world.now += timedelta(seconds=LEASE)
    world.ledger.claim(10, 10, {})
    sender.finish("slack", REJECTED)
    turn(dispatcher)
    assert "alert 1 page to user2 on slack: failed, too late to count (no such user)" in caplog.text


def test_after_the_alert_was_answered_nothing_that_waits_is_sent(world):
    world.receive(signal())
    world.engine.act(1, Acknowledge("user9", "api"))
    assert world.dispatcher.drain(60) == 0
    assert world.sender.sent == []


def test_the_notice_that_it_is_resolved_is_sent_although_it_is_answered(world):
    world.fires()
    world.engine.act(1, Resolve("user9", "api"))
    world.sender.sent.clear()
    world.send()
    ((url, message),) = world.sender.sent
    assert url.startswith("mailtos")
    assert message.title == "Resolved: alert 1: Disk is full"


def test_what_would_wake_a_whole_room_is_made_harmless(world):
    world.fires(title="@everyone <!channel> disk", description="@here <@U1>")
    for _, message in world.sender.sent:
        assert "@everyone" not in message.title + message.body
        assert "<!channel" not in message.title + message.body
        assert "@here" not in message.body


def test_an_attempt_too_many_is_given_up_with_its_reason(world):
    world.receive(signal())
    for _ in range(10):
        world.ledger.claim(10, 10, {})
        world.now += timedelta(seconds=LEASE)
    world.send()
    errors = {entry.error for key, entry in world.entries(1).items() if key.event == 2 and key.channel != "phone"}
    assert errors == {"given up after 10 attempts; in 10 of them the worker that sent died or stalled"}
