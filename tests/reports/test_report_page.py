"""What a report says, from hand-made alerts: which lines, in which order, and nothing that misleads."""

from datetime import timedelta

import pytest

from benchmarks import pictures
from core.facts import Clock, Life, Sent
from core.report import make_report
from core.report_page import sections
from core.report_parts import Section
from core.report_times import Due, Kind
from core.report_view import report_view
from core.report_words import say_span
from tests.reports.rows import ALL, MONDAY, TUESDAY, WEDNESDAY, at, facts
from tests.reports.seeds import Shelf
from tests.samples import config

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWED = {"acknowledgment_time": 300, "resolution_time": 3600, "business_hours": False}


def report(*rows, start=MONDAY, end=TUESDAY, interval="daily", allowed=1, now=None, zone="UTC", **more):
    """The sections of a daily summary, by the first two words of their titles."""
    sla = {
        "definitions": {"critical": OWED | {"allowed_breaches": allowed}},
        "reporting": {"enabled": False, "interval": interval},
    }
    given, now = config(sla=sla, timezone=zone), now or end
    shelf = Shelf(now, rows, more.pop("snapshots", ()))
    found = report_view(make_report(shelf, given, Due(Kind.DAILY, start, end), now, **more))
    return {" ".join(section.title.split()[:2]).rstrip(":"): section for section in sections(found)}


def broken(number, *clocks, day=MONDAY):
    deadlines = [Clock("resolution", at(each, day), None, at(each, day)) for each in clocks]
    return facts(number, Life(at("00:00", day), clocks=tuple(deadlines)))


def cells(section: Section):
    return [row.cells for row in section.rows]


def test_what_is_open_is_said_also_on_a_day_on_which_nothing_happened():
    still = {"at": "2026-11-24T00:00:00Z", "open": 3, "unanswered": 2, "exhausted": 0}
    found = report(snapshots=[still])["In short"]
    assert found.lines == (
        "Nothing happened: no new alerts, nobody was paged, no SLA came due.",
        "Open at Tue 24 Nov 00:00: 3 alerts, 2 unanswered.",
    )
    assert found.bad_lines == ()
    assert report(snapshots=[still | {"exhausted": 1}])["In short"].bad_lines == (
        "Open at Tue 24 Nov 00:00: 3 alerts, 2 unanswered, 1 exhausted.",
    )
    assert report(snapshots=[still | {"open": 0, "unanswered": 0}])["In short"].lines[-1] == (
        "Nothing was open at Tue 24 Nov 00:00."
    )
    assert len(report()["In short"].lines) == 1, "without a snapshot nobody knows"


def test_of_a_window_that_still_runs_what_is_open_now_is_said():
    shot = {"at": "2026-11-23T09:00:00Z", "open": 0, "unanswered": 0, "exhausted": 0}
    now = MONDAY + 9.5 * HOUR
    found = report(end=now, snapshots=[shot], open_now={"open": 1, "unanswered": 0, "exhausted": 0})
    assert found["In short"].lines[-1] == "Open at Mon 23 Nov 09:30: 1 alert."


def test_the_figures_in_short():
    found = report(*ALL)["In short"]
    assert found.lines == (
        "3 new alerts, 2 resolved (1 opened again, 1 cleared by the source before anybody answered).",
        "Half of the answers came within 11 min, nine in ten within 20 min.",
        "SLA compliance 50 %: 2 of 4 clocks breached.",
        "5 pages, 2 of them at night (22 to 7 o'clock).",
    )
    assert found.bad_lines == ("1 alert used up the whole ladder before anybody answered.",)


def test_the_window_it_is_compared_with_is_named():
    assert "There is nothing to compare with: nothing happened then." in report(*ALL)["Compared with"].lines
    found = report(*ALL, start=TUESDAY, end=WEDNESDAY)["Compared with"]
    assert found.title == "Compared with Monday 23 November 2026"
    assert "Exhausted alerts fell from 1 to 0." in found.lines


def test_that_nothing_changed_is_said_once():
    twice = [facts(n, Life(at("10:00", day), at("10:02", day), "user1")) for n, day in ((1, MONDAY), (2, TUESDAY))]
    found = report(*twice, start=TUESDAY, end=WEDNESDAY)["Compared with"]
    assert (found.lines, found.bad_lines) == (("Nothing changed by a tenth or more.",), ())


def test_sla_compliance_begins_with_all_clocks_and_names_the_worst_ten_of_each_kind():
    rows = [
        facts(number, Life(at("00:00"), clocks=(clock,)), source=f"source{number}", labels={"team": "shop"})
        for number in range(1, 13)
        for clock in [Clock("resolution", at("01:00"), at("00:30"), at("01:00") if number == 12 else None)]
    ]
    found = report(*rows)["SLA compliance"]
    assert found.head == ("SLA clocks", "in time", "breached", "compliance")
    assert cells(found)[:3] == [
        ("all", "11", "1", "91.7 %"),
        ("clock: resolution", "11", "1", "91.7 %"),
        ("severity: critical", "11", "1", "91.7 %"),
    ]
    assert cells(found)[3] == ("source: source12", "0", "1", "0 %")
    assert cells(found)[-1] == ("label: team=shop", "11", "1", "91.7 %")
    assert len(found.rows) == 1 + 1 + 1 + 10 + 1
    assert found.note == "These are the worst; 2 more sources not shown."


