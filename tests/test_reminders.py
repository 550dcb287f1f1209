"""Reminders by the requirement's tables, in seconds after what they count from; who is late, early or done with."""

import pytest

from core.config import ResponseTracking
from core.reminders import Reminder, ReminderKind, Sent, Waiting, next_reminder_at, remembered, reminders_due
from core.severity import Severity
from tests.clocks import DEFAULT
from tests.samples import T0, at

RULES = DEFAULT.response_tracking  # the requirement's numbers
UNANSWERED, UPDATE, RESOLUTION = ReminderKind


def fired(severity="critical", seconds=0.0, sent=()):
    return Waiting(Severity(severity), fired_at=at(seconds), sent=sent)


def answered(severity="critical", seconds=0.0, updated=None, sent=()):
    told_at = None if updated is None else at(updated)
    return Waiting(Severity(severity), acknowledged_at=at(seconds), updated_at=told_at, sent=sent)


def after(waiting, reminders):
    sent = remembered(waiting.sent, reminders)
    return Waiting(waiting.severity, waiting.fired_at, waiting.acknowledged_at, waiting.updated_at, sent)


def left_alone(waiting, rules=RULES, late=0.0):
    """Every message, when nothing else happens: seconds after T0, and what it reminds of."""
    messages = []
    while (due := next_reminder_at(waiting, rules)) is not None:
        seconds = (due - T0).total_seconds() + late
        reminders = reminders_due(waiting, at(seconds), rules)
        assert reminders, "a reminder that is due was not given"
        messages.append((seconds, *(each.kind.value for each in reminders)))
        waiting = after(waiting, reminders)
    return messages


def tracking(**sections):
    return ResponseTracking.model_validate(sections)


def with_reminders(**fields):
    return RULES.model_copy(update={"reminders": RULES.reminders.model_copy(update=fields)})


@pytest.mark.parametrize(
    ("severity", "seconds"),
    [
        ("critical", [300, 600, 900]),
        ("high", [900, 1500, 2100]),
        ("medium", [1800, 3600, 5400]),
        ("low", [3600, 7200, 10_800]),
    ],
)
def test_the_unanswered_are_reminded_after_the_timeout_and_then_every_interval(severity, seconds):
    assert left_alone(fired(severity)) == [(each, "acknowledgment") for each in seconds]


@pytest.mark.parametrize(
    ("severity", "messages"),
    [
        (
            "critical",
            [
                (900, "update"),
                (1200, "update"),
                (1500, "update"),
                (1800, "resolution"),
                (3600, "resolution"),
                (5400, "resolution"),
            ],
        ),
        (
            "high",
            [
                (1800, "update", "resolution"),
                (2400, "update"),
                (3000, "update"),
                (3600, "resolution"),
                (5400, "resolution"),
            ],
        ),
        (
            "medium",
            [
                (1800, "resolution"),
                (3600, "update", "resolution"),
                (5400, "update", "resolution"),
                (7200, "update"),
            ],
        ),
        (
            "low",
            [
                (1800, "resolution"),
                (3600, "resolution"),
                (5400, "resolution"),
                (7200, "update"),
                (10_800, "update"),
                (14_400, "update"),
            ],
        ),
    ],
)
def test_whoever_acknowledged_is_reminded_of_updates_and_the_resolution_and_of_both_at_once(severity, messages):
    assert left_alone(answered(severity)) == messages


def test_an_update_begins_the_updates_anew_and_leaves_the_resolution_alone():
    before = answered(sent=(Sent(kind=UPDATE, since=T0, number=2), Sent(kind=RESOLUTION, since=T0, number=1)))
    assert left_alone(before) == [(1500, "update"), (3600, "resolution"), (5400, "resolution")]
    updated = answered(updated=1300, sent=before.sent)
    assert left_alone(updated) == [
        (2200, "update"),
        (2500, "update"),
        (2800, "update"),
        (3600, "resolution"),
        (5400, "resolution"),
    ]


def test_an_update_from_before_the_acknowledgment_counts_for_nothing():
    assert left_alone(answered(seconds=1000, updated=10))[0] == (1900, "update")


def test_each_firing_of_a_level_has_its_own_reminders():
    sent = (Sent(kind=UNANSWERED, since=T0, number=3),)
    assert left_alone(fired(sent=sent)) == []
    assert left_alone(fired(seconds=600, sent=sent)) == [(each, "acknowledgment") for each in (900, 1200, 1500)]


