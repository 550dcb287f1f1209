"""What the benchmark of reports is made of: open alerts that were copied are alerts like those that were raised."""

from benchmarks.__main__ import PARTS, _page
from benchmarks.open_alerts import fill
from benchmarks.reports import _config
from core.ledger import State
from tests.reports import oracle
from tests.reports.rows import MONDAY, TUESDAY, WEDNESDAY
from tests.worlds import World


def test_make_bench_measures_reports_too():
    assert "reports" in PARTS
    assert " reports," in next(line for line in _page([], 5).splitlines() if "Command" in line)


def test_copies_are_read_and_written_as_the_alerts_they_are_of(client):
    client.set("rung:last_id", 1000)
    fill(client, _config("weekly"), 150, MONDAY, TUESDAY)
    facts = oracle.facts(client, lambda: repr(TUESDAY.timestamp()))
    live = oracle.given(facts, MONDAY, WEDNESDAY)
    assert live == oracle.expected(client, TUESDAY)
    assert sorted(live) == list(range(1001, 1151))
    assert facts.digest_open() == 150
    assert oracle.given(facts, MONDAY, WEDNESDAY) == live
    assert {row.lives[0].answered_by for row in live.values()} == {"user2", ""}
    assert any(row.exhausted for row in live.values())


def test_a_copy_can_be_answered_and_what_comes_after_has_a_number_of_its_own(client):
    fill(client, _config("weekly"), 150, MONDAY, TUESDAY)
    world = World(client, _config("weekly"))
    world.now = TUESDAY
    unanswered = next(number for number in range(150, 60, -1) if world.alert(number).is_unanswered)
    assert world.acknowledges(unanswered).acknowledged_by == "user2"
    assert State.SENT in {entry.state for entry in world.ledger.entries(unanswered).values()}
    assert world.fires("another") == 151
