"""Which days are holidays: those of the `holidays` package for the countries in config, and config's own dates.

A holiday that is observed on another day counts on both. Where the package knows nothing of a country's year, such
as Germany's before 1990, there are only the dates of config.
"""

from datetime import date

from core.config.holidays import Holidays, parts_of


class HolidayCalendar:
    """Answers by the day. A country's year is worked out once, when it is first asked for."""

    def __init__(self, holidays: Holidays = Holidays()) -> None:  # noqa: B008 - the section is frozen
        """Take the `holidays` section; without one there are no holidays."""
        self._countries = holidays.countries
        self._own = frozenset(day.toordinal() for day in holidays.dates)
        self._years: dict[int, frozenset[int]] = {}

    def is_holiday(self, day: date) -> bool:
        """Say whether the day is a holiday."""
        return self.has(day.toordinal())

    def has(self, ordinal: int) -> bool:
        """Say whether the day of this proleptic Gregorian ordinal is a holiday."""
        if ordinal in self._own:
            return True
        if not self._countries:
            return False
        year = date.fromordinal(ordinal).year
        days = self._years.get(year)
        if days is None:  # two threads may both work it out: the same
            days = self._years[year] = self._of(year)
        return ordinal in days

    def _of(self, year: int) -> frozenset[int]:
        import holidays  # noqa: PLC0415 - 50 ms of start that only a config with countries pays

        calendars = (
            holidays.country_holidays(country, subdiv=subdivision, years=year)
            for country, subdivision in map(parts_of, self._countries)
        )
        return frozenset(day.toordinal() for calendar in calendars for day in calendar)
