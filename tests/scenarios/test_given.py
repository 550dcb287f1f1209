"""What is given in a scenario: alerts, answers, and the state of the world; and what follows when it cannot be done."""

import json

import pytest

from tests.samples import PEOPLE, config
from tests.scenarios.written import failed, told

TWO = """
- alert: {severity: critical, title: One, key: one}
- at: 1m
  alert: {severity: high, title: Two, key: two}
"""


def answered(verb, fields="{by: user1}", at="2m"):
    return f"- alert: {{severity: critical}}\n- at: {at}\n  {verb}: {fields}"


@pytest.mark.parametrize(
    ("verb", "fields", "status"),
    [
        ("acknowledge", "{by: user1}", "acknowledged"),
        ("acknowledge", "{}", "acknowledged"),
        ("update", "{by: user1, note: on it}", "in_progress"),
        ("resolve", "{by: user1}", "resolved"),
        ("escalate", "{by: user1}", "escalated"),
        ("snooze", "{by: user1, for: 1h}", "snoozed"),
        ("reassign", "{by: user1, to: vp}", "escalated"),
        ("clear", "{}", "resolved"),
    ],
)
def test_every_answer_does_what_it_does_live(verb, fields, status):
    assert failed(f"- {{status: {status}, at: 2m}}\n- {{status: pending, at: 1m59s}}", answered(verb, fields)) == []


def test_whoever_was_asked_last_answers_when_nobody_is_named():
    given = "- alert: {severity: critical}\n- at: 11m\n  acknowledge: {}\n- at: 12m\n  acknowledge: {by: user4}"
    assert failed("- {status: acknowledged, at: 12m}", given) == []  # the same person again is fine
    other = given.replace("user4", "user1")
    assert told(failed("- {status: acknowledged, at: 12m}", other)) == [
        ("acknowledge by user1 at 12m", "refused: alert 1 was acknowledged by user4 1 min ago")
    ]


def test_an_escalation_pages_the_next_level_and_a_reassignment_whoever_it_goes_to():
    assert failed("- {page: user4, on: phone, at: 2m}", answered("escalate")) == []
    assert failed("- {page: vp, on: sms, at: 2m}\n- {no_page: user4, by: 6m}", answered("reassign", "{to: vp}")) == []


def test_a_snooze_lasts_as_long_as_it_says():
    expect = "- {page: user1, at: 1h2m}\n- {no_page: anybody, between: [1s, 1h1m59s]}"
    assert failed(expect, answered("snooze", "{for: 1h}")) == []


def test_what_is_refused_fails_the_scenario_unless_it_says_so():
    given = "- alert: {severity: critical}\n- at: 1m\n  resolve: {by: user1}\n- at: 2m\n  update: {by: user4%s}"
    [one] = failed("- {status: resolved}", given % "")
    assert (one.expected, one.got) == ("update by user4 at 2m", "refused: alert 1 was resolved by user1 1 min ago")
    assert (one.line, one.state) == (9, "refused: alert 1 was resolved by user1 1 min ago")
    assert failed("- {status: resolved}", given % ", refused: true") == []


def test_what_was_to_be_refused_and_is_not_fails_the_scenario():
    found = failed("- {status: acknowledged}", answered("acknowledge", "{by: user1, refused: true}"))
    assert told(found) == [("acknowledge by user1 is refused at 2m", "it is not refused")]


@pytest.mark.parametrize("verb", ["acknowledge", "clear"])
def test_an_answer_about_an_alert_that_is_not_there_yet_fails_the_scenario(verb):
    given = f"- at: 5m\n  alert: {{severity: low, key: late}}\n- at: 1m\n  {verb}: {{alert: late}}"
    found = failed("- {status: pending, alert: late, at: 5m}", given)
    assert told(found) == [(f"{verb} late at 1m", "there is no such alert yet")]


def test_what_is_done_at_an_instant_comes_before_what_is_due_at_it():
    assert failed("- {no_page: user4}", answered("acknowledge", at="10m")) == []


