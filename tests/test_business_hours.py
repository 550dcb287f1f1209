"""Business hours by instants worked out by hand: weekends, holidays, nights, and days on which clocks change."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.business_hours import Hours, NeverOpenError, deadline, elapsed
from core.config import BusinessHours
from core.holidays import HolidayCalendar
from core.windows import Window
from tests.duties import holidays, utc

MOMENT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
OFFICE = "09:00 17:00 0 1 2 3 4"  # the requirement's
ALL_DAYS = "0 1 2 3 4 5 6"


def hours(times=OFFICE, zone="UTC", calendar=None):
    start, end, *weekdays = times.split()
    written = BusinessHours.model_validate({"start_time": start, "end_time": end, "weekdays": weekdays})
    return Hours.of(written, zone, calendar or HolidayCalendar())


def spent(text):
    """`3:30` is three and a half hours."""
    whole, minutes = text.split(":")
    return timedelta(hours=int(whole), minutes=int(minutes))


# 2026-11-20 is a Friday.
BY_HAND = [
    ("2026-11-20T10:00", "3:30", "2026-11-20T13:30"),
    ("2026-11-20T09:00", "8:00", "2026-11-20T17:00"),  # not the next morning: fault 14
    ("2026-11-20T03:00", "8:00", "2026-11-20T17:00"),
    ("2026-11-20T16:30", "0:30", "2026-11-20T17:00"),
    ("2026-11-20T16:30", "4:00", "2026-11-23T12:30"),
    ("2026-11-20T17:00", "0:01", "2026-11-23T09:01"),
    ("2026-11-21T12:00", "1:00", "2026-11-23T10:00"),
    ("2026-11-20T16:30", "24:00", "2026-11-25T16:30"),  # three working days: fault 19
    ("2026-11-23T09:00", "24:00", "2026-11-25T17:00"),
    ("2026-11-23T09:00", "40:00", "2026-11-27T17:00"),  # not Monday
    ("2026-11-23T09:00", "2080:00", "2027-11-19T17:00"),  # 52 weeks of five days
]


@pytest.mark.parametrize(("start", "duration", "end"), BY_HAND)
def test_open_time_passes_on_working_days_only(start, duration, end):
    assert deadline(utc(start), spent(duration), hours()) == utc(end)
    assert elapsed(utc(start), utc(end), hours()) == spent(duration)


def test_the_last_second_of_the_day_counts_and_no_day_drifts():
    """Fault 14: the inclusive end gave away a second a day, so that a deadline fell a second early every day."""
    for days in range(1, 6):
        assert deadline(utc("2026-11-23T09:00"), 8 * HOUR * days, hours()) == utc(f"2026-11-{22 + days}T17:00")
    assert elapsed(utc("2026-11-20T16:59:59"), utc("2026-11-20T17:00:01"), hours()) == timedelta(seconds=1)


@pytest.mark.parametrize(
    ("zone", "times", "start", "duration", "end"),
    [
        # Europe/Berlin, offices at 08:00 in UTC before 2026-03-29 and after 2026-10-25, at 07:00 between.
        ("Europe/Berlin", OFFICE, "2026-03-27T15:30", "4:00", "2026-03-30T10:30"),
        ("Europe/Berlin", OFFICE, "2026-10-23T14:30", "4:00", "2026-10-26T11:30"),
        # Nights from 22:00 to 06:00: of seven hours when 02:00 to 03:00 is skipped, of nine when it comes twice.
        ("Europe/Berlin", f"22:00 06:00 {ALL_DAYS}", "2026-03-28T21:00", "7:00", "2026-03-29T04:00"),
        ("Europe/Berlin", f"22:00 06:00 {ALL_DAYS}", "2026-03-28T21:00", "8:00", "2026-03-29T21:00"),
        ("Europe/Berlin", f"22:00 06:00 {ALL_DAYS}", "2026-10-24T20:00", "9:00", "2026-10-25T05:00"),
        ("Europe/Berlin", f"22:00 06:00 {ALL_DAYS}", "2026-10-24T20:00", "9:01", "2026-10-25T21:01"),
        ("Europe/Berlin", "01:00 04:00 6", "2026-03-29T00:00", "2:00", "2026-03-29T02:00"),
        ("Europe/Berlin", "01:00 04:00 6", "2026-10-24T23:00", "4:00", "2026-10-25T03:00"),
        # America/New_York: 2026-03-08 skips 02:00 to 03:00, 2026-11-01 shows 01:00 to 02:00 twice.
        ("America/New_York", OFFICE, "2026-03-06T21:30", "4:00", "2026-03-09T16:30"),
        ("America/New_York", OFFICE, "2026-10-30T20:30", "4:00", "2026-11-02T17:30"),
        ("America/New_York", f"00:00 06:00 {ALL_DAYS}", "2026-03-08T05:00", "5:00", "2026-03-08T10:00"),
        ("America/New_York", f"00:00 06:00 {ALL_DAYS}", "2026-11-01T04:00", "7:00", "2026-11-01T11:00"),
        # Australia/Lord_Howe: half an hour is skipped on 2026-10-04, and comes twice on 2026-04-05.
        ("Australia/Lord_Howe", OFFICE, "2026-04-03T05:30", "4:00", "2026-04-06T02:00"),
        ("Australia/Lord_Howe", OFFICE, "2026-10-02T06:00", "4:00", "2026-10-05T01:30"),
        ("Australia/Lord_Howe", "00:00 06:00 6", "2026-10-03T13:30", "5:30", "2026-10-03T19:00"),
        ("Australia/Lord_Howe", "00:00 06:00 6", "2026-04-04T13:00", "6:30", "2026-04-04T19:30"),
        # Samoa had no 30 December 2011, a Friday.
        ("Pacific/Apia", OFFICE, "2011-12-29T19:00", "16:00", "2012-01-02T03:00"),
    ],
)
def test_the_local_clock_opens_and_closes_and_real_time_passes(zone, times, start, duration, end):
    there = hours(times, zone)
    assert deadline(utc(start), spent(duration), there) == utc(end)
    assert elapsed(utc(start), utc(end), there) == spent(duration)


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-12-23T16:30", "0:30", "2026-12-23T17:00"),
        ("2026-12-23T16:30", "0:31", "2026-12-28T09:01"),  # 24th by its date, 25th by Germany's calendar, a weekend
        ("2026-12-24T10:00", "8:00", "2026-12-28T17:00"),
        ("2026-12-31T16:00", "2:00", "2027-01-04T10:00"),  # New Year is a Friday
    ],
)
def test_a_holiday_is_closed(start, duration, end):
    germany = hours(calendar=holidays("DE", dates=["2026-12-24"]))
    assert deadline(utc(start), spent(duration), germany) == utc(end)
    assert elapsed(utc(start), utc(end), germany) == spent(duration)


@pytest.mark.parametrize(
    ("start", "end", "open_time"),
    [
        ("2026-11-20T22:00", "2026-11-21T06:00", "8:00"),  # Friday's night
        ("2026-11-20T00:00", "2026-11-20T06:00", "6:00"),  # the rest of Thursday's
        ("2026-11-21T22:00", "2026-11-22T06:00", "0:00"),  # Saturday's
        ("2026-11-23T00:00", "2026-11-23T06:00", "0:00"),  # the rest of Sunday's
        ("2026-11-23T00:00", "2026-11-24T03:00", "5:00"),
        ("2026-11-26T00:00", "2026-11-27T12:00", "6:00"),  # Wednesday's; the 26th is a holiday, also after midnight
    ],
)
def test_a_night_belongs_to_the_day_it_begins_on(start, end, open_time):
    nights = hours("22:00 06:00 0 1 2 3 4", calendar=holidays(dates=["2026-11-26"]))
    assert elapsed(utc(start), utc(end), nights) == spent(open_time)


def test_a_night_over_the_new_year_is_whole():
    nights = hours(f"22:00 06:00 {ALL_DAYS}")
    assert deadline(utc("2026-12-31T23:00"), 7 * HOUR, nights) == utc("2027-01-01T06:00")
    assert deadline(utc("2027-01-01T02:00"), 5 * HOUR, nights) == utc("2027-01-01T23:00")
    assert elapsed(utc("2027-01-01T02:00"), utc("2027-01-01T12:00"), nights) == 4 * HOUR


def test_a_night_over_the_new_year_of_a_zone_far_from_utc_is_whole():
    for zone, new_year in (("Pacific/Kiritimati", "2026-12-31T10:00"), ("Pacific/Pago_Pago", "2027-01-01T11:00")):
        nights = hours(f"22:00 06:00 {ALL_DAYS}", zone)
        assert elapsed(utc(new_year) - 2 * HOUR, utc(new_year) + 6 * HOUR, nights) == 8 * HOUR
        assert deadline(utc(new_year), 6 * HOUR, nights) == utc(new_year) + 6 * HOUR


def test_equal_times_are_the_whole_day_as_for_every_window():
    days = Hours(Window(frozenset({5, 6}), *[datetime.min.time()] * 2, ZoneInfo("UTC")), HolidayCalendar())
    assert deadline(utc("2026-11-20T12:00"), 48 * HOUR, days) == utc("2026-11-23T00:00")
    assert elapsed(utc("2026-11-16T00:00"), utc("2026-11-23T00:00"), days) == 48 * HOUR


def test_no_time_is_over_at_once_wherever_it_begins():
    for instant in ("2026-11-20T12:00", "2026-11-20T17:00", "2026-11-21T12:00"):
        assert deadline(utc(instant), timedelta(0), hours()) == utc(instant)


def test_the_moment_after_closing_time_is_the_next_opening():
    assert deadline(utc("2026-11-20T16:30"), HOUR / 2 + MOMENT, hours()) == utc("2026-11-23T09:00") + MOMENT


def test_microseconds_are_kept():
    start = utc("2026-11-20T16:59:59.999999")
    assert deadline(start, timedelta(seconds=1), hours()) == utc("2026-11-23T09:00:00.999999")
    assert elapsed(start, utc("2026-11-23T09:00:00.999999"), hours()) == timedelta(seconds=1)


def test_without_hours_it_is_always_open():
    assert deadline(utc("2026-11-20T16:30"), 4 * HOUR, None) == utc("2026-11-20T20:30")
    assert elapsed(utc("2026-11-20T16:30"), utc("2026-11-23T16:30"), None) == 72 * HOUR


def test_nothing_passes_backwards():
    assert elapsed(utc("2026-11-20T12:00"), utc("2026-11-20T10:00"), hours()) == timedelta(0)
    assert elapsed(utc("2026-11-20T12:00"), utc("2026-11-20T10:00"), None) == timedelta(0)


def test_the_instant_counts_whatever_zone_it_is_told_in():
    tokyo = datetime(2026, 11, 21, 1, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    end = deadline(tokyo, 4 * HOUR, hours())
    assert (end, end.tzinfo) == (utc("2026-11-23T12:30"), UTC)


def test_hours_have_their_own_zone_or_that_of_config():
    written = {"start_time": "09:00", "end_time": "17:00", "weekdays": [0]}
    own = Hours.of(BusinessHours(**written, timezone="Asia/Tokyo"), "Europe/Berlin", HolidayCalendar())
    assert deadline(utc("2026-11-20T12:00"), 8 * HOUR, own) == utc("2026-11-23T08:00")
    assert deadline(utc("2026-11-20T12:00"), 8 * HOUR, hours("09:00 17:00 0", "Europe/Berlin")) == utc(
        "2026-11-23T16:00"
    )


# Fault 14: the sketch never ended with empty weekdays or overnight hours.


class Closed(HolidayCalendar):
    def has(self, _ordinal):
        return True


def test_hours_that_never_open_have_no_deadline():
    never = hours(calendar=Closed())
    with pytest.raises(NeverOpenError, match="not 0:00:01 of open time in 50 years from 2026-11-20"):
        deadline(utc("2026-11-20T12:00"), timedelta(seconds=1), never)
    assert elapsed(utc("2026-11-20T12:00"), utc("2036-11-20T12:00"), never) == timedelta(0)


def test_a_duration_beyond_reason_has_no_deadline():
    with pytest.raises(ValueError, match="in 50 years"):
        deadline(utc("2026-11-20T12:00"), timedelta(days=10_000), hours("09:00 09:01 0"))


def test_hours_without_a_weekday_cannot_be_made():
    with pytest.raises(ValueError, match="at least one weekday"):
        Hours(Window(frozenset(), datetime.min.time(), datetime.max.time(), ZoneInfo("UTC")), HolidayCalendar())


@pytest.mark.parametrize("around_the_clock", [True, False])
@pytest.mark.parametrize(
    ("instant", "reason"),
    [
        (datetime(2026, 11, 20, 12), "aware"),  # noqa: DTZ001 - that is the point
        (datetime(9, 1, 1, tzinfo=UTC), "years 10 to 9899, not in 9"),
        (datetime.max.replace(tzinfo=UTC), "years 10 to 9899, not in 9999"),
    ],
)
def test_an_instant_that_nobody_can_count_from_is_refused(instant, reason, around_the_clock):
    when = None if around_the_clock else hours()
    with pytest.raises(ValueError, match=reason):
        deadline(instant, HOUR, when)
    with pytest.raises(ValueError, match=reason):
        elapsed(instant, utc("2026-11-20T12:00"), when)
    with pytest.raises(ValueError, match=reason):
        elapsed(utc("2026-11-20T12:00"), instant, when)


def test_a_negative_duration_is_refused():
    for when in (None, hours()):
        with pytest.raises(ValueError, match="not negative"):
            deadline(utc("2026-11-20T12:00"), -MOMENT, when)


def test_ten_years_take_no_longer_than_a_look():
    office, start, end = hours(zone="Europe/Berlin"), utc("2026-11-20T12:00"), utc("2036-11-20T12:00")
    deadline(start, 20_000 * HOUR, office)

    def microseconds(call):
        began = time.perf_counter()
        call()
        return (time.perf_counter() - began) * 1e6

    assert min(microseconds(lambda: deadline(start, 20_000 * HOUR, office)) for _ in range(20)) < 200
    assert min(microseconds(lambda: elapsed(start, end, office)) for _ in range(20)) < 200


@pytest.mark.parametrize(
    ("times", "weekly"), [(OFFICE, "40:00"), ("22:00 06:00 0 6", "16:00"), ("17:00 16:59 0", "23:59")]
)
def test_a_week_of_hours_is_as_long_as_config_says(times, weekly):
    start, end, *weekdays = times.split()
    assert BusinessHours(start_time=start, end_time=end, weekdays=weekdays).weekly == spent(weekly)
    monday, next_monday = utc("2026-11-23T12:00"), utc("2026-11-30T12:00")
    assert elapsed(monday, next_monday, hours(times)) == spent(weekly)


def test_a_year_of_office_days_is_what_the_calendar_on_the_wall_says():
    """2026 has 261 days from Monday to Friday, and seven of Germany's nine holidays fall on such a day."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(day.weekday() < 5 for day in days) == 261
    year = utc("2025-12-31T23:00"), utc("2026-12-31T23:00")
    assert elapsed(*year, hours(zone="Europe/Berlin")) == 261 * 8 * HOUR
    assert elapsed(*year, hours(zone="Europe/Berlin", calendar=holidays("DE"))) == 254 * 8 * HOUR
