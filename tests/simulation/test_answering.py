"""What people and sources do in a simulation: before, at and after the instants at which levels are due."""

import pytest

from tests.simulation.terminal import firings, pages, reminders, rows, simulate, told

CRITICAL = ("--severity", "critical")
HIGH = ("--severity", "high")


def kinds(found, *wanted):
    return [(row["offset_seconds"], row["event"]) for row in found if row["event"] in wanted]


def by_whom(found, kind):
    return [row["by"] for row in found if row["event"] == kind]


def test_who_answers_before_a_level_is_due_keeps_it_from_firing():
    found = rows(*CRITICAL, "--ack", "599s")
    assert [second for second, *_ in firings(found)] == [0]
    assert by_whom(found, "acknowledged") == ["user1"]


def test_who_answers_at_the_instant_at_which_it_is_due_is_in_time():
    found = rows(*CRITICAL, "--ack", "10m")
    assert [second for second, *_ in firings(found)] == [0]
    assert kinds(found, "acknowledged") == [(600, "acknowledged")]


def test_who_answers_a_second_later_is_not_and_the_answer_is_that_of_the_one_paged_last():
    found = rows(*CRITICAL, "--ack", "601s")
    assert [second for second, *_ in firings(found)] == [0, 600]
    assert by_whom(found, "acknowledged") == ["user4"]


def test_who_is_named_answers():
    assert by_whom(rows(*CRITICAL, "--ack", "12m:vp"), "acknowledged") == ["vp"]


def test_an_answer_at_once_comes_after_the_first_page():
    found = rows(*CRITICAL, "--ack", "0")
    assert pages(found, 0)[:1] == [("user1", "email")]
    assert [second for second, *_ in firings(found)] == [0]


def test_an_answer_ends_reminders_of_an_answer_and_begins_those_of_an_update_and_the_resolution():
    found = rows(*HIGH, "--ack", "12m", "--resolve", "2h")
    assert reminders(found) == [
        (2520, "an update is due (1 of 3) and it is not resolved (1 of 3)"),
        (3120, "an update is due (2 of 3)"),
        (3720, "an update is due (3 of 3)"),
        (4320, "it is not resolved (2 of 3)"),
        (6120, "it is not resolved (3 of 3)"),
    ]
    assert told(found)[-1] == (7200, "resolved", 0, 0)


def test_an_update_counts_as_the_acknowledgment():
    found = rows(*CRITICAL, "--update", "3m", "--until", "20m")
    assert told(found) == [
        (0, "routed", None, None),
        (0, "triggered", 0, 0),
        (180, "updated", 0, 0),
        (1080, "reminded", 0, 0),
    ]


def test_who_escalates_has_the_next_level_fire_at_once():
    found = rows(*CRITICAL, "--escalate", "1m:user1", "--ack", "2m")
    assert firings(found) == [(0, "triggered", 0, "primary", 0), (60, "escalated", 1, "secondary", 0)]
    assert by_whom(found, "escalated") == ["user1"]
    assert by_whom(found, "acknowledged") == ["user4"]


def test_after_a_snooze_the_same_level_fires_again_and_the_ladder_goes_on_from_there():
    found = rows(*CRITICAL, "--snooze", "2m+1h:user1")
    assert kinds(found, "snoozed", "unsnoozed") == [(120, "snoozed"), (3720, "unsnoozed")]
    assert firings(found)[:3] == [
        (0, "triggered", 0, "primary", 0),
        (3720, "escalated", 0, "primary", 0),
        (4020, "escalated", 1, "secondary", 0),
    ]


def test_what_its_source_clears_is_over():
    found = rows(*CRITICAL, "--clear", "4m")
    assert told(found)[-1] == (240, "resolved", 0, 0)
    assert by_whom(found, "resolved") == ["generic"]


def test_several_things_happen_in_their_order():
    found = rows(*CRITICAL, "--resolve", "30m", "--ack", "1m", "--update", "5m", "--update", "6m")
    answers = kinds(found, "acknowledged", "updated", "resolved")
    assert answers == [(60, "acknowledged"), (300, "updated"), (360, "updated"), (1800, "resolved")]


def test_an_answer_long_after_the_ladder_is_used_up_is_still_one():
    found = rows(*CRITICAL, "--ack", "10h")
    assert kinds(found, "exhausted", "acknowledged") == [(28800, "exhausted"), (36000, "acknowledged")]
    assert by_whom(found, "acknowledged") == ["team_manager"]


def test_what_is_refused_is_said_and_the_rest_is_shown():
    said = simulate(*CRITICAL, "--resolve", "5m:user1", "--ack", "7m:user2", "--at", "2026-11-20T16:30")
    assert said.exit_code == 1
    assert said.stderr == "rung: after 7 min: alert 1 was resolved by user1 2 min ago\n"
    assert "resolved by user1" in said.stdout
    assert "acknowledged" not in said.stdout


def test_a_second_acknowledgment_is_refused_and_the_same_person_again_is_fine():
    assert simulate(*CRITICAL, "--ack", "1m:user1", "--ack", "2m:user2").exit_code == 1
    assert simulate(*CRITICAL, "--ack", "1m:user1", "--ack", "2m:user1").exit_code == 0


def test_a_snooze_for_no_time_is_refused():
    said = simulate(*CRITICAL, "--snooze", "5m+0")
    assert said.exit_code == 1
    assert "after 5 min: " in said.stderr


def test_the_end_is_as_late_as_was_asked_for():
    assert told(rows(*CRITICAL, "--until", "10m"))[-1] == (600, "escalated", 1, 0)
    assert told(rows(*CRITICAL, "--until", "599"))[-1] == (300, "reminded", 0, 0)
    assert told(rows(*CRITICAL, "--until", "0")) == [(0, "routed", None, None), (0, "triggered", 0, 0)]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--ack", "-5m"], "--ack -5m: a duration: seconds or 5m, 2h, 1d"),
        (["--ack", "soon"], "--ack soon: a duration"),
        (["--ack", ""], "--ack : a duration"),
        (["--ack", "5m:"], ""),
        (["--ack", "4000d"], "at most 3650d"),
        (["--ack", "400d"], "by then the simulation is over"),
        (["--ack", "2h", "--until", "1h"], "--ack 2h: by then the simulation is over"),
        (["--snooze", "10m"], "say for how long too: 10m+2h"),
        (["--snooze", "10m+"], "say for how long too: 10m+2h"),
        (["--snooze", "10m+x"], "a duration"),
        (["--until", "-1m"], "'-1m': a duration"),
        (["--at", "yesterday"], "'yesterday' is no instant"),
        (["--at", "2026-11-20"], ""),
        (["--at", "2026-13-20T10:00"], "is no instant"),
        (["--at", "9999-12-31T23:59"], "'9999-12-31T23:59': a year from 1971 to 8999"),
        (["--at", "0001-01-01T00:00"], "a year from 1971 to 8999"),
        (["--at", "8999-12-31T23:59"], ""),
    ],
)
def test_times_that_are_none_are_wrong_usage_and_say_what_is_wanted(words, complaint):
    said = simulate(*CRITICAL, *words)
    assert (said.exit_code, bool(complaint)) in {(2, True), (0, False)}
    assert complaint in said.stderr
