"""Stories of a source that keeps changing its mind: it is believed until it does so too often, and then again later."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.alert import Alert, Status
from core.commands import Acknowledge, Clear, Command, Resolve, Snooze, Wake
from core.lifecycle import decide
from tests.samples import at, config, config_dict, decided, firing, rules, triggered
from tests.worlds import World

LIFE = ("triggered", "reopened", "flapping", "resolved")
PAGED = ["user2", "user2", "user2"]  # one round: e-mail, slack, sms


@pytest.fixture
def world(client):
    return World(client)


def paged(world):
    return [who for who, _, title in world.told() if not title.startswith("Resolved")]


def flaps(world, times, every=60):
    """Change the source's mind so often, beginning with a clear."""
    for number in range(times):
        world.passes(every)
        (world.fires if number % 2 else world.clears)()


def test_up_to_six_changes_in_fifteen_minutes_a_source_is_believed(world):
    world.fires()
    flaps(world, 6)
    assert world.story(1, *LIFE) == [
        "0 triggered primary",
        "60 resolved generic",
        "120 reopened",
        "180 resolved generic",
        "240 reopened",
        "300 resolved generic",
        "360 reopened",
    ]
    assert not world.alert(1).is_flapping
    assert paged(world) == PAGED * 4


def test_the_seventh_change_flags_it_once_and_from_then_on_it_stays_open_and_pages_nobody_anew(world):
    world.fires()
    flaps(world, 7)
    assert world.story(1, *LIFE)[-1] == "420 flapping"
    assert world.store.timeline(1)[-1] == {
        "at": "2026-11-23T10:07:00Z",
        "event": "flapping",
        "n": world.alert(1).events,
        "changes": 7,
        "within": "6 min",
    }
    world.acknowledges(1)
    flaps(world, 300, 60)
    assert world.story(1, "flapping") == ["420 flapping"]
    assert (world.alert(1).is_open, world.alert(1).is_flapping) == (True, True)
    assert paged(world) == PAGED * 4


def test_it_resolves_fifteen_minutes_after_the_last_change_when_the_source_last_said_it_was_over(world):
    world.fires()
    flaps(world, 7)
    world.passes(800)
    world.fires()
    world.passes(800)
    world.clears()
    world.passes(899)
    assert world.alert(1).is_open
    world.passes(1)
    flapped = world.alert(1)
    assert (flapped.status, flapped.resolved_at, flapped.resolved_by) == (Status.RESOLVED, at(2920), "generic")
    assert world.story(1, "resolved")[-1] == "2920 resolved generic it has been over for 15 min"
    assert [who for who, _, title in world.told() if title.startswith("Resolved")][-2:] == ["user2", "user5"]


def test_it_stays_open_and_is_believed_again_when_the_source_last_said_it_fires(world):
    world.fires()
    flaps(world, 8)
    world.passes(900)
    settled = world.alert(1)
    assert (settled.is_open, settled.is_flapping, settled.changes) == (True, False, ())
    world.clears()
    assert world.story(1, "resolved")[-1] == "1380 resolved generic"


def test_each_change_of_a_flapping_source_counts_even_when_they_have_become_rarer(world):
    """Six in fifteen minutes would not flag it, but it has not settled either."""
    world.fires()
    flaps(world, 8)
    flaps(world, 5, 890)
    assert world.alert(1).is_flapping
    assert (world.alert(1).cleared_at, world.alert(1).flapping_until) == (at(4930), at(5830))


def test_a_repeat_is_no_change(world):
    world.fires()
    for _ in range(30):
        world.passes(10)
        world.fires()
    world.clears()
    for _ in range(5):
        world.clears()
    assert (world.alert(1).changes, world.alert(1).is_flapping) == ((at(300),), False)


def test_the_seventh_counts_only_while_the_first_is_less_than_fifteen_minutes_ago(world):
    world.fires()
    flaps(world, 20, 150)
    assert world.story(1, "flapping") == []
    flaps(world, 1, 149)
    assert world.story(1, "flapping") == ["3149 flapping"]


@pytest.mark.parametrize("repeats", [0, 5])
def test_a_flapping_source_that_repeats_itself_moves_nothing(world, repeats):
    world.fires()
    flaps(world, 7)
    for _ in range(repeats):
        world.passes(100)
        world.clears()
    assert world.alert(1).flapping_until == at(1320)


def test_a_new_alert_carries_what_the_one_before_it_knew(client):
    """Each time it comes back it is too late to open the same alert again, and still it flaps."""
    escalation = config_dict()["escalation"] | {"reopen_within": 30}
    world = World(client, config(escalation=escalation))
    world.fires()
    flaps(world, 7)
    assert [world.story(n, *LIFE) for n in (1, 2, 3, 4)] == [
        ["0 triggered primary", "60 resolved generic"],
        ["120 triggered primary", "180 resolved generic"],
        ["240 triggered primary", "300 resolved generic"],
        ["360 triggered primary", "420 flapping"],
    ]
    world.passes(60)
    assert world.fires() == 4
    assert world.alert(4).is_flapping


