"""Mistakes in the record of the day, each of which must give other numbers, and the place of one that it changes."""

from collections.abc import Callable
from typing import Any

from tests.acceptance.day.record import Record
from tests.acceptance.day.things import Raw, ms

Mistake = Callable[[Raw, Record], None]


def without_event(holds: Callable[[dict[str, Any]], object]) -> Mistake:
    def leave_out(raw: Raw, record: Record) -> None:
        for events in raw.timelines.values():
            found = next((event for event in events if holds(event)), None)
            if found:
                events.remove(found)
                return
        raise AssertionError("there is such an event")

    return leave_out


def in_the_ledger(change: Callable[[list[dict[str, Any]], dict[str, Any]], None]) -> Mistake:
    def do(raw: Raw, record: Record) -> None:
        start, end = record.windows["whole"]
        found = next(
            (alert["notifications"], each)
            for alert in raw.alerts.values()
            for each in alert["notifications"]
            if each["state"] == "sent" and each["kind"] == "page" and start < ms(each["settled_at"]) < end - 1000
        )
        change(*found)

    return do


def in_the_config(*path: str, value: Any) -> Mistake:
    def write(raw: Raw, record: Record) -> None:
        *sections, key = path
        section = raw.config
        for name in sections:
            section = section[name]
        assert section[key] != value
        section[key] = value

    return write


def first_with(record: Record, fate: str) -> int:
    return next(number for number, each in record.fates.items() if each == fate)


def without_the_alert(raw: Raw, record: Record) -> None:
    del raw.alerts[first_with(record, "acknowledged_in_time")]


def one_signal_more(raw: Raw, record: Record) -> None:
    raw.alerts[first_with(record, "cleared_unanswered")]["count"] += 1


def another_severity(raw: Raw, record: Record) -> None:
    raw.alerts[first_with(record, "acknowledged_in_time")]["severity"] = "low"


def a_label_less(raw: Raw, record: Record) -> None:
    next(alert for alert in raw.alerts.values() if alert["labels"].get("team") and alert["sla"])["labels"].pop("team")


def by_kind(kind: str) -> Callable[[dict[str, Any]], object]:
    return lambda event: event["event"] == kind


MISTAKES: dict[str, tuple[Mistake, str]] = {
    "an acknowledgment is left out": (without_event(by_kind("acknowledged")), "/figures/time_to_acknowledge"),
    "an update that acknowledged is left out": (
        without_event(lambda event: event["event"] == "updated" and event.get("acknowledges")),
        "/figures/time_to_acknowledge",
    ),
    "a snooze is left out": (without_event(by_kind("snoozed")), "/figures/time_to_acknowledge"),
    "a resolution is left out": (without_event(by_kind("resolved")), "/figures/alerts/resolved"),
    "a clearing is left out": (
        without_event(lambda event: event["event"] == "resolved" and event["via"] == "source"),
        "/figures/alerts/cleared_unacknowledged",
    ),
    "a first firing is left out": (without_event(by_kind("triggered")), "/figures/levels/1 (primary)/fired"),
    "a later firing is left out": (without_event(by_kind("escalated")), "/figures/levels"),
    "an end of the ladder is left out": (without_event(by_kind("exhausted")), "/figures/alerts/exhausted"),
    "a reminder is left out": (without_event(by_kind("reminded")), "/figures/alerts/reminders"),
    "a silence is left out": (without_event(by_kind("suppressed")), "/figures/levels"),
    "one that was opened again was not": (without_event(by_kind("reopened")), "/figures/alerts/reopened"),
    "an alert is left out": (without_the_alert, "/figures/alerts/opened"),
    "a signal more": (one_signal_more, "/figures/sources/shop/signals"),
    "another severity": (another_severity, "/figures/severities/low/opened"),
    "a label less": (a_label_less, "/figures/sla/labels"),
    "a page is left out": (in_the_ledger(lambda every, each: every.remove(each)), "/figures/pages/count"),
    "a page that is none": (in_the_ledger(lambda _, each: each.update(kind="notice")), "/figures/pages/count"),
    "a page to somebody else": (in_the_ledger(lambda _, each: each.update(responder="vp")), "/figures/people"),
    "a page that failed": (in_the_ledger(lambda _, each: each.update(state="failed")), "/figures/channels"),
    "a page that was queued years before": (
        in_the_ledger(lambda _, each: each.update(queued_at="2020-01-01T00:00:00Z")),
        "/figures/channels",
    ),
    "an acknowledgment is owed sooner": (
        in_the_config("sla", "definitions", "medium", "acknowledgment_time", value=1),
        "/figures/sla/clocks/acknowledgment",
    ),
    "a resolution is owed later": (
        in_the_config("sla", "definitions", "critical", "resolution_time", value=9000),
        "/figures/sla/clocks/resolution",
    ),
    "the office does not close": (
        in_the_config("sla", "definitions", "high", "business_hours", value=False),
        "/figures/sla/severities/high",
    ),
    "one breach more is allowed": (
        in_the_config("sla", "definitions", "critical", "allowed_breaches", value=4),
        "/budgets/critical",
    ),
    "another time zone": (in_the_config("timezone", value="Etc/GMT+12"), "/figures/pages/by_hour"),
    "labels of which one is not told": (in_the_config("reporting", "labels", value=["team"]), "/figures/sla/labels"),
}
