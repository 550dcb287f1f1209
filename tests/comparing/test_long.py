"""Two configs over long times and nights on which clocks change, and two that are the same."""

from datetime import UTC, datetime, timedelta

import pytest

from core.comparing.compare import compare
from core.config import Config
from tests.comparing.telling import compared, sample, told
from tests.samples import T0

YEAR = timedelta(days=365)
NIGHTS = [{"from": "17:00", "to": "09:00"}]


def test_two_configs_that_are_the_same_are_said_to_mean_the_same():
    found = compared(sample(), sample())
    assert found.is_empty
    assert (found.differences, found.beside, found.keys, found.unseen) == ((), (), (), ())


def test_a_year_of_swapped_members_has_the_first_weeks_by_date_and_the_number_of_the_others():
    new = sample(rotations__oncall_primary__members=["user2", "user1", "user3"])
    assert told(sample(), new, span=YEAR) == (
        "every severity\n"
        "  until Mon 30 Nov 09:00, Mon 14 Dec 09:00 to Mon 21 Dec 09:00,\n"
        "    Mon 4 Jan 2027 09:00 to Mon 11 Jan 2027 09:00 and 15 times more\n"
        "    level 1 (primary): user1 instead of user2\n"
        "  Mon 7 Dec 09:00 to Mon 14 Dec 09:00, Mon 28 Dec 09:00 to Mon 4 Jan 2027 09:00,\n"
        "    Mon 18 Jan 2027 09:00 to Mon 25 Jan 2027 09:00 and 14 times more\n"
        "    level 1 (primary): user2 instead of user1"
    )


@pytest.mark.parametrize("start", [datetime(2026, 3, 9, 10, tzinfo=UTC), datetime(2026, 10, 12, 10, tzinfo=UTC)])
def test_nights_are_nights_through_a_change_of_clocks(start):
    old = sample(timezone="Europe/Berlin")
    new = sample(timezone="Europe/Berlin", rotations__oncall_primary__restrictions=NIGHTS)
    assert told(old, new, start).splitlines()[:3] == [
        "every severity",
        "  every day 09:00 to 17:00",
        "    level 1 (primary): nobody instead of oncall_primary",
    ]


def test_handoffs_of_another_zone_are_told_by_the_clock_of_the_config():
    tokyo = {"rotations__oncall_primary__timezone": "Asia/Tokyo"}
    new = sample(rotations__oncall_primary__members=["user2", "user1", "user3"], **tokyo)
    assert told(sample(**tokyo), new).splitlines()[1] == (
        "  until Mon 30 Nov 00:00, Mon 14 Dec 00:00 to Mon 21 Dec 00:00"
    )


def test_an_hour_is_compared_as_well_as_a_month():
    new = sample(rotations__oncall_primary__members=["user2", "user1", "user3"])
    before = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
    assert told(sample(), new, before, timedelta(hours=1)) == (
        "every severity\n  until Mon 30 Nov 09:00\n    level 1 (primary): user1 instead of user2"
    )
    after = told(sample(), new, before + timedelta(minutes=30), timedelta(hours=1))
    assert after == "  no ladder changes\n\nChanged without effect in this time: rotations.oncall_primary"


def test_whoever_compares_hears_how_far_it_is():
    heard = []
    config = Config.model_validate(sample())
    compare(config, config, T0, T0 + timedelta(days=1), lambda done, of: heard.append((done, of)))
    assert heard == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
