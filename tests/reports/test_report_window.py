"""How a report says its window: days as days, across clock changes too, and never another than is meant."""

import pytest

from core.report_parts import window_text


@pytest.mark.parametrize(
    ("zone", "start", "end", "said"),
    [
        ("UTC", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "Monday 23 November 2026"),
        ("UTC", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z", "Mon 23 Nov to Sun 29 Nov 2026"),
        ("UTC", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z", "Monday 23 November 2026, 00:00 to 00:00 UTC"),
        ("UTC", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00.001Z", "Monday 23 November 2026, 00:00 to 00:00 UTC"),
        ("UTC", "2026-11-23T00:00:00.500Z", "2026-11-24T00:00:00Z", "Mon 23 Nov 00:00 to Tue 24 Nov 2026 00:00 UTC"),
        ("UTC", "2024-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "Mon 01 Jan 2024 to Thu 31 Dec 2026"),
        ("UTC", "2024-12-30T09:00:00Z", "2025-01-06T09:00:00Z", "Mon 30 Dec 2024 09:00 to Mon 06 Jan 2025 09:00 UTC"),
        ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "Sunday 29 March 2026"),
        ("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "Sunday 25 October 2026"),
        # In Santiago the clock skips the midnight of 6 September 2026: the day begins at one.
        ("America/Santiago", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z", "Sunday 06 September 2026"),
        # In Havana the clock shows the hour after midnight twice on 1 November 2026.
        ("America/Havana", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", "Sunday 01 November 2026"),
    ],
)
def test_a_window_is_said_by_the_clock_of_its_zone(zone, start, end, said):
    assert window_text({"timezone": zone}, {"from": start, "to": end}) == said
