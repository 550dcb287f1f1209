"""A day in the life of fifty alerts, shrunk to half a minute of real processes: its reports, counted once more.

tests/acceptance/day tells the day, and counts from timelines, ledgers and the config's own numbers, by the words of
docs/reports.md and by code that shares nothing with the product.
"""

import ast
import copy
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.day.config import OWED
from tests.acceptance.day.fates import FATES
from tests.acceptance.day.figures import figures_of, report_of
from tests.acceptance.day.mistakes import MISTAKES
from tests.acceptance.day.record import KINDS, WINDOWS, Record, told
from tests.acceptance.day.telling import line_as_row, told_by, told_row, unequal
from tests.acceptance.day.things import BEFORE_ANY_LEVEL, PROMISES, USED_UP, Raw, is_answer, ms, things_of_the_day

ASKED = ("live", "again", "digested")
TAKEN, BUSY = 200, 503
SLACK = 2  # milliseconds: two clocks of one machine, both cut off


@pytest.fixture(scope="module")
def record() -> Record:
    """Tell the day once; each test reads what came of it."""
    return told(Path(tempfile.mkdtemp(prefix="rung-day-")))


def told_and_counted(record: Record, raw: Raw, window: str = "whole") -> list[str]:
    """What the report of a window says that this raw record does not."""
    counted = report_of(raw, things_of_the_day(raw, record.windows["whole"][1]), *record.windows[window])
    return unequal(told_by(record.reports["live"]["sla", window]), counted)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_number_of_a_report_is_what_the_timelines_and_ledgers_say(record, kind, window):
    counted = report_of(record.raw, record.things, *record.windows[window])
    assert unequal(told_by(record.reports["live"][kind, window]), counted) == []


@pytest.mark.parametrize("when", ASKED[1:])
def test_a_report_says_the_same_again_and_after_everything_was_killed_and_the_facts_were_written(record, when):
    assert record.undigested["live"], "there is something to write"
    assert not record.undigested["digested"]
    for asked, report in record.reports["live"].items():
        assert unequal(told_by(record.reports[when][asked]), told_by(report)) == []


def test_the_table_of_a_window_that_is_over_tells_how_its_alerts_went_on(record):
    """Those alone; what was counted stays, as the test before this one says."""
    alert = next(alert for alert, fate in record.fates.items() if fate == "left_alone")
    rows = {when: {row["id"]: row for row in record.reports[when]["sla", "whole"]["alerts"]} for when in ASKED}
    assert [rows[when][alert]["resolved_by"] for when in ASKED] == [None, "ann", "ann"]


@pytest.mark.parametrize("when", ASKED)
@pytest.mark.parametrize("kind", KINDS)
def test_two_windows_that_meet_at_an_instant_at_which_something_counts_add_up(record, kind, when):
    whole, first, second = (sums(record.reports[when][kind, window]["figures"]) for window in WINDOWS)
    assert all(first[name] and second[name] for name in ("/alerts/opened", "/alerts/acknowledged", "/sla/breached"))
    for name in {*whole, *first, *second}:
        assert whole[name] == pytest.approx(first[name] + second[name], abs=1e-9), name


def sums(figures: Any, path: str = "") -> Counter[str]:
    """Every count of a report by its path, and of durations their sum."""
    if isinstance(figures, list):
        figures = dict(enumerate(figures))
    found: Counter[str] = Counter()
    if "mean" in figures:
        found[f"{path}/sum"] = figures["count"] * (figures["mean"] or 0)
    for name, value in figures.items():
        if isinstance(value, dict | list):
            found.update(sums(value, f"{path}/{name}"))
        elif name not in {"mean", "median", "p90", "share"}:
            found[f"{path}/{name}"] = value
    return found


def test_the_window_before_is_told_beside_the_second_half_with_what_happened_in_it(record):
    report = told_by(record.reports["live"]["sla", "second"])
    assert report["previous"]["figures"]["alerts"]["opened"] > 0
    start, end = record.windows["second"]
    assert unequal(report["previous"]["figures"], figures_of(record.raw, record.things, 2 * start - end, start)) == []


def test_what_changed_since_the_window_before_is_told_with_both_numbers_unless_it_is_less_than_a_tenth(record):
    report = record.reports["live"]["sla", "second"]
    start, end = record.windows["second"]
    now, before = (
        measures(figures_of(record.raw, record.things, *each)) for each in ((start, end), (2 * start - end, start))
    )
    changed = {each["what"]: (each["before"], each["now"]) for each in report["changes"]}
    assert len(changed) > 2
    assert changed == {
        what: (pytest.approx(before[what]), pytest.approx(now[what]))
        for what in now
        if None not in {now[what], before[what]} and abs(now[what] - before[what]) >= max(0.1 * before[what], 1e-9)
    }


