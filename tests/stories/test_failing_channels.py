"""Stories of channels that fail: operators are told by an alert, once, and it is over when the channel sends again."""

from datetime import timedelta

import pytest

from core.adapters.redis_ledger import LEASE
from core.alert import Alert
from core.commands import Acknowledge
from core.config import Config
from core.outcomes import Outcome, OutcomeKind
from core.rules import Rules
from core.store import Filter
from tests.samples import config, config_dict, signal
from tests.worlds import World

URLS = {
    "email": {"url": "mailtos://me:secret@smtp.example.com?to={email}"},
    "slack": {"url": "slack://tokena/tokenb/tokenc/{slack}"},
    "sms": {"url": "twilio://AC1:secret@+15550009999/{phone}"},
    "phone": {"url": "twilio://AC1:secret@+15550009999/{phone}?method=call"},
}
EMAIL, SLACK, SMS = "mailtos", "slack", "twilio"
LOCKED_OUT = Outcome(OutcomeKind.MISCONFIGURED, "HTTP 401: the provider refused the credentials")
NO_SUCH_USER = Outcome(OutcomeKind.REJECTED, "no such user")
REFUSED = Outcome(OutcomeKind.UNAVAILABLE, "connection refused")


@pytest.fixture
def world(client):
    return World(client, config(channels=URLS))


def about_channels(world: World) -> list[Alert]:
    """The alerts that tell operators of channels, open or over, oldest first."""
    every = world.store.find(Filter(limit=500)) + world.store.find(Filter(frozenset({"resolved"}), limit=500))
    return sorted((alert for alert in every if alert.source == "rung"), key=lambda alert: alert.id)


def told(world: World) -> list[tuple[str, str]]:
    return [(alert.title, alert.status.value) for alert in about_channels(world)]


def hours_pass(world: World, hours: int) -> None:
    """Let hours pass; what is said once an hour is forgotten by Redis's own clock, so it is forgotten here by hand."""
    for _ in range(hours):
        world.passes(3600)
        world.client.delete(*world.client.scan_iter("rung:once:*"), "rung:nothing")


def reload(world: World, changed: Config) -> None:
    world.rules = world.engine.rules = Rules(changed)


def workers_die(world: World, times: int) -> None:
    """Let an alert's pages be claimed so often by workers that are not heard of again."""
    world.receive(signal())
    for _ in range(times):
        world.ledger.claim(10, 10, {})
        world.now += timedelta(seconds=LEASE)


def test_a_channel_that_nobody_can_be_reached_by_becomes_an_alert_that_says_what_to_do(world):
    world.sender.outcomes[SLACK] = LOCKED_OUT
    world.fires()
    (alert,) = about_channels(world)
    assert (alert.title, alert.severity, alert.policy_name) == ("channel slack turns messages away", "high", "high")
    assert alert.description == (
        "A message to user2 failed there for good: HTTP 401: the provider refused the credentials.\n"
        "Pages that fail there go to the person's next channel.\n\n"
        "Mend it in channels.yaml. Prove it with `rung page user2 --channel slack`; see docs/channels.md. "
        "This alert is over with the next message that is sent there."
    )


def test_a_source_named_rung_may_give_it_another_policy(client):
    world = World(client, config(channels=URLS, sources={"rung": {"type": "generic", "policy": "low"}}))
    world.sender.outcomes[SLACK] = LOCKED_OUT
    world.fires()
    (alert,) = about_channels(world)
    assert (alert.severity, alert.policy_name) == ("high", "low")


@pytest.mark.parametrize(("broken", "works"), [("email", "slack"), ("slack", "email")])
def test_the_alert_about_a_channel_reaches_people_by_another(world, broken, works):
    world.sender.outcomes[{"email": EMAIL, "slack": SLACK}[broken]] = LOCKED_OUT
    world.fires()
    (alert,) = about_channels(world)
    assert f"0 delivered user2 {works}" in world.story(alert.id, "delivered")
    assert not [line for line in world.story(alert.id, "delivered") if line.endswith(broken)]


