"""Why a level had its turn just then: each way in which a ladder moves, as a story in simulated time."""

from datetime import timedelta

import pytest

from core.commands import Acknowledge, Escalate, Reassign, Resolve, Snooze, Suppress, Unsuppress, Update
from core.outcomes import Outcome, OutcomeKind
from tests.samples import POLICIES, config, config_dict, level, rung
from tests.tracked import TRACKING, tracked, with_tracking
from tests.why.cases import URLS, fired, steps
from tests.worlds import World

FIRST = (0, "Level 1 (primary) fired at once, because it has no delay.")
SECOND = (
    600,
    (
        "Level 2 (secondary) fired because nobody had answered for 10 min: its delay of 10 min had passed, which is "
        "later than level 1's timeout of 5 min (until 10:05:00 UTC)."
    ),
)
REJECTED = Outcome(OutcomeKind.REJECTED, "no such user")


@pytest.fixture
def world(client):
    return World(client)


def laddered(client, *levels, repeats=0, interval=7200, **changes) -> World:
    """Critical alerts climb these levels; nobody else is ever paged."""
    ladder = {"levels": list(levels), "repeat_interval": interval, "max_repeats": repeats, "sla_timeout": 3600}
    escalation = config_dict()["escalation"] | {"policies": POLICIES | {"critical": ladder}, "catch_all": []}
    return World(client, config(escalation=escalation, **changes))


def test_the_first_level_fires_at_once_and_the_others_by_delay_or_timeout_whichever_is_later(world):
    world.fires()
    world.passes(3600)
    assert fired(world) == [
        FIRST,
        SECOND,
        (
            1800,
            (
                "Level 3 (manager) fired because nobody had answered for 30 min: its delay of 30 min had passed, "
                "which is later than level 2's timeout of 10 min (until 10:20:00 UTC)."
            ),
        ),
        (
            3600,
            (
                "Level 4 (executive) fired because nobody had answered: its delay of 1 h and level 3's timeout ended "
                "together."
            ),
        ),
    ]


def test_a_level_says_on_which_channels_it_pages(world):
    world.fires()
    [(_, text)] = steps(world, "triggered")
    assert text == f"{FIRST[1]} Its channels: email, slack and sms."


def test_a_timeout_that_is_later_than_the_next_delay(client):
    world = laddered(client, rung(0, 900), rung(600, 60), rung(0, 60))
    world.fires()
    world.passes(960)
    assert fired(world)[1:] == [
        (
            900,
            (
                "Level 2 (at600) fired because level 1 had not answered within the timeout of 15 min; its own delay "
                "of 10 min had passed before."
            ),
        ),
        (960, "Level 3 (at0) fired because level 2 had not answered within the timeout of 1 min."),
    ]


def test_a_first_level_with_a_delay(client):
    world = laddered(client, rung(300))
    world.fires()
    world.passes(300)
    assert fired(world) == [(300, "Level 1 (at300) fired because its delay of 5 min had passed.")]


def test_a_new_round_by_the_repeat_interval_and_the_end_of_the_ladder(client):
    world = laddered(client, rung(0, 300), repeats=1, interval=600)
    world.fires()
    world.passes(900)
    assert fired(world)[1:] == [
        (
            600,
            (
                "Level 1 (at0) of round 2 fired because nobody had answered in round 1 and the repeat interval of 10 "
                "min had passed."
            ),
        ),
        (
            900,
            (
                "The ladder is used up: nobody answered in all 2 rounds, and the last level's timeout of 5 min had "
                "passed. Of the catch-all, nobody is on it."
            ),
        ),
    ]


def test_a_new_round_by_the_timeout_of_the_last_level_and_with_a_delay_of_the_first(client):
    world = laddered(client, rung(60, 900), repeats=1, interval=600)
    world.fires()
    world.passes(1020)
    assert fired(world)[1:] == [
        (
            1020,
            (
                "Level 1 (at60) of round 2 fired because nobody had answered in round 1 and the timeout of 15 min of "
                "its last level had passed, later than the repeat interval of 10 min (until 10:10:00 UTC), and then "
                "its delay of 1 min."
            ),
        )
    ]


def test_what_happens_between_the_start_of_a_round_and_its_first_level_is_told_of_that_round(client):
    world = laddered(client, rung(300, 300), repeats=1, interval=600)
    world.fires()
    world.passes(700)
    world.acknowledges(1, "user5")
    assert steps(world, "acknowledged") == [
        (700, "user5 acknowledged it via link, and the ladder stopped: level 1 (at300) was due at 10:15:00 UTC.")
    ]


