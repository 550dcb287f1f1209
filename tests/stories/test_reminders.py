"""Stories of reminders, on the default config's numbers: for the unanswered, for the update, for the resolution."""

import pytest

from core.commands import Acknowledge, Escalate, Reassign, Resolve, Snooze, Suppress, Unsuppress, Update
from core.engine import Engine
from core.outcomes import Outcome, OutcomeKind
from tests.samples import at, config_dict
from tests.tracked import TRACKING, bodies, events, heard, reminders, tracked, with_tracking
from tests.worlds import World

NOBODY, UPDATE, RESOLUTION = "nobody has answered", "an update is due", "it is not resolved"
REJECTED = Outcome(OutcomeKind.REJECTED, "no such number")


def seconds(world: World, alert: int, word: str = "") -> list[float]:
    return [second for second, reason in reminders(world, alert) if word in reason]


def fired(world: World, alert: int) -> list[float]:
    lines = world.story(alert, "triggered", "escalated", "exhausted")
    return [float(line.split()[0]) for line in lines]


@pytest.fixture
def world(client):
    return tracked(client)


@pytest.mark.parametrize(
    ("severity", "until", "expected"),
    [
        # The second of a level coincides with the firing of the next one, and does not come.
        ("critical", 7000, [300, 900, 1200, 1500, 2100, 2400, 2700, 3900, 4200, 4500]),
        ("high", 14_000, [900, 1500, 2700, 3300, 4500, 5100, 5700]),
        ("medium", 28_000, [1800, 3600, 5400, 9000, 10_800, 12_600]),
        ("low", 28_000, []),  # its ladder ends as its first reminder is due
    ],
)
def test_the_unanswered_are_reminded_level_by_level(world, severity, until, expected):
    alert = world.fires(severity=severity)
    world.passes(until)
    assert seconds(world, alert, NOBODY) == expected


@pytest.mark.parametrize("severity", ["critical", "high", "medium", "low"])
def test_no_reminder_comes_at_the_instant_at_which_a_level_fires_or_the_ladder_ends(world, severity):
    alert = world.fires(severity=severity)
    world.passes(50_000)
    assert world.alert(alert).exhausted
    assert set(seconds(world, alert)).isdisjoint(fired(world, alert))


@pytest.mark.parametrize(
    ("severity", "updates", "resolutions"),
    [
        ("critical", [900, 1200, 1500], [1800, 3600, 5400]),
        ("high", [1800, 2400, 3000], [1800, 3600, 5400]),
        ("medium", [3600, 5400, 7200], [1800, 3600, 5400]),
        ("low", [7200, 10_800, 14_400], [1800, 3600, 5400]),
    ],
)
def test_whoever_has_it_is_reminded_of_the_update_and_of_the_resolution(world, severity, updates, resolutions):
    alert = world.fires(severity=severity)
    world.acknowledges(alert)
    world.passes(100_000)
    assert seconds(world, alert, UPDATE) == updates
    assert seconds(world, alert, RESOLUTION) == resolutions


def test_two_that_fall_together_are_one_message(world):
    alert = world.fires(severity="high")
    world.acknowledges(alert)
    world.passes(1800)
    assert reminders(world, alert) == [(1800, f"{UPDATE} (1 of 3) and {RESOLUTION} (1 of 3)")]
    assert heard(world, "Reminder") == [
        ("user2", "email", "Reminder: HIGH: alert 1: Disk is full"),
        ("user2", "slack", "Reminder: HIGH: alert 1: Disk is full"),
    ]


