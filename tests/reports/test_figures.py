"""Figures by hand: three alerts, every number counted on paper; and what must hold for any alerts and any windows."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.facts import Clock, Life, Sent, Stay, from_ms
from core.figures import ChannelFigures, Figures, Kept, LevelFigures, PersonFigures, SourceFigures
from core.spread import Spread, spread
from core.tally import figures
from tests.reports.rows import ALL, MONDAY, PRIMARY, SECONDARY, TUESDAY, WEDNESDAY, at, facts, page

UTC = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")


def monday(zone=UTC) -> Figures:
    return figures(ALL, MONDAY, TUESDAY, zone)


def tuesday() -> Figures:
    return figures(ALL, TUESDAY, WEDNESDAY, UTC)


def test_what_was_opened_answered_and_resolved_on_each_day():
    found = monday()
    assert (found.opened, found.reopened, found.answered, found.resolved) == (3, 1, 2, 2)
    assert (found.cleared_unanswered, found.exhausted, found.repeats, found.reminders) == (1, 1, 1, 1)
    found = tuesday()
    assert (found.opened, found.reopened, found.answered, found.resolved) == (0, 0, 1, 2)
    assert (found.cleared_unanswered, found.exhausted, found.repeats, found.reminders) == (0, 0, 0, 0)


def test_how_long_until_somebody_answered_and_until_it_was_over():
    assert monday().time_to_acknowledge == Spread(2, 660.0, 660.0, 1200.0)  # 120 s and 1,200 s
    assert monday().time_to_resolve == Spread(2, 2100.0, 2100.0, 3600.0)  # 600 s and 3,600 s
    assert tuesday().time_to_acknowledge == Spread(1, 74_880.0, 74_880.0, 74_880.0)  # from 12:12 until 9:00
    assert monday().severities["critical"].time_to_acknowledge == Spread(2, 660.0, 660.0, 1200.0)
    assert monday().severities["high"].time_to_acknowledge == Spread()
    assert {name: each.opened for name, each in monday().severities.items()} == {"critical": 2, "high": 1}


def test_each_level_with_its_answers_and_how_long_alerts_stood_there():
    assert monday().levels == {
        PRIMARY: LevelFigures(4, 1, Spread(4, 780.0, 600.0, 1800.0)),  # 120, 600, 600 and 1,800 s
        SECONDARY: LevelFigures(1, 1, Spread(1, 600.0, 600.0, 600.0)),
    }
    assert tuesday().levels == {PRIMARY: LevelFigures(0, 1, Spread())}


def test_each_channel_with_failures_and_latency():
    assert monday().channels == {
        "email": ChannelFigures(2, 1, Spread(2, 1.0, 1.0, 1.0)),
        "sms": ChannelFigures(2, 0, Spread(2, 3.0, 3.0, 4.0)),
        "slack": ChannelFigures(1, 0, Spread(1, 3.0, 3.0, 3.0)),
    }
    assert tuesday().channels == {"email": ChannelFigures(1, 0, Spread(1, 1.0, 1.0, 1.0))}


def test_each_person_with_pages_and_those_at_night():
    assert monday().people == {"user1": PersonFigures(4, 1, 1), "user4": PersonFigures(1, 1, 1)}
    assert (monday().pages, monday().night_pages) == (5, 2)
    assert (tuesday().pages, tuesday().people) == (0, {"user1": PersonFigures(0, 0, 1)}), "a notice is no page"


def test_hours_of_the_day_and_the_night_are_those_of_the_zone():
    hours = {hour: count for hour, count in enumerate(monday().pages_by_hour) if count}
    assert hours == {10: 2, 12: 1, 23: 2}
    hours = {hour: count for hour, count in enumerate(monday(BERLIN).pages_by_hour) if count}
    assert hours == {0: 2, 11: 2, 13: 1}


def test_the_night_is_from_22_until_just_before_7():
    pages = [page("a", "sms", at(clock), 0) for clock in ("21:59", "22:00", "06:59", "07:00")]
    found = figures([facts(1, Life(at("00:00")), sent=tuple(pages))], MONDAY, TUESDAY, UTC)
    assert (found.pages, found.night_pages) == (4, 2)


def test_the_noisiest_source_comes_first():
    assert list(monday().sources.items()) == [("grafana", SourceFigures(2, 4)), ("kuma", SourceFigures(1, 1))]


def test_sla_compliance_by_clock_severity_source_and_label():
    """The policy's own clock does not count, and a breach counts on the day of its deadline."""
    found = monday()
    assert (found.sla, found.sla.share) == (Kept(2, 2), 0.5)
    assert found.sla_by_clock == {"acknowledgment": Kept(1, 2), "resolution": Kept(1, 0)}
    assert found.sla_by_severity == {"critical": Kept(2, 1), "high": Kept(0, 1)}
    assert found.sla_by_source == {"grafana": Kept(2, 1), "kuma": Kept(0, 1)}
    assert found.sla_by_label == {"team=shop": Kept(2, 1)}
    assert tuesday().sla_by_clock == {"resolution": Kept(0, 1)}


