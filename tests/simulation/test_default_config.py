"""`rung simulate --json` on the default config gives the table of design section 4, row by row, and every mark."""

import pytest

from tests.simulation.terminal import FRIDAY, firings, marks, pages, reminders, rows, simulate

CRITICAL = [
    (0, "triggered", 0, "primary", 0),
    (600, "escalated", 1, "secondary", 0),
    (1800, "escalated", 2, "manager", 0),
    (3600, "escalated", 3, "executive", 0),
    (7200, "escalated", 0, "primary", 1),
    (7800, "escalated", 1, "secondary", 1),
    (9000, "escalated", 2, "manager", 1),
    (10800, "escalated", 3, "executive", 1),
    (14400, "escalated", 0, "primary", 2),
    (15000, "escalated", 1, "secondary", 2),
    (16200, "escalated", 2, "manager", 2),
    (18000, "escalated", 3, "executive", 2),
    (21600, "escalated", 0, "primary", 3),
    (22200, "escalated", 1, "secondary", 3),
    (23400, "escalated", 2, "manager", 3),
    (25200, "escalated", 3, "executive", 3),
    (28800, "exhausted", 3, "executive", 3),
]
HIGH = [
    (0, "triggered", 0, "primary", 0),
    (1800, "escalated", 1, "secondary", 0),
    (3600, "escalated", 2, "manager", 0),
    (14400, "escalated", 0, "primary", 1),
    (16200, "escalated", 1, "secondary", 1),
    (18000, "escalated", 2, "manager", 1),
    (28800, "escalated", 0, "primary", 2),
    (30600, "escalated", 1, "secondary", 2),
    (32400, "escalated", 2, "manager", 2),
    (36000, "exhausted", 2, "manager", 2),
]
MEDIUM = [
    (0, "triggered", 0, "primary", 0),
    (7200, "escalated", 1, "secondary", 0),
    (28800, "escalated", 0, "primary", 1),
    (36000, "escalated", 1, "secondary", 1),
    (43200, "exhausted", 1, "secondary", 1),
]
LOW = [(0, "triggered", 0, "primary", 0), (86400, "exhausted", 0, "primary", 0)]
NOBODY = "nobody has answered"


@pytest.mark.parametrize(
    ("severity", "expected"), [("critical", CRITICAL), ("high", HIGH), ("medium", MEDIUM), ("low", LOW)]
)
def test_levels_fire_when_the_table_says(severity, expected):
    assert firings(rows("--severity", severity)) == expected


def test_every_level_pages_whom_it_names_on_its_channels():
    found = rows("--severity", "critical")
    everywhere = ["email", "slack", "sms", "phone"]
    assert pages(found, 0) == [("user1", "email"), ("user1", "slack"), ("user1", "sms")]
    assert pages(found, 600) == [("user4", channel) for channel in everywhere]
    assert pages(found, 1800) == [("team_manager", channel) for channel in everywhere]
    of_the_level = [("director", channel) for channel in everywhere] + [("vp", channel) for channel in everywhere]
    of_the_breach = [("director", "email"), ("director", "slack"), ("vp", "email"), ("vp", "slack")]
    assert pages(found, 3600) == of_the_level + of_the_breach
    assert pages(found, 28800) == [("team_manager", channel) for channel in everywhere]
    assert sum(row["event"] == "notified" for row in found) == 194


def test_each_firing_is_a_row_without_responder_and_channel_and_each_page_a_row_with_them():
    rows_of_low = rows("--severity", "low")
    head = {"at": "2026-11-20T16:30:00Z", "offset_seconds": 0}
    nowhere = {"level": None, "level_name": None, "round": None, "responder": None, "channel": None}
    primary = {"level": 0, "level_name": "primary", "round": 0}
    assert rows_of_low[:3] == [
        {**head, "event": "routed", **nowhere, "severity": "low", "policy": "low"},
        {**head, "event": "triggered", **primary, "responder": None, "channel": None},
        {**head, "event": "notified", **primary, "responder": "user1", "channel": "email"},
    ]
    for row in rows_of_low:
        assert list(row)[:8] == ["at", "offset_seconds", "event", *nowhere]
        assert (row["event"] == "notified") == (row["responder"] is not None) == (row["channel"] is not None)


