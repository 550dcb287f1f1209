"""The state machine: every cell of the design's table, command by status, and what all cells have in common."""

from itertools import (
    product,
)
from typing import (
    get_args,
)

import pytest

from core.alert import (
    Status,
)
from core.commands import (
    Acknowledge,
    Clear,
    Command,
    Escalate,
    Fire,
    PagesFailed,
    Reassign,
    Resolve,
    Snooze,
    Suppress,
    Unsuppress,
    Update,
    Wake,
)
from core.lifecycle import (
    TABLE,
    decide,
    trigger,
)
from tests.cells import (
    ACK,
    ACKNOWLEDGED,
    ALL,
    CLEAR,
    ESCALATE,
    ESCALATED,
    FIRE,
    IN_PROGRESS,
    LEVEL_0,
    LEVEL_1,
    LEVEL_2,
    NOBODY,
    NOW,
    PENDING,
    REASSIGN,
    RESOLVE,
    RESOLVED,
    SNOOZE,
    SUPPRESS,
    TO_VP,
    UNSUPPRESS,
    UPDATE,
    WAKE,
    kinds,
    notices,
    pages,
    standing,
    told,
)
from tests.samples import (
    RULES,
    T0,
    at,
    decided,
    firing,
    ladder_rules,
    refused,
    rung,
    signal,
    triggered,
)

COMMANDS = {
    type(command): command
    for command in (ACK, UPDATE, RESOLVE, ESCALATE, SNOOZE, REASSIGN, FIRE, CLEAR, WAKE, SUPPRESS, UNSUPPRESS)
}
Cell = tuple[type[Command], Status]

