"""How a number of durations spread: how many, mean, median and ninetieth percentile."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_MS = 1000


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds; None where there is nothing to measure."""

    count: int = 0
    mean: float | None = None
    median: float | None = None
    p90: float | None = None

    @property
    def total(self) -> float:
        """All of them together, in seconds."""
        return self.count * (self.mean or 0.0)

    def view(self) -> dict[str, float | int | None]:
        """Give it as JSON."""
        return {"count": self.count, "mean": self.mean, "median": self.median, "p90": self.p90}


NOTHING = Spread()


def spread(samples: Sequence[int]) -> Spread:
    """Give the spread of durations in milliseconds.

    The median of an even number lies half-way between the two in the middle; the p90 is the smallest sample that nine
    in ten do not exceed.
    """
    count = len(samples)
    if not count:
        return NOTHING
    ordered = sorted(samples)
    median = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    p90 = ordered[math.ceil(count * 9 / 10) - 1]
    return Spread(count, sum(ordered) / count / _MS, median / _MS, p90 / _MS)
