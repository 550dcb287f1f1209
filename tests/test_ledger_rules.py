"""What follows from an outcome: sent, again later, or failed and over to the next channel. And what is sent at all."""

import json
from datetime import timedelta

import pytest

from core.alert import Alert
from core.commands import Acknowledge, Resolve
from core.decision import Notification, NotificationKind
from core.delivery import Attempt, Immediate, Prepared, compose, conclude, prepare
from core.ledger import MOST_ATTEMPTS, RATE_LIMIT_WAIT, RETRY_AFTER, Entry, Key, State, judge, new_entry
from core.links import Links
from core.outcomes import Message, Outcome, OutcomeKind
from core.rules import Rules
from core.store import Claim
from tests.samples import RULES, at, decided, rules, triggered

LINKS = Links("k" * 32, "https://rung.example.com")
NOW = at(10)
CHANNELS = {
    "email": {"url": "mailto://me:smtp-secret@example.com?to={email}"},
    "slack": {"url": "slack://token-a/token-b/token-c/{slack}"},
    "sms": {"url": "json://sms.example.com/{phone}"},
    "phone": {"url": "json://phone.example.com/{phone}"},
}
WIRED = rules(channels=CHANNELS)

SENT = Outcome(OutcomeKind.SENT, provider_id="p-1")
UNAVAILABLE = Outcome(OutcomeKind.UNAVAILABLE, "HTTP 503 from the provider")
REJECTED = Outcome(OutcomeKind.REJECTED, "no such number")
MISCONFIGURED = Outcome(OutcomeKind.MISCONFIGURED, "HTTP 401: credentials refused")


def entry(attempts: int = 1, kind: NotificationKind = NotificationKind.PAGE, **fields) -> Entry:
    parts = {"reason": "level", "round": 0, "level": 0, "level_name": "primary", "state": State.SENDING}
    return Entry(kind=kind, queued_at=at(0), attempts=attempts, token="lease-1", **{**parts, **fields})


def limited(retry_after: float | None) -> Outcome:
    return Outcome(OutcomeKind.RATE_LIMITED, "HTTP 429: too many messages", retry_after=retry_after)


def waits(outcome: Outcome, attempts: int = 1, outages: int = 0) -> float | None:
    verdict = judge(entry(attempts, outages=outages), outcome, NOW)
    return (verdict.retry_at - NOW).total_seconds() if verdict.retry_at else None


def claim(channel: str = "email", who: str = "user2", alert: Alert | None = None, **fields) -> Claim:
    key = Key(1, 2, who, channel)
    ledger = fields.pop("ledger", {})
    one = entry(**fields)
    return Claim(key, one, alert or triggered(), {key.field: one} | ledger, NOW)


def settled(outcome: Outcome, rules: Rules = WIRED, message: Message | None = None, took: float = 0.5, **fields):
    return conclude(Attempt(claim(**fields), message, outcome, took), rules)


def events(settlement) -> list[dict]:
    return [json.loads(event.dump()) for event in settlement.events]


# judge


def test_a_sent_page_is_done():
    verdict = judge(entry(), SENT, NOW)
    assert (verdict.state, verdict.retry_at, verdict.fails_over) == (State.SENT, None, False)


def test_a_target_out_of_reach_is_tried_again_after_2_10_and_30_seconds():
    assert RETRY_AFTER == (2, 10, 30)
    assert [waits(UNAVAILABLE, outages + 1, outages) for outages in (0, 1, 2)] == [2, 10, 30]


def test_a_target_still_out_of_reach_after_that_fails_and_is_failed_over():
    verdict = judge(entry(attempts=4, outages=3), UNAVAILABLE, NOW)
    assert (verdict.state, verdict.retry_at, verdict.fails_over) == (State.FAILED, None, True)


@pytest.mark.parametrize("outcome", [REJECTED, MISCONFIGURED])
def test_what_will_never_be_taken_is_failed_over_at_once(outcome):
    verdict = judge(entry(attempts=1), outcome, NOW)
    assert (verdict.state, verdict.retry_at, verdict.fails_over) == (State.FAILED, None, True)


