"""From what somebody said to what was done, and what they are told: against the real engine and a real Redis."""

import pytest

from core.commands import Acknowledge, Resolve
from core.replies.answering import HELP, NOT_UNDERSTOOD, NOTHING_OPEN, Replied, Replies
from core.replies.grammar import read
from tests.worlds import World


@pytest.fixture
def world(client):
    """Level 1 is user2 on email, slack and sms; level 2, after ten minutes, user5."""
    return World(client)


def says(world, text, *people, via="sms"):
    return Replies(world.engine, world.ledger).answer(people or ("user2",), read(text), via)


def answers(world, alert_id, *kinds):
    wanted = kinds or ("acknowledged", "updated", "snoozed", "resolved")
    return [
        (event["event"], event.get("by"), event.get("via"), event.get("note"))
        for event in world.store.timeline(alert_id)
        if event["event"] in wanted
    ]


def test_an_acknowledgment_says_that_it_is_theirs_and_the_timeline_says_who_by_which_way(world):
    world.fires(title="Disk is full")
    assert says(world, "ack 1") == Replied("1 is yours: Disk is full. Nobody else is paged.", (1,), is_done=True)
    assert answers(world, 1) == [("acknowledged", "user2", "sms", None)]
    assert world.alert(1).acknowledged_by == "user2"


def test_with_one_alert_that_they_were_paged_about_the_number_may_be_left_out(world):
    world.fires()
    assert says(world, "ack, on my way").alerts == (1,)
    assert answers(world, 1) == [("acknowledged", "user2", "sms", "on my way")]


def test_an_alert_that_they_were_not_paged_about_is_none_of_those(world):
    world.fires()
    assert says(world, "ack", "user5") == Replied(NOTHING_OPEN, is_done=True)
    assert world.alert(1).acknowledged_by is None
    assert says(world, "ack 1", "user5").alerts == (1,), "named it may be answered by anybody of the config"


def test_with_several_nothing_is_done_and_each_is_named_with_its_number(world):
    world.fires("a", title="Disk is full")
    world.fires("b", severity="high", title="Shop is slow")
    answer = says(world, "ack")
    assert answer.text == (
        "2 are open: 2 high: Shop is slow; 1 critical: Disk is full. Nothing was done: reply ack 2 or ack all."
    )
    assert (answer.alerts, answer.is_done) == ((), False)
    assert {world.alert(n).acknowledged_by for n in (1, 2)} == {None}
    assert says(world, "resolve").text.endswith("Nothing was done: reply resolve 2.")
    assert says(world, "note looking").text.endswith("Nothing was done: reply note 2.")


def test_of_many_five_are_named_and_the_rest_counted(world):
    for n in range(8):
        world.fires(f"k{n}", title="x" * 300)
    answer = says(world, "status")
    assert answer.text.startswith("8 are open: 8 critical: ")
    assert answer.text.endswith("; and 3 more.")
    assert len(answer.text) < 600


def test_who_has_one_already_means_the_other(world):
    world.fires("a")
    world.fires("b")
    says(world, "ack 1")
    assert says(world, "ack").alerts == (2,)


def test_all_of_them_are_acknowledged_at_once_and_only_theirs(world):
    world.fires("a")
    world.fires("b")
    world.acknowledges(2, by="user6")
    world.fires("c")
    answer = says(world, "ack all")
    assert answer.text == "1, 3 are yours."
    assert says(world, "ack all").text == "Somebody has all of them already."
    assert [world.alert(n).acknowledged_by for n in (1, 2, 3)] == ["user2", "user6", "user2"]


def test_whoever_comes_second_is_told_who_was_first_and_when(world):
    world.fires()
    says(world, "ack 1", "user5")
    world.passes(180)
    assert says(world, "ack") == Replied("Alert 1 was acknowledged by user5 3 min ago.")
    assert world.alert(1).acknowledged_by == "user5"


def test_the_same_person_again_is_told_the_same(world):
    world.fires()
    assert says(world, "ack 1") == says(world, "ack 1")
    assert len(answers(world, 1)) == 1


