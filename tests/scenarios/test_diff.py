"""The timeline of a failure: what was expected and what came instead, in order, with some steps around."""

from core.scenarios.diff import diff
from core.scenarios.judging import failures
from tests.samples import config
from tests.scenarios.written import CRITICAL, a_scenario, course

QUIET = {"reminders": {"enabled": False}, "sla_monitoring": {"enabled": False}}
CONFIG = config(response_tracking=QUIET)


def shown(expect, given=CRITICAL, more="", context=2):
    ran = course(a_scenario(expect, given, more), rung_config=CONFIG)
    rows = diff(ran, failures(ran), context)
    return [f"{row.mark} {row.after} {row.what}".replace(" -> ", ": ").rstrip() for row in rows]


def test_what_was_expected_stands_before_what_came_instead_and_the_rest_is_cut():
    assert shown("- {page: user5, at: 10m}") == [
        "  0s critical, takes the policy critical",
        "  0s level 1 (primary): user1 on email, slack, sms",
        "- 10m page to user5",
        "+ 10m level 2 (secondary): user4 on email, slack, sms, phone",
        "  30m level 3 (manager): team_manager on email, slack, sms, phone",
        "  1h level 4 (executive): director on email, slack, sms, phone; vp on email, slack, sms, phone",
        "   ... 13 more steps",
    ]


def test_what_came_too_late_stands_where_it_came():
    assert shown("- {page: team_manager, by: 20m}")[2:6] == [
        "  10m level 2 (secondary): user4 on email, slack, sms, phone",
        "- 20m page to team_manager by 20m",
        "+ 30m level 3 (manager): team_manager on email, slack, sms, phone",
        "  1h level 4 (executive): director on email, slack, sms, phone; vp on email, slack, sms, phone",
    ]


def test_what_never_came_stands_at_the_end_of_its_window_or_of_all():
    rows = shown("- {page: user5, by: 15m}\n- {reminder: user5}")
    assert rows[3:6] == [
        "- 15m page to user5 by 15m",
        "  30m level 3 (manager): team_manager on email, slack, sms, phone",
        "  1h level 4 (executive): director on email, slack, sms, phone; vp on email, slack, sms, phone",
    ]
    assert rows[-1] == "- 8h reminder to user5"


def test_failures_stand_in_the_order_of_time_whatever_the_order_of_the_file():
    rows = shown("- {status: resolved, at: 25m}\n- {no_page: user4}\n- {page: user5, at: 12m}", context=0)
    assert [row for row in rows if row[0] != " "] == [
        "- 10m no page to user4",
        "+ 10m level 2 (secondary): user4 on email, slack, sms, phone",
        "- 12m page to user5",
        "- 25m status resolved",
        "+ 25m status escalated",
        "+ 2h10m round 2, level 2 (secondary): user4 on email, slack, sms, phone",
        "+ 4h10m round 3, level 2 (secondary): user4 on email, slack, sms, phone",
        "+ 6h10m round 4, level 2 (secondary): user4 on email, slack, sms, phone",
    ]


def test_of_what_comes_too_often_five_steps_are_marked():
    rows = shown("- {no_page: anybody}", context=None)
    assert sum(row.startswith("+") for row in rows) == 5
    assert rows[1:3] == ["- 0s no page to anybody", "+ 0s level 1 (primary): user1 on email, slack, sms"]


def test_several_alerts_are_told_apart_by_their_names():
    given = "- alert: {severity: critical, key: shop}\n- at: 1m\n  alert: {severity: low, key: disk}"
    assert shown("- {page: user5, alert: disk, at: 1m}", given, context=1) == [
        "  0s shop: critical, takes the policy critical",
        "  0s shop: level 1 (primary): user1 on email, slack, sms",
        "  1m disk: low, takes the policy low",
        "- 1m page to user5 for disk",
        "+ 1m disk: level 1 (primary): user1 on email",
        "  10m shop: level 2 (secondary): user4 on email, slack, sms, phone",
        "   ... 16 more steps",
    ]


def test_a_page_that_went_on_to_another_channel_is_marked_where_it_did():
    rows = shown("- {no_page: user1, on: phone, by: 1m}", more="down: [sms]", context=0)
    [marked] = [row for row in rows if row.startswith("+")]
    assert marked.startswith("+ 42s ")
    assert {"phone", "sms"} <= set(marked.replace(",", "").split())