def test_a_reminder_of_the_unanswered_is_a_page_on_the_channels_of_reminders_with_the_link(world):
    alert = world.fires()
    world.passes(300)
    assert heard(world, "Reminder") == [
        ("user2", "email", "Reminder: CRITICAL: alert 1: Disk is full"),
        ("user2", "slack", "Reminder: CRITICAL: alert 1: Disk is full"),
    ]
    body = bodies(world, "Reminder")[0]
    assert "Reminder: nobody has answered (1 of 3). You are level 1 (primary)." in body
    assert "SLA: acknowledgment breached: was due 10:05:00 UTC, 0 s ago; resolution in time: due 11:00:00 UTC" in body
    assert body.splitlines()[-1].startswith("Answer: https://rung.example.com/a/")
    assert {entry.kind for key, entry in world.entries(alert).items() if entry.reason.startswith("reminder")} == {
        "page"
    }


def test_a_reminder_to_whoever_has_it_says_what_is_owed_and_what_to_do(world):
    alert = world.fires(severity="high")
    world.acknowledges(alert)
    world.passes(1800)
    body = bodies(world, "Reminder")[0]
    assert "Alert 1: an update is due (1 of 3) and it is not resolved (1 of 3)." in body
    assert "user2 has it since 10:00:00 UTC (30 min)." in body
    assert "rung update 1" in body
    assert "rung resolve 1" in body


def test_the_acknowledgment_ends_those_of_the_unanswered_and_begins_those_of_the_update(world):
    alert = world.fires()
    world.passes(400)
    world.acknowledges(alert)
    world.passes(1000)
    assert reminders(world, alert) == [(300, f"{NOBODY} (1 of 3)"), (1300, f"{UPDATE} (1 of 3)")]


def test_an_update_begins_the_updates_anew_and_leaves_the_resolution_alone(world):
    alert = world.fires()
    world.acknowledges(alert)
    world.passes(1000)
    world.says(alert, Update("user2", "api", note="looking"))
    world.passes(1200)
    assert reminders(world, alert) == [
        (900, f"{UPDATE} (1 of 3)"),
        (1800, f"{RESOLUTION} (1 of 3)"),
        (1900, f"{UPDATE} (1 of 3)"),
        (2200, f"{UPDATE} (2 of 3)"),
    ]
    assert "The last update is 15 min old." in bodies(world, "Reminder")[-3]


def test_after_the_resolution_there_are_none(world):
    alert = world.fires()
    world.passes(200)
    world.says(alert, Resolve("user2", "api"))
    world.passes(100_000)
    assert reminders(world, alert) == []
    assert world.alert(alert).wake_at is None


def test_a_snooze_ends_them_and_the_level_that_fires_again_has_its_own(world):
    alert = world.fires()
    world.passes(100)
    world.says(alert, Snooze("user2", "api", until=at(5000)))
    world.passes(5550)
    assert fired(world, alert) == [0, 5000, 5300]  # and with the firing at 5300 comes no reminder of the one before
    assert seconds(world, alert) == [5600]


def test_a_silence_holds_them_and_what_was_missed_is_one_message(world):
    alert = world.fires()
    world.acknowledges(alert)
    world.says(alert, Suppress("night"))
    world.passes(1350)
    assert reminders(world, alert) == []
    world.says(alert, Unsuppress("morning"))
    world.passes(200)
    assert reminders(world, alert) == [(1350, f"{UPDATE} (2 of 3)"), (1500, f"{UPDATE} (3 of 3)")]


def test_each_of_the_requirements_limits_is_kept(client):
    reminders_ = TRACKING["response_tracking"]["reminders"] | {"max_reminders": 1}
    world = tracked(client, **with_tracking(reminders=reminders_))
    alert = world.fires()
    world.passes(1700)
    assert seconds(world, alert) == [300, 900]


def test_switched_off_there_are_none(client):
    world = tracked(client, **with_tracking(reminders={"enabled": False}))
    alert = world.fires()
    world.passes(1700)
    world.acknowledges(alert)
    world.passes(100_000)
    assert reminders(world, alert) == []


def test_one_that_was_due_while_rung_was_down_comes_late_and_once(world):
    alert = world.fires()
    world.acknowledges(alert)
    world.now = at(1300)
    world.passes(500)
    assert reminders(world, alert) == [
        (1300, f"{UPDATE} (2 of 3)"),
        (1500, f"{UPDATE} (3 of 3)"),
        (1800, f"{RESOLUTION} (1 of 3)"),
    ]


