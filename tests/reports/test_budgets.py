"""Breach budgets by hand: what was used, when it was gone, and whether the period as a whole keeps to it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.budgets import Period, budgets
from core.facts import Clock, Life, from_ms, to_ms
from core.report_times import periods
from tests.reports.rows import ALL, MONDAY, TUESDAY, WEDNESDAY, at, facts
from tests.samples import config

YEAR = datetime(2026, 1, 1, tzinfo=UTC)
DAY = Period(MONDAY, TUESDAY)
ALLOWED = {"critical": 0, "high": 1, "medium": 2}


def broken(number, *instants, severity="high"):
    clocks = tuple(Clock("resolution", each, None, each) for each in instants)
    return facts(number, Life(at("00:00"), clocks=clocks), severity=severity)


def of(severity, *rows, period=DAY):
    [found] = [each for each in budgets(rows, [period], ALLOWED) if each.severity == severity]
    return found


def test_the_three_alerts_of_the_figures():
    used = {each.severity: (each.used, each.left, each.is_compliant) for each in budgets(ALL, [DAY], ALLOWED)}
    assert used == {"critical": (1, 0, False), "high": (1, 0, True), "medium": (0, 2, True)}
    tuesday = budgets(ALL, [Period(TUESDAY, WEDNESDAY)], ALLOWED)
    assert [each.used for each in tuesday] == [1, 0, 0], "the resolution of the late one broke at midnight"


def test_a_budget_that_allows_nothing_is_overdrawn_by_the_first_breach_and_never_used_up():
    found = of("critical", broken(1, at("09:00"), severity="critical"))
    assert (found.gone_at, found.overdrawn_at, found.left, found.is_compliant) == (None, from_ms(at("09:00")), 0, False)
    assert of("critical").is_compliant


def test_the_last_one_allowed_uses_it_up_and_the_next_one_overdraws_it():
    found = of("high", broken(1, at("15:00")))
    assert (found.used, found.left, found.gone_at, found.overdrawn_at) == (1, 0, from_ms(at("15:00")), None)
    assert found.is_compliant
    found = of("high", broken(1, at("15:00")), broken(2, at("09:00")), broken(3, at("20:00")))
    assert (found.used, found.gone_at, found.overdrawn_at) == (3, from_ms(at("09:00")), from_ms(at("15:00")))
    assert not found.is_compliant


def test_both_clocks_of_one_alert_count_and_the_clock_of_the_policy_does_not():
    clocks = (
        Clock("acknowledgment", at("09:00"), None, at("09:00")),
        Clock("resolution", at("10:00"), None, at("10:00")),
        Clock("policy", at("11:00"), None, at("11:00")),
    )
    assert of("high", facts(1, Life(at("08:00"), clocks=clocks), severity="high")).used == 2


def test_without_a_definition_there_is_no_budget_and_without_a_period_none_either():
    assert budgets(ALL, [DAY], {}) == []
    assert budgets(ALL, [], ALLOWED) == []


def test_the_periods_of_a_window_are_whole_and_the_running_one_ends_with_it():
    daily = config(sla={"reporting": {"enabled": False, "interval": "daily"}})
    noon = timedelta(hours=12)
    assert periods(daily, MONDAY + noon, TUESDAY + noon) == [
        Period(MONDAY, TUESDAY),
        Period(TUESDAY, TUESDAY + noon, is_over=False),
    ]
    assert periods(daily, MONDAY, TUESDAY) == [DAY]
    assert periods(daily, MONDAY, MONDAY) == []


def test_the_periods_of_weeks_and_months_begin_on_monday_and_on_the_first_by_the_local_clock():
    weekly = config(sla={"reporting": {"enabled": False, "interval": "weekly"}}, timezone="Europe/Berlin")
    [week] = periods(weekly, WEDNESDAY, WEDNESDAY + timedelta(hours=1))
    assert (week.start, week.is_over) == (MONDAY - timedelta(hours=1), False)
    monthly = config(sla={"reporting": {"enabled": False, "interval": "monthly"}}, timezone="Europe/Berlin")
    [month] = periods(monthly, WEDNESDAY, WEDNESDAY + timedelta(hours=1))
    assert month.start.isoformat() == "2026-10-31T23:00:00+00:00"


@settings(deadline=None)
@given(
    st.sampled_from(["UTC", "Europe/Berlin", "America/Santiago", "America/Havana", "Australia/Lord_Howe"]),
    st.sampled_from(["daily", "weekly", "monthly"]),
    st.lists(st.integers(0, 400 * 24 * 60), max_size=12),
    st.lists(st.integers(0, 30), max_size=4),
)
def test_every_breach_of_a_year_uses_the_budget_of_one_period_clock_changes_or_not(zone, interval, minutes, on_edges):
    reporting = {"enabled": False, "interval": interval}
    year = periods(config(sla={"reporting": reporting}, timezone=zone), YEAR, YEAR + timedelta(days=400))
    assert all(one.end == following.start for one, following in pairwise(year))
    for each in year[:-1]:
        before, first = (at.astimezone(ZoneInfo(zone)) for at in (each.start - timedelta(seconds=1), each.start))
        assert before.date() < first.date(), "it begins with the local day"
    instants = [max(to_ms(year[0].start), to_ms(YEAR) + minute * 60_000) for minute in minutes]
    instants += [to_ms(year[min(number, len(year) - 1)].start) for number in on_edges]
    instants = [each for each in instants if each < to_ms(year[-1].end)]
    found = budgets([broken(number, each) for number, each in enumerate(instants)], year, {"high": 1})
    assert sum(each.used for each in found) == len(instants)
    for each in found:
        start, end = to_ms(each.period.start), to_ms(each.period.end)
        assert each.used == sum(start <= at < end for at in instants)


@settings(deadline=None)
@given(st.lists(st.integers(at("00:00"), at("23:59", TUESDAY)), max_size=12), st.integers(0, 5))
def test_a_budget_is_used_once_for_each_breach_in_its_period(instants, allowed):
    rows = [broken(number, each) for number, each in enumerate(instants)]
    [found] = budgets(rows, [DAY], {"high": allowed})
    assert found.used == sum(each < at("00:00", TUESDAY) for each in instants)
    assert found.left == max(0, allowed - found.used)
    assert found.is_compliant == (found.overdrawn_at is None)
    assert (found.gone_at is None) == (found.used < allowed or allowed == 0)
