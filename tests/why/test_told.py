"""What became of each page, why these people and these channels, and which way the alert took, in simulated time."""

from datetime import timedelta

import pytest

from core.commands import Reassign, Resolve
from core.ledger import State
from core.outcomes import Outcome, OutcomeKind
from tests.bundles import storm_config
from tests.duties import override as override_of
from tests.samples import PEOPLE, POLICIES, config, config_dict, level, rotation, signal
from tests.tracked import tracked
from tests.why.cases import URLS, explained, steps, told, verdict
from tests.worlds import World

REJECTED = Outcome(OutcomeKind.REJECTED, "no such user")
REFUSED = Outcome(OutcomeKind.UNAVAILABLE, "connection refused")
USER2 = "on call in oncall_primary, Mon 23 Nov 09:00 to Mon 30 Nov 09:00 UTC"
LOW = {"severity": "low"}  # by mail only, to oncall_primary


@pytest.fixture
def world(client):
    return World(client, config(channels=URLS))


def asking(client, *responders, on=("email",), repeats=0, **changes) -> World:
    """Critical alerts ask these, and the catch-all is vp."""
    ladder = {
        "levels": [level("only", 0, list(on), list(responders), 300)],
        "repeat_interval": 7200,
        "max_repeats": repeats,
        "sla_timeout": 3600,
    }
    escalation = config_dict()["escalation"] | {"policies": POLICIES | {"critical": ladder}, "catch_all": ["vp"]}
    return World(client, config(**{"escalation": escalation, "channels": URLS} | changes))


def overridden(world: World, member: str, instead_of: str | None = None, **fields) -> None:
    """Somebody stands in on the whole first day."""
    given = override_of(member, "2026-11-23T00:00", "2026-11-24T00:00", instead_of, rotation="oncall_primary", **fields)
    world.client.hset("rung:overrides", given.id, given.dump())
    world.client.incr("rung:standing")


def test_what_came_is_said_in_one_line_for_all_its_channels(world):
    world.fires()
    assert told(world, "triggered") == [["user2 on email, slack and sms: sent", USER2]]


def test_what_came_late_says_how_late_and_after_which_failures(world):
    world.sender.outcomes["p2%40"] = REFUSED
    world.fires(**LOW)
    world.passes(5)
    world.sender.outcomes["p2%40"] = Outcome(OutcomeKind.UNAVAILABLE, "HTTP 503")
    world.passes(10)
    del world.sender.outcomes["p2%40"]
    world.passes(60)
    assert told(world, "triggered") == [
        ["user2 on email: sent after 4 attempts, 42 s later (before: connection refused twice and HTTP 503)", USER2]
    ]


def test_what_failed_says_how_and_where_it_went_instead(world):
    world.sender.outcomes["p2%40"] = REJECTED
    world.fires(**LOW)
    assert told(world, "triggered") == [
        [
            "user2",
            USER2,
            "on email: failed: no such user; it went to slack instead",
            "on slack: sent, in place of email, which failed",
        ]
    ]


def test_what_is_to_be_tried_again_says_when(world):
    world.sender.outcomes["p2%40"] = REFUSED
    world.fires(**LOW)
    assert told(world, "triggered") == [
        ["user2 on email: to be tried again: connection refused; next at 10:00:02 UTC", USER2]
    ]


def test_what_was_overtaken_by_an_answer_was_withdrawn(world):
    world.sender.outcomes["p2%40"] = REFUSED
    world.fires(**LOW)
    world.acknowledges(1, "user2")
    world.passes(60)
    assert told(world, "triggered") == [["user2 on email: withdrawn: connection refused", USER2]]


def test_what_was_not_even_tried_before_the_answer_says_so(client):
    world = World(client, config(channels=URLS))
    world.engine.receive("generic", [signal(severity="low")])
    assert told(world, "triggered") == [["user2 on email: queued 0 s ago and not sent yet", USER2]]
    world.acknowledges(1, "user2")
    assert told(world, "triggered") == [["user2 on email: withdrawn: somebody had answered before it was sent", USER2]]


def test_what_came_together_with_others_is_bundled(client):
    world = World(client, storm_config())
    for number in range(7):
        world.fires(f"key-{number}")
    world.passes(30)
    assert told(world, "triggered", 7) == [
        [
            "user2 (named by the level) on sms: sent, 20 s later, bundled: one message about this and 1 other alert",
        ]
    ]


