"""Times, rounds, reminders, SLA and words: what is told when the numbers of a config change."""

from tests.comparing.telling import high, put, sample, told
from tests.samples import POLICIES, rotation

TRACKING = {
    "acknowledgment_timeout": 1800,
    "timeouts": {"acknowledgment": {"critical": 300, "high": 900}},
    "reminders": {"interval": {"critical": 300, "high": 600}, "max_reminders": 3, "channels": ["email"]},
}
SLA = {
    "definitions": {
        "high": {
            "acknowledgment_time": 1800,
            "resolution_time": 14400,
            "business_hours": True,
            "allowed_breaches": 1,
        }
    },
    "business_hours": {"start_time": "09:00", "end_time": "17:00", "weekdays": [0, 1, 2, 3, 4]},
    "monitoring": {"notification_channels": ["email", "slack"]},
}


def tracked(**changes):
    written = sample(response_tracking=TRACKING, sla=SLA)
    for path, value in changes.items():
        put(written, path, value)
    return written


def test_a_later_level_moves_those_after_it_and_that_is_told_once():
    said = (
        "high\n"
        "  level 2 (secondary) and level 3 (manager): 10 min later\n"
        "  the ladder is used up after 10 h 10 min instead of 10 h"
    )
    assert told(sample(), high(1, delay=2400)) == said
    assert told(sample(), high(0, timeout=2400)) == said
    assert told(high(0, timeout=2400), sample()).splitlines()[1] == (
        "  level 2 (secondary) and level 3 (manager): 10 min earlier"
    )
    slower = sample(escalation__policies__critical__levels__0__delay=3600)
    assert told(sample(), slower).splitlines()[1:4] == [
        "  level 1 (primary): 1 h later, after 1 h",
        "  level 2 (secondary): 55 min later, after 1 h 5 min",
        "  level 3 (manager) and level 4 (executive): 45 min later",
    ]


def test_a_level_that_is_later_by_itself_is_told_by_itself():
    # The third level of critical waits for its own delay, which the second's does not move.
    new = sample(escalation__policies__critical__levels__1__delay=900)
    assert told(sample(), new) == "critical\n  level 2 (secondary): 5 min later, after 15 min"


def test_seconds_are_told_to_the_second():
    new = sample(escalation__policies__critical__levels__1__delay=610)
    assert told(sample(), new) == "critical\n  level 2 (secondary): 10 s later, after 10 min 10 s"


def test_a_later_level_asks_whoever_is_on_call_then_and_that_is_no_change_of_people():
    # Fired 10 min later it is past the handoff for whoever comes in just before it.
    new = high(1, delay=2400)
    assert "instead of user" not in told(sample(), new)


def test_other_rounds():
    new = sample(escalation__policies__high__max_repeats=0)
    assert told(sample(), new) == "high\n  1 round instead of 3\n  the ladder is used up after 2 h instead of 10 h"
    slower = sample(escalation__policies__high__repeat_interval=18000)
    assert told(sample(), slower) == (
        "high\n  round 2 after 5 h instead of 4 h\n  the ladder is used up after 12 h instead of 10 h"
    )


def test_a_severity_without_a_policy_takes_the_default():
    written = sample(escalation__default_policy="high")
    del written["escalation"]["policies"]["low"]
    assert told(sample(), written).splitlines()[:2] == ["low", "  takes the policy high instead of low"]


def test_reminders():
    assert told(tracked(), tracked(response_tracking__timeouts__acknowledgment__high=600)) == (
        "high\n  the first reminder after 10 min instead of 15 min"
    )
    assert told(tracked(), tracked(response_tracking__reminders__interval__critical=600)) == (
        "critical\n  9 reminders in the first round instead of 10\n  then one every 10 min instead of 5 min"
    )
    fewer = told(tracked(), tracked(response_tracking__reminders__max_reminders=1)).split("\n\n")
    assert fewer == [
        "critical\n  4 reminders in the first round instead of 10",
        "high\n  3 reminders in the first round instead of 7",
    ]
    off = told(tracked(), tracked(response_tracking__reminders__enabled=False)).split("\n\n")
    assert off[0] == "critical\n  no reminder in the first round instead of 10"
    assert told(tracked(response_tracking__reminders__enabled=False), tracked()).splitlines()[1] == (
        "  10 reminders in the first round instead of none"
    )
    assert told(tracked(), tracked(response_tracking__reminders__channels=["email", "sms"])) == (
        "every severity\n  reminders: by email and sms instead of email"
    )