@pytest.mark.parametrize("outcome", [REJECTED, MISCONFIGURED])
def test_a_notice_never_fails_over(outcome):
    verdict = judge(entry(kind=NotificationKind.NOTICE), outcome, NOW)
    assert (verdict.state, verdict.fails_over) == (State.FAILED, False)


def test_a_notice_that_is_out_of_reach_for_good_does_not_fail_over_either():
    verdict = judge(entry(attempts=4, outages=3, kind=NotificationKind.NOTICE), UNAVAILABLE, NOW)
    assert (verdict.state, verdict.fails_over) == (State.FAILED, False)


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        (7.0, 7),
        (60.5, 60.5),
        (None, 10),
        (0.0, 1),
        (0.2, 1),
        (-5.0, 1),
        (300.0, 300),
        (86_400.0, 300),
        (float("inf"), 300),
    ],
)
def test_a_provider_that_says_when_to_come_back_is_believed_within_limits(asked, waited):
    assert RATE_LIMIT_WAIT == (1, 300)
    assert waits(limited(asked)) == waited


def test_a_rate_limit_is_waited_out_more_often_than_an_outage_but_not_for_ever():
    assert [waits(limited(7.0), attempts) for attempts in range(1, MOST_ATTEMPTS)] == [7] * 9
    verdict = judge(entry(attempts=MOST_ATTEMPTS), limited(7.0), NOW)
    assert (verdict.state, verdict.fails_over) == (State.FAILED, True)


def test_rate_limits_and_attempts_nobody_knows_the_end_of_do_not_use_up_the_waits_of_an_outage():
    assert [waits(UNAVAILABLE, 4 + outages, outages) for outages in (0, 1, 2)] == [2, 10, 30]
    assert waits(UNAVAILABLE, 7, 3) is None


def test_outages_do_not_use_up_the_patience_with_a_rate_limit():
    assert waits(limited(7.0), 4, outages=3) == 7


def test_attempts_of_every_kind_together_are_not_for_ever():
    assert waits(UNAVAILABLE, MOST_ATTEMPTS - 1, outages=0) == 2
    assert waits(UNAVAILABLE, MOST_ATTEMPTS, outages=0) is None


@pytest.mark.parametrize("kind", OutcomeKind)
@pytest.mark.parametrize("attempts", range(1, 13))
def test_every_verdict_is_either_final_or_has_a_time_and_the_attempts_end(kind, attempts):
    verdict = judge(entry(attempts), Outcome(kind, "why", retry_after=5), NOW)
    assert (verdict.state is State.QUEUED) == (verdict.retry_at is not None)
    assert not (verdict.fails_over and verdict.retry_at)
    assert verdict.retry_at is None or (verdict.retry_at > NOW and attempts < MOST_ATTEMPTS)


# Keys and entries


@pytest.mark.parametrize("who", ["user1", "team/ops", "a/b/c", "Jürgen"])
def test_a_key_is_read_back_whatever_the_responder_is_called(who):
    key = Key(12, 3, who, "email")
    assert Key.parse(12, key.field) == key
    assert key.member == f"12/{key.field}"


def test_an_entry_keeps_what_the_notification_says():
    made = new_entry(Notification(2, "user1", "sms", NotificationKind.PAGE, "level", 1, 2, "manager"), NOW)
    assert (made.state, made.attempts, made.queued_at) == (State.QUEUED, 0, NOW)
    assert (made.kind, made.reason, made.round, made.level, made.level_name) == ("page", "level", 1, 2, "manager")
    assert Entry.model_validate_json(made.dump()) == made


# prepare


def test_a_page_is_prepared_with_the_address_of_the_person_and_the_channel():
    prepared = prepare(claim("sms"), WIRED, LINKS)
    assert isinstance(prepared, Prepared)
    assert prepared.url == "json://sms.example.com/%2B15550100002"
    assert prepared.message.title == "CRITICAL: alert 1: Disk is full"


def test_a_message_is_cut_to_what_the_channel_takes_and_the_link_survives():
    alert = triggered().model_copy(update={"description": "word " * 400})
    prepared = prepare(claim("sms", alert=alert), WIRED, LINKS)
    assert len(prepared.message.title) + len(prepared.message.body) <= 459
    assert prepared.message.body.endswith(LINKS.make(1, "user2"))


