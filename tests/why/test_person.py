"""Why somebody was paged, or was not: every reason there is, as a story in simulated time, with what is said of it."""

from datetime import timedelta

import pytest

from core.commands import Acknowledge, Reassign, Resolve, Snooze, Suppress, Unsuppress, Update
from core.oncall import UnknownNameError
from core.outcomes import Outcome, OutcomeKind
from tests.bundles import storm_config
from tests.samples import PEOPLE, config, rotation, signal
from tests.tracked import tracked
from tests.why.cases import URLS, explained, reasons, verdict
from tests.why.test_told import asking, overridden
from tests.worlds import World

REJECTED = Outcome(OutcomeKind.REJECTED, "no such user")
REFUSED = Outcome(OutcomeKind.UNAVAILABLE, "connection refused")
LOW = {"severity": "low"}
NOT_USER6 = (
    "not_on_call",
    (
        "Level 2 (secondary) has not fired, and user6 was not the one on call in oncall_secondary: user5 was, Mon 23 "
        "Nov 09:00 to Mon 30 Nov 09:00 UTC."
    ),
)


@pytest.fixture
def world(client):
    return World(client, config(channels=URLS))


def test_somebody_whose_shift_had_ended(world):
    world.fires()
    assert verdict(world, "user1") == "user1 was not paged: not on call in oncall_primary at 10:00:00 UTC."
    assert reasons(world, "user1") == [
        (
            "not_on_call",
            (
                "Level 1 (primary) asks whoever is on call in oncall_primary. At 10:00:00 UTC that was user2, Mon 23 "
                "Nov 09:00 to Mon 30 Nov 09:00 UTC. The last shift of user1 ended Mon 23 Nov 09:00 UTC; the next "
                "begins Mon 07 Dec 09:00 UTC."
            ),
        )
    ]


def test_somebody_whose_shift_is_to_come_and_one_whose_level_has_not_fired(world):
    world.fires()
    [(_, text)] = reasons(world, "user3")
    assert text.endswith("09:00 UTC. The next shift of user3 begins Mon 30 Nov 09:00 UTC.")
    assert verdict(world, "user6") == "user6 was not paged: not on call in oncall_secondary."
    assert reasons(world, "user6") == [NOT_USER6]


def test_a_shift_that_began_since_is_told_as_past(world):
    world.fires(**LOW)
    world.says(1, Resolve("user2", "api"))
    world.now += timedelta(days=8)
    [(_, text)] = reasons(world, "user3")
    assert text.endswith("The next shift of user3 began Mon 30 Nov 09:00 UTC.")


def test_nobody_was_on_call(client):
    nights = rotation("user1") | {"restrictions": [{"from": "20:00", "to": "08:00"}]}
    world = asking(client, "oncall_primary", "user5", rotations={"oncall_primary": nights})
    world.fires()
    assert reasons(world, "user1") == [
        (
            "not_on_call",
            (
                "Level 1 (only) asks whoever is on call in oncall_primary. At 10:00:00 UTC nobody was. The last shift "
                "of user1 ended Mon 23 Nov 08:00 UTC; the next begins Mon 23 Nov 20:00 UTC."
            ),
        )
    ]


def test_the_same_reason_in_every_round_is_said_once_with_how_often_it_was_so(client):
    world = asking(client, "oncall_primary", repeats=2)
    world.fires()
    world.passes(20_000)
    [(_, text)] = reasons(world, "user1")
    assert text.endswith("the next begins Mon 07 Dec 09:00 UTC. It was like that 2 more times.")


def test_an_override_took_the_turn(client):
    world = asking(client, "oncall_primary")
    overridden(world, "vp", "user2", note="dentist")
    world.fires()
    assert verdict(world, "user2") == "user2 was not paged: an override had given the turn to vp."
    assert reasons(world, "user2") == [
        (
            "override",
            (
                "Level 1 (only) asks whoever is on call in oncall_primary. At 10:00:00 UTC it was user2's turn, but "
                "vp had it through override 1 by ada: dentist (vp instead of user2, Mon 23 Nov 00:00 to Tue 24 Nov "
                "00:00 UTC)."
            ),
        )
    ]
    assert reasons(world, "user3")[0][0] == "not_on_call"