def test_several_alerts_are_told_apart_by_their_keys():
    given = f"{TWO}- at: 2m\n  acknowledge: {{alert: one, by: user1}}\n- at: 3m\n  clear: {{alert: two}}"
    expect = """
- {status: acknowledged, alert: one, at: 1h}
- {status: resolved, alert: two, at: 3m}
- {policy: critical, alert: one}
- {policy: high, alert: two}
- {page: user1, alert: one, on: sms, at: 0s}
- {page: user1, alert: two, on: slack, at: 1m}
- {no_page: user1, alert: two, on: sms}
- {event: resolved, alert: two}
- {no_event: resolved, alert: one}
- {page: user1, times: 2}
"""
    assert failed(expect, given) == []
    opposite = (
        "- {no_event: resolved, alert: two}\n- {page: user1, alert: two, on: sms}\n- {status: resolved, alert: one}"
    )
    assert [failure.expected for failure in failed(opposite, given)] == [
        "never resolved for two",
        "page to user1 on sms for two",
        "status resolved for one in the end",
    ]


def test_the_title_names_an_alert_without_a_key():
    given = (
        "- alert: {severity: low, title: One}\n- alert: {severity: low, title: Two}\n- at: 1m\n  resolve: {alert: Two}"
    )
    assert failed("- {status: resolved, alert: Two}\n- {status: pending, alert: One, at: 1m}", given) == []


def test_the_same_key_again_is_counted_and_after_its_end_a_new_alert():
    given = "- alert: {severity: low, key: k}\n- at: 1m\n  alert: {severity: low, key: k}\n- at: 2m\n  clear: {}\n"
    assert failed("- {event: counted, at: 1m}\n- {page: user1, times: 1}", given) == []
    new = f"{given}- at: 1h\n  alert: {{severity: critical, key: k}}\n- at: 61m\n  acknowledge: {{by: user2}}"
    expect = "- {policy: critical}\n- {page: user1, times: 2}\n- {status: resolved, at: 59m}\n- {status: acknowledged}"
    assert failed(expect, new) == []


def test_labels_and_titles_lead_alerts_on_their_routes():
    routes = [{"name": "db", "match": {"labels": {"team": "db"}}, "policy": "low"}]
    given = "- alert: {severity: critical, labels: {team: db}}"
    expect = "- {policy: low}\n- {route: db}\n- {severity: critical}\n- {no_page: anybody, on: sms}"
    assert failed(expect, given, rung_config=config(routes=routes)) == []


def test_a_severity_may_be_a_word_of_the_source():
    sources = {"uptime-kuma": {"token": "t", "severities": {"kaputt": "critical"}, "default_severity": "high"}}
    loud = "- alert: {severity: Kaputt, source: uptime-kuma}"
    assert failed("- {policy: critical}", loud, rung_config=config(sources=sources)) == []
    assert failed("- {policy: high}", "- alert: {source: uptime-kuma}", rung_config=config(sources=sources)) == []


BODY = {"title": "From afar", "severity": "high", "dedup_key": "k-1"}


def test_a_payload_is_read_as_its_source_sends_it():
    bodies = {"a.json": json.dumps(BODY).encode(), "b.json": json.dumps(BODY | {"status": "resolved"}).encode()}
    given = "- alert: {payload: a.json}\n- at: 5m\n  alert: {payload: b.json}"
    assert failed("- {policy: high}\n- {status: resolved, at: 5m}", given, bodies=bodies) == []
    named = "- alert: {payload: a.json, key: mine}\n- at: 1m\n  acknowledge: {alert: mine, by: user1}"
    assert failed("- {status: acknowledged, alert: mine}", named, bodies=bodies) == []


def test_the_alerts_of_one_payload_have_the_keys_that_their_source_gives_them():
    bodies = {"a.json": json.dumps([BODY, BODY | {"dedup_key": "k-2", "severity": "low"}]).encode()}
    given = "- alert: {payload: a.json}\n- at: 1m\n  resolve: {alert: k-2, by: user1}"
    assert (
        failed("- {status: resolved, alert: k-2}\n- {status: pending, alert: k-1, at: 1m}", given, bodies=bodies) == []
    )


def test_a_senders_test_makes_no_alert():
    bodies = {"a.json": json.dumps(BODY | {"status": "test"}).encode()}
    assert failed("- {no_page: anybody}", "- alert: {payload: a.json}", bodies=bodies) == []


