"""What people read when they are paged, and what stands in every message whatever a sender wrote."""

from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alert import Alert
from core.commands import Acknowledge, Escalate, Resolve, Snooze, Suppress
from core.decision import NotificationKind
from core.ledger import Entry, Key
from core.messages import (
    notice_message,
    page_message,
    same_event,
    say_level,
    say_what_is_due,
    spoken_message,
    what_happens_next,
)
from tests.samples import T0, at, decided, ladder_rules, left_alone, rung, triggered

BERLIN = ZoneInfo("Europe/Berlin")
LINK = "https://rung.example.com/a/signed"
ME = Key(1, 2, "user2", "email")


def entry(**fields) -> Entry:
    parts = {"reason": "level", "round": 0, "level": 0, "level_name": "primary", "kind": NotificationKind.PAGE}
    return Entry(queued_at=T0, **parts | fields)


def said(**fields) -> Alert:
    return triggered().model_copy(update=fields)


def page(alert: Alert | None = None, others=(), now=None, zone=BERLIN, **fields):
    return page_message(alert or triggered(), ME, entry(**fields), others, LINK, now or at(30), zone)


def whole(message) -> str:
    return f"{message.title}\n{message.body}"


def test_a_page_says_number_severity_title_source_and_age():
    text = whole(page())
    assert text.startswith("CRITICAL: alert 1: Disk is full\n")
    assert "Alert 1, critical, from generic, 30 s old." in text


def test_a_title_that_no_subject_holds_stands_whole_in_the_body():
    title = "Disk is full " * 20 + "end"
    assert title in page(said(title=title)).body


def test_a_page_holds_what_the_sender_wrote_and_its_link():
    body = page(said(description="95 % of /var", link="https://grafana.example.com/d/1")).body
    assert "95 % of /var" in body
    assert "Source: https://grafana.example.com/d/1" in body


def test_a_page_without_a_link_of_the_sender_says_nothing_about_one():
    assert "Source" not in page().body


def test_the_last_line_of_a_page_is_the_signed_link():
    alert = said(description="95 %", link="https://grafana.example.com/d/1")
    assert page(alert).body.splitlines()[-1] == f"Answer: {LINK}"


@pytest.mark.parametrize(
    ("level", "name", "people_say"), [(0, "primary", "1 (primary)"), (3, "executive", "4 (executive)")]
)
def test_levels_count_from_one_for_people(level, name, people_say):
    assert f"You are level {people_say}." in page(level=level, level_name=name).body
    assert say_level(level, triggered()) == people_say


def test_the_first_round_is_not_mentioned_and_later_ones_count_from_two():
    assert "round" not in page().body
    assert "You are level 1 (primary), round 2." in page(round=1).body


def test_a_page_for_another_reason_than_its_level_says_the_reason():
    assert "You are paged because: reassigned by user5." in page(reason="reassigned by user5").body


def test_a_page_says_who_else_was_told_on_what():
    others = [Key(1, 2, "vp", "email"), Key(1, 2, "vp", "sms"), Key(1, 2, "user2", "sms")]
    assert "Also told: vp (email, sms); you on sms." in page(others=others).body


def test_a_page_that_nobody_else_got_says_so():
    assert "Nobody else was told." in page().body


def test_who_else_was_told_are_the_others_of_the_same_event():
    fields = ["2/user2/email", "2/user2/sms", "2/vp/email", "9/user5/email"]
    assert list(same_event(dict.fromkeys(fields, entry()), ME)) == [Key(1, 2, "user2", "sms"), Key(1, 2, "vp", "email")]


# What happens next, T0 being Monday 2026-11-23 at 11:00 in Berlin


def next_for(alert: Alert, seconds: float = 30, zone=BERLIN) -> str:
    return what_happens_next(alert, at(seconds), zone)


def test_it_says_which_level_is_next_and_when_by_the_clock_of_the_config():
    assert next_for(triggered()) == "If nobody answers, level 2 (secondary) is paged at 11:10:00 CET (in 9 min)."
    new_york = next_for(triggered(), zone=ZoneInfo("America/New_York"))
    assert "at 05:10:00 EST (in 9 min)." in new_york


def test_it_says_the_day_when_that_is_not_today():
    late = triggered(now=at(12.95 * 3600))
    assert "at Tue 24 Nov 00:07:00 CET" in what_happens_next(late, at(12.95 * 3600), BERLIN)


def test_the_day_is_that_of_the_zone_and_not_of_utc():
    """22:55 in UTC is five to midnight in Berlin and the middle of the day in New York."""
    late = triggered(now=at(12.95 * 3600))
    assert "Tue" not in what_happens_next(late, at(12.95 * 3600), ZoneInfo("America/New_York"))


def test_it_says_when_everybody_is_paged_again():
    alert, _ = left_alone(triggered(), 3600)
    assert next_for(alert, 3600) == "If nobody answers, everybody is paged again at 13:00:00 CET (in 1 h) (round 2)."


