"""What people prefer and what they want to be left alone with: which channel is chosen, and what is said when none."""

import pytest

from core.commands import Reassign, Resolve
from core.lifecycle import trigger
from core.rules import Rules
from core.severity import Severity
from tests.samples import PEOPLE, POLICIES, T0, config_dict, decided, firing, level, refused, rules, triggered

CRITICAL, HIGH, MEDIUM, LOW = Severity
CHANNELS = ("email", "slack", "sms", "phone")


def with_user2(**choices) -> Rules:
    return rules(people=PEOPLE | {"user2": PEOPLE["user2"] | choices})


def without_low_pages(*levels) -> Rules:
    """A ladder for low alerts on which user2 stands, who wants none of them."""
    ladder = {"levels": list(levels), "repeat_interval": 7200, "max_repeats": 0, "sla_timeout": 3600}
    escalation = config_dict()["escalation"] | {"policies": POLICIES | {"low": ladder}}
    nothing = {"quiet": {"low": list(CHANNELS)}}
    return rules(people=PEOPLE | {"user2": PEOPLE["user2"] | nothing}, escalation=escalation)


def pages(asked: Rules, channels, severity) -> tuple[str, ...]:
    return tuple(channel for _, channel in asked.reach(["user2"], channels, severity, T0).pages)


def test_the_next_channel_is_the_one_that_is_preferred_and_then_the_quiet_ones_as_ever():
    asked = with_user2(prefer=["phone", "slack"])
    tried: list[str] = []
    while channel := asked.next_channel("user2", HIGH, tried):
        tried.append(channel)
    assert tried == ["phone", "slack", "email", "sms"]


def test_without_a_preference_it_is_as_ever():
    tried: list[str] = []
    while channel := rules().next_channel("user2", HIGH, tried):
        tried.append(channel)
    assert tried == ["email", "slack", "sms", "phone"]


def test_channels_that_are_named_first_go_before_what_is_preferred_elsewhere():
    asked = with_user2(prefer=["phone", "slack"])
    assert asked.next_channel("user2", HIGH, (), ["email", "slack"]) == "slack"
    assert asked.next_channel("user2", HIGH, ("slack",), ["email", "slack"]) == "email"
    assert asked.next_channel("user2", HIGH, ("slack", "email"), ["email", "slack"]) == "phone"


def test_a_preference_for_a_channel_that_does_not_reach_the_person_is_passed_over():
    people = {"user2": {"email": "u@example.com", "prefer": ["sms", "email"]}}
    channels = {"email": {"url": "mailto://x?to={email}"}, "sms": {"url": "json://x/{phone}"}}
    assert rules(people=people, channels=channels).next_channel("user2", HIGH) == "email"


@pytest.mark.parametrize(
    ("severity", "channels"),
    [
        (CRITICAL, CHANNELS),
        (HIGH, CHANNELS),
        (MEDIUM, ("email", "slack", "sms")),
        (LOW, ("email", "slack")),
    ],
)
def test_a_page_goes_nowhere_where_its_severity_is_not_wanted(severity, channels):
    asked = with_user2(quiet={"low": ["sms", "phone"], "medium": ["phone"]})
    assert pages(asked, CHANNELS, severity) == channels


def test_a_level_whose_channels_are_all_quiet_pages_on_the_next_channel_by_preference():
    asked = with_user2(quiet={"low": ["sms", "phone"]}, prefer=["slack", "email"])
    assert pages(asked, ["sms", "phone"], LOW) == ("slack",)
    assert pages(asked, ["sms", "phone"], MEDIUM) == ("sms", "phone")


def test_whoever_wants_no_such_pages_at_all_is_said_to_and_not_passed_over_in_silence():
    asked = with_user2(quiet={"low": list(CHANNELS)})
    reach = asked.reach(["user2", "user3"], ["email"], LOW, T0)
    assert reach.pages == (("user3", "email"),)
    assert (reach.unreachable, reach.unwilling) == ((), ("user2",))
    assert reach.who_wants_none == "user2 wants no low pages"
    alone = asked.reach(["user2", "gone"], ["email"], LOW, T0)
    assert alone.why_nobody == "gone cannot be reached on its channels; user2 wants no low pages"


