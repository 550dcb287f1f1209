"""Times that come back in no order are named one by one, and when they are many their number is told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.comparing.spans import say_spans

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAMED = "Mon 23 Nov 01:00 to 02:00, Tue 24 Nov 03:00 to 04:00, Wed 25 Nov 05:00 to 06:00"


@pytest.mark.parametrize(
    ("number", "more"), [(3, ""), (4, " and once more"), (5, " and 2 times more")], ids=["all", "one", "two"]
)
def test_of_many_times_the_first_are_named_and_the_others_counted(number, more):
    begins = [MONDAY + timedelta(days=day, hours=2 * day + 1) for day in range(number)]
    window = MONDAY, MONDAY + timedelta(days=28)
    assert say_spans([(each, each + HOUR) for each in begins], ZoneInfo("UTC"), window) == NAMED + more
