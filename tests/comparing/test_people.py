"""Whom a level pages, and on what: what is told when that changes."""

from datetime import timedelta

import pytest

from core.comparing.ladder import Asked
from core.comparing.people import channel_change, people_change, told
from tests.comparing.telling import high, put, sample
from tests.comparing.telling import told as told_of
from tests.samples import ALL, POLICIES, level, rotation

MEMBERS = "rotations__oncall_primary__members"


def on(people, *channels):
    return tuple((person, channel) for person in people.split() for channel in channels)


def asked(names, **people):
    return Asked(tuple(names.split()), {name: frozenset(people.get(name, name).split()) for name in names.split()})


def test_swapped_members_are_told_from_handoff_to_handoff_whatever_the_level():
    new = sample(
        rotations__oncall_secondary__members=["user5", "user4", "user6"], **{MEMBERS: ["user2", "user1", "user3"]}
    )
    assert told_of(sample(), new) == (
        "every severity\n"
        "  until Mon 30 Nov 09:00, Mon 14 Dec 09:00 to Mon 21 Dec 09:00\n"
        "    level 1 (primary): user1 instead of user2\n"
        "  Mon 7 Dec 09:00 to Mon 14 Dec 09:00\n"
        "    level 1 (primary): user2 instead of user1\n"
        "\n"
        "critical, high, medium\n"
        "  until Mon 30 Nov 09:00, Mon 14 Dec 09:00 to Mon 21 Dec 09:00\n"
        "    level 2 (secondary): user4 instead of user5\n"
        "  Mon 7 Dec 09:00 to Mon 14 Dec 09:00\n"
        "    level 2 (secondary): user5 instead of user4"
    )


def test_a_rotation_in_the_place_of_another_is_named_and_not_whoever_is_on_call_in_it():
    assert told_of(sample(), high(0, responders=["oncall_secondary"])) == (
        "high\n  level 1 (primary): oncall_secondary instead of oncall_primary"
    )
    assert told_of(sample(), high(0, responders=["oncall_primary", "vp"])) == "high\n  level 1 (primary): vp too"
    assert told_of(high(0, responders=["oncall_primary", "vp"]), sample()) == "high\n  level 1 (primary): vp no more"
    assert told_of(sample(), sample(escalation__catch_all=["oncall_primary"])) == (
        "every severity\n  when nobody ever answered: oncall_primary instead of team_manager"
    )


def test_a_rotation_of_another_name_with_the_same_people_is_told_by_its_people():
    rotations = {
        "first": rotation("user3", "user2", "user1"),
        "oncall_secondary": sample()["rotations"]["oncall_secondary"],
    }
    new = high(0, responders=["first"])
    for policy, at in (("critical", 0), ("medium", 0), ("low", 0)):
        put(new, f"escalation__policies__{policy}__levels__{at}__responders", ["first"])
    new["rotations"] = rotations
    assert told_of(sample(), new) == (
        "every severity\n"
        "  Mon 30 Nov 09:00 to Mon 7 Dec 09:00, from Mon 21 Dec 09:00 on\n"
        "    level 1 (primary): user1 instead of user3\n"
        "  Mon 7 Dec 09:00 to Mon 14 Dec 09:00\n"
        "    level 1 (primary): user3 instead of user1"
    )


def test_a_restricted_rotation_leaves_the_nights_to_nobody_and_the_next_level_fires_at_once():
    office = {"weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"], "from": "09:00", "to": "17:00"}
    new = sample(rotations__oncall_primary__restrictions=[office])
    nights = "  Mon-Thu 17:00 to 09:00, Fridays 17:00 to Mondays 09:00\n"
    assert told_of(sample(), new) == (
        f"every severity\n{nights}    level 1 (primary): nobody instead of oncall_primary\n"
        f"\ncritical\n{nights}    level 2 (secondary): 10 min earlier, at once\n"
        f"\nhigh\n{nights}    level 2 (secondary): 30 min earlier, at once\n"
        f"\nmedium\n{nights}    level 2 (secondary): 2 h earlier, at once"
    )


def test_a_person_of_another_name_is_somebody_else_and_one_who_is_gone_is_paged_no_more():
    new = sample(
        people__newbie=sample()["people"]["user2"], people__user2=None, **{MEMBERS: ["user1", "newbie", "user3"]}
    )
    assert told_of(sample(), new) == (
        "every severity\n"
        "  until Mon 30 Nov 09:00, Mon 14 Dec 09:00 to Mon 21 Dec 09:00\n"
        "    level 1 (primary): newbie instead of user2\n"
        "\n"
        "Also changed: people.user2 (gone), people.newbie (new)"
    )
    gone = sample(people__vp=None, escalation__policies__critical__levels__3__responders=["director"])
    assert told_of(sample(), gone) == ("critical\n  level 4 (executive): vp no more\n\nAlso changed: people.vp (gone)")


