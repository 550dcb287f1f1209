"""Every kind of expectation, met and not met. The course is that of a critical alert that user4 takes after 12 min."""

import pytest

from core.config.tracking import ResponseTracking, SlaMonitoring
from tests.samples import config
from tests.scenarios.written import failed, told

STORY = """
- alert: {severity: critical, title: Disk is full}
- at: 12m
  acknowledge: {by: user4}
- at: 20m
  update: {by: user4, note: on it}
- at: 70m
  resolve: {by: user4}
"""
ROUND = {"acknowledgment_time": 300, "resolution_time": 3600, "business_hours": False, "allowed_breaches": 0}
CONFIG = config(
    sla={"definitions": {"critical": ROUND}, "monitoring": {"notification_channels": ["email"]}},
    response_tracking={
        "timeouts": {"acknowledgment": {"critical": 300}, "updates": {"critical": 900}},
        "reminders": {"interval": {"critical": 120}, "max_reminders": 2, "channels": ["email", "slack"]},
    },
    routes=[{"name": "disks", "match": {"title": "/Disk/"}, "policy": "critical"}, {"name": "others"}],
)

# Every line twice: as it is met, and as it is not, with what is then told of it. None: met.
CASES = [
    # who, on what, when
    ("{page: user1}", None),
    ("{page: user1, at: 0s}", None),
    ("{page: user1, on: sms, at: 0s}", None),
    ("{page: user1, on: [email, slack, sms], between: [0s, 1s]}", None),
    ("{page: [user1, user4]}", None),
    ("{page: user4, on: phone, by: 10m}", None),
    ("{page: user4, from: 10m}", None),
    ("{page: user4, between: [10m, 10m]}", None),
    ("{page: user4, at: 2026-11-20T10:10}", None),
    ("{page: user4, at: 2026-11-20T11:10:00+01:00}", None),
    ("{page: oncall_secondary, at: 10m}", None),
    ("{page: anybody, times: 2}", None),
    ("{page: user4, times: 1, on: [email, phone]}", None),
    ("{page: anybody, level: secondary, at: 10m}", None),
    ("{page: user4, level: secondary, round: 1}", None),
    ("{page: user5}", ("page to user5", "user1 on email, slack, sms at 0s; user4 on email, slack, sms, phone at 10m")),
    ("{page: user1, at: 1s}", ("page to user1 at 1s", "user1 on email, slack, sms at 0s")),
    ("{page: user1, on: phone, at: 0s}", ("page to user1 on phone at 0s", "user1 on email, slack, sms at 0s")),
    ("{page: user1, on: [sms, phone]}", ("page to user1 on phone", "user1 on email, slack, sms at 0s")),
    (
        "{page: [user1, user4], at: 10m}",
        ("page to user1 at 10m", "user1 on email, slack, sms at 0s"),
    ),
    ("{page: user5, at: 10m}", ("page to user5 at 10m", "user4 on email, slack, sms, phone at 10m")),
    ("{page: user4, by: 9m59s}", ("page to user4 by 9m59s", "user4 on email, slack, sms, phone at 10m")),
    ("{page: user4, from: 10m1s}", ("page to user4 from 10m1s on", "user4 on email, slack, sms, phone at 10m")),
    (
        "{page: user4, on: phone, between: [1m, 9m]}",
        ("page to user4 on phone between 1m and 9m", "user4 on phone at 10m"),
    ),
    (
        "{page: user4, at: 2026-11-20T10:11}",
        ("page to user4 at 2026-11-20T10:11", "user4 on email, slack, sms, phone at 10m"),
    ),
    (
        "{page: oncall_secondary, at: 0s}",
        ("page to oncall_secondary at 0s", "user4 on email, slack, sms, phone at 10m"),
    ),
    (
        "{page: anybody, times: 3}",
        (
            "page to anybody, 3 times",
            "2 times: user1 on email, slack, sms at 0s; user4 on email, slack, sms, phone at 10m",
        ),
    ),
    ("{page: user4, times: 2, on: phone}", ("page to user4 on phone, 2 times", "1 time: user4 on phone at 10m")),
    (
        "{page: anybody, level: manager}",
        (
            "page to anybody of level manager",
            "user1 on email, slack, sms at 0s; user4 on email, slack, sms, phone at 10m",
        ),
    ),
    ("{page: user4, round: 2}", ("page to user4 in round 2", "user4 on email, slack, sms, phone at 10m")),
    ("{page: team_manager, from: 70m}", ("page to team_manager from 70m on", "none")),
    # nobody
    ("{no_page: director}", None),
    ("{no_page: user1, on: phone}", None),
    ("{no_page: anybody, from: 12m}", None),
    ("{no_page: anybody, between: [1s, 9m59s]}", None),
    ("{no_page: [vp, director], by: 2h}", None),
    ("{no_page: anybody, level: manager}", None),
    ("{no_page: user4, round: 2}", None),
    ("{no_page: user4}", ("no page to user4", "user4 on email, slack, sms, phone at 10m")),
    ("{no_page: user4, on: [sms, phone]}", ("no page to user4 on sms, phone", "user4 on sms, phone at 10m")),
    ("{no_page: oncall_secondary}", ("no page to oncall_secondary", "user4 on email, slack, sms, phone at 10m")),
    ("{no_page: anybody, at: 10m}", ("no page to anybody at 10m", "user4 on email, slack, sms, phone at 10m")),
    ("{no_page: [vp, user1]}", ("no page to vp and user1", "user1 on email, slack, sms at 0s")),
    (
        "{no_page: anybody, level: secondary}",
        ("no page to anybody of level secondary", "user4 on email, slack, sms, phone at 10m"),
    ),
    # reminders and notices are no pages
    ("{reminder: user1, at: 5m}", None),
    ("{reminder: user1, on: email, about: acknowledgment, times: 2}", None),
    ("{reminder: user4, about: update, at: 35m}", None),
    ("{no_reminder: user4, about: resolution}", None),
    ("{no_reminder: user4, by: 34m}", None),
    ("{no_page: anybody, at: 5m}", None),
    ("{notice: user1, about: sla_breached, at: 5m}", None),
    ("{notice: user1, about: resolved, at: 70m}", None),
    ("{notice: user4, about: sla_at_risk, on: email, at: 48m}", None),
    ("{no_notice: user4, about: resolved}", None),
    (
        "{reminder: user1, at: 6m}",
        ("reminder to user1 at 6m", "user1 on email, slack at 5m; user1 on email, slack at 7m"),
    ),
    (
        "{reminder: user1, times: 1}",
        ("reminder to user1, 1 time", "2 times: user1 on email, slack at 5m; user1 on email, slack at 7m"),
    ),
    (
        "{reminder: user1, about: update}",
        ("reminder to user1 about update", "user1 on email, slack at 5m; user1 on email, slack at 7m"),
    ),
    ("{reminder: user4, at: 10m}", ("reminder to user4 at 10m", "user4 on email, slack at 35m")),
    ("{no_reminder: user1, by: 6m}", ("no reminder to user1 by 6m", "user1 on email, slack at 5m")),
    ("{page: user1, at: 5m}", ("page to user1 at 5m", "user1 on email, slack, sms at 0s")),
    ("{page: vp, at: 70m}", ("page to vp at 70m", "none")),
    ("{notice: user1, about: resolved, at: 5m}", ("notice to user1 about resolved at 5m", "user1 on email at 5m")),
    (
        "{notice: user4, about: resolved}",
        ("notice to user4 about resolved", "user4 on email at 48m; user4 on email at 1h"),
    ),
    (
        "{no_notice: user1}",
        ("no notice to user1", "user1 on email at 4m; user1 on email at 5m; user1 on email at 1h10m"),
    ),
    # how it stands
    ("{status: pending, at: 0s}", None),
    ("{status: pending, at: 9m59s}", None),
    ("{status: escalated, at: 10m}", None),
    ("{status: unanswered, at: 10m}", None),
    ("{status: acknowledged, at: 12m}", None),
    ("{status: in_progress, at: 20m}", None),
    ("{status: resolved, at: 70m}", None),
    ("{status: resolved}", None),
    ("{policy: critical}", None),
    ("{severity: critical, at: 0s}", None),
    ("{route: disks}", None),
    ("{status: acknowledged, at: 11m59s}", ("status acknowledged at 11m59s", "escalated")),
    ("{status: unanswered, at: 13m}", ("status unanswered at 13m", "acknowledged")),
    ("{status: exhausted}", ("status exhausted in the end", "resolved")),
    ("{status: suppressed, at: 1m}", ("status suppressed at 1m", "pending")),
    ("{status: snoozed, at: 13m}", ("status snoozed at 13m", "acknowledged")),
    ("{status: in_progress}", ("status in_progress in the end", "resolved")),
    ("{policy: high, at: 5m}", ("policy high at 5m", "critical")),
    ("{severity: low}", ("severity low in the end", "critical")),
    ("{route: others}", ("route others in the end", "disks")),
    # what happens
    ("{event: escalated, at: 10m, level: secondary}", None),
    ("{event: acknowledged, times: 1}", None),
    ("{event: reminded, times: 4}", None),
    ("{no_event: exhausted}", None),
    ("{no_event: escalated, by: 9m}", None),
    ("{no_event: escalated, level: manager}", None),
    ("{event: escalated, at: 30m}", ("escalated at 30m", "escalated at 10m")),
    ("{event: escalated, level: manager}", ("escalated of level manager", "never escalated")),
    ("{event: escalated, round: 2}", ("escalated in round 2", "never escalated")),
    ("{event: reminded, times: 2}", ("reminded, 2 times", "reminded 4 times: at 5m; at 7m; at 35m; and 1 more")),
    ("{event: exhausted, at: 8h}", ("exhausted at 8h", "never exhausted")),
    ("{no_event: updated}", ("never updated", "updated at 20m")),
    # SLA clocks
    ("{at_risk: acknowledgment, at: 4m}", None),
    ("{breached: acknowledgment, at: 5m}", None),
    ("{breached: resolution, between: [59m, 61m]}", None),
    ("{at_risk: acknowledgment, at: 5m}", ("SLA acknowledgment at risk at 5m", "at risk at 4m")),
    ("{breached: acknowledgment, by: 4m}", ("SLA acknowledgment breached by 4m", "breached at 5m")),
    ("{in_time: resolution}", ("SLA resolution in time", "breached at 1h")),
]