def test_it_says_when_the_ladder_ends():
    assert next_for(triggered("low"), 0) == (
        "If nobody answers, the ladder ends at 12:00:00 CET (in 1 h) and the catch-all is paged."
    )


def test_it_says_that_the_ladder_is_used_up():
    alert, _ = left_alone(triggered("low"), 3600)
    assert next_for(alert, 3600) == "The ladder is used up; nobody else will be paged."


def test_it_says_that_a_delay_is_running():
    slow = ladder_rules(rung(delay=300))
    assert "level 1 (at300) is paged at 11:05:00 CET" in next_for(triggered(rules=slow))


def test_it_says_who_has_it():
    alert = decided(triggered(), Acknowledge("user5", "api"), at(5)).alert
    assert next_for(alert) == "user5 has it; the ladder waits."


def test_it_says_until_when_it_is_snoozed():
    alert = decided(triggered(), Snooze("user5", "api", at(3600)), at(5)).alert
    assert next_for(alert, 0) == "Snoozed: the same level fires again at 12:00:00 CET (in 1 h)."


def test_it_says_that_it_is_silenced_or_resolved():
    assert "silenced" in next_for(decided(triggered(), Suppress("night"), at(5)).alert)
    assert next_for(decided(triggered(), Resolve("user5", "api"), at(5)).alert) == "Nothing: it is resolved."


def test_what_is_overdue_is_due_in_no_time():
    assert "(in 0 s)" in next_for(triggered(), 700)


def test_the_timers_description_says_what_it_is_for():
    first = triggered()
    assert say_what_is_due(first) == "level 2 (secondary) at 2026-11-23T10:10:00Z"
    last, _ = left_alone(first, 3600)
    assert say_what_is_due(last) == "round 2 at 2026-11-23T12:00:00Z"
    assert say_what_is_due(triggered("low")) == "the ladder ends at 2026-11-23T11:00:00Z"
    snoozed = decided(first, Snooze("user5", "api", at(3600)), at(5)).alert
    assert say_what_is_due(snoozed) == "the snooze ends at 2026-11-23T11:00:00Z"
    assert say_what_is_due(decided(first, Acknowledge("user5", "api"), at(5)).alert) == "nothing is due"


# Notices


def test_the_notice_of_a_resolution_says_by_whom_and_after_how_long():
    alert = decided(triggered(), Resolve("user5", "api"), at(600)).alert
    message = notice_message(alert, entry(kind=NotificationKind.NOTICE, reason="resolved"), LINK, at(700))
    assert message.title == "Resolved: alert 1: Disk is full"
    assert "Alert 1 was resolved by user5 after 10 min. Nothing is left to do." in message.body
    assert message.body.splitlines()[-1].endswith(LINK)


def test_the_notice_that_it_got_worse_says_so():
    notice = entry(kind=NotificationKind.NOTICE, reason="it is critical now")
    message = notice_message(triggered(), notice, LINK, at(700))
    assert message.title == "CRITICAL: alert 1: Disk is full"
    assert "Alert 1: it is critical now." in message.body
    assert message.body.splitlines()[-1] == f"Answer: {LINK}"


# Calls


def test_a_call_says_number_severity_title_and_level_and_no_link():
    alert = said(link="https://grafana.example.com/d/1")
    text = spoken_message(alert, entry(level=1, level_name="secondary")).body
    assert "Alert 1, critical: Disk is full. You are level 2 (secondary)." in text
    assert "://" not in text


# Shape


@pytest.mark.parametrize("link", [None, "https://grafana.example.com/d/1"])
@pytest.mark.parametrize("title", ["Disk is full", "Disk is full " * 20])
@pytest.mark.parametrize(
    "description", ["", "95 %", "one\n\ntwo", "ends in a line\n", "\n\nbegins with lines", "  \n "]
)
def test_no_two_lines_in_a_row_are_empty(title, description, link):
    body = page(said(title=title, description=description, link=link)).body
    lines = [line.strip() for line in body.splitlines()]
    assert lines[0]
    assert not any(not one and not two for one, two in pairwise(lines))


def test_a_very_long_description_is_cut_and_shows_it():
    body = page(said(description="word " * 1000)).body
    assert "word …" in body
    assert len(body) < 1500


@given(st.text(max_size=200), st.text(max_size=1200), st.integers(0, 3), st.integers(0, 3))
def test_whatever_a_sender_wrote_a_page_says_what_it_must(title, description, level, round_):
    body = page(said(title=title, description=description), level=level, round=round_, level_name="x").body
    assert body.split("\n")[-1] == f"Answer: {LINK}"
    for needed in ("Alert 1, critical, from generic", f"You are level {level + 1} (x)", "If nobody answers"):
        assert needed in body


def test_escalated_by_a_person_the_next_step_counts_from_there():
    alert = decided(triggered(), Escalate("user2", "api"), at(60)).alert
    assert next_for(alert, 60) == "If nobody answers, level 3 (manager) is paged at 11:30:00 CET (in 29 min)."
