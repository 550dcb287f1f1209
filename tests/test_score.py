"""Keeping the score of one alert, decision by decision: what is told to whom, and what stands in the record."""

import pytest

from core.alert import Alert, load
from core.commands import Acknowledge, Clear, Escalate, Reassign, Resolve, Snooze, Suppress, Update, Wake
from core.decision import NotificationKind
from core.due import DueKind, next_due
from core.rules import Rules
from core.score import waiting
from tests.samples import at, config, config_dict, decided, firing, refused, triggered
from tests.tracked import TRACKED, TRACKING, with_tracking

PAGE, NOTICE, REMINDER = NotificationKind
ACK = Acknowledge("user2", "api")
EXPIRING = Rules(config(**TRACKING | with_tracking(acknowledgment_expires="1h")))


def fired(severity="critical", rules=TRACKED):
    return triggered(severity, rules=rules)


def does(alert, command, seconds, rules=TRACKED):
    return decided(alert, command, at(seconds), rules)


def told(decision, kind):
    return [(n.responder, n.channel, n.reason) for n in decision.notifications if n.kind is kind]


def kinds(decision):
    return [event.kind.value for event in decision.events]


def test_the_first_timer_of_an_alert_is_for_the_mark_that_comes_before_the_next_level():
    alert = fired()
    assert next_due(alert).kind is DueKind.SLA_MARK
    assert (alert.wake_at, alert.remind_at) == (at(240), at(300))
    assert [(c.kind, c.at_risk_at, c.deadline) for c in alert.sla.clocks] == [
        ("acknowledgment", at(240), at(300)),
        ("resolution", at(2880), at(3600)),
        ("policy", at(2880), at(3600)),
    ]


def test_without_anything_to_track_nothing_is_kept_and_nothing_is_written():
    alert = triggered()
    assert (alert.sla, alert.remind_at, alert.expires_at, alert.reminded) == (None, None, None, ())
    assert not {"sla", "remind", "expires", "reassigned"} & set(alert.dump().split('"'))


def test_a_mark_is_an_event_and_a_notice_to_the_level():
    decision = does(fired(), Wake(), 240)
    assert decision.result == "woken"
    assert [(e.kind, e.details["clock"], e.details["deadline"]) for e in decision.events[:1]] == [
        ("sla_at_risk", "acknowledgment", "2026-11-23T10:05:00Z")
    ]
    assert told(decision, NOTICE) == [
        ("user2", "email", "SLA acknowledgment at risk"),
        ("user2", "slack", "SLA acknowledgment at risk"),
    ]


def test_a_mark_that_is_noticed_by_another_command_is_told_as_well():
    decision = does(fired(), firing(rules=TRACKED), 250)
    assert kinds(decision)[:2] == ["counted", "sla_at_risk"]


def test_a_reminder_comes_with_a_wake_and_with_nothing_else():
    alert = does(fired(), Wake(), 240).alert
    assert "reminded" not in kinds(does(alert, firing(rules=TRACKED), 300))
    assert told(does(alert, Wake(), 300), PAGE) == [
        ("user2", "email", "reminder: nobody has answered (1 of 3)"),
        ("user2", "slack", "reminder: nobody has answered (1 of 3)"),
    ]


def test_what_a_command_left_due_stays_due_at_once():
    alert = does(fired(), firing(rules=TRACKED), 310).alert
    assert alert.wake_at == at(300)


def test_a_reminder_changes_neither_the_cause_nor_who_was_paged():
    alert = does(fired(), Wake(), 240).alert
    after = does(alert, Wake(), 300).alert
    assert (after.cause, after.paged, after.firings) == (alert.cause, alert.paged, alert.firings)
    assert (after.reminders, after.remind_at) == (1, at(600))


def test_marks_and_reminders_without_channels_in_config_go_where_people_may_sleep():
    """The level has email, slack and sms; an SMS wakes people, so only the page comes on it."""
    sla = TRACKING["sla"] | {"monitoring": {"check_interval": 60}}
    tracking = TRACKING["response_tracking"] | {"sla_monitoring": {"enabled": True}}
    tracking = tracking | {"reminders": {"interval": {"critical": 300}, "max_reminders": 1}}
    rules = Rules(config(sla=sla, response_tracking=tracking))
    at_risk = does(fired(rules=rules), Wake(), 240, rules)
    assert [channel for _, channel, _ in told(at_risk, NOTICE)] == ["email", "slack"]
    reminded = does(at_risk.alert, Wake(), 300, rules)
    assert [channel for _, channel, _ in told(reminded, PAGE)] == ["email", "slack", "sms"]


def test_whom_the_channels_of_the_config_do_not_reach_is_told_on_another():
    channels = config_dict()["channels"] | {"email": False, "slack": False}
    rules = Rules(config(**TRACKING | {"channels": channels}))
    decision = does(fired(rules=rules), Wake(), 240, rules)
    assert [(who, how) for who, how, _ in told(decision, NOTICE)] == [("user2", "sms")]