def test_a_swap_took_the_turn(client):
    world = asking(client, "oncall_primary")
    overridden(world, "user3", "user2", id="1")
    overridden(world, "user2", "user3", id="2")
    world.fires()
    [(code, text)] = reasons(world, "user2")
    assert code == "override"
    assert text.partition("it was ")[2] == (
        "user2's turn, but user3 had it through overrides 1 and 2 by ada (user2 and user3 swap, Mon 23 Nov 00:00 to "
        "Tue 24 Nov 00:00 UTC)."
    )


ANSWERS = [
    (Acknowledge("user5", "sms"), "user5 acknowledged before it came to team_manager", "user5 acknowledged before"),
    (Update("user5", "api"), "user5 answered before it came to team_manager", "user5 answered before"),
    (Resolve("user5", "link"), "user5 resolved it before it came to team_manager", "user5 resolved it before"),
]


@pytest.mark.parametrize(("command", "short", "who"), ANSWERS)
def test_somebody_answered_before_it_came_to_that(world, command, short, who):
    world.fires()
    world.passes(750)
    world.says(1, command)
    world.passes(5000)
    assert verdict(world, "team_manager") == f"team_manager was not paged: {short}."
    assert reasons(world, "team_manager") == [
        (
            "answered_before",
            f"Level 3 (manager) would have paged team_manager at 10:30:00 UTC, but {who}, at 10:12:30 UTC.",
        )
    ]


def test_somebody_snoozed_it_before(world):
    world.fires()
    world.says(1, Snooze("user2", "api", world.now + timedelta(hours=2)))
    assert verdict(world, "vp") == "vp was not paged: user2 snoozed it before it came to vp."


def test_the_source_said_that_it_was_over_before(world):
    world.fires()
    world.passes(60)
    world.clears()
    assert reasons(world, "user5") == [
        (
            "answered_before",
            (
                "Level 2 (secondary) would have paged user5 at 10:10:00 UTC, but its source resolved it before, at "
                "10:01:00 UTC."
            ),
        )
    ]


def test_only_the_answer_that_stopped_the_ladder_counts(world):
    world.fires()
    world.passes(60)
    world.acknowledges(1, "user2")
    world.passes(600)
    world.says(1, Resolve("user9", "api"))
    assert verdict(world, "user5") == "user5 was not paged: user2 acknowledged before it came to user5."


def test_the_catch_all_was_not_needed(client):
    world = asking(client, "user1")
    world.fires()
    world.acknowledges(1, "user1")
    assert reasons(world, "vp") == [
        (
            "answered_before",
            (
                "The catch-all (paged when nobody answered) would have paged vp at 10:05:00 UTC, but user1 "
                "acknowledged before, at 10:00:00 UTC."
            ),
        )
    ]


def test_it_has_not_come_to_that_yet(world):
    world.fires()
    assert verdict(world, "vp") == "vp was not paged: it has not come to that yet."
    assert reasons(world, "vp") == [
        ("not_yet", "Level 4 (executive) pages vp at 11:00:00 UTC if nobody answers before.")
    ]


def test_it_is_silenced(world):
    world.engine.receive("generic", [signal()])
    world.fires("other", "low")
    world.says(1, Suppress("silence 3 (new disks, by alice)"))
    assert verdict(world, "user5") == "user5 was not paged: it is silenced."
    assert reasons(world, "user5") == [
        (
            "silenced",
            (
                "It was silenced from 10:00:00 UTC on, and still is, by silence 3 (new disks, by alice). In a silence "
                "no level fires."
            ),
        )
    ]


def test_it_was_silenced_until_it_was_over(client):
    quiet = {"name": "move", "from": "2026-11-23T09:00", "to": "2026-11-23T12:00", "everything": True}
    world = World(client, config(channels=URLS, silences=[quiet]))
    world.fires(**LOW)
    world.passes(60)
    world.clears()
    assert reasons(world, "user2") == [
        (
            "silenced",
            'It was silenced from 10:00:00 UTC until 10:01:00 UTC, by silence "move". In a silence no level fires.',
        ),
        (
            "answered_before",
            (
                "Level 1 (primary) would have paged user2 at 12:00:00 UTC, but its source resolved it before, at "
                "10:01:00 UTC."
            ),
        ),
    ]


def test_a_silence_that_is_over_and_what_came_after(world):
    world.fires()
    world.says(1, Suppress("night"))
    world.passes(900)
    world.says(1, Unsuppress("morning"))
    assert verdict(world, "user5").startswith("user5 was paged at 10:15:00 UTC")
    assert [code for code, _ in reasons(world, "team_manager")] == ["silenced", "not_yet"]