def test_the_budget_of_a_period_that_is_over():
    found = report(broken(1, "09:00"))["Breach budget"]
    assert found.title == "Breach budget: Monday 23 November 2026"
    assert found.lines == ("The budget of critical was used up Mon 23 Nov 09:00, and not overdrawn.",)
    assert cells(found) == [("critical", "1", "1", "0", "used up")]
    found = report(broken(1, "09:00", "10:00", "11:00"))["Breach budget"]
    assert found.lines == ()
    assert found.bad_lines == (
        "The budget of critical was overdrawn Mon 23 Nov 10:00: 1 breach is allowed, 3 happened.",
    )
    assert cells(found) == [("critical", "1", "3", "0", "overdrawn")]
    assert cells(report()["Breach budget"]) == [("critical", "1", "0", "1", "kept")]


def test_the_budget_of_a_period_that_still_runs():
    found = report(broken(1, "09:00"), interval="weekly")["Breach budget"]
    assert found.title == "Breach budget: Monday 23 November 2026, so far"
    assert found.bad_lines == ("The budget of critical was used up Mon 23 Nov 09:00: the next breach is one too many.",)
    assert cells(report(interval="weekly")["Breach budget"]) == [("critical", "1", "0", "1", "kept so far")]


def test_the_budgets_of_several_periods_are_told_in_one_line_for_each_severity():
    rows = [broken(1, "09:00", "10:00"), broken(2, "09:00", "10:00", "11:00", day=TUESDAY)]
    found = report(*rows, end=WEDNESDAY)["Breach budgets"]
    assert found.title == "Breach budgets: 2 days"
    assert found.bad_lines == ("The budget of critical was overdrawn in 2 of 2 days.",)
    assert found.head == ("severity", "allowed a day", "kept", "most in a day")
    assert cells(found) == [("critical", "1", "0 of 2", "3, Tue 24 Nov")]


def test_of_several_periods_the_last_may_still_run():
    found = report(broken(1, "09:00", day=TUESDAY), end=TUESDAY + 12 * HOUR)["Breach budgets"]
    assert found.bad_lines == ("The budget of critical was used up Tue 24 Nov 09:00: the next breach is one too many.",)
    assert found.head == ("severity", "allowed a day", "kept", "most in a day", "left so far")
    assert cells(found) == [("critical", "1", "2 of 2", "1, Tue 24 Nov", "0")]


@pytest.mark.parametrize(
    ("interval", "days", "title", "most"),
    [
        ("weekly", 14, "Breach budgets: 2 weeks", "1, from Mon 23 Nov"),
        ("monthly", 30, "Breach budgets: 2 months", "1, from Sun 01 Nov"),
        ("daily", 2, "Breach budgets: 2 days", "1, Mon 23 Nov"),
    ],
)
def test_periods_are_called_by_their_length_also_across_a_clock_change(interval, days, title, most):
    found = report(broken(1, "09:00"), end=MONDAY + days * DAY, interval=interval)["Breach budgets"]
    assert (found.title, cells(found)[0][3]) == (title, most)
    october = MONDAY.replace(month=10, day=24, hour=22)  # the last night of summer time in Berlin is in it
    for kind, noun in (("daily", "days"), ("weekly", "weeks")):
        found = report(start=october, end=october + 12 * DAY, interval=kind, zone="Europe/Berlin")["Breach budgets"]
        assert found.title.endswith(noun)


def test_an_alert_with_all_that_became_of_it():
    sent = Sent("user1", "email", "page", at("10:00"), at("10:00:01"), delivered=True)
    clocks = tuple(Clock(name, at("11:00"), None, at("11:00")) for name in ("acknowledgment", "policy"))
    row = facts(7, Life(at("10:00"), clocks=clocks), exhausted=(at("12:00"),), sent=(sent,), title="Down")
    [found] = report(row)["The alerts"].rows
    assert found.cells == ("7", "critical", "Down")
    assert found.below == (
        "Mon 23 Nov 10:00 from grafana, ladder used up, nobody answered, still open,"
        " breached: acknowledgment, policy timeout"
    )
    assert found.is_bad


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),  # noqa: RUF001 - what people read
        (0, "0 s"),
        (0.004, "< 0.1 s"),
        (0.05, "0.1 s"),
        (4.21, "4.2 s"),
        (59, "59 s"),
        (60, "1 min"),
        (210, "3.5 min"),
        (5400, "1.5 h"),
        (86_400, "1 day"),
        (86_400 * 1.5, "1.5 days"),
        (86_400 * 30, "30 days"),
    ],
)
def test_spans_as_people_say_them(seconds, said):
    assert say_span(seconds) == said


def test_the_pictures_in_the_docs_can_be_drawn_anew():
    found = dict(pictures.pages())
    assert list(found) == list(Kind)
    for html in found.values():
        assert "SLA compliance" in html
        assert html.count("data:image/png;base64,") >= 2
