"""Facts for tests of reports: a few alerts of two days, written out, and what was counted of them by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.facts import Clock, Facts, Life, Sent, Stay, to_ms

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)


def at(clock: str, day: datetime = MONDAY) -> int:
    """The instant at which the clock of UTC shows `HH:MM` or `HH:MM:SS` on that day."""
    hours, minutes, *seconds = map(int, clock.split(":"))
    return to_ms(day + timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0))


def page(who: str, channel: str, queued: int, seconds: float, *, delivered: bool = True, kind: str = "page") -> Sent:
    return Sent(who, channel, kind, queued, queued + round(seconds * 1000), delivered)


def facts(number: int, *lives: Life, **fields: Any) -> Facts:
    given = {
        "title": f"Alert {number}",
        "source": "grafana",
        "severity": "critical",
        "policy": "critical",
        "labels": {},
        "signals": 1,
    }
    return Facts(id=number, lives=lives, **given | fields)


PRIMARY, SECONDARY = "1 (primary)", "2 (secondary)"

# Answered after two minutes by user1 at the first level, resolved after an hour: both clocks in time.
QUICK = facts(
    1,
    Life(
        at("10:00"),
        at("10:02"),
        "user1",
        "link",
        PRIMARY,
        at("11:00"),
        "user1",
        (
            Clock("acknowledgment", at("10:05"), at("10:02"), None),
            Clock("resolution", at("11:00"), at("11:00"), None),
        ),
    ),
    labels={"team": "shop"},
    signals=3,
    stays=(Stay(PRIMARY, at("10:00"), at("10:02")),),
    fired=((PRIMARY, at("10:00")),),
    sent=(page("user1", "email", at("10:00"), 1), page("user1", "slack", at("10:00"), 3)),
)

# In the night to Tuesday: the first level did not answer, the second did after 20 minutes. Both clocks breached: the
# first at 23:05, the second at 00:00 on Tuesday.
LATE = facts(
    2,
    Life(
        at("23:00"),
        at("23:20"),
        "user4",
        "sms",
        SECONDARY,
        at("01:00", TUESDAY),
        "user4",
        (
            Clock("acknowledgment", at("23:05"), at("23:20"), at("23:05")),
            Clock("resolution", at("00:00", TUESDAY), at("01:00", TUESDAY), at("00:00", TUESDAY)),
            Clock("policy", at("00:00", TUESDAY), at("01:00", TUESDAY), at("00:00", TUESDAY)),
        ),
    ),
    labels={"team": "shop"},
    stays=(Stay(PRIMARY, at("23:00"), at("23:10")), Stay(SECONDARY, at("23:10"), at("23:20"))),
    fired=((PRIMARY, at("23:00")), (SECONDARY, at("23:10"))),
    reminders=(at("23:05"),),
    sent=(
        page("user1", "sms", at("23:00"), 2),
        page("user4", "sms", at("23:10"), 4),
        page("user4", "email", at("23:10"), 30, delivered=False),
        page("user4", "email", at("01:00", TUESDAY), 1, kind="notice"),
    ),
)

# Its source cleared it before anybody answered; it came back on Tuesday and user1 resolved it without a word before.
TWICE = facts(
    3,
    Life(at("12:00"), resolved_at=at("12:10"), resolved_by="kuma"),
    Life(
        at("12:12"),
        at("09:00", TUESDAY),
        "user1",
        "page",
        PRIMARY,
        at("09:00", TUESDAY),
        "user1",
        (Clock("acknowledgment", at("13:00"), at("09:00", TUESDAY), at("13:00")),),
    ),
    source="kuma",
    severity="high",
    policy="high",
    stays=(Stay(PRIMARY, at("12:00"), at("12:10")), Stay(PRIMARY, at("12:12"), at("12:42"))),
    fired=((PRIMARY, at("12:00")), (PRIMARY, at("12:12"))),
    rounds=(at("16:12"),),
    exhausted=(at("22:12"),),
    sent=(page("user1", "email", at("12:00"), 1),),
)
ALL = (QUICK, LATE, TWICE)