def test_a_silence_of_what_somebody_had_already_holds_nobody_up(world):
    world.fires()
    world.acknowledges(1, "user2")
    world.says(1, Suppress("night"))
    assert [code for code, _ in reasons(world, "user5")] == ["answered_before"]


def test_somebody_without_what_the_channels_need(client):
    people = PEOPLE | {"user2": {"slack": "@U0002"}}
    world = asking(client, "user2", "user1", on=("email", "sms"), people=people)
    world.fires()
    assert verdict(world, "user2") == "user2 was not paged: user2 cannot be reached."
    assert reasons(world, "user2") == [
        (
            "unreachable",
            (
                "Level 1 (only) was to page user2 at 10:00:00 UTC, but no channel of it would do: email: user2 has no "
                "email in the config; sms: user2 has no phone in the config."
            ),
        )
    ]


def test_somebody_on_a_channel_that_is_off_or_lacks_its_credentials(client):
    channels = URLS | {"email": False, "sms": {"url": ""}}
    world = asking(client, "user2", on=("email", "sms"), channels=channels)
    world.fires()
    [(_code, text)] = [each for each in reasons(world, "user2") if each[0] == "unreachable"]
    assert text.endswith("email: it is switched off in the config; sms: it has no credentials.")


def test_a_level_that_has_not_fired_could_not_page_somebody(client):
    people = PEOPLE | {"team_manager": {"telegram": "12345678"}}
    world = World(client, config(channels=URLS, people=people))
    world.fires()
    assert verdict(world, "team_manager") == "team_manager was not paged: team_manager cannot be reached."
    [(_, text)] = reasons(world, "team_manager")
    assert text.startswith(
        "Level 3 (manager), which has not fired, would page team_manager, but no channel of it would do:"
    )


def test_somebody_who_wants_no_such_pages(client):
    people = PEOPLE | {"user2": PEOPLE["user2"] | {"quiet": {"low": ["email", "slack", "sms", "phone"]}}}
    world = World(client, config(channels=URLS, people=people))
    world.fires(**LOW)
    assert verdict(world, "user2") == "user2 was not paged: user2 wants no such pages."
    assert reasons(world, "user2") == [
        (
            "quiet",
            (
                "Level 1 (primary) was to page user2 at 10:00:00 UTC, but no channel of it would do: email: user2 "
                "wants no low pages there."
            ),
        )
    ]


def test_somebody_whom_the_policy_never_asks(world):
    world.fires(**LOW)
    assert verdict(world, "vp") == "vp was not paged: policy low never asks vp."
    assert reasons(world, "vp") == [
        ("not_asked", "Policy low asks oncall_primary. vp is none of these, and has no turn in oncall_primary.")
    ]


def test_somebody_whom_a_level_names_only_since_config_has_changed(client):
    asking(client, "oncall_primary").fires()
    now = asking(client, "oncall_primary", rotations={"oncall_primary": rotation("user3")})
    assert verdict(now, "user3") == "user3 was not paged: config was another then."
    assert reasons(now, "user3") == [
        (
            "config_changed",
            (
                "Level 1 (only) asks oncall_primary, in which user3 was on call at 10:00:00 UTC, but was not paged. "
                "Config or overrides have changed since."
            ),
        )
    ]


def test_somebody_who_was_paged_hears_of_every_page_and_why(world):
    world.sender.outcomes["p2%40"] = REJECTED
    world.fires(**LOW)
    about = explained(world, person="user2")["person"]
    assert (about["was_paged"], about["verdict"]) == (True, "user2 was paged at 10:00:00 UTC, on slack.")
    [reason] = about["reasons"]
    assert (reason["code"], reason["text"], reason["at"]) == (
        "paged",
        "Page, level 1 (primary).",
        "2026-11-23T10:00:00Z",
    )
    [told] = reason["told"]
    assert told["why"] == "on call in oncall_primary, Mon 23 Nov 09:00 to Mon 30 Nov 09:00 UTC"
    assert [(each["channel"], each["became"]) for each in told["messages"]] == [
        ("email", "failed: no such user; it went to slack instead"),
        ("slack", "sent, in place of email, which failed"),
    ]