def test_a_line_that_the_ledger_has_lost_is_told_from_the_timeline(world):
    world.sender.outcomes["U0002"] = REJECTED
    world.fires(severity="medium")
    for channel in ("email", "slack"):
        world.client.hdel("rung:ledger:1", f"2/user2/{channel}")
    assert told(world, "triggered") == [["user2", USER2, "on email: sent", "on slack: failed: no such user"]]


def test_what_failed_for_good_says_what_became_of_each_attempt(world):
    world.sender.outcomes["p2%40"] = REFUSED
    world.fires(**LOW)
    world.passes(3)
    world.sender.outcomes["p2%40"] = REJECTED
    world.passes(20)
    [[_, _, failed, sent]] = told(world, "triggered")
    assert failed == (
        "on email: failed after 3 attempts: no such user, 12 s later (before: connection refused twice); it went to "
        "slack instead"
    )
    assert sent == "on slack: sent, in place of email, which failed"


def test_what_a_worker_took_with_it_when_it_died_says_so(world):
    world.engine.receive("generic", [signal(severity="low")])
    assert world.ledger.claim(8, 8, {}, world.rules.config.bundling)  # and then it dies
    world.now += timedelta(seconds=6)
    world.send()
    assert told(world, "triggered") == [
        ["user2 on email: sent after 2 attempts, 6 s later, and of 1 attempt nobody knows the end", USER2]
    ]


def test_what_waits_in_a_storm_says_for_what(client):
    world = World(client, storm_config())
    for number in range(6):
        world.fires(f"key-{number}")
    world.passes(10)
    assert told(world, "triggered", 6) == [
        [
            (
                "user2 (named by the level) on sms: queued 10 s ago and not sent yet, in a storm to go together with "
                "others"
            ),
        ]
    ]


def test_what_has_left_no_trace_says_that_nobody_knows(world):
    world.engine.receive("generic", [signal(severity="low")])
    world.client.delete("rung:ledger:1")
    assert told(world, "triggered") == [
        ["user2 on email: the ledger has no line of it, so nobody knows what became of it", USER2]
    ]


def test_a_notice_says_to_whom_it_went_and_why(world):
    world.fires(**LOW)
    world.says(1, Resolve("user9", "api"))
    assert told(world, "resolved") == [["user2 (had been paged) on email: sent"]]


def test_reminders_and_sla_marks_say_what_was_owed_since_when_and_who_heard(client):
    world = tracked(client)
    world.fires()
    world.passes(700)
    world.acknowledges(1, "user5")
    world.passes(900)
    assert steps(world, "reminded", "sla_at_risk", "sla_breached") == [
        (240, "SLA acknowledgment is at risk: it must be acknowledged by 10:05:00 UTC, in 1 min."),
        (300, "SLA acknowledgment is breached: it had to be acknowledged by 10:05:00 UTC, 5 min after it came in."),
        (300, "Reminder to its level: nobody has answered (1 of 3), 5 min after level 1 fired."),
        (1600, "Reminder to user5: an update is due (1 of 3), 15 min after the acknowledgment."),
    ]
    assert told(world, "sla_breached") == [["user2 (asked by its level) on email and slack: sent"]]
    reminded = [each for each in explained(world)["steps"] if each["event"] == "reminded"]
    assert [(each["person"], each["why"]) for each in reminded[-1]["told"]] == [("user5", "has it")]


def test_a_breach_in_business_hours_says_that_only_those_count(client):
    world = tracked(client)
    world.fires(severity="high")
    world.acknowledges(1)
    world.passes(4 * 3600)
    assert steps(world, "sla_breached")[-1] == (
        4 * 3600,
        (
            "SLA resolution is breached: it had to be resolved by 14:00:00 UTC, 4 h after it came in, as only "
            "business hours count."
        ),
    )


def test_whoever_stands_in_by_an_override_is_named_with_who_ordered_it_and_why(client):
    world = asking(client, "oncall_primary")
    overridden(world, "vp", "user2", note="dentist")
    world.fires()
    assert told(world, "triggered") == [
        [
            "vp on email: sent",
            (
                "on call in oncall_primary through override 1 by ada: dentist (vp instead of user2, Mon 23 Nov 00:00 "
                "to Tue 24 Nov 00:00 UTC)"
            ),
        ]
    ]