def test_what_is_over_is_said_to_be(world):
    world.fires()
    world.says(1, Resolve("user5", "api"))
    assert says(world, "ack 1").text == "Alert 1 was resolved by user5 0 s ago."
    assert says(world, "ack").text == NOTHING_OPEN


def test_a_number_that_is_no_alert_is_said_to_be_none(world):
    assert says(world, "ack 99") == Replied("There is no alert 99.")
    assert says(world, "snooze 0 2h") == Replied("There is no alert 0.")


def test_resolving_snoozing_and_escalating_say_what_follows(world):
    world.fires("a", title="Disk is full")
    assert says(world, "snooze 2h").text == "1 is snoozed until 12:00:00 UTC: Disk is full."
    assert says(world, "escalate 1").text == "1 is escalated: level 2 (secondary) is paged."
    assert says(world, "resolve 1, was the logs").text == "1 is resolved: Disk is full."
    assert answers(world, 1)[-1] == ("resolved", "user2", "sms", "was the logs")


def test_at_the_end_of_the_ladder_nobody_is_left_to_escalate_to(world):
    world.fires(severity="low")
    assert says(world, "escalate 1").text == "1 is escalated: the ladder is used up."
    assert "nobody is left to escalate to" in says(world, "escalate 1").text


def test_a_note_is_kept_and_counts_as_the_acknowledgment(world):
    world.fires(title="Disk is full")
    assert says(world, "note 1 on my way").text == "1 has your note, and is yours: Disk is full."
    assert answers(world, 1) == [("updated", "user2", "sms", "on my way")]


def test_a_note_on_what_somebody_else_has_does_not_say_that_it_is_theirs(world):
    world.fires(title="Disk is full")
    world.acknowledges(1, by="user5")
    assert says(world, "note 1 call me").text == "1 has your note, and user5 has it: Disk is full."


def test_status_lists_what_is_open_with_who_has_it_and_does_nothing(world):
    world.fires("a", title="Disk is full")
    world.fires("b", title="Shop is slow")
    world.acknowledges(2, by="user5")
    assert says(world, "status").text == "2 are open: 2 critical, user5 has it: Shop is slow; 1 critical: Disk is full."
    assert says(world, "status", "user6").text == NOTHING_OPEN
    assert answers(world, 1) == []


@pytest.mark.parametrize(("text", "told"), [("help", HELP), ("who is this?", NOT_UNDERSTOOD), ("STOP", "")])
def test_what_is_no_command_changes_nothing(world, text, told):
    world.fires()
    assert says(world, text) == Replied(told)
    assert answers(world, 1) == []


def test_of_two_who_share_a_number_the_one_who_was_paged_answers(world):
    world.fires()
    assert says(world, "ack 1", "user1", "user2").alerts == (1,)
    assert world.alert(1).acknowledged_by == "user2"
    world.fires("b")
    assert says(world, "ack", "user1", "user2").alerts == (2,)
    assert world.alert(2).acknowledged_by == "user2"


def test_of_two_who_share_a_number_and_were_not_paged_the_first_answers(world):
    world.fires()
    says(world, "ack 1", "user1", "user3")
    assert world.alert(1).acknowledged_by == "user1"
    assert says(world, "ack 99", "user1", "user3").text == "There is no alert 99."


def test_what_answers_a_message_is_about_the_alert_of_the_message(world):
    world.fires("a")
    world.fires("b")
    answer = Replies(world.engine, world.ledger).act(1, "user2", read("ack 2"), "slack")
    assert answer.alerts == (1,)
    assert world.alert(2).acknowledged_by is None


def test_a_record_that_cannot_be_read_is_said_to_be_so(world):
    world.fires()
    world.client.hset("rung:alert:1", "d", "{")
    assert says(world, "ack 1").text.startswith("The record of alert 1 cannot be read")
    assert says(world, "ack 1", "user1", "user2").alerts == ()


def test_who_is_paged_later_is_found_too(world):
    world.fires()
    world.passes(600)
    assert [alert.id for alert in Replies(world.engine, world.ledger).paged(["user5"])] == [1]
    world.says(1, Acknowledge("user5", "sms"))
    assert Replies(world.engine, world.ledger).paged(["user1"]) == []