def measures(figures: dict[str, Any]) -> dict[str, Any]:
    alerts = figures["alerts"]
    return {
        "breaches": figures["sla"]["breached"],
        "compliance": figures["sla"]["share"],
        "exhausted": alerts["exhausted"],
        "acknowledge": figures["time_to_acknowledge"]["median"],
        "resolve": figures["time_to_resolve"]["median"],
        "night_pages": figures["pages"]["night"],
        "opened": alerts["opened"],
        "repeats": alerts["repeats"],
        "reminders": alerts["reminders"],
        "failed": sum(each["failed"] for each in figures["channels"].values()),
    }


def test_by_a_clock_that_shows_day_the_same_pages_are_none_of_the_night(record):
    counted = report_of(record.daylight, record.things, *record.windows["whole"])
    assert unequal(told_by(record.by_day), counted) == []
    by_night = record.reports["live"]["sla", "whole"]["figures"]["pages"]
    assert (by_night["night"], record.by_day["figures"]["pages"]["night"]) == (by_night["count"], 0)
    assert by_night["by_hour"] != record.by_day["figures"]["pages"]["by_hour"]


def test_the_table_for_spreadsheets_has_the_same_numbers(record):
    start, end = record.windows["whole"]
    rows = dict(told_row(line_as_row(line), end) for line in record.csv)
    assert unequal(rows, report_of(record.raw, record.things, start, end)["alerts"]) == []


def test_snapshots_of_the_trend_have_what_happened_in_the_interval_before_them(record):
    interval = record.raw.config["reporting"]["metrics_interval"] * 1000
    snapshots = record.reports["live"]["sla", "whole"]["snapshots"]
    assert snapshots
    for snapshot in snapshots:
        figures = figures_of(record.raw, record.things, ms(snapshot["at"]) - interval, ms(snapshot["at"]))
        assert snapshot["opened"] == figures["alerts"]["opened"]
        assert snapshot["mtta"] == pytest.approx(figures["time_to_acknowledge"]["mean"])
        assert snapshot["open"] >= snapshot["unanswered"] >= snapshot["exhausted"]


# What the raw record says of itself, in two ways.


def test_each_clock_of_an_alert_ran_out_at_the_instant_that_the_config_gives(record):
    """The deadlines counted here, those in timelines, and those that an alert shows of its last life are the same."""
    ends = {
        (thing.alert["id"], thing.life, thing.of["clock"]): thing for thing in record.things if thing.what == "broken"
    }
    said = {
        (number, life, event["clock"]): ms(event["deadline"])
        for number, events in record.raw.timelines.items()
        for life, event in with_lives(events)
        if event["event"] == "sla_breached"
    }
    assert len(said) > 20
    assert {key: thing.at for key, thing in ends.items() if key in said} == said
    for (number, life, clock), thing in ends.items():
        if life == max(each for each, _ in with_lives(record.raw.timelines[number])):
            assert ms(record.raw.alerts[number]["sla"][clock]["breached_at"]) == thing.at