def test_who_is_named_and_who_is_given_it(client):
    world = asking(client, "user1")
    world.fires()
    world.says(1, Reassign("user1", "api", "user3"))
    assert told(world, "triggered") == [["user1 (named by the level) on email: sent"]]
    assert told(world, "reassigned") == [["user3 (to whom it was given) on email: sent"]]


def test_who_is_on_the_catch_all(client):
    world = asking(client, "user1")
    world.fires()
    world.passes(300)
    assert told(world, "exhausted") == [["vp (named by the catch-all) on email: sent"]]


def test_who_stands_in_for_a_team(client):
    world = asking(
        client,
        "oncall_primary",
        "team_manager",
        rotations={"oncall_primary": rotation("user1"), "db": rotation("user4")},
        teams={"db": {"oncall_primary": "db", "team_manager": "user6"}},
        routes=[{"name": "databases", "match": {"title": "/Disk/"}, "team": "db"}],
    )
    world.fires()
    assert told(world, "triggered") == [
        [
            "user4 on email: sent",
            "on call in db (for team db in place of oncall_primary), Mon 23 Nov 09:00 to Mon 30 Nov 09:00 UTC",
        ],
        ["user6 on email: sent", "named by the level (for team db in place of team_manager)"],
    ]


def test_channels_that_do_not_reach_somebody_or_are_not_wanted_are_named_with_the_reason(client):
    people = PEOPLE | {"user2": {"email": "p2@example.com", "slack": "@U0002"}}
    world = asking(client, "user2", on=("email", "slack", "sms"), channels=URLS | {"slack": False}, people=people)
    world.fires()
    assert told(world, "triggered") == [
        [
            "user2 (named by the level) on email: sent",
            "not on slack: it is switched off in the config",
            "not on sms: user2 has no phone in the config",
        ]
    ]


def test_somebody_who_wants_no_such_pages_is_paged_where_they_do_and_it_is_told_why(client):
    people = PEOPLE | {"user2": PEOPLE["user2"] | {"quiet": {"low": ["email"]}}}
    world = World(client, config(channels=URLS, people=people))
    world.fires(**LOW)
    assert told(world, "triggered") == [["user2 on slack: sent", USER2, "not on email: user2 wants no low pages there"]]


def test_a_level_that_reached_nobody_says_of_each_why_not(client):
    people = PEOPLE | {"user2": {"slack": "@U0002"}}
    world = asking(client, "user2", "gone", on=("email", "sms"), people=people)
    world.fires()
    assert told(world, "skipped") == [
        [
            "user2 (not paged)",
            "not on email: user2 has no email in the config",
            "not on sms: user2 has no phone in the config",
        ],
        ["gone (not paged)", "not on email: gone is gone from the config", "not on sms: gone is gone from the config"],
    ]


def test_when_config_has_changed_since_it_says_so_and_whom_it_gives_now(client):
    asking(client, "oncall_primary").fires()
    now = asking(client, "oncall_primary", rotations={"oncall_primary": rotation("user3")})
    assert told(now, "triggered") == [
        ["user2 on email: sent", "not by config and overrides as they are now: they have changed since"]
    ]
    [step] = [each for each in explained(now)["steps"] if each["event"] == "triggered"]
    assert step["changed"] == (
        "By config and overrides as they are now user3 would have been asked: they have changed since."
    )


def test_an_event_that_is_missing_does_not_hide_whom_it_told(world):
    world.fires(**LOW)
    lines = world.client.lrange("rung:timeline:1", 0, -1)
    world.client.lrem("rung:timeline:1", 1, next(line for line in lines if b'"triggered"' in line))
    assert steps(world)[1] == (0, "user2 was told of an event that is not kept.")
    assert told(world, "notified") == [["user2 on email: sent"]]
    assert verdict(world, "user2") == "user2 was paged at 10:00:00 UTC, on email."


def test_an_event_of_a_newer_rung_is_told_by_its_name(world):
    world.fires(**LOW)
    world.client.rpush("rung:timeline:1", '{"at":"2026-11-23T10:00:09Z","event":"handed_over","n":4}')
    assert steps(world)[-1] == (9, "Handed over.")


