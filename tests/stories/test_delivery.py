"""Stories of delivery: targets that are away, busy or wrong, and pages that are overtaken by an answer."""

import pytest

from core.commands import Acknowledge, Escalate, Resolve
from core.outcomes import Outcome, OutcomeKind
from tests.samples import config, config_dict, level, signal
from tests.worlds import World

URLS = {
    "email": {"url": "mailtos://me:secret@smtp.example.com?to={email}"},
    "slack": {"url": "slack://tokena/tokenb/tokenc/{slack}"},
    "sms": {"url": "twilio://AC1:secret@+15550009999/{phone}"},
    "phone": {"url": "twilio://AC1:secret@+15550009999/{phone}?method=call"},
}
EMAIL, SLACK, PHONE = "mailtos", "slack", "method=call"
REFUSED = Outcome(OutcomeKind.UNAVAILABLE, "connection refused")
REJECTED = Outcome(OutcomeKind.REJECTED, "no such user")
DELIVERY = ("delivered", "notification_failed", "failed_over")
LADDER = ("triggered", "escalated", "skipped", "acknowledged", "exhausted")


@pytest.fixture
def world(client):
    return World(client, config(channels=URLS))


def mail_only(client, **escalation) -> World:
    """Everybody is paged by e-mail and has no other channel; user2 first, then user5."""
    policy = {
        "levels": [
            level("primary", 0, ["email"], ["user2"], 300),
            level("secondary", 600, ["email"], ["user5"], 600),
        ],
        "repeat_interval": 7200,
        "max_repeats": 1,
        "sla_timeout": 3600,
    }
    policies = config_dict()["escalation"]["policies"] | {"critical": policy}
    changed = config_dict()["escalation"] | {"policies": policies} | escalation
    channels = dict.fromkeys(URLS, False) | {"email": URLS["email"]}
    return World(client, config(channels=channels, escalation=changed, outbox=False))


def fails_at(world: World, word: str, outcome: Outcome) -> None:
    world.sender.outcomes[word] = outcome


def mends(world: World, word: str) -> None:
    del world.sender.outcomes[word]


def details(world: World, kind: str) -> list[dict]:
    return [event for event in world.store.timeline(1) if event["event"] == kind]


def test_refused_once_then_sent_two_seconds_later(client):
    world = mail_only(client)
    fails_at(world, EMAIL, REFUSED)
    world.fires()
    mends(world, EMAIL)
    world.passes(100)
    assert world.story(1, *DELIVERY) == [
        "0 notification_failed user2 email connection refused",
        "2 delivered user2 email",
    ]
    (failed,) = details(world, "notification_failed")
    assert failed["retry_at"] == "2026-11-23T10:00:02Z"
    (delivered,) = details(world, "delivered")
    assert (delivered["attempts"], delivered["provider_id"]) == (2, "p-1")


def test_a_target_that_is_away_is_tried_after_2_10_and_30_seconds_and_then_given_up(client):
    world = mail_only(client)
    fails_at(world, "p2%40", REFUSED)
    world.fires()
    world.passes(500)
    assert [line for line in world.story(1, *DELIVERY) if "user2" in line] == [
        "0 notification_failed user2 email connection refused",
        "2 notification_failed user2 email connection refused",
        "12 notification_failed user2 email connection refused",
        "42 notification_failed user2 email connection refused",
    ]
    assert "retry_at" not in details(world, "notification_failed")[-1]
    assert world.ledger_of(1)["2/user2/email"] == "failed"
    assert world.story(1, "skipped", "escalated") == [
        "42 skipped primary none of its pages could be delivered",
        "42 escalated secondary",
    ]


def test_a_provider_that_says_when_to_come_back_is_asked_again_then(client):
    world = mail_only(client)
    fails_at(world, EMAIL, Outcome(OutcomeKind.RATE_LIMITED, "429", retry_after=17))
    world.fires()
    mends(world, EMAIL)
    world.passes(100)
    assert world.story(1, *DELIVERY) == ["0 notification_failed user2 email 429", "17 delivered user2 email"]


def test_a_target_that_goes_away_after_it_asked_for_patience_is_still_tried_after_2_10_and_30_seconds(client):
    world = mail_only(client)
    fails_at(world, "p2%40", Outcome(OutcomeKind.RATE_LIMITED, "429", retry_after=5))
    world.fires()
    world.passes(12)
    fails_at(world, "p2%40", REFUSED)
    world.passes(100)
    assert [line for line in world.story(1, *DELIVERY) if "user2" in line] == [
        "0 notification_failed user2 email 429",
        "5 notification_failed user2 email 429",
        "10 notification_failed user2 email 429",
        "15 notification_failed user2 email connection refused",
        "17 notification_failed user2 email connection refused",
        "27 notification_failed user2 email connection refused",
        "57 notification_failed user2 email connection refused",
    ]


