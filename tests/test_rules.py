"""Rules: what config makes of a severity, a responder and a channel, at the instant asked for."""

import pytest

from core.rules import Rules
from core.severity import Severity
from tests.samples import POLICIES, RULES, T0, at, config_dict, rules

WEEK = 7 * 86_400
WIRED = rules(
    channels={
        "email": {"url": "mailto://x?to={email}"},
        "sms": {"url": "json://sms.example.com/{phone}"},
        "slack": False,
    },
    people={
        "user2": {"email": "p2@example.com", "phone": "+15550100002"},
        "vp": {"email": "vp@example.com"},
        "director": {"phone": "+15550100008"},
    },
)

HIGH = Severity.HIGH


def escalation(**changes):
    return config_dict()["escalation"] | changes


def source(**fields):
    return rules(sources={"s": {"type": "generic", "token": "t", **fields}})


def rotation_of(holidays=None, **fields):
    primary = config_dict()["rotations"]["oncall_primary"] | fields
    return rules(rotations={"oncall_primary": primary}, holidays=holidays or {})


# Policies


@pytest.mark.parametrize("severity", Severity)
def test_each_severity_has_the_policy_of_its_name(severity):
    name, policy = RULES.policy_for("generic", severity)
    assert name == severity
    assert [level.delay for level in policy.levels] == [level["delay"] for level in POLICIES[severity]["levels"]]


def test_a_severity_without_a_policy_has_the_default_policy():
    few = rules(escalation=escalation(policies={"medium": POLICIES["medium"]}))
    assert few.policy_for("generic", Severity.CRITICAL)[0] == "medium"


def test_a_source_may_have_a_policy_of_its_own():
    assert source(policy="low").policy_for("s", Severity.CRITICAL)[0] == "low"


def test_a_source_nobody_configured_has_the_policy_of_the_severity():
    assert RULES.policy_for("unknown", Severity.HIGH)[0] == "high"


def test_a_faster_source_has_every_time_divided():
    name, policy = RULES.policy_for("demo", Severity.LOW)
    assert name == "critical"
    assert [(level.delay, level.timeout) for level in policy.levels] == [(0, 10), (20, 20), (60, 60), (120, 120)]
    assert (policy.repeat_interval, policy.max_repeats, policy.sla_timeout) == (240, 3, 120)


def test_no_speed_makes_a_timeout_of_nothing():
    _, policy = source(speedup=86_400).policy_for("s", Severity.CRITICAL)
    assert {level.timeout for level in policy.levels} == {1}
    assert policy.sla_timeout == 1


# Who


def test_the_rotation_gives_whoever_is_on_call_at_that_instant():
    on_call = [dict(RULES.people(["oncall_primary"], at(week * WEEK)))["oncall_primary"] for week in range(4)]
    assert on_call == ["user2", "user3", "user1", "user2"]


def test_a_person_stands_for_themselves_and_a_name_nobody_has_for_nobody():
    assert list(RULES.people(["vp", "gone"], T0)) == [("vp", "vp")]


def test_rotations_hand_over_by_their_own_clock():
    """09:00 on Monday in Auckland is Sunday evening in UTC."""
    rotation = config_dict()["rotations"]["oncall_primary"] | {"timezone": "Pacific/Auckland"}
    far = rules(rotations={"oncall_primary": rotation})
    sunday = at(-11 * 3600)
    assert dict(far.people(["oncall_primary"], sunday)) != dict(RULES.people(["oncall_primary"], sunday))
    assert dict(far.people(["oncall_primary"], T0)) == dict(RULES.people(["oncall_primary"], T0))


def test_a_rotation_without_a_zone_hands_over_by_the_clock_of_the_config():
    tokyo = rules(timezone="Asia/Tokyo")
    early = at(-2 * 3600)  # 08:00 in UTC, after 09:00 in Tokyo
    assert dict(tokyo.people(["oncall_primary"], early)) == {"oncall_primary": "user2"}
    assert dict(RULES.people(["oncall_primary"], early)) == {"oncall_primary": "user1"}


def test_in_a_declared_gap_a_rotation_stands_for_nobody():
    office = rotation_of(restrictions=[{"from": "11:00", "to": "12:00"}])
    assert list(office.people(["oncall_primary"], T0)) == []
    assert office.reach(["oncall_primary"], ["email"], HIGH, T0).why_nobody == "nobody is on it"
    assert dict(office.people(["oncall_primary"], at(3600))) == {"oncall_primary": "user2"}


def test_holidays_of_the_config_count_in_its_rotations():
    working_days = rotation_of(restrictions=[{"holidays": "excluded"}], holidays={"dates": ["2026-11-24"]})
    assert dict(working_days.people(["oncall_primary"], T0)) == {"oncall_primary": "user2"}
    assert list(working_days.people(["oncall_primary"], at(86_400))) == []


@pytest.mark.parametrize(("name", "known"), [("vp", True), ("oncall_primary", True), ("bob", False), ("", False)])
def test_people_and_rotations_are_known_by_name(name, known):
    assert RULES.knows(name) is known


# Reach


def test_reach_gives_each_person_on_each_channel_that_reaches_them():
    reach = WIRED.reach(["user2", "vp"], ["email", "sms", "slack"], HIGH, T0)
    assert reach.pages == (("user2", "email"), ("user2", "sms"), ("vp", "email"))
    assert reach.unreachable == ()