def test_of_two_people_the_one_whom_the_channels_do_not_reach_is_told_on_another():
    channels = dict.fromkeys(config_dict()["channels"], False) | {
        "email": {"url": "mailto://smtp.example.com/{email}"},
        "sms": {"url": "json://sms.example.com/{phone}"},
    }
    people = config_dict()["people"] | {"vp": {"phone": "+15550100099"}}
    rules = Rules(config(**TRACKING | {"channels": channels, "people": people}))
    alert = fired(rules=rules)
    alert = alert.model_copy(update={"level": 3, "level_fired_at": at(100)})
    pairs = [(who, how) for who, how, _ in told(does(alert, Wake(), 240, rules), NOTICE)]
    assert pairs == [("director", "email"), ("vp", "sms")]


def test_what_a_source_repeats_about_a_resolved_alert_writes_nothing():
    alert = does(fired(), Clear("generic"), 400).alert
    assert does(alert, Clear("generic"), 500).alert is alert
    assert does(alert, Wake(), 10_000).alert is alert


def test_when_whoever_has_it_cannot_be_told_those_who_were_paged_are():
    alert = does(fired(), Acknowledge("grafana-bot", "api"), 60).alert
    assert [(who, how) for who, how, _ in told(does(alert, Wake(), 960), REMINDER)] == [("user2", "email")]


def test_a_reminder_that_reaches_nobody_says_so_and_the_next_one_comes_all_the_same():
    nobody = Rules(config(**TRACKING | {"channels": dict.fromkeys(config_dict()["channels"], False)}))
    alert = does(fired(), ACK, 10).alert
    decision = does(alert, Wake(), 910, nobody)
    assert (decision.notifications, decision.events[0].details["nobody"]) == ((), True)
    assert decision.alert.remind_at == at(1210)


def test_reassigned_it_asks_the_new_one_until_a_level_fires():
    alert = does(fired(), Reassign("user2", "api", to="vp"), 100).alert
    assert alert.reassigned_to == "vp"
    assert does(does(alert, Wake(), 240).alert, Wake(), 600).alert.reassigned_to is None


@pytest.mark.parametrize(
    ("commands", "fields"),
    [
        ((), ("fired_at",)),
        ((ACK,), ("acknowledged_at",)),
        ((Update("user2", "api"),), ("acknowledged_at", "updated_at")),
        ((ACK, Snooze("user2", "api", at(999))), ()),
        ((Suppress("night"),), ()),
        ((ACK, Suppress("night")), ()),
        ((Resolve("user2", "api"),), ()),
        ((ACK, Escalate("user2", "api")), ("fired_at",)),
    ],
)
def test_what_is_waited_for(commands, fields):
    alert = fired()
    for command in commands:
        alert = does(alert, command, 60).alert
    found = waiting(alert)
    assert tuple(name for name in ("fired_at", "acknowledged_at", "updated_at") if getattr(found, name)) == fields


def test_nobody_waits_for_an_answer_from_a_level_that_was_left_or_a_ladder_that_is_used_up():
    for fields in ({"left_at": at(5)}, {"exhausted": True}):
        assert waiting(fired().model_copy(update=fields)).fired_at is None


def test_an_acknowledgment_runs_out_without_an_update():
    alert = does(fired(rules=EXPIRING), ACK, 100, EXPIRING).alert
    assert (alert.expires_at, next_due(alert.model_copy(update={"sla": None, "remind_at": None})).kind) == (
        at(3700),
        DueKind.EXPIRY,
    )
    early = does(alert, Wake(), 3699, EXPIRING)
    assert early.result == "woken"
    decision = does(early.alert, Wake(), 3700, EXPIRING)
    assert decision.result == "expired"
    fired_again = next(event for event in decision.events if event.kind == "escalated")
    assert fired_again.details["reason"] == "the acknowledgment by user2 ran out: no update for 1 h"
    assert decision.alert.is_unanswered
    assert (decision.alert.acknowledged_by, decision.alert.expires_at) == (None, None)
    assert decision.alert.level_fired_at == at(3700)
    assert {who for who, _, _ in told(decision, PAGE)} == {"user2"}


def test_at_the_instant_at_which_it_runs_out_there_is_no_reminder():
    rules = Rules(config(**TRACKING | with_tracking(acknowledgment_expires=900)))
    alert = does(fired(rules=rules), ACK, 0, rules).alert
    assert "reminded" not in kinds(does(alert, Wake(), 900, rules))


def test_each_response_has_the_number_of_its_event_as_its_id():
    decision = does(fired(), ACK, 10)
    (event,) = decision.events
    assert event.details["response_id"] == f"1-{event.number}"


def test_a_response_of_several_steps_has_one_id():
    alert = does(fired(), ACK, 10).alert
    decision = does(alert, Escalate("user2", "api"), 20)
    ids = {event.details["response_id"] for event in decision.events if "response_id" in event.details}
    assert ids == {f"1-{decision.events[0].number}"}


def test_what_is_refused_is_no_response():
    assert refused(does(fired(), ACK, 10).alert, Acknowledge("vp", "api"), at(20), TRACKED).code == "acknowledged"


def test_what_is_kept_survives_the_record():
    alert: Alert = fired()
    for seconds in (240, 300):
        alert = does(alert, Wake(), seconds).alert
    alert = does(alert, ACK, 400).alert
    assert load(alert.dump()) == alert


def test_a_critical_alert_does_not_grow_by_more_than_450_bytes():
    """Three clocks and the last reminders; the policy in the record is larger than that."""
    assert len(fired().dump()) - len(triggered().dump()) <= 450