def test_several_who_want_none_are_named_together():
    nothing = {"quiet": {"low": list(CHANNELS)}}
    asked = rules(people=PEOPLE | {name: PEOPLE[name] | nothing for name in ("user2", "vp")})
    assert asked.reach(["user2", "vp"], ["email"], LOW, T0).why_nobody == "user2, vp want no low pages"


def test_the_catch_all_is_asked_too():
    asked = rules(people=PEOPLE | {"team_manager": PEOPLE["team_manager"] | {"quiet": {"low": list(CHANNELS)}}})
    _, policy = asked.policy_for("generic", LOW)
    assert asked.catch_all(policy, LOW, T0).why_nobody == "team_manager wants no low pages"
    assert asked.catch_all(policy, HIGH, T0).pages == (("team_manager", "email"),)


def test_a_fail_over_never_goes_where_it_is_not_wanted():
    asked = with_user2(quiet={"medium": ["phone", "sms"]}, prefer=["phone", "slack", "sms"])
    assert asked.first_reaching("user2", MEDIUM, CHANNELS, ["slack"]) == "email"
    assert asked.first_reaching("user2", MEDIUM, CHANNELS, ["slack", "email"]) is None
    assert asked.next_channel("user2", MEDIUM, ["slack", "email"]) is None
    assert asked.first_reaching("user2", HIGH, CHANNELS, ["slack"]) == "phone"


def test_a_notice_goes_nowhere_where_its_severity_is_not_wanted():
    asked = with_user2(quiet={"low": ["email"]})
    paged = [("user2", "email"), ("vp", "email")]
    assert asked.quiet_channels(paged, LOW) == {"user2": "slack", "vp": "email"}
    assert asked.quiet_channels(paged, HIGH) == {"user2": "email", "vp": "email"}
    nothing = with_user2(quiet={"low": ["email", "slack"]})
    assert nothing.quiet_channels(paged, LOW) == {"vp": "email"}


def test_somebody_who_has_left_the_config_wants_everything():
    assert rules().wants("gone", "email", LOW)


def test_an_alert_is_not_reassigned_to_who_wants_none_of_its_severity():
    asked = with_user2(quiet={"low": list(CHANNELS)})
    refusal = refused(triggered("low", rules=asked), Reassign("user1", "api", to="user2"), T0, asked)
    assert (refusal.code, refusal.reason) == ("unreachable", "user2 wants no low pages")


def test_a_level_of_which_nobody_wants_its_pages_is_left_at_once_and_says_why():
    first, second = level("first", 0, ["sms"], ["user2"], 600), level("second", 600, ["email"], ["vp"], 600)
    asked = without_low_pages(first, second)
    decision = trigger(1, firing("low", asked), T0, asked)
    told = [(event.kind.value, event.details.get("reason")) for event in decision.events]
    assert ("skipped", "user2 wants no low pages") in told
    assert [(each.responder, each.channel) for each in decision.notifications] == [("vp", "email")]


def test_the_timeline_says_who_was_left_alone_when_others_were_paged():
    asked = without_low_pages(level("first", 0, ["email"], ["user2", "vp"], 600))
    fired = next(e for e in trigger(1, firing("low", asked), T0, asked).events if e.kind.value == "triggered")
    assert fired.details["unwilling"] == "user2 wants no low pages"


def test_whoever_wants_no_low_notices_is_not_told_that_it_is_over():
    asked = with_user2(quiet={"low": ["slack"]})
    over = decided(triggered("low", rules=asked), Resolve("user1", "api"), T0, asked)
    assert [(each.responder, each.channel) for each in over.notifications] == [("user2", "email")]