@pytest.mark.parametrize(("expectation", "failure"), CASES, ids=[case[0] for case in CASES])
def test_an_expectation_is_met_or_says_what_came_instead(expectation, failure):
    assert told(failed(f"- {expectation}", STORY, rung_config=CONFIG)) == ([failure] if failure else [])


def test_every_kind_of_expectation_is_shown_met_and_not_met():
    from core.scenarios.expectation import KINDS

    def kind(case):
        return case[0][1:].partition(":")[0]

    met = {kind(case) for case in CASES if case[1] is None}
    failing = {kind(case) for case in CASES if case[1] is not None}
    elsewhere = {"failed_page", "no_other_page", "in_time"}
    assert met | elsewhere == failing | elsewhere == set(KINDS)


QUICK = """
- alert: {severity: critical, title: Disk is full}
- at: 2m
  acknowledge: {by: user1}
- at: 30m
  resolve: {by: user1}
"""


@pytest.mark.parametrize("clock", ["acknowledgment", "resolution", "policy"])
def test_a_clock_that_was_met_is_in_time(clock):
    watched = CONFIG.model_copy(update={"response_tracking": ResponseTracking(sla_monitoring=SlaMonitoring())})
    assert failed(f"- {{in_time: {clock}}}", QUICK, rung_config=watched) == []
    [(expected, got)] = told(failed(f"- {{breached: {clock}}}", QUICK, rung_config=watched))
    assert (expected, got) == (f"SLA {clock} breached", "never breached")


