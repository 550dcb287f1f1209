"""People whom nothing reaches and channels that are down: what fails, what is tried instead, which level is left."""

from datetime import datetime

from tests.simulation.terminal import firings, pages, rows, simulate, told

CRITICAL = ("--severity", "critical")


def failures(found, until=float("inf")):
    """(seconds, who, channel, seconds until it is tried again or None) of what failed."""
    return [
        (row["offset_seconds"], row["responder"], row["channel"], _wait(row))
        for row in found
        if row["event"] == "notification_failed" and row["offset_seconds"] <= until
    ]


def _wait(row):
    if "retry_at" not in row:
        return None
    return (datetime.fromisoformat(row["retry_at"]) - datetime.fromisoformat(row["at"])).total_seconds()


def moves(found, until=float("inf")):
    """(seconds, who, from, to) of what went over to another channel."""
    return [
        (row["offset_seconds"], row["responder"], row["after"], row["channel"])
        for row in found
        if row["event"] == "failed_over" and row["offset_seconds"] <= until
    ]


def test_a_level_whose_only_person_cannot_be_reached_is_left_at_once():
    found = rows(*CRITICAL, "--unreachable", "user1", "--until", "1m")
    assert failures(found) == [(0, "user1", channel, None) for channel in ("email", "slack", "sms", "phone")]
    assert moves(found) == [(0, "user1", channel, "phone") for channel in ("email", "slack", "sms")]
    assert told(found)[1:] == [
        (0, "triggered", 0, 0),
        (0, "skipped", 0, 0),
        (0, "escalated", 1, 0),
    ]
    assert pages(found, 0)[3:] == [("user4", "email"), ("user4", "slack"), ("user4", "sms"), ("user4", "phone")]


def test_times_count_from_then():
    found = rows(*CRITICAL, "--unreachable", "user1")
    assert [second for second, *_ in firings(found)][:5] == [0, 0, 1800, 3600, 7200]


def test_one_of_two_people_on_a_level_is_enough():
    found = rows(*CRITICAL, "--unreachable", "vp", "--until", "1h")
    assert told(found)[-3:] == [(3600, "escalated", 3, 0), (3600, "sla_breached", 3, 0), (3600, "sla_breached", 3, 0)]
    assert {who for _, who, *_ in failures(found)} == {"vp"}


def test_a_channel_that_is_down_is_tried_again_after_2_10_and_30_seconds_and_then_the_next_is_taken():
    found = rows("--severity", "low", "--down", "email", "--until", "1m")
    assert failures(found) == [
        (0, "user1", "email", 2),
        (2, "user1", "email", 10),
        (12, "user1", "email", 30),
        (42, "user1", "email", None),
    ]
    assert moves(found) == [(42, "user1", "email", "slack")]
    assert [second for second, *_ in firings(found)] == [0]


def test_an_answer_before_the_last_try_withdraws_it():
    found = rows("--severity", "low", "--down", "email", "--ack", "20s", "--until", "1m")
    assert failures(found) == [(0, "user1", "email", 2), (2, "user1", "email", 10), (12, "user1", "email", 30)]
    assert moves(found) == []


def test_when_nobody_at_all_can_be_reached_the_catch_all_is_paged_and_the_round_walked_again():
    everybody = [
        name for who in ("user1", "user4", "team_manager", "director", "vp") for name in ("--unreachable", who)
    ]
    found = rows(*CRITICAL, *everybody, "--until", "5m")
    walks = [second for second, _, level, *_ in firings(found) if level == 0]
    assert walks == [0, 60, 180]
    catch_all = next(row for row in found if row["event"] == "skipped" and row["reason"].startswith("not one page"))
    assert catch_all["offset_seconds"] == 0
    assert ("team_manager", "email") in pages(found, 0)


def test_an_unknown_name_is_wrong_usage_and_the_nearest_name_is_told():
    person, channel = simulate(*CRITICAL, "--unreachable", "usr1"), simulate(*CRITICAL, "--down", "emial")
    assert (person.exit_code, channel.exit_code) == (2, 2)
    assert person.stderr == "rung: config has no person 'usr1' (did you mean user1?)\n"
    assert channel.stderr == "rung: config has no channel 'emial' (did you mean email?)\n"


def test_an_answer_by_a_name_that_config_does_not_know_counts_and_is_told():
    said = simulate(*CRITICAL, "--ack", "5m:usr1")
    assert said.exit_code == 0
    assert "--ack 5m:usr1: config has no person 'usr1' (did you mean user1?)" in said.stderr
