"""The faults of the requirement's sketch must not return: a test for each that the alert's own way can have.

The numbers are those of the list of faults in the requirements. Those of the score that is kept, 10 to 14, 16 and 19,
stand in tests/test_score_faults.py.
"""

import ast
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from core.adapters.settings import Settings
from core.alert import Alert, Status, load
from core.commands import Acknowledge, Fire, PagesFailed, Resolve, Update, Wake
from core.config.rotation import Rotation
from core.lifecycle import trigger
from core.rules import Rules
from core.severity import Severity
from core.signals import Webhook
from core.sources import read
from core.timeline import EventKind
from tests.samples import (
    RULES,
    T0,
    at,
    config_dict,
    decided,
    firing,
    ladder_rules,
    left_alone,
    rules,
    rung,
    signal,
    times,
    triggered,
)

DAY = 86_400
WEEK = 7 * DAY


def on_call(rules: Rules, seconds: float, name: str = "oncall_primary") -> str:
    return dict(rules.people([name], at(seconds)))[name]


def rotating(**fields) -> Rules:
    rotation = config_dict()["rotations"]["oncall_primary"] | fields
    return rules(rotations=config_dict()["rotations"] | {"oncall_primary": rotation})


def test_the_rotation_gives_every_member_a_turn():
    """Fault 1: the rotation always picks member 0."""
    assert {on_call(RULES, week * WEEK) for week in range(3)} == {"user1", "user2", "user3"}
    assert on_call(RULES, 3 * WEEK) == on_call(RULES, 0)


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        ({}, -3601, -3600),
        ({"start_time": "17:30"}, 7.5 * 3600 - 1, 7.5 * 3600),
        ({"handoff_day": "wednesday"}, 2 * DAY - 3601, 2 * DAY - 3600),
    ],
)
def test_the_rotation_hands_over_on_its_day_at_its_time(fields, before, after):
    """Fault 1: start_time and handoff_day are ignored. T0 is a Monday at 10:00."""
    assert on_call(rotating(**fields), before) != on_call(rotating(**fields), after)


def test_a_rotation_of_a_type_nobody_built_is_refused_and_not_ignored():
    """Fault 1: type is ignored."""
    with pytest.raises(ValueError, match="weekly"):
        Rotation.model_validate(config_dict()["rotations"]["oncall_primary"] | {"type": "monthly"})


@pytest.mark.parametrize("severity", ["critical", "high", "low"])
def test_an_alert_climbs_the_ladder_of_its_own_severity(severity):
    """Fault 2: the severity is lost on escalation, so the policy is always that of medium."""
    alert, _ = left_alone(triggered(severity), 4000)
    assert (alert.severity, alert.policy_name) == (severity, severity)
    assert [level.delay for level in alert.policy.levels] == [
        level["delay"] for level in config_dict()["escalation"]["policies"][severity]["levels"]
    ]


def test_a_second_level_of_critical_fires_when_that_of_critical_is_due():
    """Fault 2, as it showed: critical waited 7200 s like medium."""
    _, events = left_alone(triggered(), 3000)
    assert times(events, "escalated") == [600, 1800]


@pytest.mark.parametrize("word", ["low", "info", "warning", "none", "P5", "bogus", "", None, "🔥"])
def test_no_severity_is_without_a_policy(word):
    """Fault 3: a severity outside critical, high, medium has no policy and the alert is dropped."""
    severity = RULES.severity_of("generic", word)
    name, policy = RULES.policy_for("generic", severity)
    alert = trigger(1, Fire("generic", signal(severity=word), severity, name, policy), T0, RULES).alert
    assert alert.paged


def test_a_severity_whose_policy_nobody_wrote_has_the_default_one():
    """Fault 3, where config has no policy of that name."""
    escalation = config_dict()["escalation"]
    few = rules(escalation=escalation | {"policies": {"medium": escalation["policies"]["medium"]}})
    assert few.policy_for("generic", Severity.LOW)[0] == "medium"


@pytest.mark.parametrize("delay", [900, 1200])
def test_the_delay_of_a_level_is_read(delay):
    """Fault 4: delay is never read; a level fired when the timeout before it had passed."""
    two = ladder_rules(rung(timeout=300), rung(delay=delay))
    _, events = left_alone(triggered(rules=two), 2000, two)
    assert times(events, "escalated") == [delay]


def test_the_repeat_interval_is_read():
    """Fault 4: repeat_interval is never read; rounds followed at once."""
    for interval in (1000, 5000):
        one = ladder_rules(rung(timeout=10), repeat_interval=interval)
        _, events = left_alone(triggered(rules=one), 10_000, one)
        assert times(events, "escalated") == [interval]


def test_the_sla_timeout_of_the_policy_stands_in_the_alert():
    """Fault 4: sla_timeout is never read. Its clock comes with the SLA; it is kept from the first signal on."""
    assert triggered().policy.sla_timeout == 3600


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (Acknowledge("user2", "link"), Status.ACKNOWLEDGED),
        (Update("user2", "link"), Status.IN_PROGRESS),
        (Resolve("user2", "link"), Status.RESOLVED),
    ],
)
def test_an_answer_stops_the_ladder(command, status):
    """Fault 5: nothing ever sets acknowledged or resolved, so it climbs until the repeats run out."""
    alert = decided(triggered(), command, at(60)).alert
    assert (alert.status, alert.wake_at) == (status, None)
    assert decided(alert, Wake(), at(100_000)).alert is alert