def test_a_new_alert_knows_nothing_of_what_is_longer_ago_than_the_window(client):
    world = World(client)
    world.fires()
    flaps(world, 5)
    world.passes(901)
    assert world.alert(world.fires()).changes == (at(1201),)


def test_with_zero_changes_no_source_flaps(client):
    world = World(client, config(flapping={"changes": 0}))
    world.fires()
    flaps(world, 50, 10)
    assert world.story(1, "flapping") == []
    assert (world.alert(1).changes, len(world.story(1, "reopened"))) == ((), 25)


def test_how_many_changes_in_which_window_is_configured(client):
    world = World(client, config(flapping={"changes": 2, "window": "1m"}))
    world.fires()
    flaps(world, 3, 25)
    assert world.alert(1).flapping_until == at(135)
    world.passes(60)
    assert world.story(1, *LIFE)[-1] == "135 resolved generic it has been over for 1 min"


def test_whoever_has_a_flapping_alert_keeps_it_until_it_settles(world):
    world.fires()
    flaps(world, 6)
    world.acknowledges(1)
    flaps(world, 5)
    assert world.alert(1).acknowledged_by == "user2"
    world.passes(900)
    assert world.story(1, "resolved")[-1] == "1560 resolved generic it has been over for 15 min"


def test_a_snoozed_alert_that_settled_does_not_come_back(world):
    world.fires()
    flaps(world, 7)
    world.says(1, Snooze("user2", "api", until=at(5000)))
    world.passes(10_000)
    assert world.story(1, "unsnoozed") == []
    assert world.story(1, "resolved")[-1] == "1320 resolved generic it has been over for 15 min"


def test_a_person_may_resolve_a_flapping_alert_and_is_paged_when_it_fires_again(world):
    world.fires()
    flaps(world, 8)
    before = len(paged(world))
    world.says(1, Resolve("user2", "api"))
    world.passes(60)
    assert world.fires() == 1
    assert len(paged(world)) == before + len(PAGED)
    assert world.story(1, "flapping") == ["420 flapping"]


def test_what_a_person_resolved_and_the_source_repeats_is_no_change_of_its_mind(world):
    world.fires()
    for _ in range(10):
        world.passes(60)
        world.says(1, Resolve("user2", "api"))
        world.passes(10)
        world.fires()
    assert (world.alert(1).changes, world.story(1, "flapping")) == ((), [])


def test_a_flag_that_ran_out_while_the_alert_was_resolved_is_gone_when_it_opens_again(client):
    escalation = config_dict()["escalation"] | {"reopen_within": 7200}
    world = World(client, config(escalation=escalation))
    world.fires()
    flaps(world, 8)
    world.says(1, Resolve("user2", "api"))
    world.passes(1000)
    assert world.fires() == 1
    assert not world.alert(1).is_flapping
    world.clears()
    assert world.story(1, "resolved")[-1] == "1480 resolved generic"


def test_a_source_that_settled_while_no_timer_went_off_is_believed(world):
    world.fires()
    flaps(world, 8)
    world.now = at(480 + 900)
    world.clears()
    assert world.story(1, "resolved")[-1] == "1380 resolved generic"


# Whatever happens

minds = st.lists(st.tuples(st.integers(1, 1200), st.sampled_from("fffccc ")), min_size=10, max_size=60)
FLAPPY = rules(flapping={"changes": 3, "window": 600})


def said(alert: Alert, word: str) -> Command:
    return {"f": firing(rules=FLAPPY), "c": Clear("generic"), " ": Wake()}[word]


def later(alert, seconds):
    """The alert after its timers went off in time, and the notifications of that."""
    while alert.wake_at is not None and alert.wake_at <= at(seconds):
        alert = decided(alert, Wake(), alert.wake_at, FLAPPY).alert
    return alert


@settings(max_examples=200, deadline=None)
@given(minds)
def test_once_flagged_nobody_is_paged_by_a_signal_until_it_has_settled_or_resolved(minds):
    alert, seconds = decided(triggered(rules=FLAPPY), Acknowledge("user2", "api"), at(1), FLAPPY).alert, 1
    last_change = None
    firing_now = True
    for span, word in minds:
        seconds += span
        alert = later(alert, seconds)
        was = alert
        decision = decide(alert, said(alert, word), at(seconds), FLAPPY)
        alert = decision.alert
        changed = (word == "f" and not firing_now) or (word == "c" and firing_now)
        firing_now = {"f": True, "c": False}.get(word, firing_now)
        last_change = seconds if changed else last_change
        if was.is_open and was.is_flapping:
            assert decision.notifications == (), "a signal of a flapping source pages nobody"
            assert alert.is_open
        if alert.is_open and alert.is_flapping:
            assert alert.flapping_until == at(last_change + 600)
            assert alert.wake_at <= alert.flapping_until
    assert len(alert.changes) <= 4
    settled = later(alert, seconds + 600)
    assert not (settled.is_open and settled.is_flapping)
    assert settled.is_open == firing_now


def test_the_flag_is_of_the_alert_and_its_own_key(world):
    world.fires("other")
    world.fires()
    flaps(world, 7)
    assert [world.alert(n).is_flapping for n in (1, 2)] == [False, True]