def test_in_a_later_round_nobody_is_said_to_have_had_ten_minutes_only(world):
    world.fires()
    world.passes(7800)
    assert fired(world)[-1] == (
        7800,
        (
            "Level 2 (secondary) of round 2 fired because nobody had answered: its delay of 10 min had passed, which "
            "is later than level 1's timeout of 5 min (until 12:05:00 UTC)."
        ),
    )


def test_a_level_that_nobody_is_on_is_left_at_once_and_the_next_fires(client):
    world = laddered(client, rung(0, 300, "user1") | {"responders": []}, rung(600, 300))
    world.fires()
    assert fired(world) == [
        (
            0,
            (
                "Level 1 (at0) had its turn at once, because it has no delay. It reached nobody, as nobody is on it, "
                "and was left at once."
            ),
        ),
        (0, "Level 2 (at600) fired at once, because level 1 (at0) reached nobody."),
    ]


def test_a_level_none_of_whose_pages_could_be_delivered(client):
    world = World(client, config(channels=URLS))
    world.sender.outcomes |= {"p2%40": REJECTED, "U0002": REJECTED, "15550100002": REJECTED}
    world.fires()
    assert fired(world) == [
        FIRST,
        (0, "Level 1 (primary) was left: none of its pages could be delivered."),
        (
            0,
            (
                "Level 2 (secondary) fired at once, because level 1 (primary) was left: none of its pages could be "
                "delivered."
            ),
        ),
    ]


def test_a_round_of_which_not_one_page_came_through_is_walked_again_a_minute_later(client):
    world = laddered(client, level("only", 0, ["email"], ["user1"], 3600), channels=URLS, outbox=False)
    world.sender.outcomes |= {"p1%40": REJECTED, "U0001": REJECTED, "15550100001": REJECTED}
    world.fires()
    world.passes(60)
    assert fired(world) == [
        (0, "Level 1 (only) fired at once, because it has no delay."),
        (0, "Level 1 (only) was left: none of its pages could be delivered."),
        (0, "The catch-all was paged, as not one page of this round could be delivered."),
        (
            60,
            (
                "Level 1 (only) fired because not one page of round 1 could be delivered, so everybody is tried again "
                "1 min after the last had failed."
            ),
        ),
        (60, "Level 1 (only) was left: none of its pages could be delivered."),
    ]


def test_a_person_escalates_what_nobody_has(world):
    world.fires()
    world.passes(60)
    world.says(1, Escalate("user2", "terminal", note="need help"))
    assert fired(world)[1:] == [
        (
            60,
            (
                "Level 2 (secondary) fired because user2 escalated it via terminal; left alone, level 2 (secondary) "
                "was due at 10:10:00 UTC."
            ),
        )
    ]
    assert steps(world, "escalated")[0][1].endswith(" Its channels: email, slack, sms and phone. “need help”")


@pytest.mark.parametrize(
    ("by", "why"),
    [
        ("user2", "because user2, who had it until then, escalated it via api."),
        ("user9", "because user9 escalated it via api; until then user2 had it."),
    ],
)
def test_a_person_escalates_what_somebody_has(world, by, why):
    world.fires()
    world.acknowledges(1, "user2")
    world.passes(60)
    world.says(1, Escalate(by, "api"))
    assert fired(world)[-1] == (60, f"Level 2 (secondary) fired {why}")


def test_a_level_after_one_to_which_somebody_escalated_counts_from_there(world):
    world.fires()
    world.passes(1500)
    world.acknowledges(1)
    world.says(1, Escalate("user2", "api"))
    world.passes(2099)
    assert fired(world)[2:] == [
        (
            1500,
            "Level 3 (manager) fired because user2, who had it until then, escalated it via api.",
        )
    ]
    world.passes(1)
    assert fired(world)[-1] == (
        3600,
        (
            "Level 4 (executive) fired because nobody had answered: its delay of 1 h had passed, which is later than "
            "level 3's timeout of 30 min (until 10:55:00 UTC)."
        ),
    )