def test_who_stands_in_is_paged_while_it_holds():
    more = "overrides:\n  - {rotation: oncall_primary, member: user6, from: 2026-11-19T00:00, to: 1h}"
    expect = (
        "- {page: user6, at: 0s}\n- {page: oncall_primary, at: 0s}\n- {no_page: user1, by: 1h}\n- {page: user1, at: 2h}"
    )
    assert failed(expect, more=more) == []
    assert (
        failed(
            "- {page: user1, at: 0s}\n- {page: user2, at: 2h}",
            more=more.replace("2026-11-19T00:00", "90m").replace("to: 1h", "to: 3h").replace("user6", "user2"),
        )
        == []
    )


def test_an_override_may_be_for_one_member_only_and_the_last_one_holds():
    one = "overrides:\n  - {rotation: oncall_primary, member: user6, instead_of: %s, to: 1h}"
    assert failed("- {page: user6, at: 0s}", more=one % "user1") == []
    assert failed("- {page: user1, at: 0s}", more=one % "user2") == []
    two = "overrides:" + "".join(
        f"\n  - {{rotation: oncall_primary, member: {who}, to: 1h}}" for who in ("user5", "vp")
    )
    assert failed("- {page: vp, at: 0s}\n- {no_page: user5, by: 59m}", more=two) == []


def test_a_silence_holds_back_what_it_matches():
    more = "silences: [{match: {severity: critical}, from: 5m, to: 1h, reason: quiet}]"
    expect = "- {page: user1, at: 0s}\n- {no_page: anybody, between: [1s, 59m]}\n- {status: suppressed, at: 5m}"
    assert failed(f"{expect}\n- {{page: user4, at: 1h}}", more=more) == []
    assert failed("- {page: user4, at: 10m}", more=more.replace("critical", "low")) == []


def test_whoever_lacks_what_a_channel_needs_is_not_paged_on_it_once_channels_have_credentials():
    people = PEOPLE | {"user1": {"email": "a@example.com"}}
    urls = {"email": "mailto://example.com?to={email}", "sms": "jsons://sms.example.com/{phone}"}
    channels = {name: {"url": urls.get(name, "jsons://example.com")} for name in ("email", "slack", "sms", "phone")}
    wired = config(people=people, channels=channels)
    assert failed("- {page: user1, on: email, at: 0s}\n- {no_page: user1, on: sms}", rung_config=wired) == []
    assert failed("- {page: user1, on: sms, at: 0s}", rung_config=config(people=people)) == []


def test_until_ends_the_run():
    given = "- alert: {severity: critical}"
    assert failed("- {page: user4, at: 10m}\n- {no_page: team_manager}", given, "until: 29m") == []
    assert [one.expected for one in failed("- {no_page: team_manager}", given, "until: 30m")] == [
        "no page to team_manager"
    ]


def test_hours_are_hours_and_instants_go_by_the_clock_of_the_config_when_it_changes():
    daily = {"type": "daily", "members": ["user1", "user2"], "start_time": "09:00", "start_date": "2026-10-24"}
    berlin = config(timezone="Europe/Berlin", rotations={"oncall_primary": daily, "oncall_secondary": daily})
    # The clock goes back on Sunday, 25 October: from Saturday nine to Sunday nine are 25 hours.
    given = "\n".join(f"- {{at: {at}, alert: {{severity: low, key: k-{at}}}}}" for at in ("0s", "24h", "25h"))
    expect = """
- {page: user1, alert: k-0s, at: 2026-10-24T09:00}
- {page: user1, alert: k-24h, at: 2026-10-25T08:00}
- {page: user2, alert: k-25h, at: 2026-10-25T09:00}
- {page: user2, alert: k-25h, at: 2026-10-25T08:00Z}
- {page: user2, alert: k-25h, at: 25h}
"""
    assert failed(expect, given, rung_config=berlin, start="2026-10-24T09:00") == []
    assert failed(expect, given, rung_config=berlin, start="2026-10-24T07:00Z") == []
    [one] = failed("- {page: user2, alert: k-24h}", given, rung_config=berlin, start="2026-10-24T09:00")
    assert one.got == "user2 on email at 1d1h"