@pytest.mark.parametrize(("asked", "waits"), [(None, 10), (0.01, 1), (86400.0, 300)])
def test_a_provider_that_says_nothing_or_nonsense_is_asked_again_within_reason(client, asked, waits):
    policy = config_dict()["escalation"]["policies"]["critical"]
    policy = policy | {"levels": [level("primary", 0, ["email"], ["user2"], 3000)]}
    escalation = {"policies": config_dict()["escalation"]["policies"] | {"critical": policy}}
    world = World(
        client, config(channels={"email": URLS["email"]}, escalation=config_dict()["escalation"] | escalation)
    )
    fails_at(world, EMAIL, Outcome(OutcomeKind.RATE_LIMITED, "429", retry_after=asked))
    world.fires()
    mends(world, EMAIL)
    world.passes(400)
    assert world.story(1, "delivered") == [f"{waits} delivered user2 email"]


def test_a_channel_that_rejects_fails_over_to_the_persons_next_one_at_once(world):
    fails_at(world, SLACK, REJECTED)
    world.fires()
    story = world.story(1, *DELIVERY)
    assert all(line.startswith("0 ") for line in story)
    assert "0 notification_failed user2 slack no such user" in story
    assert "0 failed_over user2 phone" in story
    assert "0 delivered user2 phone" in story
    (move,) = details(world, "failed_over")
    assert (move["after"], move["channel"]) == ("slack", "phone")


def test_a_fail_over_never_goes_where_the_person_was_paged_already(world):
    for word in (SLACK, EMAIL):
        fails_at(world, word, REJECTED)
    world.fires()
    states = {key.channel: entry.state.value for key, entry in world.entries(1).items()}
    assert states == {"email": "failed", "slack": "failed", "sms": "sent", "phone": "sent"}
    assert len([url for url, _ in world.sender.sent if PHONE in url]) == 1


def test_a_fail_over_that_is_rejected_too_goes_on_to_the_next_and_ends(client):
    policies = config_dict()["escalation"]["policies"]
    one = policies["critical"] | {"levels": [level("primary", 0, ["email"], ["user2"], 300)], "max_repeats": 0}
    escalation = config_dict()["escalation"] | {"policies": policies | {"critical": one}}
    world = World(client, config(channels=URLS, escalation=escalation))
    for word in (EMAIL, SLACK, PHONE):
        fails_at(world, word, REJECTED)
    world.fires()
    assert [line for line in world.story(1, *DELIVERY) if "user2" in line] == [
        "0 notification_failed user2 email no such user",
        "0 failed_over user2 slack",
        "0 notification_failed user2 slack no such user",
        "0 failed_over user2 sms",
        "0 delivered user2 sms",
    ]


def test_when_all_pages_of_a_level_failed_it_is_left_at_once_and_the_timeline_says_so(client):
    world = mail_only(client)
    fails_at(world, "p2%40", REJECTED)
    world.fires()
    world.send()
    assert world.story(1, *LADDER, *DELIVERY) == [
        "0 triggered primary",
        "0 notification_failed user2 email no such user",
        "0 skipped primary none of its pages could be delivered",
        "0 escalated secondary",
        "0 delivered user5 email",
    ]
    world.passes(7000)
    assert world.story(1, *LADDER)[3:] == [], "the next round waits for its interval"


def test_when_no_page_of_any_level_arrives_the_ladder_runs_out_at_once_and_says_so(client):
    """Every mail is rejected. The round is walked again after 1, 2, 4, ... min; the next one comes when it is due."""
    world = mail_only(client, catch_all=["team_manager"])
    fails_at(world, EMAIL, REJECTED)
    world.fires()
    world.passes(7199)
    assert [line for line in world.story(1, *LADDER) if line.startswith("0 ")] == [
        "0 triggered primary",
        "0 skipped primary none of its pages could be delivered",
        "0 escalated secondary",
        "0 skipped secondary none of its pages could be delivered",
        "0 skipped not one page of this round could be delivered",
    ]
    walks = [line.split()[0] for line in world.story(1, *LADDER) if line.endswith("escalated primary")]
    assert walks == ["60", "180", "420", "900", "1860", "3780"]
    world.passes(7200)
    assert world.story(1, "exhausted") == ["10980 exhausted"]
    assert world.alert(1).is_open


def test_one_page_that_arrives_keeps_the_level(world):
    fails_at(world, EMAIL, REJECTED)
    fails_at(world, SLACK, REJECTED)
    world.fires()
    world.passes(599)
    assert world.story(1, *LADDER) == ["0 triggered primary"]


def test_a_level_that_is_left_because_all_failed_gives_the_next_its_whole_timeout(client):
    world = mail_only(client)
    fails_at(world, "p2%40", REFUSED)
    world.fires()
    world.passes(700)
    assert world.story(1, "escalated") == ["42 escalated secondary"]
    assert world.alert(1).level_fired_at == world.alert(1).created_at.replace(second=42)


