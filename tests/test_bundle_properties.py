"""Whatever comes, and however fast: every page is in exactly one message, and nobody gets more than so many of them."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.outcomes import Outcome, OutcomeKind
from tests.bundles import numbers, storm_config
from tests.samples import T0
from tests.worlds import World

SEVERITIES = ("critical", "high", "medium", "low")
gaps = st.sampled_from([0, 0, 0, 0.01, 0.5, 1, 3, 7, 20, 45]) | st.floats(0, 90)
arrivals = st.lists(st.tuples(gaps, st.sampled_from(SEVERITIES)), min_size=1, max_size=60)
bundlings = st.builds(
    lambda after, window, every: {"after": after, "window": window, "every": every},
    st.integers(1, 8),
    st.integers(1, 90),
    st.integers(1, 90),
)


class Storm:
    """A world that is fed arrivals, and what was sent when."""

    def __init__(self, client, bundling):
        client.flushall()
        self.world = World(client, storm_config(bundling=bundling))
        self.sent: list[tuple[float, list[int]]] = []
        submit = self.world.sender.submit

        def noted(url, message):
            future = submit(url, message)
            if future.result().kind is OutcomeKind.SENT:
                self.sent.append(((self.world.now - T0).total_seconds(), numbers(message)))
            return future

        self.world.sender.submit = noted

    def comes(self, arrivals) -> list[int]:
        ids = []
        for number, (gap, severity) in enumerate(arrivals):
            self.world.passes(gap)
            ids.append(self.world.fires(f"k{number}", severity))
        return ids

    def most_within(self, window: int) -> int:
        times = [at for at, _ in self.sent]
        return max(sum(start <= at < start + window for at in times) for start in times)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrivals, bundlings)
def test_every_page_is_in_one_message_and_there_are_never_too_many(client, arrivals, bundling):
    storm = Storm(client, bundling)
    ids = storm.comes(arrivals)
    storm.world.passes(3000)
    assert sorted(number for _, listed in storm.sent for number in listed) == ids
    assert {state for each in ids for state in storm.world.ledger_of(each).values()} == {"sent"}
    window, every = bundling["window"], bundling["every"]
    assert storm.most_within(window) <= bundling["after"] + window / every + 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrivals, bundlings, st.floats(0, 40), st.floats(0, 30))
def test_the_same_while_the_provider_is_away_for_a_while(client, arrivals, bundling, away_from, away_for):
    """What was refused does not count; what was sent does, and every page is sent or fails after its attempts."""
    storm = Storm(client, bundling)
    refused = Outcome(OutcomeKind.RATE_LIMITED, "429", retry_after=3)

    def at(instant: float, outcome: Outcome | None) -> None:
        storm.world.passes(max(0, instant - (storm.world.now - T0).total_seconds()))
        storm.world.sender.outcomes = {"twilio": outcome} if outcome else {}

    before, after = arrivals[: len(arrivals) // 2], arrivals[len(arrivals) // 2 :]
    ids = storm.comes(before)
    start = (storm.world.now - T0).total_seconds() + away_from
    at(start, refused)
    ids += [storm.world.fires(f"while away {number}", severity) for number, (_, severity) in enumerate(after)]
    at(start + away_for, None)
    storm.world.passes(4000)
    told = [number for _, listed in storm.sent for number in listed]
    assert sorted(number for number in told if number in ids) == sorted(ids)  # others are about the channel itself
    assert storm.most_within(bundling["window"]) <= bundling["after"] + bundling["window"] / bundling["every"] + 1
