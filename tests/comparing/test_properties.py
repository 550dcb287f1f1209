"""Whatever two configs: what is told to differ differs, whenever it is told, and at no other instant."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.comparing.case import CaseComparison
from core.comparing.cases import Case
from core.comparing.changes import Kind
from core.comparing.side import Side
from core.severity import Severity
from tests.comparing.oracle import ladder
from tests.comparing.pairs import pairs
from tests.rotation_strategies import instants

# What is no matter of the first round, and of the catch-all.
BESIDE = {Kind.ROUNDS, Kind.SLA, Kind.REMINDERS}
SECOND = timedelta(seconds=1)


@settings(max_examples=8)  # each simulates a year some fifty times; with 500 it was run while this was written
@given(pairs(), instants, st.integers(60, 3 * 1440), st.data())
def test_a_ladder_is_told_to_differ_when_it_does_and_at_no_other_instant(pair, start, length, data):
    old, new = pair
    start = start.replace(second=0)
    end = start + timedelta(minutes=length)
    places = (0 if old.routes else None, 0 if new.routes else None)
    sides = Side(old, (start, end)), Side(new, (start, end))
    case = Case(Severity.HIGH, places=places)
    found = [each for each in CaseComparison(sides, case, (start, end)).found if each.change.kind not in BESIDE]
    spans = [span for each in found for span in each.arrivals]
    edges = {edge for span in spans for edge in span}
    # In the very instant in which a silence ends an alert may resolve by itself: the one or the other comes first.
    has_ties = any(route.auto_resolve for config in pair for route in config.routes)
    random = data.draw(st.lists(st.integers(0, length - 1), max_size=25, unique=True))
    looked = [start + timedelta(minutes=minute, seconds=17) for minute in random]
    looked += [at for edge in sorted(edges)[:12] for at in (edge, edge - SECOND, edge + 7 * SECOND)]
    looked = [at for at in looked if at not in edges or not has_ties]
    for at in looked:
        if start <= at < end:
            told = any(begins <= at < ends for begins, ends in spans)
            differs = ladder(old, "high", at) != ladder(new, "high", at)
            assert told == differs, (
                at,
                [(each.change.text, each.arrivals) for each in found],
                ladder(old, "high", at),
                ladder(new, "high", at),
            )