def test_in_outbox_mode_nothing_goes_over_a_wire():
    prepared = prepare(claim("sms"), RULES, LINKS)
    assert isinstance(prepared, Immediate)
    assert prepared.outcome.kind is OutcomeKind.SENT
    assert prepared.message == compose(claim("sms"), RULES, LINKS)


def test_mentions_in_what_a_sender_wrote_wake_no_room():
    alert = triggered().model_copy(update={"title": "<!channel> @everyone", "description": "@here"})
    message = compose(claim(alert=alert), WIRED, LINKS)
    for text in ("<!channel>", "@everyone", "@here"):
        assert text not in f"{message.title} {message.body}"


@pytest.mark.parametrize("gone", [{"channel": "pager"}, {"who": "bob"}])
def test_a_person_or_channel_that_is_gone_from_the_config_cannot_be_sent_to(gone):
    prepared = prepare(claim(**gone), WIRED, LINKS)
    assert isinstance(prepared, Immediate)
    assert prepared.outcome.kind is OutcomeKind.MISCONFIGURED
    assert "gone from the config" in prepared.outcome.reason


def test_a_channel_that_was_switched_off_meanwhile_cannot_be_sent_to():
    prepared = prepare(claim("sms"), rules(channels=CHANNELS | {"sms": False}), LINKS)
    assert prepared.outcome.kind is OutcomeKind.MISCONFIGURED


def test_a_person_without_the_contact_cannot_be_sent_to():
    prepared = prepare(claim("sms"), rules(channels=CHANNELS, people={"user2": {}}), LINKS)
    assert prepared.outcome.kind is OutcomeKind.MISCONFIGURED
    assert "phone" in prepared.outcome.reason


def test_a_page_that_ended_unknown_too_often_is_given_up_and_failed_over():
    prepared = prepare(claim("sms", attempts=MOST_ATTEMPTS + 1, unknown=3), WIRED, LINKS)
    reason = "given up after 10 attempts; in 3 of them the worker that sent died or stalled"
    assert prepared.outcome == Outcome(OutcomeKind.GIVEN_UP, reason)
    assert settled(prepared.outcome, channel="sms", attempts=MOST_ATTEMPTS + 1).failed_over_to


def test_no_secret_of_an_address_stands_in_the_message():
    prepared = prepare(claim("email"), WIRED, LINKS)
    assert "smtp-secret" in prepared.url
    assert "smtp-secret" not in f"{prepared.message}"


# conclude


def test_a_delivery_is_recorded_with_the_providers_id():
    settlement = settled(SENT, took=0.5)
    assert (settlement.entry.state, settlement.entry.provider_id, settlement.entry.error) == (State.SENT, "p-1", None)
    assert settlement.entry.settled_at == NOW + timedelta(seconds=0.5)
    assert (settlement.token, settlement.retry_at, settlement.failed_over_to) == ("lease-1", None, ())
    assert events(settlement) == [
        {
            "at": "2026-11-23T10:00:10.500Z",
            "event": "delivered",
            "responder": "user2",
            "channel": "email",
            "cause": 2,
            "provider_id": "p-1",
        }
    ]


def test_an_attempt_that_is_tried_again_says_why_and_when():
    settlement = settled(UNAVAILABLE, attempts=2, outages=1, took=0)
    assert settlement.entry.state is State.QUEUED
    assert settlement.entry.error == "HTTP 503 from the provider"
    assert settlement.retry_at == NOW + timedelta(seconds=10)
    (failed,) = events(settlement)
    assert (failed["event"], failed["attempts"]) == ("notification_failed", 2)
    assert failed["retry_at"] == "2026-11-23T10:00:20Z"


@pytest.mark.parametrize(("outcome", "outages"), [(UNAVAILABLE, 2), (limited(7.0), 1), (SENT, 1), (REJECTED, 1)])
def test_only_an_attempt_that_found_the_target_out_of_reach_counts_as_an_outage(outcome, outages):
    assert settled(outcome, attempts=2, outages=1).entry.outages == outages


def test_a_retry_counts_from_the_end_of_the_attempt_and_not_from_its_start():
    assert settled(UNAVAILABLE, took=15).retry_at == NOW + timedelta(seconds=17)