def test_reach_names_whom_no_channel_reaches():
    reach = WIRED.reach(["gone", "vp", "director"], ["sms"], HIGH, T0)
    assert reach.pages == (("director", "sms"),)
    assert reach.unreachable == ("gone", "vp")


def test_reach_says_why_there_is_nobody():
    assert WIRED.reach([], ["sms"], HIGH, T0).why_nobody == "nobody is on it"
    assert (
        WIRED.reach(["vp", "gone", "vp"], ["sms"], HIGH, T0).why_nobody == "gone, vp cannot be reached on its channels"
    )


def test_whoever_is_on_call_and_named_as_well_is_reached_once():
    reach = RULES.reach(["oncall_primary", "user2"], ["email", "email"], HIGH, T0)
    assert reach.pages == (("user2", "email"),)


@pytest.mark.parametrize(
    ("person", "channel", "reached"),
    [
        ("user2", "email", True),
        ("user2", "sms", True),
        ("vp", "sms", False),
        ("user2", "slack", False),
        ("user2", "pager", False),
        ("bob", "email", False),
    ],
)
def test_a_channel_reaches_whoever_has_the_contact_it_needs(person, channel, reached):
    assert WIRED.can_reach(person, channel) is reached


def test_a_channel_without_credentials_reaches_nobody_when_others_have_some():
    half = rules(channels={"email": {"url": "mailto://x?to={email}"}, "sms": {"url": ""}})
    assert half.can_reach("vp", "email")
    assert not half.can_reach("vp", "sms")


def test_in_outbox_mode_every_channel_that_is_in_use_reaches_everybody():
    newcomer = rules(people={"vp": {}}, channels={"email": {"url": ""}, "sms": False})
    assert newcomer.can_reach("vp", "email")
    assert not newcomer.can_reach("vp", "sms")


# Catch-all, next channel, quiet channels


def test_the_catch_all_is_paged_on_the_channels_of_the_policy():
    _, low = RULES.policy_for("generic", Severity.LOW)
    assert RULES.catch_all(low, Severity.LOW, T0).pages == (("team_manager", "email"),)


def test_the_catch_all_is_paged_on_any_channel_when_the_policys_reach_nobody():
    few = rules(
        escalation=escalation(catch_all=["director"]),
        channels={"email": {"url": "mailto://x?to={email}"}, "sms": {"url": "json://x/{phone}"}},
        people={"director": {"phone": "+15550100008"}},
    )
    _, low = few.policy_for("generic", Severity.LOW)
    assert few.catch_all(low, Severity.LOW, T0).pages == (("director", "sms"),)


def test_the_next_channel_is_the_first_of_the_config_that_reaches_them_and_was_not_tried():
    assert WIRED.next_channel("user2", HIGH, []) == "email"
    assert WIRED.next_channel("user2", HIGH, ["email"]) == "sms"
    assert WIRED.next_channel("user2", HIGH, ["email", "sms"]) is None
    assert WIRED.next_channel("vp", HIGH, ["email"]) is None
    assert WIRED.next_channel("bob", HIGH, []) is None


@pytest.mark.parametrize(("channel", "quiet"), [("email", True), ("slack", True), ("sms", False), ("phone", False)])
def test_notices_let_people_sleep(channel, quiet):
    assert RULES.is_quiet(channel) is quiet


def test_the_config_may_say_what_is_quiet():
    said = rules(channels={"email": {"url": "", "quiet": False}, "sms": {"url": "", "quiet": True}, "slack": False})
    assert not said.is_quiet("email")
    assert said.is_quiet("sms")
    assert not said.is_quiet("slack")
    assert not said.is_quiet("pager")


def test_each_person_hears_on_the_first_quiet_channel_they_were_paged_on():
    paged = [("vp", "sms"), ("vp", "slack"), ("vp", "email"), ("user1", "email")]
    assert RULES.quiet_channels(paged, HIGH) == {"vp": "slack", "user1": "email"}


def test_whoever_was_paged_loudly_only_hears_on_a_quiet_channel_that_reaches_them_if_there_is_one():
    assert WIRED.quiet_channels([("user2", "sms"), ("director", "sms")], HIGH) == {"user2": "email"}


# Severities


@pytest.mark.parametrize(
    ("word", "severity"),
    [("critical", "critical"), (" P1 ", "critical"), ("Warning", "medium"), ("whatever", "medium"), (None, "medium")],
)
def test_a_senders_word_stands_for_a_severity(word, severity):
    assert RULES.severity_of("generic", word) == severity


def test_a_source_may_give_words_a_meaning_of_their_own():
    own = source(severities={"warning": "critical"}, default_severity="low")
    assert own.severity_of("s", "WARNING") == "critical"
    assert own.severity_of("s", "whatever") == "low"
    assert own.severity_of("other", "warning") == "medium"


def test_rules_hold_no_state_that_asking_changes():
    asked = Rules(RULES.config)
    first = asked.reach(["oncall_primary"], ["email"], HIGH, T0)
    asked.reach(["oncall_primary"], ["email"], HIGH, at(WEEK))
    assert asked.reach(["oncall_primary"], ["email"], HIGH, T0) == first