def test_who_wants_no_such_pages_is_told_with_the_reason():
    new = sample(people__user2__quiet={"high": ["slack"], "low": ALL})
    assert told_of(sample(), new) == (
        "low\n"
        "  until Mon 30 Nov 09:00, Mon 14 Dec 09:00 to Mon 21 Dec 09:00\n"
        "    level 1 (primary): nobody instead of oncall_primary (user2 wants no low\n"
        "      pages)\n"
        "\n"
        "high\n"
        "  until Mon 30 Nov 09:00, Mon 14 Dec 09:00 to Mon 21 Dec 09:00\n"
        "    level 1 (primary): not by slack any more"
    )


def test_who_cannot_be_reached_any_more_is_told():
    urls = {"email": {"url": "mailtos://rung:hush@smtp.example.com?to={email}"}, "slack": {"url": "slack://x/{slack}"}}
    old = sample(channels=urls | {"sms": False, "phone": False})
    new = sample(channels=urls | {"sms": False, "phone": False}, people__vp={"phone": "+15550109998"})
    assert told_of(old, new) == (
        "critical\n  level 4 (executive): vp no more\n\nAlso changed: people.vp.email, people.vp.phone, people.vp.slack"
    )


def test_other_channels_of_everybody_are_told_of_the_level_and_those_of_one_person_of_the_person():
    assert told_of(sample(), high(1, notification_channels=ALL)) == (
        "high\n  level 2 (secondary): by phone too\n  when nobody ever answered: by phone too"
    )
    assert told_of(sample(), high(1, notification_channels=["sms", "phone"])) == (
        "high\n  level 2 (secondary): by phone instead of email and slack\n  when nobody ever answered: by phone too"
    )
    quiet = sample(
        people__vp__quiet={"high": ["sms"]}, escalation__policies__high__levels__2__responders=["director", "vp"]
    )
    loud = sample(escalation__policies__high__levels__2__responders=["director", "vp"])
    assert told_of(loud, quiet) == "high\n  level 3 (manager): vp not by sms any more"


def test_what_is_the_same_of_several_levels_is_told_once():
    levels = [each | {"notification_channels": ["email"]} for each in POLICIES["high"]["levels"][1:]]
    new = sample(escalation__policies__high__levels=[POLICIES["high"]["levels"][0], *levels])
    assert told_of(sample(), new) == (
        "high\n"
        "  level 2 (secondary) and level 3 (manager): not by slack or sms any more\n"
        "  when nobody ever answered: not by sms any more"
    )


def test_people_who_take_turns_in_many_ways_are_told_together():
    night = {"type": "daily", "members": ["user4", "user5", "user6"], "start_time": "12:00", "start_date": "2026-11-01"}
    nights = [night | {"restrictions": [{"from": "18:00", "to": "09:00"}]}]
    assert told_of(sample(), sample(rotations__oncall_primary__layers=nights)) == (
        "every severity\n"
        "  every day 18:00 to 09:00\n"
        "    level 1 (primary): user4, user5, user6 by turns instead of user1, user2,\n"
        "      user3"
    )
    members = [f"user{number}" for number in range(1, 7)]
    old = sample(rotations__oncall_primary=rotation(*members))
    new = sample(rotations__oncall_primary=rotation(*reversed(members)))
    assert told_of(old, new, span=timedelta(weeks=8)) == (
        "every severity\n"
        "  level 1 (primary): the same people in another order (user1, user2, user3,\n"
        "    user4, user5, user6)"
    )


def test_nobody_who_can_be_reached_leaves_the_catch_all():
    empty = sample(escalation__policies__low__levels__0__responders=[], escalation__policies__low__max_repeats=1)
    old = sample(escalation__policies__low__max_repeats=1)
    assert told_of(old, empty) == (
        "low\n"
        "  level 1 (primary): nobody instead of oncall_primary\n"
        "  nobody on the ladder can be reached: the catch-all is paged instead\n"
        "    (team_manager by email)\n"
        "  the ladder is used up after 8 h instead of 9 h"
    )
    assert told_of(empty, old) == (
        "low\n"
        "  level 1 (primary): oncall_primary instead of nobody\n"
        "  somebody on the ladder can be reached: the catch-all is not paged instead any\n"
        "    more\n"
        "  the ladder is used up after 9 h instead of 8 h"
    )
    other = sample(
        escalation__policies__low__levels__0__responders=[],
        escalation__policies__low__max_repeats=1,
        escalation__catch_all=["vp"],
    )
    assert (
        "  when nobody on the ladder can be reached: vp instead of team_manager" in told_of(empty, other).splitlines()
    )