def test_a_rejected_page_goes_to_the_next_channel_in_the_order_of_the_config():
    settlement = settled(REJECTED, channel="email")
    ((key, over),) = settlement.failed_over_to
    assert key == Key(1, 2, "user2", "slack")
    assert (over.state, over.attempts, over.kind) == (State.QUEUED, 0, NotificationKind.PAGE)
    assert (over.round, over.level, over.level_name, over.reason) == (0, 0, "primary", "level")
    assert [event["event"] for event in events(settlement)] == ["notification_failed", "failed_over"]
    assert events(settlement)[1] == {
        "at": "2026-11-23T10:00:10.500Z",
        "event": "failed_over",
        "responder": "user2",
        "channel": "slack",
        "after": "email",
        "cause": 2,
    }


def test_a_page_is_not_failed_over_to_a_channel_that_carries_it_already():
    others = {f"2/user2/{channel}": entry() for channel in ("email", "slack", "sms")}
    settlement = settled(REJECTED, channel="email", ledger=others)
    assert [key.channel for key, _ in settlement.failed_over_to] == ["phone"]


def test_pages_of_other_people_and_other_events_do_not_count_as_tried():
    others = {"2/user5/slack": entry(), "9/user2/slack": entry()}
    settlement = settled(REJECTED, channel="email", ledger=others)
    assert [key.channel for key, _ in settlement.failed_over_to] == ["slack"]


def test_with_no_channel_left_the_page_has_failed():
    others = {f"2/user2/{channel}": entry() for channel in CHANNELS}
    settlement = settled(REJECTED, channel="email", ledger=others)
    assert (settlement.entry.state, settlement.entry.error) == (State.FAILED, "no such number")
    assert settlement.failed_over_to == ()
    assert settlement.retry_at is None
    assert [event["event"] for event in events(settlement)] == ["notification_failed"]


def test_a_person_without_other_contacts_is_failed_over_to_nothing():
    lonely = rules(channels=CHANNELS, people={"user2": {"email": "a@example.com"}})
    assert settled(REJECTED, lonely, channel="email").failed_over_to == ()


def test_a_notice_that_fails_is_only_recorded():
    settlement = settled(REJECTED, channel="email", kind=NotificationKind.NOTICE, reason="resolved")
    assert (settlement.entry.state, settlement.failed_over_to) == (State.FAILED, ())


def test_attempts_whose_end_nobody_knows_are_counted_in_the_timeline():
    (event,) = events(settled(SENT, attempts=3, unknown=2))
    assert (event["attempts"], event["unknown"]) == (3, 2)


def test_in_outbox_mode_the_message_is_kept_where_people_see_it():
    message = Message("CRITICAL: alert 1: Disk is full", "Answer: https://rung.example.com/a/x")
    kept = settled(Outcome(OutcomeKind.SENT), RULES, message, took=0).message
    assert kept == {
        "at": "2026-11-23T10:00:10Z",
        "alert": 1,
        "responder": "user2",
        "channel": "email",
        "title": message.title,
        "body": message.body,
    }


def test_what_went_over_a_wire_is_not_kept():
    assert settled(SENT, WIRED, Message("t", "b")).message is None


# compose


def test_a_page_asks_for_an_answer_and_a_notice_does_not():
    assert "If nobody answers" in compose(claim(), WIRED, LINKS).body
    resolved = decided(triggered(), Resolve("vp", "api"), at(5)).alert
    notice = compose(claim(alert=resolved, kind=NotificationKind.NOTICE, reason="resolved"), WIRED, LINKS)
    assert "If nobody answers" not in notice.body
    assert "Nothing is left to do" in notice.body


def test_a_late_message_says_how_the_alert_stands_now():
    acked = decided(triggered(), Acknowledge("user5", "api"), at(5)).alert
    assert "user5 has it" in compose(claim(alert=acked), WIRED, LINKS).body


def test_every_recipient_has_a_link_of_their_own():
    bodies = [compose(claim(who=who), WIRED, LINKS).body for who in ("user2", "user5")]
    assert LINKS.make(1, "user2") in bodies[0]
    assert LINKS.make(1, "user5") in bodies[1]