# (command, status before) -> (result, status after, events, who is told what on which channel)
DONE: dict[Cell, tuple[str, Status, list[str], list[tuple[str, str, str]]]] = {
    (Acknowledge, PENDING): ("acknowledged", ACKNOWLEDGED, ["acknowledged"], NOBODY),
    (Acknowledge, ESCALATED): ("acknowledged", ACKNOWLEDGED, ["acknowledged"], NOBODY),
    (Update, PENDING): ("updated", IN_PROGRESS, ["updated"], NOBODY),
    (Update, ESCALATED): ("updated", IN_PROGRESS, ["updated"], NOBODY),
    (Update, ACKNOWLEDGED): ("updated", IN_PROGRESS, ["updated"], NOBODY),
    (Update, IN_PROGRESS): ("updated", IN_PROGRESS, ["updated"], NOBODY),
    (Resolve, PENDING): ("resolved", RESOLVED, ["resolved"], notices("user2")),
    (Resolve, ESCALATED): ("resolved", RESOLVED, ["resolved"], notices("user2")),
    (Resolve, ACKNOWLEDGED): ("resolved", RESOLVED, ["resolved"], notices("user2")),
    (Resolve, IN_PROGRESS): ("resolved", RESOLVED, ["resolved"], notices("user2")),
    (Clear, PENDING): ("resolved", RESOLVED, ["resolved"], notices("user2")),
    (Clear, ESCALATED): ("resolved", RESOLVED, ["resolved"], notices("user2", "user5")),
    (Clear, ACKNOWLEDGED): ("resolved", RESOLVED, ["resolved"], notices("user2")),
    (Clear, IN_PROGRESS): ("resolved", RESOLVED, ["resolved"], notices("user2")),
    (Clear, RESOLVED): ("ignored", RESOLVED, [], NOBODY),
    (Escalate, PENDING): ("escalated", ESCALATED, ["escalated"], LEVEL_1),
    (Escalate, ESCALATED): ("escalated", ESCALATED, ["escalated"], LEVEL_2),
    (Escalate, ACKNOWLEDGED): ("escalated", ESCALATED, ["escalated"], LEVEL_1),
    (Escalate, IN_PROGRESS): ("escalated", ESCALATED, ["escalated"], LEVEL_1),
    (Snooze, PENDING): ("snoozed", ACKNOWLEDGED, ["snoozed"], NOBODY),
    (Snooze, ESCALATED): ("snoozed", ACKNOWLEDGED, ["snoozed"], NOBODY),
    (Snooze, ACKNOWLEDGED): ("snoozed", ACKNOWLEDGED, ["snoozed"], NOBODY),
    (Snooze, IN_PROGRESS): ("snoozed", ACKNOWLEDGED, ["snoozed"], NOBODY),
    (Fire, PENDING): ("counted", PENDING, ["counted"], NOBODY),
    (Fire, ESCALATED): ("counted", ESCALATED, ["counted"], NOBODY),
    (Fire, ACKNOWLEDGED): ("counted", ACKNOWLEDGED, ["counted"], NOBODY),
    (Fire, IN_PROGRESS): ("counted", IN_PROGRESS, ["counted"], NOBODY),
    (Fire, RESOLVED): ("reopened", ESCALATED, ["reopened", "escalated"], LEVEL_0),
    (Suppress, PENDING): ("suppressed", PENDING, ["suppressed"], NOBODY),
    (Suppress, ESCALATED): ("suppressed", ESCALATED, ["suppressed"], NOBODY),
    (Suppress, ACKNOWLEDGED): ("suppressed", ACKNOWLEDGED, ["suppressed"], NOBODY),
    (Suppress, IN_PROGRESS): ("suppressed", IN_PROGRESS, ["suppressed"], NOBODY),
    (Unsuppress, PENDING): ("unchanged", PENDING, [], NOBODY),
    (Unsuppress, ESCALATED): ("unchanged", ESCALATED, [], NOBODY),
    (Unsuppress, ACKNOWLEDGED): ("unchanged", ACKNOWLEDGED, [], NOBODY),
    (Unsuppress, IN_PROGRESS): ("unchanged", IN_PROGRESS, [], NOBODY),
    (Reassign, PENDING): ("reassigned", ESCALATED, ["reassigned"], TO_VP),
    (Reassign, ESCALATED): ("reassigned", ESCALATED, ["reassigned"], pages("vp", *ALL)),
    (Reassign, ACKNOWLEDGED): ("reassigned", ESCALATED, ["reassigned"], TO_VP),
    (Reassign, IN_PROGRESS): ("reassigned", ESCALATED, ["reassigned"], TO_VP),
    **{(Wake, status): ("unchanged", status, [], NOBODY) for status in Status},
}

# (command, status before) -> (code, reason)
_ACKED = ("acknowledged", "alert 1 was acknowledged by user2 40 s ago")
_OVER = ("resolved", "alert 1 was resolved by user2 40 s ago")
REFUSED: dict[Cell, tuple[str, str]] = {
    (Acknowledge, ACKNOWLEDGED): _ACKED,
    (Acknowledge, IN_PROGRESS): _ACKED,
    **{(command, RESOLVED): _OVER for command in (Acknowledge, Update, Resolve, Escalate, Snooze, Reassign)},
    **{(command, RESOLVED): _OVER for command in (Suppress, Unsuppress)},
}


def named(cell: Cell) -> str:
    return f"{cell[0].__name__}-{cell[1].value}"


@pytest.mark.parametrize("case", DONE, ids=named)
def test_a_cell_of_the_table_does_what_the_design_says(case):
    command, before = case
    result, after, events, people = DONE[case]
    decision = decided(standing(before), COMMANDS[command], NOW)
    assert (decision.result, decision.alert.status) == (result, after)
    assert kinds(decision) == events
    assert told(decision) == people
    assert all(event.at == NOW for event in decision.events)


@pytest.mark.parametrize("case", REFUSED, ids=named)
def test_a_missing_cell_is_refused_with_a_reason_a_human_can_read(case):
    refusal = refused(standing(case[1]), COMMANDS[case[0]], NOW)
    assert (refusal.code, refusal.reason) == REFUSED[case]


