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


@settings(max_examples=15)  # with 3,000 it was run while this was written
@given(pairs(), instants, st.integers(60, 3 * 1440), st.data())
def test_a_ladder_is_told_to_differ_when_it_does_and_at_no_other_instant(pair, start, length, data):
    start = start.replace(second=0)
    end = start + timedelta(minutes=length)
    found = compared(pair, start, end)
    spans = [span for each in found for span in each.arrivals]
    edges = {edge for span in spans for edge in span}
    random = data.draw(st.lists(st.integers(0, length - 1), max_size=15, unique=True))
    looked = [start + timedelta(minutes=minute, seconds=17) for minute in random]
    looked += [at for edge in sorted(edges)[:8] for at in (edge, edge - SECOND, edge + 7 * SECOND)]
    for at in looked:
        if start <= at < end and not (at in edges and may_tie(pair)):
            before, after = (ladder(config, "high", at) for config in pair)
            is_told = any(begins <= at < ends for begins, ends in spans)
            assert is_told == (before != after), (at, [(each.change.text, each.arrivals) for each in found])


def compared(pair, start, end):
    window = start, end
    case = Case(Severity.HIGH, places=tuple(0 if config.routes else None for config in pair))
    sides = tuple(Side(config, window) for config in pair)
    return [each for each in CaseComparison(sides, case, window).found if each.change.kind not in BESIDE]


def may_tie(pair):
    """In the instant in which a silence ends an alert may resolve by itself, and then one of the two comes first."""
    return any(route.auto_resolve for config in pair for route in config.routes)
