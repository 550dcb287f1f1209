"""When something changes, in words: by the week where it comes back every week, else by its dates."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.comparing.spans import say_days, say_spans

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=BERLIN)
FOUR_WEEKS = timedelta(weeks=4)
DAY = timedelta(days=1)


def at(day, time):
    """The local time so many days after the Monday."""
    hour, minute = map(int, time.split(":"))
    return (MONDAY + day * DAY).replace(hour=hour, minute=minute)


def every(days, begins, ends, nights=1, *, weeks=4, start=MONDAY):
    """Spans that begin on these days of each week, counted from Monday, and end so many nights later."""
    weekly = [start + timedelta(weeks=week) for week in range(weeks)]
    found = []
    for week in weekly:
        for day in days:
            first, last = week + day * DAY, week + (day + nights) * DAY
            found.append((_on(first, begins), _on(last, ends)))
    return found


def _on(day, time):
    hour, minute = map(int, time.split(":"))
    return day.replace(hour=hour, minute=minute)


def said(spans, start=MONDAY, span=FOUR_WEEKS, zone=BERLIN):
    window = (start, start + span)
    inside = [(max(a, window[0]), min(b, window[1])) for a, b in spans]
    return say_spans([each for each in inside if each[0] < each[1]], zone, window)


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        (every([5], "18:00", "09:00"), "Saturdays 18:00 to Sundays 09:00"),
        (every([5], "09:00", "17:00", nights=0), "Saturdays 09:00 to 17:00"),
        (every(range(7), "22:00", "06:00"), "every day 22:00 to 06:00"),
        (every(range(5), "22:00", "06:00"), "Mon-Fri 22:00 to 06:00"),
        (every([5, 6], "00:00", "00:00"), "Sat, Sun all day"),
        (every([5], "00:00", "00:00"), "Saturdays all day"),
        (every([5], "00:00", "00:00", nights=2), "Saturdays 00:00 to Mondays 00:00"),
        (every([0, 2, 4], "12:00", "13:00", nights=0), "Mon, Wed, Fri 12:00 to 13:00"),
        (every([1, 4], "09:00", "09:00", nights=3), "Tue, Fri 09:00 to 09:00 3 days later"),
        (
            every(range(4), "17:00", "09:00") + every([4], "17:00", "09:00", nights=3),
            "Mon-Thu 17:00 to 09:00, Fridays 17:00 to Mondays 09:00",
        ),
    ],
)
def test_what_comes_back_every_week_is_told_by_the_week(spans, words):
    assert said(sorted(spans)) == words


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([(at(0, "12:00"), at(1, "12:00"))], "Mon 23 Nov 12:00 to Tue 24 Nov 12:00"),
        ([(at(0, "12:00"), at(0, "13:30"))], "Mon 23 Nov 12:00 to 13:30"),
        ([(at(-3, "12:00"), at(7, "09:00"))], "until Mon 30 Nov 09:00"),
        ([(at(21, "09:00"), at(50, "09:00"))], "from Mon 14 Dec 09:00 on"),
        (
            [(at(-3, "12:00"), at(7, "09:00")), (at(21, "09:00"), at(50, "09:00"))],
            "until Mon 30 Nov 09:00, from Mon 14 Dec 09:00 on",
        ),
        (
            [(at(day, "09:00"), at(day, "10:00")) for day in (1, 3, 9, 17, 18)],
            "Tue 24 Nov 09:00 to 10:00, Thu 26 Nov 09:00 to 10:00, Wed 2 Dec 09:00 to 10:00 and 2 times more",
        ),
    ],
)
def test_what_does_not_come_back_is_told_by_its_dates_and_no_more_than_three(spans, words):
    assert said(spans) == words


def test_what_the_ends_of_the_time_cut_counts_as_whole():
    begins = at(0, "23:30")
    assert said(every(range(-1, 7), "22:00", "06:00"), begins, timedelta(weeks=2)) == "every day 22:00 to 06:00"


def test_days_on_which_it_is_not_so_are_told_and_too_many_of_them_make_it_no_rule():
    nights = every(range(7), "22:00", "06:00")
    assert said(nights[:9] + nights[10:]) == "every day 22:00 to 06:00 (not on Wed 2 Dec)"
    thursdays = every([3], "18:00", "22:00", nights=0)
    assert said(thursdays[:1] + thursdays[2:]) == "Thursdays 18:00 to 22:00 (not on Thu 3 Dec)"
    assert said(thursdays[::2]) == "Thu 26 Nov 18:00 to 22:00, Thu 10 Dec 18:00 to 22:00"


def test_what_comes_beside_a_rule_is_told_beside_it():
    spans = [*every([5], "18:00", "22:00", nights=0), (at(3, "10:00"), at(3, "11:00"))]
    assert said(sorted(spans)) == "Saturdays 18:00 to 22:00, Thu 26 Nov 10:00 to 11:00"


def test_once_is_no_rule_even_if_it_is_all_there_is_room_for():
    assert said(every([1], "18:00", "22:00", nights=0, weeks=1), span=timedelta(weeks=1)) == (
        "Tue 24 Nov 18:00 to 22:00"
    )
    assert said(every(range(1, 6), "22:00", "06:00", weeks=1), span=timedelta(weeks=1)) == ("Tue-Sat 22:00 to 06:00")


def test_clocks_that_change_are_no_other_time():
    start = datetime(2026, 10, 12, 10, tzinfo=BERLIN)
    spans = every(range(7), "22:00", "06:00", start=start)
    lengths = {b.astimezone(ZoneInfo("UTC")) - a.astimezone(ZoneInfo("UTC")) for a, b in spans}
    assert lengths == {timedelta(hours=8), timedelta(hours=9)}
    assert said(spans, start) == "every day 22:00 to 06:00"


def test_a_night_that_begins_when_the_clock_skips_it_is_of_the_rule_too():
    start = datetime(2026, 3, 16, 10, tzinfo=BERLIN)
    spans = every(range(7), "02:30", "04:00", nights=0, start=start)
    instants = [(a.astimezone(ZoneInfo("UTC")), b.astimezone(ZoneInfo("UTC"))) for a, b in spans]
    skipped = datetime(2026, 3, 29, 1, tzinfo=ZoneInfo("UTC"))  # 02:30 is not there; 03:00 is what comes then
    instants = [(skipped if a.date() == skipped.date() else a, b) for a, b in instants if a > start]
    assert said(instants, start).startswith("every day 02:30 to 04:00")


def test_another_zone_tells_other_times():
    spans = [(a.astimezone(ZoneInfo("UTC")), b.astimezone(ZoneInfo("UTC"))) for a, b in every([5], "18:00", "22:00", 0)]
    assert said(spans, zone=ZoneInfo("Asia/Tokyo")) == "Sundays 02:00 to 06:00"


def test_another_year_is_named():
    assert said([(at(40, "09:00"), at(41, "09:00"))], span=timedelta(weeks=8)) == (
        "Sat 2 Jan 2027 09:00 to Sun 3 Jan 2027 09:00"
    )


def test_days():
    assert say_days([5]) == "Saturdays"
    assert say_days([0, 1]) == "Mon, Tue"
    assert say_days([0, 1, 2]) == "Mon-Wed"
    assert say_days([0, 1, 2, 5]) == "Mon, Tue, Wed, Sat"
    assert say_days(range(7)) == "every day"