def test_the_ladder_comes_first_when_rung_was_down_for_long(world):
    alert = world.fires()
    world.now = at(650)
    world.passes(300)
    assert fired(world, alert) == [0, 650]
    assert seconds(world, alert) == [950]


def test_they_survive_a_restart(client):
    before = tracked(client)
    alert = before.fires()
    before.passes(350)
    after = tracked(client, at(350))
    after.passes(800)
    assert seconds(after, alert) == [300, 900]


def test_two_schedulers_remind_once(world):
    alert = world.fires()
    other = Engine(world.store, world.rules, read_standing=world.standing.read)
    world.now = at(300)
    other.wake(alert)
    world.engine.wake(alert)
    world.engine.drain()
    world.send()
    assert seconds(world, alert) == [300]
    assert len(heard(world, "Reminder")) == 2


def test_a_page_that_waits_is_withdrawn_once_somebody_answered(world):
    alert = world.fires()
    world.now = at(300)
    world.engine.drain()
    world.acknowledges(alert)
    assert heard(world, "Reminder") == []


def test_a_page_that_waits_is_withdrawn_once_it_is_silenced(world):
    alert = world.fires()
    world.now = at(300)
    world.engine.drain()
    world.says(alert, Suppress("night"))
    assert heard(world, "Reminder") == []


def test_a_page_that_waits_is_withdrawn_once_the_next_level_asks(world):
    alert = world.fires()
    world.now = at(300)
    world.engine.drain()
    world.says(alert, Escalate("operator", "api"))
    assert heard(world, "Reminder") == []


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (Resolve("vp", "api"), "it is resolved"),
        (Escalate("user2", "api"), "nobody has it any more"),
        (Snooze("user2", "api", until=at(9000)), "it is snoozed"),
        (Snooze("vp", "api", until=at(9000)), "it is snoozed"),
        (Suppress("night"), "it is silenced"),
        (Update("user2", "api"), "there was an update"),
    ],
)
def test_a_reminder_that_waits_is_withdrawn_once_its_cause_ends(world, command, why):
    alert = world.fires()
    world.acknowledges(alert)
    world.now = at(900)
    world.engine.drain()
    world.now = at(901)
    world.says(alert, command)
    assert heard(world, "Reminder") == []
    found = [entry for entry in world.entries(alert).values() if entry.kind == "reminder"]
    assert {(entry.state.value, entry.error) for entry in found} == {("withdrawn", why)}


def test_a_reminder_that_waits_is_withdrawn_once_somebody_else_has_it(world):
    alert = world.fires()
    world.acknowledges(alert)
    world.now = at(900)
    world.engine.drain()
    world.engine.act(alert, Reassign("user2", "api", to="vp"))
    world.says(alert, Acknowledge("vp", "api"))
    assert heard(world, "Reminder") == []


def test_a_reminder_of_both_is_sent_after_an_update(world):
    alert = world.fires(severity="high")
    world.acknowledges(alert)
    world.now = at(1800)
    world.engine.drain()
    world.now = at(1801)
    world.says(alert, Update("user2", "api"))
    assert len(heard(world, "Reminder")) == 2


def test_whoever_it_was_reassigned_to_is_reminded(world):
    alert = world.fires()
    world.says(alert, Reassign("user2", "api", to="vp"))
    world.passes(310)
    assert {who for who, _, _ in heard(world, "Reminder")} == {"vp"}


def test_all_who_were_paged_are_reminded_when_nobody_knows_who_has_it(world):
    alert = world.fires()
    world.passes(700)
    world.acknowledges(alert, by="a-token")
    world.passes(900)
    assert [(who, how) for who, how, _ in heard(world, "Reminder")[2:]] == [("user2", "email"), ("user5", "email")]