def test_somebody_who_was_paged_often(client):
    world = tracked(client)
    world.fires()
    world.passes(7200)
    assert verdict(world, "user2") == (
        "user2 was paged 3 times, first at 10:00:00 UTC on email, slack and sms, last at 12:00:00 UTC."
    )
    world.says(1, Resolve("user2", "api"))
    codes = [code for code, _ in reasons(world, "user2")]
    assert codes[:3] == ["paged"] * 3
    assert set(codes[3:]) == {"told"}


def test_somebody_who_was_given_it(world):
    world.fires()
    world.says(1, Reassign("user2", "api", "vp"))
    assert verdict(world, "vp") == "vp was paged at 10:00:00 UTC, on email, slack and sms."
    assert reasons(world, "vp") == [("paged", "Page: reassigned by user2.")]


def test_nothing_came_through_and_how(world):
    world.sender.outcomes |= {"p2%40": REFUSED, "U0002": REJECTED, "15550100002": REJECTED}
    world.fires(**LOW)
    world.passes(42)
    assert verdict(world, "user2") == (
        "user2 was to be paged, but nothing came through: email, slack, sms and phone failed."
    )
    about = explained(world, person="user2")["person"]
    assert not about["was_paged"]
    assert about["reasons"][0]["code"] == "not_delivered"
    [told] = about["reasons"][0]["told"]
    refused = "connection refused, 42 s later (before: connection refused, 3 times)"
    assert [(each["channel"], each["became"]) for each in told["messages"]] == [
        ("email", f"failed after 4 attempts: {refused}; it went to slack instead"),
        ("slack", "failed: no such user, in place of email, which failed; it went to sms instead"),
        ("sms", "failed: no such user, in place of slack, which failed; it went to phone instead"),
        ("phone", "failed: no such user, in place of sms, which failed"),
    ]


def test_a_page_that_was_withdrawn(client):
    world = World(client, config(channels=URLS))
    world.engine.receive("generic", [signal(severity="low")])
    assert verdict(world, "user2") == "user2 is being paged: email queued 0 s ago and not sent yet."
    world.acknowledges(1, "user5")
    assert verdict(world, "user2") == (
        "user2 was to be paged, but nothing came through: email withdrawn: somebody had answered before it was sent."
    )


def test_a_page_that_came_with_others(client):
    world = World(client, storm_config())
    for number in range(7):
        world.fires(f"key-{number}")
    world.passes(30)
    [reason] = explained(world, 7, "user2")["person"]["reasons"]
    [message] = reason["told"][0]["messages"]
    assert message["became"] == "sent, 20 s later, bundled: one message about this and 1 other alert"


def test_somebody_who_was_told_but_not_paged(client):
    world = tracked(client)
    world.fires()
    world.acknowledges(1, "user6")
    world.passes(900)
    assert verdict(world, "user6") == "user6 was not paged, only told: not on call in oncall_secondary."
    assert reasons(world, "user6") == [NOT_USER6, ("told", "Reminder: an update is due (1 of 3).")]


def test_what_an_earlier_life_says_is_told_by_the_policy_of_then(world):
    world.fires(severity="high")
    world.says(1, Resolve("user2", "link"))
    before = [world.alert(1)]
    world.passes(60)
    world.fires(**LOW)
    told = explained(world, 1, "user1", before)["person"]["reasons"]
    assert [each["code"] for each in told] == ["not_on_call"]
    assert told[0]["text"].endswith("It was like that 1 more time.")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("usr2", "config has no person 'usr2' (did you mean user2?)"),
        ("zzzzzz", "config has no person 'zzzzzz': one of user1, user2, user3,"),
        ("oncall_primary", "'oncall_primary' is a rotation; ask about a person: one of user1,"),
    ],
)
def test_nobody_of_that_name(world, name, said):
    world.fires()
    with pytest.raises(UnknownNameError) as error:
        explained(world, 1, name)
    assert str(error.value).startswith(said)


def test_somebody_who_is_gone_from_the_config_was_paged_all_the_same(client):
    asking(client, "user1").fires()
    people = {name: fields for name, fields in PEOPLE.items() if name != "user1"}
    now = asking(client, "user5", people=people, rotations={})
    assert verdict(now, "user1") == "user1 was paged at 10:00:00 UTC, on email."


def test_somebody_whom_the_policy_names_though_config_has_never_known_them(client):
    world = asking(client, "gone", "user1")
    world.fires()
    assert verdict(world, "gone") == "gone was not paged: gone cannot be reached."
    [(_, text)] = reasons(world, "gone")
    assert text.endswith("but no channel of it would do: email: gone is gone from the config.")