# What a row says beside its eight fields, by its event. Where a field is absent there is nothing to say.
BESIDE = {
    "routed": {"severity", "policy"},
    "triggered": set(),
    "escalated": {"by"},
    "skipped": {"reason"},
    "exhausted": set(),
    "notified": {"reason"},
    "notification_failed": {"reason", "attempts", "retry_at"},
    "failed_over": {"after"},
    "reminded": {"of", "reason"},
    "sla_at_risk": {"clock", "deadline"},
    "sla_breached": {"clock", "deadline"},
    "acknowledged": {"by"},
    "updated": {"by"},
    "snoozed": {"by", "until"},
    "unsnoozed": set(),
    "resolved": {"by"},
}


def test_what_else_a_row_says_depends_on_its_event():
    plays = [
        ["--unreachable", "user1", "--down", "slack"],
        ["--escalate", "1m:user1", "--snooze", "5m+1h", "--update", "3h", "--ack", "2h", "--resolve", "5h"],
    ]
    seen: dict[str, set[str]] = {}
    for row in (row for play in plays for row in rows("--severity", "critical", *play)):
        seen.setdefault(row["event"], set()).update(list(row)[8:])
    assert seen == BESIDE


def test_the_unanswered_are_reminded_three_times_for_each_firing_on_the_channels_of_reminders():
    found = rows("--severity", "critical")
    once = [(5, 1), (15, 1), (20, 2), (25, 3), (35, 1), (40, 2), (45, 3), (65, 1), (70, 2), (75, 3)]
    assert reminders(found) == [
        (7200 * number + 60 * minute, f"{NOBODY} ({count} of 3)") for number in range(4) for minute, count in once
    ]
    assert pages(found, 900) == [("user4", "email"), ("user4", "slack")]
    assert reminders(rows("--severity", "high"))[:3] == [
        (900, f"{NOBODY} (1 of 3)"),
        (1500, f"{NOBODY} (2 of 3)"),
        (2700, f"{NOBODY} (1 of 3)"),
    ]


def test_the_marks_of_a_critical_alert_are_told_by_the_clock():
    assert marks(rows("--severity", "critical")) == [
        ("2026-11-20T16:34:00Z", "sla_at_risk", "acknowledgment"),
        ("2026-11-20T16:35:00Z", "sla_breached", "acknowledgment"),
        ("2026-11-20T17:18:00Z", "sla_at_risk", "resolution"),
        ("2026-11-20T17:18:00Z", "sla_at_risk", "policy"),
        ("2026-11-20T17:30:00Z", "sla_breached", "resolution"),
        ("2026-11-20T17:30:00Z", "sla_breached", "policy"),
    ]


def test_a_high_alert_of_friday_half_past_four_has_its_resolution_marks_on_monday():
    found = rows("--severity", "high")
    assert [mark for mark in marks(found) if mark[2] == "resolution"] == [
        ("2026-11-23T11:42:00Z", "sla_at_risk", "resolution"),
        ("2026-11-23T12:30:00Z", "sla_breached", "resolution"),
    ]
    breached = next(row for row in found if row["event"] == "sla_breached" and row["clock"] == "resolution")
    assert breached["deadline"] == "2026-11-23T12:30:00Z"


def test_pages_go_to_whoever_is_on_call_when_the_level_fires():
    """The handoff is on Monday at nine: the second round of a medium alert of Monday morning pages the next ones."""
    found = rows("--severity", "medium", "--at", "2026-11-23T02:10:00+00:00")
    assert pages(found, 0) == [("user1", "email"), ("user1", "slack")]
    assert pages(found, 28800) == [("user2", "email"), ("user2", "slack")]
    assert pages(found, 36000) == [("user5", "email"), ("user5", "slack")]


def test_an_instant_without_an_offset_is_by_the_clock_of_the_config():
    said = simulate("--at", "2026-11-20T16:30", "--severity", "low", "--json")
    assert said.stdout == simulate("--at", FRIDAY, "--severity", "low", "--json").stdout


def test_the_demo_source_climbs_thirty_times_as_fast():
    found = rows("--severity", "critical", "--source", "demo")
    assert [second for second, *_ in firings(found)][:5] == [0, 20, 60, 120, 240]