def test_the_pages_of_a_reminder_are_not_those_of_the_firing(world):
    alert = world.fires()
    before = world.alert(alert)
    world.passes(300)
    after = world.alert(alert)
    assert (after.cause, after.paged, after.level_fired_at) == (before.cause, before.paged, before.level_fired_at)


def test_a_reminder_that_cannot_be_delivered_leaves_no_level(client):
    world = _live(client)
    alert = world.fires()
    world.sender.outcomes = {"p2": REJECTED}
    world.passes(310)
    assert world.alert(alert).level == 0
    assert client.hget(f"rung:alert:{alert}", "f") is None


def test_a_reminder_that_fails_does_not_hide_that_the_firing_failed(client):
    """Its pages come back at the very second at which the firing's are tried again, and all are turned away."""
    world = _live(client)
    world.sender.outcomes = {"p2": Outcome(OutcomeKind.RATE_LIMITED, "later", retry_after=300)}
    alert = world.fires()
    world.passes(299)
    world.sender.outcomes = {"p2": REJECTED}
    world.passes(2)
    assert fired(world, alert) == [0, 300], "the level is left at once, before its time"


def _live(client) -> World:
    """Only e-mail, with an address of its own for each person."""
    channels = dict.fromkeys(config_dict()["channels"], False) | {"email": {"url": "mailto://smtp.example.com/{email}"}}
    return tracked(client, channels=channels)


def test_after_a_handover_whoever_is_on_call_now_is_reminded_and_hears_how_it_ends(client):
    world = tracked(client, at(7 * 86_400 - 3700))  # 08:58:20 on the next Monday; the shift ends at 09:00
    alert = world.fires()
    world.passes(310)
    assert {who for who, _, _ in heard(world, "Reminder")} == {"user3"}
    world.clears()
    assert {who for who, _, _ in heard(world, "Resolved")} == {"user2", "user3"}
    assert alert


def test_quiet_preferences_hold_for_reminders(client):
    people = config_dict()["people"]
    people = people | {"user2": people["user2"] | {"quiet": {"high": ["slack"]}}}
    world = tracked(client, people=people)
    world.fires(severity="high")
    world.passes(900)
    assert [(who, how) for who, how, _ in heard(world, "Reminder")] == [("user2", "email")]


def test_an_acknowledgment_does_not_run_out_unless_config_says_so(world):
    alert = world.fires()
    world.acknowledges(alert)
    world.passes(100_000)
    assert fired(world, alert) == [0]


def test_an_acknowledgment_without_an_update_runs_out_and_the_same_level_fires_again(client):
    world = tracked(client, **with_tracking(acknowledgment_expires="1h"))
    alert = world.fires()
    world.passes(700)
    world.acknowledges(alert, by="user5")
    world.passes(3700)
    story = world.story(alert, "escalated", "acknowledged")
    assert story == [
        "600 escalated secondary",
        "700 acknowledged user5",
        "4300 escalated secondary the acknowledgment by user5 ran out: no update for 1 h",
    ]
    assert world.alert(alert).is_unanswered
    world.passes(700)
    assert fired(world, alert)[-1] == 4900


def test_an_update_keeps_an_acknowledgment_and_a_snooze_and_a_silence_hold_its_end(client):
    world = tracked(client, **with_tracking(acknowledgment_expires="1h"))
    alert = world.fires()
    world.acknowledges(alert)
    world.passes(3000)
    world.says(alert, Update("user2", "api"))
    world.passes(3000)
    assert world.alert(alert).expires_at == at(6600)
    world.says(alert, Suppress("night"))
    world.passes(3000)
    assert fired(world, alert) == [0]
    world.says(alert, Unsuppress("morning"))
    world.passes(1)
    assert fired(world, alert) == [0, 9000]


def test_the_reminders_are_counted_for_the_reports(world):
    alert = world.fires()
    world.passes(950)
    assert world.alert(alert).reminders == 2
    assert [event["of"] for event in events(world, alert, "reminded")] == [["acknowledgment"]] * 2