WAYS = [
    (
        {},
        {"severity": "high"},
        (
            "It came in from generic as high. No route took it, so it goes by the policy of its severity, high: up to "
            "3 rounds of primary, secondary and manager."
        ),
    ),
    (
        {},
        {"source": "demo", "severity": "low"},
        (
            "It came in from demo as low. No route took it, so it goes by the policy of source demo, critical, 30 "
            "times as fast: up to 4 rounds of primary, secondary, manager and executive."
        ),
    ),
    (
        {"routes": [{"name": "disks", "match": {"title": "/Disk/"}, "policy": "low"}]},
        {"severity": "high"},
        (
            "It came in from generic as high. It took route disks, so it goes by policy low, which route disks names: "
            "one round of primary."
        ),
    ),
    (
        {
            "routes": [
                {"name": "disks", "match": {"title": "/Disk/"}, "severity": "low", "continue": True},
                {"name": "the rest", "team": "db"},
            ],
            "teams": {"db": {"oncall_primary": "oncall_secondary"}},
        },
        {"severity": "high"},
        (
            "It came in from generic as low. It took routes disks, the rest for team db, so it goes by the policy of "
            "its severity, low: one round of primary."
        ),
    ),
    (
        {"escalation": config_dict()["escalation"] | {"policies": {"medium": POLICIES["medium"]}}, "sources": {}},
        {"severity": "critical"},
        (
            "It came in from generic as critical. No route took it, so it goes by the default policy, medium, as no "
            "policy is called critical: up to 2 rounds of primary and secondary."
        ),
    ),
    (
        {"heartbeats": {"backup": {"interval": "5m", "policy": "low", "severity": "high"}}},
        {"key": "backup", "source": "heartbeat", "severity": "high"},
        (
            "It came in from heartbeat as high. No route took it, so it goes by policy low, which its heartbeat "
            "names: one round of primary."
        ),
    ),
]


@pytest.mark.parametrize(("changes", "fired", "said"), WAYS)
def test_which_way_it_took_and_why(client, changes, fired, said):
    world = World(client, config(**changes))
    world.fires(**fired)
    assert steps(world, "routed") == [(0, said)]


def test_when_config_would_send_it_another_way_today_it_says_so(client):
    World(client, config(routes=[{"name": "disks", "policy": "low"}])).fires(severity="high")
    assert steps(World(client), "routed") == [
        (
            0,
            (
                "It came in from generic as high. It took route disks, so it goes by policy low; by config as it is "
                "now that would be high, so it has changed: one round of primary."
            ),
        )
    ]


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({}, "Pages go to the built-in outbox and to nobody's phone or mailbox: no channel has credentials."),
        (
            {"channels": URLS, "outbox": True},
            "Pages go to the built-in outbox and to nobody's phone or mailbox: config says `outbox: true`.",
        ),
        ({"channels": URLS}, None),
    ],
)
def test_that_pages_stay_in_the_outbox_is_said_beforehand(client, changes, note):
    world = World(client, config(**changes))
    world.fires()
    assert explained(world)["notes"] == ([note] if note else [])


def test_what_comes_next_is_told_with_what_comes_before_it(client):
    world = tracked(client)
    world.fires()
    view = explained(world)
    assert view["what_happens_next"] == "If nobody answers, level 2 (secondary) is paged at 10:10:00 UTC (in 10 min)."
    assert view["due"] == "Before anything else, an SLA is at risk or breached at 10:04:00 UTC (in 4 min)."
    world.acknowledges(1)
    world.says(1, Resolve("user2", "api"))
    assert (explained(world)["what_happens_next"], explained(world)["due"]) == ("Nothing: it is resolved.", "")


def test_the_state_in_the_ledger_is_given_beside_the_words(world):
    world.sender.outcomes["U0002"] = REJECTED
    world.fires(severity="medium")
    [step] = [each for each in explained(world)["steps"] if each["event"] == "triggered"]
    [person] = step["told"]
    assert [(each["channel"], each["state"], each["page"]) for each in person["messages"]] == [
        ("email", State.SENT, True),
        ("slack", State.FAILED, True),
    ]