def test_nothing_is_waited_for_once_it_is_over():
    over = Waiting(Severity.CRITICAL, sent=(Sent(kind=UNANSWERED, since=T0, number=1),))
    assert next_reminder_at(over, RULES) is None
    assert reminders_due(over, at(10**6), RULES) == ()


def test_an_early_look_gives_nothing_and_a_second_one_neither():
    assert reminders_due(fired(), at(299.999), RULES) == ()
    (first,) = reminders_due(fired(), at(300), RULES)
    assert first == Reminder(UNANSWERED, number=1, most=3, since=T0, at=at(300))
    assert reminders_due(after(fired(), (first,)), at(300), RULES) == ()


def test_a_reminder_that_comes_late_moves_no_other():
    assert left_alone(fired(), late=1.5) == [(each, "acknowledgment") for each in (301.5, 601.5, 901.5)]


def test_those_that_were_missed_are_one_message_and_not_made_up_for():
    (late,) = reminders_due(fired(), at(700), RULES)
    assert (late.number, late.at) == (2, at(600))
    assert left_alone(after(fired(), (late,))) == [(900, "acknowledgment")]
    (last,) = reminders_due(fired(), at(10**6), RULES)
    assert (last.number, last.at) == (3, at(900))
    assert left_alone(after(fired(), (last,))) == []


def test_what_was_missed_of_two_kinds_is_one_message():
    reminders = reminders_due(answered("high"), at(10_000), RULES)
    assert [(each.kind, each.number) for each in reminders] == [(UPDATE, 3), (RESOLUTION, 3)]


def test_what_is_remembered_holds_the_last_of_each_kind():
    old = (Sent(kind=UNANSWERED, since=T0, number=3), Sent(kind=UPDATE, since=T0, number=2))
    new = reminders_due(answered(sent=old), at(1800), RULES)
    assert set(remembered(old, new)) == {
        Sent(kind=UNANSWERED, since=T0, number=3),
        Sent(kind=UPDATE, since=T0, number=3),
        Sent(kind=RESOLUTION, since=T0, number=1),
    }
    assert remembered(old, ()) == old


def test_a_count_survives_the_record():
    sent = Sent(kind=UPDATE, since=at(0.123456), number=2)
    assert Sent.model_validate_json(sent.model_dump_json()) == sent


@pytest.mark.parametrize("waiting", [fired("high"), answered("high")])
def test_there_are_none_when_reminders_are_switched_off(waiting):
    assert left_alone(waiting, with_reminders(enabled=False)) == []


def test_the_most_of_one_kind_is_not_that_of_the_other():
    assert left_alone(answered("medium"), with_reminders(max_reminders=0)) == [
        (1800, "resolution"),
        (3600, "resolution"),
        (5400, "resolution"),
    ]
    none = RULES.resolution_reminders.model_copy(update={"max_reminders": 0})
    assert left_alone(answered("medium"), RULES.model_copy(update={"resolution_reminders": none})) == [
        (3600, "update"),
        (5400, "update"),
        (7200, "update"),
    ]


def test_a_severity_that_is_not_listed_has_the_timeout_of_all():
    """Fault 18: the acknowledgment timeout stood twice."""
    rules = tracking(
        acknowledgment_timeout=240,
        timeouts={"acknowledgment": {"critical": 60}},
        reminders={"interval": {"critical": 30, "high": 120}, "max_reminders": 2},
    )
    assert left_alone(fired("critical"), rules) == [(60, "acknowledgment"), (90, "acknowledgment")]
    assert left_alone(fired("high"), rules) == [(240, "acknowledgment"), (360, "acknowledgment")]


def test_a_severity_without_an_interval_is_reminded_once_and_without_a_timeout_never():
    rules = tracking(timeouts={"updates": {"high": 60}}, reminders={"max_reminders": 5})
    assert left_alone(answered("high"), rules) == [(60, "update")]
    assert left_alone(answered("low"), rules) == []
    assert left_alone(fired("high"), rules) == []


def test_what_is_left_out_of_config_is_not_done():
    assert left_alone(fired(), tracking()) == []
    assert left_alone(answered(), tracking()) == []
    only = tracking(resolution_reminders={"interval": 600, "max_reminders": 2})
    assert left_alone(answered(), only) == [(600, "resolution"), (1200, "resolution")]
