"""People whom nobody can reach, levels that never fire, policies that nobody takes."""

import pytest

from tests.lint.sound import changed, findings, level, person, policy, put, sound, told, weekly

PEOPLE = "person-unreachable", "people.bob"


def test_a_sound_config_earns_nothing():
    assert told(sound()) == []


def test_a_member_whom_no_channel_of_the_level_reaches():
    written = put(changed("people.bob", person(2, "email")), "escalation.policies.high.levels.0", only_sms())
    [finding] = findings(written)
    assert (finding.code, finding.path) == PEOPLE
    assert finding.found == "bob cannot be reached on sms, the channel of level 1 (primary) of high"
    assert finding.mend == "Give bob the contact phone, or name email there too."


def only_sms():
    return level("primary", "oncall", notification_channels=["sms"])


def test_whoever_one_channel_of_the_level_reaches_is_paged_and_only_the_waking_one_is_missed():
    assert told(changed("people.bob", person(2, "email"))) == [("person-never-woken", "people.bob")]


def test_whoever_is_woken_lacks_nothing():
    assert told(changed("people.bob", person(2, "phone"))) == []


def test_a_person_named_on_the_level_herself_is_looked_at_too():
    written = put(changed("people.boss", person(3, "email")), "escalation.policies.high.levels.1", level(
        "boss", "boss", "ada", delay="10m", notification_channels=["sms"]
    ))  # fmt: skip
    assert ("person-unreachable", "people.boss") in told(written)


def test_a_member_who_has_left_needs_no_phone_and_one_who_is_still_to_come_does():
    members = [{"name": "bob", "until": "2026-11-01"}, "ada"]
    written = put(changed("people.bob", person(2, "email")), "escalation.policies.high.levels.0", only_sms())
    assert told(put(written, "rotations.oncall", weekly(*members))) == []
    members = [
        {"name": "bob", "until": "2026-11-24"},
        {"name": "ada", "from": "2026-11-24"},
    ]  # his turn is until Monday
    assert told(put(written, "rotations.oncall", weekly(*members, start_date="2026-11-23"))) == [PEOPLE]
    members = [{"name": "bob", "from": "2028-01-01"}, "ada"]
    assert told(put(written, "rotations.oncall", weekly(*members))) == [PEOPLE]


def test_a_person_of_the_catch_all_whom_nothing_reaches():
    written = put(changed("escalation.catch_all", ["boss", "eve"]), "people.eve", {"slack": "@U1"})
    [finding] = findings(written)
    assert (finding.code, finding.path) == ("person-unreachable", "people.eve")
    assert "is in the catch-all" in finding.found


def test_one_channel_is_enough_for_the_catch_all():
    assert told(put(changed("escalation.catch_all", ["boss", "eve"]), "people.eve", person(4, "phone"))) == []


def test_in_the_outbox_everybody_is_reached():
    written = put(changed("people.bob", {"slack": "@U1"}), "outbox", True)
    assert told(written) == [("outbox-on", "outbox")]


def test_a_level_whose_channels_are_all_switched_off():
    written = put(changed("channels.phone", False), "escalation.policies.high.levels.1", level(
        "boss", "boss", delay="10m", notification_channels=["phone"]
    ))  # fmt: skip
    [finding] = findings(written)
    assert (finding.code, finding.path) == ("level-never-fires", "escalation.policies.high.levels[1]")
    assert finding.found == "level 2 (boss) of high can never fire: phone is switched off"


def test_a_level_with_one_channel_left_fires():
    written = put(changed("channels.phone", False), "escalation.policies.high.levels.1", level(
        "boss", "boss", delay="10m", notification_channels=["phone", "email"]
    ))  # fmt: skip
    assert told(written) == []


def test_a_level_of_people_whom_none_of_its_channels_reaches_is_told_once():
    written = put(changed("people.boss", person(3, "email")), "escalation.policies.high.levels.1", level(
        "boss", "boss", delay="10m", notification_channels=["sms"]
    ))  # fmt: skip
    [finding] = findings(written)
    assert (finding.code, finding.path) == ("level-never-fires", "escalation.policies.high.levels[1]")
    assert "boss cannot be reached on sms" in finding.found
    assert finding.mend == "Give somebody the contact phone, or name other channels."