def test_a_channel_that_turns_all_away_for_a_day_is_one_alert_that_counts_once_an_hour(world):
    """24 alerts page on it, and the alert about it pages there too, until its ladder ends after ten hours."""
    world.sender.outcomes[SLACK] = LOCKED_OUT
    pages = {}
    for hour in range(1, 25):
        world.fires(f"disk-{hour}")
        hours_pass(world, 1)
        (alert,) = about_channels(world)
        pages[hour] = len(world.ledger_of(alert.id))
    assert (alert.title, alert.count) == ("channel slack turns messages away", 24)
    assert alert.exhausted
    assert pages[11] == pages[24], "nobody is paged for it any more"
    assert world.client.get("rung:last_id") == b"25", "it took no number but its own"


def test_when_the_only_channel_fails_for_a_day_its_alert_does_not_feed_itself(client):
    channels = dict.fromkeys(URLS, False) | {"email": URLS["email"]}
    world = World(client, config(channels=channels))
    world.sender.outcomes[EMAIL] = LOCKED_OUT
    world.fires()
    hours_pass(world, 20)
    ledger, timeline = len(world.ledger_of(2)), len(world.store.timeline(2))
    assert world.alert(2).exhausted
    hours_pass(world, 4)
    assert told(world) == [("channel email turns messages away", "escalated")]
    assert world.alert(2).count == 11, "once in each hour until nobody is paged any more"
    assert (len(world.ledger_of(2)), len(world.store.timeline(2))) == (ledger, timeline)
    assert world.client.get("rung:last_id") == b"2"


def test_people_whom_a_channel_turns_away_are_one_alert_each_however_often_they_are_paged(world):
    world.sender.outcomes[SLACK] = NO_SUCH_USER
    for hour in range(24):
        world.fires(f"disk-{hour}")
        hours_pass(world, 1)
    titles = sorted(title for title, _ in told(world))
    assert titles == [
        "channel slack turns director away",
        "channel slack turns team_manager away",
        "channel slack turns user2 away",
        "channel slack turns user5 away",
        "channel slack turns vp away",
    ]


def test_a_channel_that_is_away_is_told_when_a_page_failed_for_good_and_not_before(world):
    world.sender.outcomes[SMS] = REFUSED
    world.fires()
    world.passes(41)
    assert told(world) == []
    world.passes(1)
    assert told(world) == [("channel sms cannot be reached", "pending")]
    assert "user2 failed there for good: connection refused." in about_channels(world)[0].description


def test_a_channel_that_puts_off_until_a_page_is_given_up_is_told(world):
    world.sender.outcomes[EMAIL] = Outcome(OutcomeKind.RATE_LIMITED, "HTTP 429: too many messages", retry_after=1)
    world.fires(severity="low")
    world.passes(8)
    assert told(world) == []
    world.passes(1)
    assert told(world) == [("channel email keeps putting messages off", "pending")]


def test_workers_that_die_are_not_taken_for_a_channel_that_turns_messages_away(world):
    workers_die(world, 10)
    world.send()
    titles = {title for title, _ in told(world)}
    assert titles == {f"workers die or stall while they send on channel {name}" for name in ("email", "slack", "sms")}
    assert "channels.yaml" not in str([alert.description for alert in about_channels(world)])


def test_the_alert_is_over_when_the_channel_sends_again(world):
    world.sender.outcomes[SLACK] = LOCKED_OUT
    world.fires()
    world.passes(30)
    del world.sender.outcomes[SLACK]
    world.passes(30)
    assert told(world) == [("channel slack turns messages away", "pending")], "nothing has been sent there"
    world.fires("disk-2", "medium")
    assert told(world) == [("channel slack turns messages away", "resolved")]
    (alert,) = about_channels(world)
    assert world.story(alert.id, "resolved") == ["60 resolved rung"]


