"""Which days are holidays: compared with calendars on the wall."""

from datetime import date

import pytest
from pydantic import ValidationError

from core.config import Holidays
from tests.duties import holidays


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [
        ("DE", "2026-10-03", True),  # German Unity Day
        ("DE", "2026-01-06", False),  # Epiphany, in some parts only
        ("DE-BY", "2026-01-06", True),
        ("DE-BE", "2026-01-06", False),
        ("US", "2026-07-03", True),  # Independence Day is a Saturday and observed the day before
        ("US", "2026-07-04", True),
        ("US-CA", "2026-03-31", True),  # Cesar Chavez Day
        ("US", "2026-03-31", False),
        ("DE", "2090-12-25", True),
    ],
)
def test_the_holidays_of_a_country_and_of_a_part_of_it(country, day, expected):
    assert holidays(country).is_holiday(date.fromisoformat(day)) is expected


def test_countries_and_dates_are_taken_together():
    calendar = holidays("DE", "US", dates=["2026-12-24"])
    days = ["2026-10-03", "2026-11-26", "2026-12-24", "2026-12-23"]
    assert [calendar.is_holiday(date.fromisoformat(day)) for day in days] == [True, True, True, False]


def test_without_any_there_are_none():
    assert not holidays().is_holiday(date(2026, 12, 25))


@pytest.mark.parametrize(
    "code", ["HolidayBase", "country_holidays", "NYSE", "ECB", "Germany", "", "DE-", "-BY", "DE-XX"]
)
def test_only_countries_are_taken_though_the_package_has_other_names(code):
    with pytest.raises(ValidationError, match="a country such as DE"):
        Holidays(countries=[code])