@pytest.mark.parametrize("status", Status)
def test_pages_that_failed_for_good_leave_the_level_of_an_unanswered_alert_only(status):
    alert = standing(status)
    decision = decided(alert, PagesFailed(alert.cause), NOW)
    if status is PENDING:
        assert (kinds(decision), told(decision)) == (["skipped", "escalated"], LEVEL_1)
    elif status is ESCALATED:
        assert (kinds(decision), told(decision)) == (["skipped", "escalated"], LEVEL_2)
    else:
        assert decision.alert is alert


def test_these_tests_know_every_cell():
    tested = {*DONE, *REFUSED, *((PagesFailed, status) for status in Status)}
    assert tested == set(product(get_args(Command), Status))
    assert set(TABLE) <= tested


@pytest.mark.parametrize(("command", "status"), [case for case in DONE if not DONE[case][2]])
def test_nothing_to_write_gives_the_same_alert_object(command, status):
    alert = standing(status)
    assert decided(alert, COMMANDS[command], NOW).alert is alert


# What every decision has in common


@pytest.mark.parametrize("case", DONE, ids=named)
def test_the_timer_has_a_new_number_exactly_when_wake_at_changes(case):
    command, status = case
    before = standing(status)
    after = decided(before, COMMANDS[command], NOW).alert
    assert after.timer - before.timer == (after.wake_at != before.wake_at)


@pytest.mark.parametrize("case", [*DONE, *REFUSED], ids=named)
def test_deciding_twice_gives_the_same_and_leaves_the_alert_alone(case):
    command, alert = COMMANDS[case[0]], standing(case[1])
    record = alert.dump()
    assert decide(alert, command, NOW, RULES) == decide(alert, command, NOW, RULES)
    assert alert.dump() == record


def test_triggering_says_which_way_the_alert_took_and_pages_its_first_level():
    decision = trigger(7, firing("high"), T0, RULES)
    assert decision.result == "triggered"
    assert kinds(decision) == ["routed", "triggered"]
    assert decision.events[0].details == {"severity": "high", "policy": "high"}
    assert told(decision) == pages("user2", "email", "slack")
    assert (decision.alert.id, decision.alert.timer, decision.alert.wake_at) == (7, 1, at(1800))


def test_every_page_is_in_the_timeline_with_its_cause():
    decision = trigger(1, firing(), T0, RULES)
    notified = [event for event in decision.events if event.kind == "notified"]
    assert [(e.details["responder"], e.details["channel"]) for e in notified] == [
        (n.responder, n.channel) for n in decision.notifications
    ]
    assert {e.details["cause"] for e in notified} == {n.event for n in decision.notifications} == {decision.alert.cause}


def test_a_new_alert_takes_what_the_signal_says():
    fire = firing()
    said = signal(description="95 %", link="https://grafana.example.com/d/1", labels={"host": "db-1"})
    alert = trigger(1, type(fire)("generic", said, fire.severity, fire.policy_name, fire.policy), T0, RULES).alert
    assert (alert.title, alert.description) == ("Disk is full", "95 %")
    assert (alert.link, alert.labels) == ("https://grafana.example.com/d/1", {"host": "db-1"})
    assert (alert.count, alert.created_at, alert.last_signal_at) == (1, T0, T0)


def test_the_policy_of_a_running_ladder_is_not_bent_by_a_change_of_config():
    alert = triggered()
    changed = ladder_rules(rung(), rung(delay=60, who="director"))
    decision = decided(alert, WAKE, at(600), changed)
    assert told(decision) == LEVEL_1


def test_who_is_on_call_is_looked_up_when_a_level_fires():
    """The rotation hands over on Monday at 09:00; the alert triggered an hour before and climbs after."""
    before_handoff = at(-2 * 3600)
    alert = triggered("medium", now=before_handoff)
    assert [who for who, _ in alert.paged] == ["user1", "user1"]
    decision = decided(alert, WAKE, alert.wake_at)
    assert {n.responder for n in decision.notifications} == {"user5"}
