"""Hours in which nobody is on call: declared ones, forgotten ones, and those that a whole ladder has."""

from tests.lint.sound import changed, findings, level, person, policy, put, sound, told, weekly

WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
OFFICE = {"weekdays": WORKDAYS, "from": "09:00", "to": "17:00"}
REST = [
    {"weekdays": WORKDAYS, "from": "17:00", "to": "09:00"},
    {"weekdays": ["saturday", "sunday"], "from": "09:00", "to": "09:00"},
]
LEVEL = "escalation.policies.high.levels[0].responders"


def restricted(*windows, **more):
    return changed("rotations.oncall", weekly("ada", "bob", restrictions=list(windows), **more))


def alone(written):
    """Let the policy have its first level only."""
    return put(written, "escalation.policies.high", policy(level("primary", "oncall")))


def test_hours_that_restrictions_leave_and_the_next_level_covers_are_advice():
    [finding] = findings(restricted(OFFICE))
    assert (finding.code, finding.path) == ("level-off-duty", LEVEL)
    assert finding.found == (
        "nobody is on call in oncall, which is level 1 (primary) of high, for 68 d 16 h in all, 64 times, first from "
        "Wed 2026-11-25 17:00 UTC until Thu 2026-11-26 09:00 UTC"
    )


def test_a_layer_that_covers_what_restrictions_leave_is_no_gap():
    night = {"type": "daily", "members": ["bob", "ada"], "start_time": "12:00", "restrictions": REST}
    assert told(alone(restricted(OFFICE, layers=[night]))) == []


def test_restrictions_that_meet_leave_no_gap_and_one_minute_between_them_is_one():
    assert told(alone(restricted(OFFICE, *REST))) == []
    assert told(alone(restricted({"from": "09:00", "to": "17:00"}, {"from": "17:00", "to": "09:00"}))) == []
    written = alone(restricted({"from": "09:00", "to": "16:59"}, {"from": "17:00", "to": "09:00"}))
    [finding] = findings(written, days=2)
    assert finding.code == "hours-uncovered"
    assert (
        "for 2 min in all, 2 times, first from Wed 2026-11-25 16:59 UTC until Wed 2026-11-25 17:00 UTC" in finding.found
    )


def test_the_night_before_monday_is_forgotten_easily():
    weekend = {"weekdays": ["saturday", "sunday"]}
    [finding] = findings(alone(restricted(OFFICE, REST[0], weekend)))
    assert finding.code == "hours-uncovered"
    assert "first from Mon 2026-11-30 00:00 UTC until Mon 2026-11-30 09:00 UTC" in finding.found


def test_a_rotation_without_restrictions_that_runs_out_of_members_is_a_warning():
    members = [{"name": "ada", "until": "2026-12-07"}, {"name": "bob", "from": "2026-12-21"}]
    [finding] = findings(changed("rotations.oncall", weekly(*members)))
    assert (finding.code, finding.path) == ("level-uncovered", LEVEL)
    assert "for 14 d, from Mon 2026-12-07 09:00 UTC until Mon 2026-12-21 09:00 UTC" in finding.found


def test_members_who_come_when_another_goes_leave_no_gap():
    members = [{"name": "ada", "until": "2026-12-07"}, {"name": "bob", "from": "2026-12-07"}]
    assert told(changed("rotations.oncall", weekly(*members))) == []


def test_what_lies_beyond_the_days_that_are_looked_at_is_not_told():
    written = changed("rotations.oncall", weekly("ada", {"name": "bob", "until": "2027-01-04"}))
    put(written, "rotations.oncall.members.0", {"name": "ada", "until": "2027-01-04"})
    assert [code for code, _ in told(written)] == ["level-uncovered"]
    assert told(written, days=30) == []


def test_hours_that_no_level_covers_go_to_the_catch_all():
    [finding] = findings(alone(restricted(OFFICE)))
    assert (finding.code, finding.path) == ("hours-uncovered", "escalation.policies.high")
    assert finding.consequence == "An alert that comes in these hours goes to the catch-all at once."


def test_hours_in_which_the_catch_all_is_nobody_either_are_an_error():
    written = put(alone(restricted(OFFICE)), "escalation.catch_all", ["oncall"])
    assert [(each.severity.value, each.code.value) for each in findings(written)] == [
        ("error", "hours-unpaged"),
        ("warning", "catch-all-uncovered"),
    ]


def test_of_hours_that_the_catch_all_covers_in_part_both_parts_are_told():
    weekend = weekly("bob", restrictions=[{"weekdays": ["saturday", "sunday"]}])
    written = put(put(alone(restricted(OFFICE)), "rotations.weekend", weekend), "escalation.catch_all", ["weekend"])
    assert sorted(told(written)) == [
        ("catch-all-uncovered", "escalation.catch_all"),
        ("hours-uncovered", "escalation.policies.high"),
        ("hours-unpaged", "escalation.policies.high"),
    ]


def test_levels_that_take_turns_cover_the_policy_and_are_advice_each():
    written = put(restricted(OFFICE), "rotations.night", weekly("bob", "ada", restrictions=REST))
    high = policy(level("day", "oncall"), level("night", "night", delay="10m"))
    assert [code for code, _ in told(put(written, "escalation.policies.high", high))] == ["level-off-duty"] * 2
    both = policy(level("all", "oncall", "night"))
    assert told(put(written, "escalation.policies.high", both)) == []


def test_one_gap_in_many_policies_is_one_finding():
    written = restricted(OFFICE)
    levels = written["escalation"]["policies"]["high"]
    written["escalation"]["policies"] |= {"critical": levels, "medium": levels, "low": levels}
    [finding] = findings(written)
    assert "level 1 (primary) of high, critical, medium and low" in finding.found


def test_a_team_whose_stand_in_has_a_gap():
    written = put(sound(), "rotations.db", weekly("eve", restrictions=[OFFICE]))
    put(put(written, "people.eve", person(4)), "teams", {"db": {"oncall": "db"}})
    put(written, "routes", [{"match": {"labels": {"team": "db"}}, "team": "db"}])
    assert told(written) == [("level-off-duty", "teams.db")]


def test_instants_are_said_by_the_clock_of_the_config():
    written = put(restricted(OFFICE), "timezone", "Europe/Berlin")
    [finding] = findings(written)
    assert "first from Wed 2026-11-25 17:00 CET until Thu 2026-11-26 09:00 CET" in finding.found
