"""A person on two levels of the same ladder at the same hour."""

import pytest

from tests.lint.sound import changed, findings, level, person, policy, put, sound, told, weekly

PATH = "escalation.policies.high.levels[1].responders"


def two(first, second, upper=(), **more):
    """Two levels, each on a rotation with these members; others may stand on the upper one."""
    high = policy(level("primary", "oncall"), level("second", "second", *upper, delay="10m", **more))
    written = put(changed("escalation.policies.high", high), "rotations.oncall", weekly(*first))
    put(written, "people.eve", person(4))
    return put(written, "rotations.second", weekly(*second))


def test_two_rotations_with_the_same_members_in_the_same_order():
    [finding] = findings(two(["ada", "bob"], ["ada", "bob"]))
    assert (finding.code, finding.path) == ("same-person-twice", PATH)
    assert finding.found == (
        "ada and bob are on level 1 (primary) and level 2 (second) of high at the same time for 90 d, from now on"
    )


def test_the_same_members_one_turn_apart_never_meet():
    assert told(two(["ada", "bob"], ["bob", "ada"])) == []


def test_rotations_of_different_lengths_meet_now_and_then():
    written = two(["ada", "bob"], ["eve", "ada", "bob"])
    put(put(written, "rotations.oncall.start_date", "2026-11-23"), "rotations.second.start_date", "2026-11-23")
    [finding] = findings(written, days=42)
    # Weeks from 23 November: ada bob ada bob ada bob beside eve ada bob eve ada bob: the fifth and the sixth.
    assert "same time for 14 d, from Mon 2026-12-21 09:00 UTC until Mon 2027-01-04 09:00 UTC" in finding.found
    assert [code for code, _ in told(written, days=25)] == []


def test_handoffs_at_other_hours_meet_for_those_hours_only():
    written = two(["ada", "bob"], ["bob", "ada"])
    put(written, "rotations.second.start_time", "11:00")
    [finding] = findings(written)
    first = "first from Mon 2026-11-30 09:00 UTC until Mon 2026-11-30 11:00 UTC"
    assert finding.found.endswith(f"for 1 d 2 h in all, 13 times, {first}")


def test_a_member_who_stands_on_the_next_level_herself():
    written = changed("rotations.oncall", weekly("ada", "boss"))
    [finding] = findings(written)
    assert (finding.code, finding.path) == ("same-person-twice", PATH)
    assert finding.found.startswith("boss is on level 1 (primary) and level 2 (boss) of high at the same time for ")
    assert finding.consequence == "Whoever has not answered level 1 is asked again, and nobody else."


def test_with_others_beside_it_is_advice():
    written = put(changed("rotations.oncall", weekly("ada", "boss")), "escalation.policies.high.levels.1", level(
        "boss", "boss", "bob", delay="10m"
    ))  # fmt: skip
    assert told(written) == [("same-person-among-others", PATH)]


def test_hours_in_which_nobody_new_is_asked_count_before_those_with_others():
    [finding] = findings(two(["ada", "bob"], ["ada", "bob"], ["boss"]))
    assert finding.code == "same-person-among-others"
    [finding] = findings(two(["ada", "bob"], ["ada", "bob"], ["bob"]))
    assert finding.code == "same-person-twice"
    assert finding.found.startswith("bob is on level 1 (primary) and level 2 (second) of high")


@pytest.mark.parametrize(
    "upper",
    [
        level("again", "oncall", "boss", delay="10m"),
        level("louder", "oncall", delay="10m", notification_channels=["email", "sms", "phone"]),
    ],
    ids=["with others", "on more channels"],
)
def test_the_same_name_written_on_both_levels_is_meant(upper):
    written = changed("escalation.policies.high", policy(level("primary", "oncall"), upper))
    put(written, "channels.phone", written["channels"]["sms"])
    assert told(written) == []


def test_the_same_name_on_the_same_channels_is_not():
    high = policy(level("primary", "oncall"), level("again", "oncall", delay="10m", notification_channels=["sms"]))
    assert told(changed("escalation.policies.high", high)) == [("same-person-twice", PATH)]


def test_one_pair_of_levels_in_many_policies_is_told_once_and_every_pair_of_a_ladder_by_itself():
    written = two(["ada", "bob"], ["ada", "bob"])
    high = written["escalation"]["policies"]["high"]
    written["escalation"]["policies"]["critical"] = high
    [finding] = findings(written)
    assert "of high and critical at the same time" in finding.found
    high["levels"].append(level("third", "third", delay="20m"))
    put(written, "rotations.third", weekly("ada", "bob"))
    assert [code for code, _ in told(written)] == ["same-person-twice"] * 3


def test_what_a_team_puts_on_two_levels():
    written = put(sound(), "teams", {"db": {"oncall": "boss"}})
    put(written, "routes", [{"match": {"labels": {"team": "db"}}, "team": "db"}])
    [finding] = findings(written)
    assert (finding.code, finding.path) == ("same-person-twice", "teams.db")
    assert "of high for team db at the same time" in finding.found