def test_an_alert_goes_on_from_its_record_after_a_restart():
    """Fault 6: timers are sleeps in memory; the store is written and never read back."""
    alert, firings = triggered(), [0.0]
    while alert.wake_at is not None:
        decision = decided(load(alert.dump()), Wake(), alert.wake_at)
        alert = load(decision.alert.dump())
        firings += times(decision.events, "escalated")
    assert firings[:5] == [0, 600, 1800, 3600, 7200]
    assert alert.exhausted


def test_nothing_in_the_core_sleeps():
    """Fault 6: a timer is a time in the record and never a sleep."""
    core = Path(__file__).resolve().parents[1] / "core"
    pure = [path for path in core.rglob("*.py") if "adapters" not in path.parts]
    calls = [
        node for path in pure for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
    ]
    assert calls
    assert not [call for call in calls if ast.unparse(call.func).endswith("sleep")]


def test_a_stale_timer_climbs_nothing():
    """Fault 7: a timer checks only "pending" and not its level, so stale timers climb twice."""
    alert = decided(triggered(), Wake(), at(600)).alert
    for second in (600, 601, 900, 1799):
        assert decided(alert, Wake(), at(second)).alert is alert


def test_two_timers_that_go_off_together_climb_one_level():
    """Fault 7: the second of two decides about the record that the first one wrote."""
    alert = triggered()
    first = decided(alert, Wake(), at(600))
    second = decided(first.alert, Wake(), at(600))
    assert times(first.events, "escalated") == [600]
    assert second.events == ()


def test_a_duplicate_start_adds_no_second_chain():
    """Fault 7: starting the same alert again added a chain of timers."""
    alert = triggered()
    again = decided(alert, firing(), at(30))
    assert again.notifications == ()
    assert (again.alert.timer, again.alert.wake_at) == (alert.timer, alert.wake_at)


@pytest.mark.parametrize(
    "level", [rung(who="nobody"), rung(channels=()), rung(channels=("pager",)), rung(who="oncall_gone")]
)
def test_a_level_that_goes_wrong_does_not_end_the_ladder(level):
    """Fault 8: one exception before the timer is set ends the chain."""
    broken = ladder_rules(level, rung(delay=600))
    alert = triggered(rules=broken)
    assert alert.paged == (("user1", "email"),)
    assert alert.wake_at is not None


def test_pages_that_cannot_be_delivered_lead_on():
    """Fault 8: and neither does a provider that turns every page away."""
    alert = triggered()
    assert decided(alert, PagesFailed(alert.cause), at(5)).alert.level == 1


def test_an_error_in_a_decision_is_not_swallowed():
    """Fault 8: every method swallows its errors."""

    class Broken(Rules):
        def reach(self, *_):
            raise RuntimeError("no such clock")

    with pytest.raises(RuntimeError, match="no such clock"):
        trigger(1, firing(), T0, Broken(RULES.config))


def test_each_event_of_the_timeline_says_what_happened_then():
    """Fault 9: the history appends one mutable record, always as start_escalation."""
    alert, events = left_alone(triggered(), 3600)
    firings = [event for event in events if event.kind is EventKind.ESCALATED]
    assert [event.details["level_name"] for event in firings] == ["secondary", "manager", "executive"]
    assert [event.number for event in events] == sorted({event.number for event in events})
    before = [event.dump() for event in events]
    decided(alert, Resolve("user2", "api"), at(4000))
    assert [event.dump() for event in events] == before


def test_an_event_cannot_be_changed():
    """Fault 9: what was written stays as it was."""
    _, events = left_alone(triggered(), 600)
    with pytest.raises(AttributeError):
        events[0].kind = EventKind.RESOLVED


def test_every_instant_of_an_alert_is_aware_and_utc():
    """Fault 15: times are naive and local."""
    alert = decided(triggered(), Acknowledge("user2", "api"), at(10)).alert
    alert = decided(alert, Resolve("user2", "api"), at(20)).alert
    instants = [value for value in dict(alert).values() if hasattr(value, "tzinfo")]
    assert len(instants) >= 6
    assert all(instant.tzinfo == UTC and instant.utcoffset() == timedelta(0) for instant in instants)
    assert load(alert.dump()).created_at.utcoffset() == timedelta(0)


def test_the_time_zone_of_a_rotation_counts():
    """Fault 15: the time zone is ignored. 09:00 on Monday in New York is 14:00 in UTC."""
    far = rotating(timezone="America/New_York")
    assert on_call(far, 4 * 3600 - 1) != on_call(far, 4 * 3600)
    assert on_call(far, 0) != on_call(RULES, 0)


def test_the_rotation_follows_the_local_clock_through_the_change_of_summer_time():
    """Fault 15: a handoff at 09:00 stays at 09:00, in UTC it moves from 07:00 to 08:00."""
    berlin = rotating(timezone="Europe/Berlin")
    summer = -9 * WEEK  # Monday 2026-09-21, 10:00 in UTC
    assert on_call(berlin, summer - 3 * 3600) != on_call(berlin, summer - 3 * 3600 - 1)
    assert on_call(berlin, -2 * 3600) != on_call(berlin, -2 * 3600 - 1)


def test_the_database_is_one_that_every_server_has():
    """Fault 17: Redis databases 24 and 25 do not exist on a default server."""
    assert Settings.from_env({}).redis_url.endswith("/0")


def test_severity_is_the_only_word_for_how_bad_it_is():
    """Fault 18: severity and priority name the same thing."""
    assert "severity" in Alert.model_fields
    assert "priority" not in Alert.model_fields
    body = b'{"title": "Disk is full", "severity": "high", "dedup_key": "d"}'
    (one,) = read("generic", Webhook(body, "application/json")).signals
    assert RULES.severity_of("generic", one.severity) is Severity.HIGH