def test_a_page_that_waits_for_its_retry_is_withdrawn_when_the_alert_is_answered(client):
    world = mail_only(client)
    fails_at(world, EMAIL, REFUSED)
    world.fires()
    world.passes(1)
    world.engine.act(1, Acknowledge("user2", "api"))
    mends(world, EMAIL)
    sent = len(world.sender.sent)
    world.passes(1000)
    assert len(world.sender.sent) == sent
    assert world.ledger_of(1) == {"2/user2/email": "withdrawn"}
    assert world.story(1, "delivered") == []


def test_a_page_that_was_not_yet_claimed_is_withdrawn_when_the_source_clears(world):
    world.receive(signal())
    world.clears()
    assert {state for field, state in world.ledger_of(1).items() if field.startswith("2/")} == {"withdrawn"}
    assert world.sender.sent == []  # who was never paged need not hear that it is over


def test_pages_of_the_next_level_go_out_although_those_of_the_first_were_withdrawn(world):
    world.receive(signal())
    world.engine.act(1, Acknowledge("user2", "api"))
    world.says(1, Escalate("user2", "api"))
    assert {key.responder for key, entry in world.entries(1).items() if entry.state.value == "sent"} >= {"user5"}


def test_a_notice_that_cannot_be_delivered_rings_nobodys_phone_instead(world):
    world.fires()
    fails_at(world, EMAIL, REJECTED)
    before = len(world.sender.sent)
    world.says(1, Resolve("user9", "api"))
    world.passes(100)
    sent = [url.split(":")[0] for url, message in world.sender.sent[before:] if "alert 1:" in message.title]
    assert sent == ["mailtos"], "the others are of the alert about the channel"
    assert world.story(1, "failed_over") == []
    assert details(world, "skipped") == []


def test_a_channel_that_is_down_for_an_hour_loses_no_page(client):
    """Rate limits are believed for long: the page arrives late rather than never."""
    world = mail_only(client)
    fails_at(world, EMAIL, Outcome(OutcomeKind.RATE_LIMITED, "429", retry_after=60))
    world.fires()
    world.passes(300)
    mends(world, EMAIL)
    world.passes(61)
    assert world.ledger_of(1)["2/user2/email"] == "sent"
    assert len(details(world, "delivered")) == 1


def test_the_same_failure_pages_the_catch_all_on_whatever_reaches_it(client):
    """Nobody of the ladder has an address any more: the catch-all hears of it, by any channel there is."""
    people = config_dict()["people"] | {f"user{n}": {"name": f"user {n}"} for n in range(1, 7)}
    people |= {"director": {"name": "d"}, "vp": {"name": "v"}, "team_manager": config_dict()["people"]["team_manager"]}
    policies = config_dict()["escalation"]["policies"]
    lone = policies["critical"] | {"levels": policies["critical"]["levels"][:2], "max_repeats": 1}
    escalation = config_dict()["escalation"] | {"policies": policies | {"critical": lone}}
    world = World(client, config(channels=URLS, people=people, escalation=escalation))
    world.fires()
    world.passes(8000)
    assert {key.responder for key in world.entries(1)} == {"team_manager"}
    assert "user2 cannot be reached on its channels" in str(world.story(1, "skipped"))


def test_when_the_network_is_back_after_ten_minutes_somebody_is_paged_within_minutes(world):
    """Every channel refuses for ten minutes: the round is walked again and again, not two hours later."""
    for word in (EMAIL, SLACK, "twilio"):
        fails_at(world, word, REFUSED)
    world.fires()
    world.passes(600)
    assert world.story(1, "delivered") == []
    for word in (EMAIL, SLACK, "twilio"):
        mends(world, word)
    world.passes(300)
    assert world.story(1, "delivered")
    assert world.alert(1).round == 0


def test_the_catch_all_hears_once_that_a_whole_round_could_not_be_delivered(client):
    world = mail_only(client, catch_all=["team_manager"])
    fails_at(world, "p2%40", REJECTED)
    fails_at(world, "p5%40", REJECTED)
    world.fires()
    world.passes(1000)
    heard = [line for line in world.story(1, "delivered") if "team_manager" in line]
    assert heard == ["0 delivered team_manager email"]


def test_a_broken_quiet_channel_rings_no_phone_for_an_alert_whose_policy_has_none(world):
    """Medium pages by e-mail and Slack; Slack is broken, the mail arrives, and everybody may sleep."""
    fails_at(world, SLACK, REJECTED)
    world.fires(severity="medium")
    world.passes(10)
    assert world.story(1, "failed_over") == []


def test_the_notice_that_it_is_resolved_is_withdrawn_when_it_is_open_again(client):
    world = mail_only(client)
    world.fires()
    fails_at(world, EMAIL, REFUSED)
    world.clears()
    world.fires()
    mends(world, EMAIL)
    world.passes(60)
    assert not [message for _, message in world.sender.sent[3:] if message.title.startswith("Resolved")]
    assert "withdrawn" in world.ledger_of(1).values()