def test_the_snooze_ends(world):
    world.fires()
    world.says(1, Snooze("user2", "page", world.now + timedelta(hours=1)))
    world.passes(3600)
    assert steps(world, "snoozed", "unsnoozed") == [
        (
            0,
            (
                "user2 snoozed it until 11:00:00 UTC via page, and the ladder stopped: level 2 (secondary) was due at "
                "10:10:00 UTC."
            ),
        ),
        (3600, "The snooze by user2 ended."),
    ]
    assert fired(world)[-1] == (3600, "Level 1 (primary) fired again because the snooze by user2 had ended.")


def test_the_snooze_ends_in_a_silence(world):
    world.fires()
    world.says(1, Snooze("user2", "page", world.now + timedelta(hours=1)))
    world.says(1, Suppress("night"))
    world.passes(4000)
    world.says(1, Unsuppress("morning"))
    assert steps(world, "unsnoozed", "unsuppressed", "escalated")[:2] == [
        (3600, "The snooze by user2 ended; it is silenced, so the level fires when that ends."),
        (4000, "The silence over it ended: morning; what had come due is done at once."),
    ]
    assert fired(world)[-1] == (
        4000,
        (
            "Level 1 (primary) fired when the silence over it ended; it had been due at 11:00:00 UTC because the "
            "snooze by user2 had ended."
        ),
    )


def test_the_acknowledgment_runs_out(client):
    world = tracked(client, **with_tracking(acknowledgment_expires=900))
    world.fires()
    world.acknowledges(1, "user2")
    world.passes(900)
    assert fired(world)[-1] == (
        900,
        "Level 1 (primary) fired again because the acknowledgment by user2 ran out: no update for 15 min.",
    )


def test_the_acknowledgment_runs_out_when_nobody_can_be_reached_any_more(client):
    world = laddered(client, rung(0, 300), **TRACKING | with_tracking(acknowledgment_expires=900))
    world.fires()
    world.acknowledges(1, "user2")
    gone = laddered(client, rung(0, 300), people={"vp": {}}, **TRACKING | with_tracking(acknowledgment_expires=900))
    gone.now = world.now
    gone.passes(900)
    assert fired(gone)[1] == (
        900,
        (
            "Level 1 (at0) had its turn again because the acknowledgment by user2 ran out: no update for 15 min. It "
            "reached nobody, as user1 cannot be reached on its channels, and was left at once."
        ),
    )


def test_it_gets_worse_while_nobody_has_it(world):
    world.fires(severity="high")
    world.passes(60)
    world.fires(severity="critical")
    assert steps(world, "severity_changed") == [
        (60, "It is critical now, not high any more, so it begins anew on policy critical, from its first level.")
    ]
    assert fired(world) == [
        FIRST,
        (60, "Level 1 (primary) fired because the alert is critical now and began anew: it has no delay."),
    ]


def test_what_fired_before_it_got_worse_is_told_by_todays_policy_of_that_name_and_says_so(world):
    world.fires(severity="high")
    world.fires(severity="critical")
    assert steps(world, "triggered") == [
        (
            0,
            (
                "Level 1 (primary) fired at once, because it has no delay. Its channels: email and slack. (That is "
                "policy high as config has it now: what it was then is not kept.)"
            ),
        )
    ]


def test_it_gets_worse_while_somebody_has_it(world):
    world.fires(severity="high")
    world.acknowledges(1, "user2")
    world.fires(severity="critical")
    assert steps(world, "severity_changed") == [
        (
            0,
            (
                "It is critical now, not high any more. user2 has it, so nobody is asked anew; it goes by policy "
                "critical now."
            ),
        )
    ]


def test_it_opens_again_under_the_policy_of_that_day_and_its_first_life_is_told_by_the_policy_of_before(world):
    world.fires(severity="high")
    world.passes(1800)
    world.says(1, Resolve("user5", "link"))
    before = [world.alert(1)]
    world.passes(120)
    world.fires(severity="critical")
    assert steps(world, "reopened", before=before) == [
        (
            1920,
            (
                "It fired again 2 min after it had been resolved, as critical, so the same alert is open again, with "
                "a new ladder. No route took it, so it goes by the policy of its severity, critical: up to 4 rounds "
                "of primary, secondary, manager and executive."
            ),
        )
    ]
    assert fired(world, before=before) == [
        FIRST,
        (
            1800,
            (
                "Level 2 (secondary) fired because nobody had answered for 30 min: its delay of 30 min had passed, "
                "which is later than level 1's timeout of 15 min (until 10:15:00 UTC)."
            ),
        ),
        (1920, "Level 1 (primary) fired because the alert was open again: it has no delay."),
    ]