@pytest.mark.parametrize("kind", ["in_time", "breached", "at_risk"])
def test_a_clock_that_does_not_run_is_neither_in_time_nor_late(kind):
    words = {"in_time": "in time", "breached": "breached", "at_risk": "at risk"}[kind]
    assert told(failed(f"- {{{kind}: resolution}}", QUICK)) == [(f"SLA resolution {words}", "no resolution clock")]


def test_a_page_is_one_that_arrives():
    found = failed(
        "- {page: user1, at: 0s}\n- {no_page: user1}\n- {failed_page: user1, on: [email, sms], at: 0s}\n"
        "- {failed_page: user4, by: 1m}\n- {page: user4, at: 0s}\n- {reminder: user1}",
        more="unreachable: [user1]",
    )
    assert told(found) == [
        ("page to user1 at 0s", "not delivered: user1 on email, slack, sms at 0s; user1 on phone at 0s"),
        ("failed page to user4 by 1m", "delivered: user4 on email, slack, sms, phone at 0s"),
        ("reminder to user1", "none"),
    ]


def test_a_page_that_goes_on_to_another_channel_is_a_page_there():
    expect = "- {page: user1, on: phone, at: 42s}\n- {failed_page: user1, on: sms, at: 42s}\n- {page: user1, on: sms}"
    found = failed(expect, more="down: [sms]")
    assert [failure.expected for failure in found] == ["page to user1 on sms"]