def with_second(**more):
    """A second level on a rotation of its own, beside boss behind it."""
    high = policy(
        level("primary", "oncall"),
        level("second", "second", delay="10m", timeout="10m"),
        level("boss", "boss", delay="20m", timeout="1h"),
    )
    written = changed("escalation.policies.high", high)
    return put(written, "rotations.second", weekly("eve", **more)) | {"people": {**written["people"], "eve": person(4)}}


def test_a_rotation_whose_members_all_have_left():
    written = put(with_second(), "rotations.second.members", [{"name": "eve", "until": "2026-11-01"}])
    assert told(written) == [("level-never-fires", "escalation.policies.high.levels[1]")]


def test_a_rotation_about_one_holiday_in_nearly_a_year_can_fire():
    written = put(with_second(restrictions=[{"holidays": "only"}]), "holidays", {"dates": ["2027-11-01"]})
    assert told(written) == [("level-off-duty", "escalation.policies.high.levels[1].responders")]
    written = put(written, "holidays", {"dates": ["2028-06-01"]})
    assert told(written) == [("level-never-fires", "escalation.policies.high.levels[1]")]


def test_people_who_want_no_pages_of_the_only_severity_there_is():
    everything = {each: ["email", "sms"] for each in ("high", "medium", "low")}
    low = policy(level("primary", "boss", delay=0), level("second", "ada", delay="10m"))
    written = put(changed("escalation.policies.low", low), "people.boss.quiet", everything)
    [finding] = findings(written)
    assert (finding.code, finding.path) == ("level-never-fires", "escalation.policies.low.levels[0]")
    assert "boss wants no low pages on any channel" in finding.found


def test_a_person_who_wants_none_on_these_channels_is_paged_on_another():
    low = policy(level("primary", "boss", notification_channels=["sms"]), level("second", "ada", delay="10m"))
    assert told(put(changed("escalation.policies.low", low), "people.boss.quiet", {"low": ["sms"]})) == []


def test_critical_always_comes_through_so_a_policy_that_takes_it_can_fire():
    everything = {each: ["email", "sms"] for each in ("high", "medium", "low")}
    assert told(changed("people.boss.quiet", everything)) == []  # the policy `high` is the default of critical, too


def test_a_policy_none_of_whose_levels_can_fire_is_told_instead_of_them():
    low = policy(level("primary", "oncall", notification_channels=["phone"]))
    written = put(changed("channels.phone", False), "escalation.policies.low", low)
    [finding] = findings(written)
    assert (finding.code, finding.path) == ("policy-never-pages", "escalation.policies.low")
    assert finding.found == "no level of low can ever fire: phone is switched off"


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("escalation.default_policy", "night"),
        ("sources.grafana.policy", "night"),
        ("routes", [{"match": {"title": "x"}, "policy": "night"}]),
        ("heartbeats", {"backup": {"interval": "5m", "policy": "night"}}),
    ],
)
def test_a_policy_is_used_when_something_names_it(section, value):
    written = changed("escalation.policies.night", policy(level("primary", "ada")))
    assert told(written) == [("policy-unused", "escalation.policies.night")]
    if section == "escalation.default_policy":
        written["escalation"]["policies"] |= dict.fromkeys(
            ("critical", "medium", "low"), written["escalation"]["policies"]["high"]
        )
    assert told(put(written, section, value)) == []


def test_an_empty_catch_all():
    assert told(changed("escalation.catch_all", [])) == [("catch-all-empty", "escalation.catch_all")]


def of_team(**stand_ins):
    written = put(sound(), "teams", {"db": stand_ins})
    return put(written, "routes", [{"match": {"labels": {"team": "db"}}, "team": "db"}])


def test_what_a_team_makes_of_a_policy_is_looked_at():
    written = put(of_team(oncall="eve"), "people.eve", {"slack": "@U1"})
    [finding] = findings(written)
    assert (finding.code, finding.path) == ("level-never-fires", "teams.db")
    assert "level 1 (primary) of high for team db can never fire" in finding.found


def test_a_team_that_no_route_takes_or_that_changes_nobody_earns_nothing():
    written = put(of_team(oncall="eve"), "people.eve", {"slack": "@U1"})
    assert told(put(written, "routes", [])) == []
    assert told(of_team(oncall="oncall")) == []