def test_fewer_reminders_that_follow_from_other_levels_are_not_told():
    new = tracked(escalation__policies__high__levels=POLICIES["high"]["levels"][:2])
    assert "reminder" not in told(tracked(), new)


def test_sla():
    assert told(tracked(), tracked(sla__definitions__high__acknowledgment_time=1200)) == (
        "high\n  SLA acknowledgment: within 20 min instead of 30 min of business hours"
    )
    assert told(tracked(), tracked(sla__monitoring__warning_threshold=0.5)) == (
        "high\n"
        "  SLA acknowledgment: at risk after 15 min instead of 24 min\n"
        "  SLA resolution: at risk after 2 h instead of 3 h 12 min"
    )
    assert told(tracked(), tracked(sla__definitions__high__business_hours=False)) == (
        "high\n"
        "  SLA acknowledgment: within 30 min around the clock instead of 30 min of\n"
        "    business hours\n"
        "  SLA resolution: within 4 h around the clock instead of 4 h of business hours"
    )
    assert told(tracked(), tracked(sla__business_hours__weekdays=[0, 1, 2, 3, 4, 5])) == (
        "high\n  SLA business hours: Mon-Sat 09:00 to 17:00 UTC instead of Mon-Fri 09:00 to\n    17:00 UTC"
    )
    assert told(tracked(), tracked(sla__monitoring__notification_channels=["slack"])) == (
        "high\n  SLA acknowledgment and resolution: told by slack instead of email and slack"
    )
    assert told(tracked(), tracked(sla={})).splitlines()[:3] == [
        "high",
        "  SLA acknowledgment: none any more",
        "  SLA resolution: none any more",
    ]
    new = tracked(response_tracking__sla_monitoring={"enabled": True})
    assert told(tracked(), new).splitlines()[1] == "  SLA policy timeout: within 1 h, where there was none"


def test_words_of_senders_are_told_and_not_simulated():
    nothing = "  no ladder changes\n\nsenders, routes and silences\n"
    assert told(sample(), sample(severities={"default": "low"})) == (
        f"{nothing}  any other word, or none, means low instead of medium"
    )
    own = sample(sources__grafana__severities={"panic": "low", "p1": "low", "red": "high"})
    assert told(sample(), own) == (
        f'{nothing}  words "panic", "p1" of grafana mean low instead of critical\n'
        '  word "red" of grafana means high instead of medium'
    )
    few = sample(severities={"words": {"critical": ["red"], "high": [], "medium": ["warn"], "low": []}})
    said = " ".join(told(sample(), few).split())
    assert 'words "crit", "fatal", "emergency", "emerg", "alert", "panic" and 12 more mean medium instead of' in said
    assert 'word "red" means critical instead of medium' in said
    assert "warn" not in said


def test_the_zone_of_the_config_moves_handoffs_and_is_said_once():
    text = told(sample(), sample(timezone="Europe/Berlin"))
    assert text.splitlines()[:3] == [
        "every severity",
        "  Mon 30 Nov 09:00 to 10:00, Mon 21 Dec 09:00 to 10:00",
        "    level 1 (primary): user3 instead of user2",
    ]
    assert text.splitlines()[-1] == "Also changed: timezone"
    assert "Berlin" not in text


def test_what_shows_nothing_in_this_time_is_named():
    new = sample(rotations__spare=rotation("user1"), escalation__policies__spare=POLICIES["low"])
    assert told(sample(), new) == (
        "  no ladder changes\n\nChanged without effect in this time: escalation.policies.spare, rotations.spare"
    )
    later = sample(rotations__oncall_primary__members=["user1", "user2", "user3", {"name": "vp", "from": "2027-06-01"}])
    assert (
        told(sample(), later) == "  no ladder changes\n\nChanged without effect in this time: rotations.oncall_primary"
    )
    both = sample(
        rotations__oncall_primary__members=["user1", "user2", "user3", {"name": "vp", "from": "2027-06-01"}],
        escalation__policies__high__levels__1__delay=2400,
    )
    assert "without effect" not in told(sample(), both)  # something of what asks that rotation has changed
