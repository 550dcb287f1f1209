"""How long it takes to say who is on call: with layers, restrictions, holidays and 50 overrides, in any year."""

import statistics
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.measures import Row
from core.config import Holidays, Rotation
from core.holidays import HolidayCalendar
from core.overrides import Override
from core.rotations import Plan, on_call, plan_of

YEARS = (1990, 2026, 2090)
GOAL = 50  # microseconds
_NIGHT = {"from": "18:00", "to": "09:00"}
_BASE = {"type": "weekly", "members": ["a", "b", "c"], "start_time": "09:00", "handoff_day": "monday"}
_CAME_LATER = {"name": "f", "from": "2026-02-02"}


def rows(runs: int = 5) -> list[Row]:
    """One look-up, the median over instants all over each year."""
    plan = _plan()
    return [_row(plan, year, runs) for year in YEARS]


def _row(plan: Plan, year: int, runs: int) -> Row:
    spans = [span for _ in range(runs) for span in _spans(plan, year)]
    median = statistics.median(spans)
    return Row(f"who is on call in {year}", f"< {GOAL} µs", f"{median:.0f} µs", "3 layers, 50 overrides", median < GOAL)


def _spans(plan: Plan, year: int) -> list[float]:
    """Look up 1,000 instants, nearly nine hours apart; half of the overrides hold."""
    spans = []
    for step in range(1000):
        now = datetime(year, 1, 1, tzinfo=UTC) + timedelta(minutes=525 * step)
        overrides = _overrides(now)
        began = time.perf_counter()
        on_call(plan, now, overrides)
        spans.append((time.perf_counter() - began) * 1e6)
    return spans


def _plan() -> Plan:
    layers = [
        _BASE | {"type": "daily", "handoff_day": None, "members": ["d", "e", _CAME_LATER], "restrictions": [_NIGHT]},
        _BASE | {"members": ["g", "h"], "restrictions": [{"holidays": "only"}, {"weekdays": ["saturday", "sunday"]}]},
    ]
    office = [{"weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"], "holidays": "excluded"}]
    rotation = Rotation.model_validate(_BASE | {"restrictions": office, "layers": layers})
    calendar = HolidayCalendar(Holidays(countries=("DE-BY", "US-CA")))
    return plan_of(rotation, ZoneInfo("Europe/Berlin"), calendar, name="oncall")


def _overrides(now: datetime) -> list[Override]:
    """Give 50 overrides around an instant, 25 of which hold; few replace whoever is on duty then."""
    made = now - timedelta(days=9)
    return [
        Override(
            id=str(number),
            rotation="oncall",
            member="x",
            starts_at=now + timedelta(days=number % 2, hours=-1),
            ends_at=now + timedelta(days=2),
            instead_of=f"n{number}" if number else "a",
            by="x",
            note="",
            created_at=made + timedelta(seconds=number),
        )
        for number in range(50)
    ]