def test_a_level_of_a_policy_that_is_nowhere_any_more_is_told_without_its_times(client):
    world = laddered(client, rung(0, 300))
    world.fires()
    world.says(1, Resolve("user5", "link"))
    changed = laddered(client, level("other", 0, ["email"], ["user1"], 300))
    changed.fires()
    assert fired(changed) == [
        (
            0,
            "Level 1 (at0) fired in its turn; the policy of that time is not kept, so it cannot be told why just then.",
        ),
        (0, "Level 1 (other) fired because the alert was open again: it has no delay."),
    ]


def test_a_silence_holds_a_level_up(world):
    world.fires()
    world.passes(300)
    world.says(1, Suppress("silence 3 (new disks, by alice)"))
    world.passes(900)
    world.says(1, Unsuppress("no silence covers it any more"))
    assert steps(world, "suppressed", "unsuppressed") == [
        (
            300,
            (
                "It was silenced by silence 3 (new disks, by alice). The ladder waits: level 2 (secondary) was due at "
                "10:10:00 UTC."
            ),
        ),
        (1200, "The silence over it ended; what had come due is done at once."),
    ]
    assert fired(world)[1:] == [
        (
            1200,
            (
                "Level 2 (secondary) fired when the silence over it ended; it had been due at 10:10:00 UTC because "
                "nobody had answered for 10 min: its delay of 10 min had passed, which is later than level 1's "
                "timeout of 5 min (until 10:05:00 UTC)."
            ),
        )
    ]


def test_a_level_that_is_late_says_that_rung_was_down(world):
    world.fires()
    world.now += timedelta(seconds=1320)
    world.engine.drain()
    assert fired(world)[1:] == [
        (
            1320,
            (
                "Level 2 (secondary) fired 12 min late, when Rung was back (it was down, or out of reach of its "
                "Redis); it had been due at 10:10:00 UTC because nobody had answered for 10 min: its delay of 10 min "
                "had passed, which is later than level 1's timeout of 5 min (until 10:05:00 UTC)."
            ),
        )
    ]


def test_after_somebody_was_given_it_their_time_to_answer_counts(world):
    world.fires()
    world.passes(60)
    world.says(1, Reassign("user2", "api", "vp", note="you know this one"))
    assert steps(world, "reassigned") == [
        (60, "user2 gave it to vp via api, who has 5 min to answer. “you know this one”")
    ]
    world.passes(600)
    assert fired(world)[-1][1] == (
        "Level 2 (secondary) fired because nobody had answered for 10 min: its delay of 10 min had passed, which is "
        "later than vp's timeout of 5 min (until 10:06:00 UTC)."
    )


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (Acknowledge("user2", "sms"), "user2 acknowledged it via sms, and"),
        (Update("user2", "api", note="on it"), "Update by user2 via api, which counts as the acknowledgment, and"),
        (Resolve("user2", "link"), "user2 resolved it via link, and"),
    ],
)
def test_an_answer_says_what_it_stopped(world, command, said):
    world.fires()
    world.passes(30)
    world.says(1, command)
    [(_, text)] = steps(world, "acknowledged", "updated", "resolved")
    note = " “on it”" if command.note else ""
    assert text == f"{said} the ladder stopped: level 2 (secondary) was due at 10:10:00 UTC.{note}"


def test_what_stops_no_ladder_says_nothing_of_it(world):
    world.fires()
    world.acknowledges(1)
    world.says(1, Update("user5", "api", note="half way"))
    world.clears()
    assert steps(world, "updated", "resolved") == [
        (0, "Update by user5 via api. “half way”"),
        (0, "Its source generic said that it is over."),
    ]


def test_repeats_of_the_source_are_one_step(world):
    world.fires()
    for _ in range(3):
        world.passes(60)
        world.fires()
    assert steps(world, "counted") == [
        (
            60,
            "It fired again and again until 10:03:00 UTC, 4 times by then. What is open already pages nobody anew.",
        )
    ]


def test_a_person_takes_the_last_step(client):
    world = laddered(client, rung(0, 300))
    world.fires()
    world.says(1, Escalate("user2", "api"))
    assert fired(world)[-1] == (
        0,
        (
            "The ladder is used up, as user2 escalated it via api: nobody answered in its only round. Of the "
            "catch-all, nobody is on it."
        ),
    )