def test_a_clock_that_has_come_to_nothing_yet_counts_nowhere():
    row = facts(1, Life(at("10:00"), clocks=(Clock("acknowledgment", at("11:00"), None, None),)))
    assert figures([row], MONDAY, TUESDAY, UTC).sla == Kept()


def test_an_empty_window_is_zeros_and_nothing():
    found = figures(ALL, WEDNESDAY, WEDNESDAY + timedelta(days=1), UTC)
    assert found == Figures(WEDNESDAY, WEDNESDAY + timedelta(days=1))
    assert (found.opened, found.time_to_acknowledge.median, found.sla.share, found.pages) == (0, None, None, 0)


def test_the_edges_of_a_window_belong_to_one_of_two():
    row = facts(1, Life(at("00:00", TUESDAY)))
    assert figures([row], MONDAY, TUESDAY, UTC).opened == 0
    assert figures([row], TUESDAY, WEDNESDAY, UTC).opened == 1


def test_median_and_p90_of_ten():
    found = spread([n * 1000 for n in (10, 1, 2, 9, 3, 8, 4, 7, 5, 6)])
    assert found == Spread(10, 5.5, 5.5, 9.0)
    assert spread([]) == Spread()
    assert spread([3000, 1000, 2000]) == Spread(3, 2.0, 2.0, 3.0)


instants = st.integers(at("00:00"), at("00:00", WEDNESDAY))
maybe = st.none() | instants
names = st.sampled_from(["a", "b"])
clocks = st.builds(Clock, st.sampled_from(["acknowledgment", "resolution", "policy"]), instants, maybe, maybe)
lives = st.builds(Life, instants, maybe, names, names, names, maybe, names, st.tuples(clocks))
stays = st.builds(lambda level, a, b: Stay(level, min(a, b), max(a, b)), names, instants, instants)
sends = st.builds(Sent, names, names, st.sampled_from(["page", "notice"]), instants, instants, st.booleans())
rows = st.builds(
    lambda number, lives, **fields: facts(number, *lives, **fields),
    st.integers(1, 99),
    st.lists(lives, min_size=1, max_size=2),
    source=names,
    severity=names,
    stays=st.lists(stays, max_size=2),
    fired=st.lists(st.tuples(names, instants), max_size=2),
    rounds=st.lists(instants, max_size=2),
    exhausted=st.lists(instants, max_size=1),
    reminders=st.lists(instants, max_size=2),
    sent=st.lists(sends, max_size=3),
)


def numbers(found: Figures) -> dict[str, float]:
    """Everything in figures that can be added up."""
    plain = ("opened", "reopened", "answered", "resolved", "cleared_unanswered", "exhausted", "repeats", "reminders")
    numbers = {name: getattr(found, name) for name in plain}
    numbers |= {"to acknowledge": round(found.time_to_acknowledge.total, 3), "breached": found.sla.breached}
    numbers |= {"to resolve": round(found.time_to_resolve.total, 3), "kept": found.sla.kept}
    for name in ("a", "b"):
        channel = found.channels.get(name, ChannelFigures(0, 0, Spread()))
        level = found.levels.get(name, LevelFigures(0, 0, Spread()))
        person = found.people.get(name, PersonFigures(0, 0, 0))
        source = found.sources.get(name, SourceFigures(0, 0))
        numbers[f"channel {name}"], numbers[f"failed {name}"] = channel.sent, channel.failed
        numbers[f"fired {name}"], numbers[f"answered {name}"] = level.fired, level.answered
        numbers[f"at level {name}"] = round(level.time.total, 3)
        numbers[f"pages {name}"], numbers[f"night {name}"] = person.pages, person.night_pages
        numbers[f"source {name}"] = source.opened
        numbers[f"severity {name}"] = found.sla_by_severity.get(name, Kept()).breached
    return numbers | {f"hour {hour}": pages for hour, pages in enumerate(found.pages_by_hour)}


@settings(deadline=None)
@given(st.lists(rows, max_size=5), instants)
def test_two_windows_side_by_side_add_up_to_the_one_around_them(some, middle):
    cut = from_ms(middle)
    left, right = figures(some, MONDAY, cut, UTC), figures(some, cut, WEDNESDAY, UTC)
    both = figures(some, MONDAY, WEDNESDAY, UTC)
    added = {name: numbers(left)[name] + number for name, number in numbers(right).items()}
    assert added == pytest.approx(numbers(both), abs=0.01)


@settings(deadline=None)
@given(st.lists(rows, max_size=5), st.randoms())
def test_the_order_of_alerts_does_not_matter(some, dice):
    shuffled = list(some)
    dice.shuffle(shuffled)
    assert figures(shuffled, MONDAY, TUESDAY, BERLIN) == figures(some, MONDAY, TUESDAY, BERLIN)