def with_lives(events: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    opened = [event["event"] == "reopened" for event in events]
    return [(sum(opened[: index + 1]), event) for index, event in enumerate(events)]


def test_the_timeline_tells_of_every_delivery_when_the_ledger_has_it(record):
    for number, alert in record.raw.alerts.items():
        in_timeline = Counter(
            (event["responder"], event["channel"], event["at"])
            for event in record.raw.timelines[number]
            if event["event"] == "delivered"
        )
        sent = [each for each in alert["notifications"] if each["state"] == "sent"]
        assert in_timeline == Counter((each["responder"], each["channel"], each["settled_at"]) for each in sent)


def test_what_counts_as_sent_or_failed_is_what_the_providers_took_or_turned_away_meanwhile(record):
    """One arrival for each, between when it was queued and when it was settled: its latency holds the way there."""
    end = record.windows["whole"][1]
    arrivals = defaultdict(list)
    for each in sorted(record.arrivals, key=lambda each: each.at):
        if each.status != BUSY:
            arrivals[each.alert, each.channel, each.person, each.status == TAKEN].append(each.at * 1000)
    ended = [thing for thing in things_of_the_day(record.raw, end + 3_600_000) if thing.what in {"sent", "failed"}]
    for thing in sorted(ended, key=lambda thing: thing.at):
        key = (thing.alert["id"], thing.of["channel"], thing.of["responder"], thing.what == "sent")
        found = [at for at in arrivals[key] if thing.at - thing.ms - SLACK <= at <= thing.at + SLACK]
        assert found, f"{thing.what} at {thing.at}, {thing.ms} ms after it was queued, and arrived {arrivals[key]}"
        arrivals[key].remove(found[0])
    assert [each for each in arrivals.items() if min(each[1], default=end) < end] == []


# Nothing above passes because there was nothing to count.


def test_all_fifty_alerts_were_told_and_each_had_its_fate(record):
    planned = Counter({fate.__name__: len(severities.split()) for fate, severities, *_ in FATES})
    assert Counter(record.fates.values()) == planned
    assert planned.total() == 50
    assert set(record.fates) <= set(record.raw.alerts)


def test_everything_that_can_be_counted_happened(record):
    start, end = record.windows["whole"]
    happened = Counter(thing.what for thing in record.things if start <= thing.at < end)
    wanted = "opened reopened answered resolved cleared exhausted repeat reminded fired stood sent failed kept broken"
    assert [what for what in wanted.split() if not happened[what]] == []
    figures = figures_of(record.raw, record.things, start, end)
    assert {
        (clock, bool(each["kept"]), bool(each["breached"])) for clock, each in figures["sla"]["clocks"].items()
    } == {(clock, True, True) for clock in PROMISES}
    assert {name for name, each in figures["levels"].items() if each["answered"]} >= {
        *("1 (primary)", "2 (secondary)", "3 (rescue)", USED_UP, BEFORE_ANY_LEVEL)
    }
    assert set(figures["sources"]) == {"shop", "night", "rung"}
    assert figures["sources"]["shop"]["signals"] > figures["sources"]["shop"]["opened"]
    assert {"team=db", "service=cart"} <= set(figures["sla"]["labels"])
    assert all(figures["people"][person]["answered"] for person in ("ann", "ben", "cem", "dora", "eve", "fay"))
    assert {channel for channel, each in figures["channels"].items() if each["failed"]} >= {"sms"}
    assert set(figures["channels"]) == {"chat", "mail", "sms"}


def test_people_answered_in_every_way_and_the_ladder_took_every_turn(record):
    events = [event for events in record.raw.timelines.values() for event in events]
    kinds = Counter(event["event"] for event in events)
    wanted = "acknowledged updated snoozed unsnoozed escalated reassigned suppressed unsuppressed skipped failed_over"
    assert [kind for kind in f"{wanted} exhausted counted severity_changed reopened".split() if not kinds[kind]] == []
    assert {event["via"] for event in events if is_answer(event)} == {"api", "link"}
    assert [event for event in events if event["event"] == "updated" and event.get("acknowledges")]
    assert [event for event in events if event["event"] == "escalated" and event.get("by")]
    sent = [each for alert in record.raw.alerts.values() for each in alert["notifications"]]
    assert [each for each in sent if each["state"] == "sent" and each["attempts"] > 1], "one came at the second attempt"
    assert {alert["status"] for alert in record.raw.alerts.values()} >= {"escalated", "acknowledged", "resolved"}


def test_budgets_were_overdrawn_used_up_and_left(record):
    budgets = {each["severity"]: each for each in record.reports["live"]["sla", "whole"]["budgets"]}
    assert set(budgets) == set(OWED)
    assert not budgets["critical"]["compliant"]
    assert budgets["critical"]["gone_at"] < budgets["critical"]["overdrawn_at"]
    assert budgets["medium"]["compliant"]
    assert 0 < budgets["medium"]["used"] < budgets["medium"]["used"] + budgets["medium"]["left"] == 90


def test_the_office_closed_in_mid_story(record):
    """Before that an acknowledgment was due after two seconds, and after that not before the office opens again."""
    start, end = record.windows["whole"]
    assert start < record.closes_at < end
    high = [
        thing
        for thing in record.things
        if thing.alert["severity"] == "high" and thing.of.get("clock") == "acknowledgment"
    ]
    assert [thing for thing in high if thing.what == "broken" and thing.at < record.closes_at]
    assert not [thing for thing in high if thing.what == "broken" and thing.at > record.closes_at]
    in_hours = OWED["high"]["acknowledgment_time"] * 1000
    answered = {(thing.alert["id"], thing.life): thing.ms for thing in record.things if thing.what == "answered"}
    late_but_kept = [t for t in high if t.what == "kept" and answered.get((t.alert["id"], t.life), 0) > in_hours]
    assert late_but_kept


# A wrong number would be noticed.


@pytest.mark.parametrize("what", MISTAKES)
def test_a_record_in_which_one_thing_is_wrong_gives_other_numbers(record, what):
    mistake, place = MISTAKES[what]
    wrong = copy.deepcopy(record.raw)
    mistake(wrong, record)
    assert [line for line in told_and_counted(record, wrong) if line.startswith(place)]


def test_an_instant_that_is_a_millisecond_off_gives_other_numbers(record):
    wrong = copy.deepcopy(record.raw)
    start, end = record.windows["whole"]
    answered = next(thing for thing in record.things if thing.what == "answered" and start < thing.at < end - 1)
    things = [replace(each, ms=each.ms + 1) if each == answered else each for each in record.things]
    told_here = told_by(record.reports["live"]["sla", "whole"])
    lines = unequal(told_here, report_of(wrong, things, start, end))
    assert [line for line in lines if line.startswith("/figures/time_to_acknowledge/mean")]


def test_the_counting_imports_nothing_of_the_product():
    folder = Path(__file__).parent / "day"
    for name in ("things", "figures", "telling", "config"):
        tree = ast.parse((folder / f"{name}.py").read_text("utf-8"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        modules |= {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
        ours = {module for module in modules if module.partition(".")[0] not in sys.stdlib_module_names}
        assert ours <= {"tests.acceptance.day.things", "tests.processes"}