def test_the_order_of_channels_and_people_changes_nothing_and_is_named_as_such():
    new = high(1, notification_channels=["sms", "slack", "email"])
    assert told_of(sample(), new).splitlines()[-1] == "Changed without effect in this time: escalation.policies.high"


def test_a_catch_all_of_nobody_is_told_first():
    new = sample(escalation__catch_all=[], escalation__policies__high__levels__0__delay=60)
    assert told_of(sample(), new).splitlines()[:2] == [
        "every severity",
        "  when nobody ever answered: nobody instead of team_manager",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("alice", "alice", ""),
        ("alice bob", "bob alice", ""),
        ("alice", "bob", "bob instead of alice"),
        ("alice bob", "carol dave", "carol and dave instead of alice and bob"),
        ("alice", "alice bob", "bob too"),
        ("alice bob", "alice", "bob no more"),
        ("alice bob", "alice carol", "carol instead of bob"),
    ],
)
def test_who_is_paged_instead_of_whom(old, new, said):
    names = asked("duty", duty="alice bob carol dave")
    change = people_change(on(old, "email"), on(new, "email"), (names, names))
    assert (change.words if change else "") == said


def test_nobody_is_told_by_the_names_that_are_asked():
    names = asked("duty boss", duty="alice bob")
    assert people_change(on("alice", "sms"), (), (names, names)).words == "nobody instead of duty and boss"
    assert people_change(on("alice", "sms"), (), (names, names), "alice cannot be reached").words == (
        "nobody instead of duty and boss (alice cannot be reached)"
    )
    assert people_change((), on("alice", "sms"), (names, names)).words == "duty and boss instead of nobody"


def test_people_are_told_when_the_names_do_not_explain_them():
    old, new = asked("duty", duty="alice bob"), asked("duty boss", duty="alice bob")
    assert people_change(on("alice", "sms"), on("alice boss", "sms"), (old, new)).words == "boss too"
    assert people_change(on("alice", "sms"), on("bob boss", "sms"), (old, new)).words == "bob and boss instead of alice"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (on("alice", "email", "sms"), on("alice", "sms", "email"), ""),
        (on("alice", "email"), on("bob", "email", "sms"), "by sms too"),
        (on("alice bob", "email"), on("alice bob", "email", "sms", "phone"), "by sms and phone too"),
        (on("alice bob", "email", "sms"), on("alice bob", "phone"), "by phone instead of email and sms"),
        (on("alice", "email", "sms", "slack"), on("alice", "email"), "not by sms or slack any more"),
        (
            (*on("alice", "email"), *on("bob", "sms")),
            on("alice bob", "email", "sms"),
            "alice by sms too, bob by email too",
        ),
        (
            (*on("alice", "email"), *on("bob", "sms")),
            (*on("alice", "email", "fax"), *on("bob", "sms", "fax")),
            "by fax too",
        ),
        (on("alice", "email"), (), ""),
    ],
)
def test_on_what_people_are_paged_now(old, new, said):
    assert channel_change(old, new) == said


def test_who_is_told_on_what():
    assert told(on("alice bob", "email", "sms")) == "alice and bob by email and sms"
    assert told((*on("alice", "email"), *on("bob", "sms"))) == "alice by email; bob by sms"
    assert told(()) == "nobody"


def test_a_level_that_is_new_or_gone_leaves_the_others_their_names():
    first, *rest = POLICIES["high"]["levels"]
    new = sample(escalation__policies__high__levels=[first, level("backup", 0, ["sms"], ["vp"], 600), *rest])
    assert told_of(sample(), new) == "high\n  level 2 (backup) is new: vp by sms, after 15 min"
    assert told_of(new, sample()) == "high\n  level 2 (backup) is gone: vp by sms, after 15 min"
    moved = sample(escalation__policies__high__levels=[first, level("backup", 0, ["sms"], ["vp"], 1800), *rest])
    assert told_of(sample(), moved) == (
        "high\n"
        "  level 2 (backup) is new: vp by sms, after 15 min\n"
        "  level 3 (secondary) and level 4 (manager): 15 min later\n"
        "  the ladder is used up after 10 h 15 min instead of 10 h"
    )
    assert told_of(sample(), high(1, level="second line")) == "high\n  level 2 (second line) was called secondary"