def test_a_page_that_was_answered_before_it_could_be_sent_again_is_none():
    given = "- alert: {severity: critical, title: Disk is full}\n- at: 20s\n  acknowledge: {by: user1}"
    assert failed("- {no_page: user1, on: [sms, phone]}\n- {page: user1, on: email}", given, "down: [sms]") == []


def test_no_other_page_is_whatever_no_page_of_the_scenario_speaks_of():
    speaks_of_both = "- {page: user1, at: 0s}\n- {page: user4, at: 10m}\n- {no_other_page: anybody}"
    assert failed(speaks_of_both, STORY) == []
    [one] = failed("- {page: user1, at: 0s}\n- {no_other_page: anybody}", STORY)
    assert (one.expected, one.got) == ("no other page to anybody", "user4 on email, slack, sms, phone at 10m")
    [other] = failed("- {page: user4, on: phone}\n- {no_other_page: user4, by: 11m}", STORY)
    assert (other.expected, other.got) == ("no other page to user4 by 11m", "user4 on email, slack, sms at 10m")


@pytest.mark.parametrize("verb", ["acknowledge: {by: user4}", "update: {by: user4}", "snooze: {by: user4, for: 1h}"])
def test_a_notice_of_who_has_it_is_about_what_they_said(verb):
    given = f"- alert: {{severity: critical}}\n- at: 12m\n  {verb}"
    telling = config(response_tracking={"tell_others": True})
    about = {"a": "acknowledged", "u": "updated", "s": "snoozed"}
    right = f"- {{notice: user1, about: {about.pop(verb[0])}, at: 12m}}"
    wrong = "\n".join(f"- {{notice: user1, about: {other}, at: 12m}}" for other in about.values())
    assert failed(right, given, rung_config=telling) == []
    assert len(failed(wrong, given, rung_config=telling)) == 2


def test_only_a_notice_where_a_page_was_expected_is_said():
    [one] = failed("- {page: user4, at: 48m}\n- {reminder: team_manager}", STORY, rung_config=CONFIG)[:1]
    assert one.got == "user4 on email, slack, sms, phone at 10m"
    quiet = "- alert: {severity: critical, title: Disk is full}\n- at: 1m\n  acknowledge: {by: vp}"
    [two] = failed("- {page: vp, at: 48m}", quiet, rung_config=CONFIG)
    assert two.got == "only a notice to vp on email at 48m"


def test_how_an_alert_stands_before_it_is_there():
    given = "- at: 5m\n  alert: {severity: low}"
    assert told(failed("- {status: pending, at: 4m}", given)) == [("status pending at 4m", "no alert yet")]
    assert failed("- {status: pending, at: 5m}", given) == []


def test_status_words_for_what_may_be_true_beside_the_status():
    given = "- alert: {severity: critical}\n- at: 1m\n  snooze: {by: user1, for: 1h}"
    assert failed("- {status: snoozed, at: 2m}\n- {status: acknowledged, at: 2m}", given) == []
    assert told(failed("- {status: resolved, at: 2m}", given)) == [
        ("status resolved at 2m", "acknowledged and snoozed")
    ]
    assert failed("- {status: exhausted, at: 8h}\n- {status: escalated, at: 8h}") == []
    silence = "silences: [{everything: true, to: 1h}]"
    assert failed("- {status: suppressed, at: 2m}\n- {status: pending, at: 1h}", more=silence) == []


def test_an_alert_that_takes_no_route_says_so():
    assert told(
        failed("- {route: others}", rung_config=config(routes=[{"name": "others", "match": {"title": "x"}}]))
    ) == [("route others in the end", "no route")]
