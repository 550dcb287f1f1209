"""A deadline over 24 business hours, against the loop that the requirements describe: second by second."""

import statistics
import time
from datetime import UTC, datetime, timedelta

from benchmarks.measures import Row
from core.business_hours import Hours, deadline, elapsed
from core.config import BusinessHours
from core.holidays import HolidayCalendar
from core.local_time import instant_of

GOAL = 100_000  # times faster
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
DURATION = timedelta(hours=24)
TEN_YEARS = timedelta(days=3652)

WRITTEN = BusinessHours(start_time="09:00", end_time="17:00", timezone="UTC", weekdays=[0, 1, 2, 3, 4])
STEPS = (WEDNESDAY - MONDAY) // timedelta(seconds=1)  # 201,600, every one on a working day
MEASURED = 10_000  # of them; every step costs the same


def rows(runs: int = 5) -> list[Row]:
    """Ask for the deadline as Rung does, and walk to it as the requirements do."""
    hours = Hours.of(WRITTEN, "UTC", HolidayCalendar())
    assert deadline(MONDAY, DURATION, hours) == WEDNESDAY
    ours = _seconds(lambda: deadline(MONDAY, DURATION, hours), 10_000, runs)
    first = _seconds(_first_deadline, 10, runs)
    loop = _seconds(lambda: _stepped(MONDAY, MEASURED), 1, runs) * STEPS / MEASURED
    ten_years = _seconds(lambda: elapsed(MONDAY, MONDAY + TEN_YEARS, hours), 1000, runs)
    return [
        Row(
            "deadline over 24 business hours",
            f">= {GOAL:,} times the loop",
            f"{loop / ours:,.0f} times ({ours * 1e6:.1f} µs)",
            f"the requirement's loop {loop:.1f} s, from {MEASURED:,} of its {STEPS:,} steps",
            loop / ours >= GOAL,
        ),
        Row(
            "the first one of a year, which makes its table",
            "< 10 ms",
            f"{loop / first:,.0f} times ({first * 1e3:.1f} ms)",
            "the same",
            first < 0.01,
        ),
        Row("open time of ten years", "< 50 µs", f"{ten_years * 1e6:.1f} µs", "", ten_years < 50e-6),
    ]


def _first_deadline() -> datetime:
    instant_of.cache_clear()
    return deadline(MONDAY, DURATION, Hours.of(WRITTEN, "UTC", HolidayCalendar()))


def _stepped(start: datetime, steps: int) -> int:
    """Look at the weekday and read both times of day, a second at a time; give how many of these seconds are open."""
    now, counted = start, 0
    for _ in range(steps):
        if now.weekday() in {0, 1, 2, 3, 4}:
            opens, closes = (datetime.strptime(text, "%H:%M").time() for text in ("09:00", "17:00"))  # noqa: DTZ007
            counted += opens <= now.time() <= closes
        now += timedelta(seconds=1)
    return counted


def _seconds(call, times: int, runs: int) -> float:
    return statistics.median(_once(call, times) for _ in range(runs))


def _once(call, times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - began) / times


if __name__ == "__main__":
    for row in rows():
        print(row)
