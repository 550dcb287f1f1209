"""What reminders and SLA notices say: how long is left, since when, what to do; short when they are spoken."""

from zoneinfo import ZoneInfo

import pytest

from core.bundle_messages import Spoken, Written
from core.commands import Acknowledge, Resolve, Update, Wake
from core.decision import NotificationKind
from core.delivery import compose
from core.ledger import Entry, Key
from core.links import Links
from core.moot import why_moot
from core.score_words import sla_in_short, sla_lines
from core.store import Claim
from tests.samples import T0, at, decided, triggered
from tests.tracked import TRACKED

UTC = ZoneInfo("UTC")
LINKS = Links("k" * 32, "https://rung.example.com")
PAGE, NOTICE, REMINDER = NotificationKind


def claim(alert, kind, reason, seconds=300.0, channel="email"):
    entry = Entry(kind=kind, reason=reason, round=0, level=0, level_name="primary", queued_at=T0)
    return Claim(Key(alert.id, 9, "user2", channel), entry, alert, {}, at(seconds))


def said(alert, kind, reason, seconds=300.0, channel="email"):
    return compose(claim(alert, kind, reason, seconds, channel), TRACKED, LINKS)


def after(*commands):
    alert = triggered(rules=TRACKED)
    for seconds, command in commands:
        alert = decided(alert, command, at(seconds), TRACKED).alert
    return alert


TAKEN = ((60, Acknowledge("user2", "api")),)


def test_a_notice_says_how_long_is_left_of_what_is_at_risk():
    message = said(after(*TAKEN), NOTICE, "SLA resolution at risk, policy timeout at risk", 2880)
    assert message.title == "SLA at risk: CRITICAL: alert 1: Disk is full"
    assert "The resolution is at risk: due 11:00:00 UTC, 12 min left." in message.body
    assert "The policy timeout is at risk: due 11:00:00 UTC, 12 min left." in message.body
    assert "user2 has it; the ladder waits." in message.body


def test_a_notice_that_comes_late_says_how_it_stands_by_now():
    message = said(after(*TAKEN), NOTICE, "SLA resolution at risk", 3700)
    assert "The resolution is breached: was due 11:00:00 UTC, 1 min 40 s ago." in message.body


def test_of_what_is_breached_it_says_since_when_with_the_day_when_that_was_not_today():
    message = said(after((300, Wake())), NOTICE, "SLA acknowledgment breached", 86_400)
    assert message.title.startswith("SLA breached: ")
    assert "was due Mon 23 Nov 10:05:00 UTC, 23 h 55 min ago." in message.body


def test_a_call_is_short_and_has_no_link():
    for kind, reason in ((NOTICE, "SLA acknowledgment breached"), (REMINDER, "an update is due (1 of 3)")):
        message = said(after(*TAKEN), kind, reason, channel="phone")
        assert message.body == f"This is Rung. Alert 1, critical: Disk is full. {reason}."


def test_a_call_that_reminds_the_unanswered_asks_for_the_acknowledgment():
    body = said(after(), PAGE, "reminder: nobody has answered (1 of 3)", channel="phone").body
    assert "Reminder: nobody has answered (1 of 3)." in body
    assert body.endswith("Please acknowledge alert 1.")


def test_a_page_says_what_is_owed_until_when():
    body = said(after(), PAGE, "level", 30).body
    assert (
        "SLA: acknowledgment in time: due 10:05:00 UTC, 4 min 30 s left; resolution in time: due 11:00:00 UTC" in body
    )


def test_an_update_says_how_old_the_last_word_is():
    alert = after(*TAKEN, (600, Update("user2", "api")))
    body = said(alert, REMINDER, "it is not resolved (1 of 3)", 1860).body
    assert "The last update is 21 min old." in body
    assert "rung resolve 1" in body
    assert "rung update" not in body


def test_what_was_done_in_time_is_said_and_what_was_done_late_too():
    lines = sla_lines(after((301, Resolve("user2", "api"))).sla, at(9000), UTC)
    assert [(each["clock"], each["said"]) for each in lines] == [
        ("acknowledgment", "breached: was due 10:05:00 UTC, done 1 s late"),
        ("resolution", "done in time: was due 11:00:00 UTC"),
        ("policy timeout", "done in time: was due 11:00:00 UTC"),
    ]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "acknowledgment in time: due 10:05:00 UTC, 5 min left"),
        (240, "acknowledgment at risk: due 10:05:00 UTC, 1 min left"),
        (400, "acknowledgment breached: was due 10:05:00 UTC, 1 min 40 s ago"),
    ],
)
def test_in_short_it_is_what_presses_most(seconds, expected):
    assert sla_in_short(after().sla, at(seconds), UTC) == expected


def test_a_clock_that_stands_still_says_so():
    state = after(*TAKEN).sla.model_copy(update={"paused_at": at(600)})
    assert sla_in_short(state, at(9000), UTC) == "resolution in time: stands still, 50 min before it was due"


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("SLA acknowledgment at risk", "it was met meanwhile"),
        ("SLA acknowledgment at risk, policy timeout breached", None),
        ("SLA acknowledgment at risk, resolution at risk", None),
        ("SLA acknowledgment breached", None),
        ("it is critical now", None),
    ],
)
def test_a_notice_is_moot_only_when_all_it_warns_of_was_met(reason, why):
    assert why_moot(claim(after(*TAKEN), NOTICE, reason), TRACKED) == why


def test_in_a_bundle_reminders_are_counted_by_themselves():
    claims = [
        claim(after(*TAKEN).model_copy(update={"id": number}), REMINDER, "an update is due (1 of 3)")
        for number in (1, 2, 3)
    ]
    claims.append(claim(after().model_copy(update={"id": 4}), NOTICE, "SLA acknowledgment breached"))
    assert Written("https://rung.example.com/b/x", 1000).message(claims).title == "3 to be reminded of, 1 changed"
    spoken = Spoken().message(claims).body
    assert "an update is due (1 of 3): 1 to 3." in spoken
    assert "SLA acknowledgment breached: 4." in spoken
