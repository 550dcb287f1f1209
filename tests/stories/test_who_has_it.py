"""Who was paged hears, once and quietly, that somebody has it; nobody is rung up for that."""

from datetime import timedelta

import pytest

from core.commands import Acknowledge, Escalate, Resolve, Snooze, Update
from core.ledger import State
from core.outcomes import Outcome, OutcomeKind
from tests.samples import PEOPLE, config
from tests.tracked import heard, tracked, with_tracking
from tests.worlds import World


@pytest.fixture
def world(client):
    """Level 1 is user2 on email, slack and sms; level 2, after ten minutes, user5 on these and by phone."""
    return tracked(client)


def escalated(world) -> None:
    world.fires()
    world.passes(600)


def has_it(world, person: str = "user5") -> list[tuple[str, str, str]]:
    return heard(world, f"{person} has it")


def test_everybody_else_who_was_paged_hears_it_once_on_a_channel_that_lets_them_sleep(world):
    escalated(world)
    world.acknowledges(1, by="user5")
    world.passes(60)
    assert has_it(world) == [("user2", "email", "user5 has it: alert 1: Disk is full")]


@pytest.mark.parametrize(
    "answer",
    [
        Acknowledge("user5", "sms"),
        Update("user5", "sms", note="on it"),
        Snooze("user5", "page", tracked.__defaults__[0] + timedelta(hours=2)),
    ],
)
def test_whatever_counts_as_taking_it_is_told(world, answer):
    escalated(world)
    world.says(1, answer)
    assert [person for person, _, _ in has_it(world)] == ["user2"]


def test_who_takes_it_hears_nothing_and_nor_does_anybody_when_only_they_were_paged(world):
    world.fires()
    world.acknowledges(1, by="user2")
    assert has_it(world, "user2") == []


def test_the_same_person_again_and_what_they_say_later_is_no_news(world):
    escalated(world)
    world.acknowledges(1, by="user5")
    world.acknowledges(1, by="user5")
    world.says(1, Update("user5", "api", note="found it"))
    assert len(has_it(world)) == 1


def test_when_it_goes_back_on_the_ladder_and_somebody_else_takes_it_that_is_news(world):
    escalated(world)
    world.acknowledges(1, by="user5")
    world.says(1, Escalate("user5", "api"))
    world.acknowledges(1, by="team_manager")
    assert [person for person, _, _ in has_it(world, "team_manager")] == ["user2", "user5"]


def test_somebody_whose_page_never_went_out_is_not_told_how_it_goes_on(world):
    world.fires()
    world.now += timedelta(seconds=600)
    world.engine.drain()  # level 2 fires, and before its pages are sent user2 answers
    world.acknowledges(1, by="user2")
    assert has_it(world, "user2") == []
    states = {key.responder: entry.state for key, entry in world.entries(1).items() if entry.reason == "user2 has it"}
    assert states == {"user5": State.WITHDRAWN}


def test_what_is_not_true_any_more_when_its_turn_comes_is_not_told(world):
    escalated(world)
    world.engine.act(1, Acknowledge("user5", "api"))
    world.engine.act(1, Resolve("user5", "api"))
    world.send()
    assert has_it(world) == []
    assert [person for person, _, _ in heard(world, "Resolved")] == ["user2"]


def test_somebody_whom_only_loud_channels_reach_is_not_rung_up_for_it(client):
    channels = {name: {"url": f"json://sink.example.com/{name}/{{{name}}}"} for name in ("email", "sms")}
    people = PEOPLE | {"user2": {"sms": "15550100002"}, "user5": {"email": "p5@example.com", "sms": "15550100005"}}
    others = {name: {**person, "sms": "15550100009"} for name, person in people.items()}
    policies = {"critical": _two_levels()}
    world = World(
        client,
        config(
            channels=channels | {"slack": False, "phone": False},
            people=others,
            escalation={"policies": policies, "catch_all": [], "default_policy": "critical", "reopen_within": 300},
            response_tracking={"tell_others": True},
        ),
    )
    world.sender.outcomes["never"] = Outcome(OutcomeKind.REJECTED)
    world.fires()
    world.passes(600)
    sent = len(world.sender.sent)
    world.acknowledges(1, by="user5")
    assert len(world.sender.sent) == sent, "user2 has a phone only"


def _two_levels() -> dict:
    levels = [
        {"level": name, "delay": delay, "notification_channels": ["sms"], "responders": [who], "timeout": 300}
        for name, delay, who in (("first", 0, "user2"), ("second", 600, "user5"))
    ]
    return {"levels": levels, "repeat_interval": 7200, "max_repeats": 0, "sla_timeout": 3600}


def test_told_off_in_config_nobody_hears_it(client):
    world = tracked(client, **with_tracking(tell_others=False))
    escalated(world)
    world.acknowledges(1, by="user5")
    assert has_it(world) == []