def test_its_own_pages_prove_that_the_channel_sends_again(world):
    world.sender.outcomes[SLACK] = LOCKED_OUT
    world.fires()
    world.acknowledges(1)
    del world.sender.outcomes[SLACK]
    world.passes(1800)
    (alert,) = about_channels(world)
    assert world.story(alert.id, "escalated", "resolved") == ["1800 escalated secondary", "1800 resolved rung"]


def test_who_was_told_of_a_channel_hears_that_it_is_over(world):
    world.sender.outcomes[SLACK] = LOCKED_OUT
    world.fires()
    (alert,) = about_channels(world)
    world.says(alert.id, Acknowledge("user2", "link"))
    del world.sender.outcomes[SLACK]
    world.passes(30)
    world.sender.sent.clear()
    world.fires("disk-2")
    titles = [message.title for _, message in world.sender.sent]
    assert f"Resolved: alert {alert.id}: channel slack turns messages away" in titles


def test_a_bad_address_of_one_person_is_not_over_when_another_is_reached(world):
    world.sender.outcomes["U0002"] = NO_SUCH_USER
    world.fires()
    assert told(world) == [("channel slack turns user2 away", "pending")]
    world.passes(1800)
    (alert,) = about_channels(world)
    assert "1800 delivered user5 slack" in world.story(alert.id, "delivered")
    assert alert.is_open
    del world.sender.outcomes["U0002"]
    world.fires("disk-2")
    assert told(world) == [("channel slack turns user2 away", "resolved")]


def test_a_channel_that_fails_again_within_the_hour_is_told_when_the_hour_is_over(world):
    world.sender.outcomes[SLACK] = LOCKED_OUT
    world.fires()
    world.passes(30)
    del world.sender.outcomes[SLACK]
    world.fires("disk-2")
    world.sender.outcomes[SLACK] = LOCKED_OUT
    world.fires("disk-3")
    assert [status for _, status in told(world)] == ["resolved"]
    hours_pass(world, 1)
    world.fires("disk-4")
    assert [status for _, status in told(world)] == ["resolved", "pending"]


def test_a_channel_that_is_switched_off_fails_nobody_any_more(world):
    world.sender.outcomes[SLACK] = LOCKED_OUT
    world.fires()
    reload(world, config(channels=URLS | {"slack": False}))
    world.passes(60)
    world.fires("disk-2")
    assert told(world) == [("channel slack turns messages away", "resolved")]


def test_a_person_who_left_the_config_is_turned_away_by_nobody(world):
    world.sender.outcomes["U0002"] = NO_SUCH_USER
    world.fires()
    world.acknowledges(1)
    people = {name: person for name, person in config_dict()["people"].items() if name != "user2"}
    rotations = {name: r | {"members": ["user4"]} for name, r in config_dict()["rotations"].items()}
    reload(world, config(channels=URLS, people=people, rotations=rotations))
    world.passes(60)
    world.fires("disk-2")
    assert told(world) == [("channel slack turns user2 away", "resolved")]


def test_a_channel_that_leads_to_one_place_fails_for_everybody(client):
    channels = URLS | {"slack": {"url": "slack://tokena/tokenb/tokenc/#room"}}
    world = World(client, config(channels=channels))
    world.sender.outcomes[SLACK] = NO_SUCH_USER
    world.fires()
    world.passes(1200)
    assert told(world) == [("channel slack turns messages away", "pending")], "user5 was turned away too"


def test_what_left_the_config_while_its_page_waited_is_told_to_nobody(world):
    world.sender.outcomes[SLACK] = REFUSED
    world.fires()
    people = {name: person for name, person in config_dict()["people"].items() if name != "user2"}
    rotations = {name: r | {"members": ["user4"]} for name, r in config_dict()["rotations"].items()}
    reload(world, config(channels=URLS, people=people, rotations=rotations))
    world.passes(60)
    assert "2 notification_failed user2 slack the person or the channel is gone" in str(world.story(1))
    assert told(world) == []


def test_with_the_built_in_outbox_nothing_can_fail(client):
    world = World(client)
    workers_die(world, 10)
    world.send()
    assert "failed" in world.ledger_of(1).values()
    assert about_channels(world) == []
