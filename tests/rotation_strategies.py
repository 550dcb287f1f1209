"""Rotations, overrides and instants for property tests, near the nights of 2026 on which clocks change."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from core.config import WEEKDAYS
from tests.duties import ZONES, holidays, override, said

HOLIDAYS = [date(2026, 3, 29), date(2026, 4, 6), date(2026, 10, 26), date(2026, 11, 1)]
CALENDAR = holidays(dates=[str(day) for day in HOLIDAYS])

days = st.dates(date(2026, 3, 1), date(2026, 4, 15)) | st.dates(date(2026, 9, 20), date(2026, 11, 8))
times = st.sampled_from(["00:00", "00:30", "01:30", "02:00", "02:15", "02:30", "03:00", "09:00", "17:30", "23:59"])
weekdays = st.sampled_from(WEEKDAYS)


@st.composite
def members(draw, least=1):
    found = []
    for number in range(draw(st.integers(least, 4))):
        dates = sorted(draw(st.sets(days, max_size=2)))
        keys = [["from"], ["until"]][draw(st.integers(0, 1))] if len(dates) == 1 else ["from", "until"]
        found.append({"name": f"m{number % 3}", **dict(zip(keys, map(str, dates), strict=False))})
    return found


windows = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "weekdays": st.lists(weekdays, min_size=1, max_size=4),
            "from": times,
            "to": times,
            "holidays": st.sampled_from(["only", "excluded"]),
        },
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def layers(draw):
    kind = draw(st.sampled_from(["weekly", "daily", "custom"]))
    found = {"type": kind, "members": draw(members()), "start_date": str(draw(days))}
    if kind == "custom":
        pairs = draw(st.lists(st.tuples(weekdays, times), min_size=1, max_size=4, unique=True))
        found["handoffs"] = [{"day": day, "time": time} for day, time in pairs]
    else:
        found |= {"start_time": draw(times), "every": draw(st.integers(1, 3))}
    if kind == "weekly":
        found["handoff_day"] = draw(weekdays)
    if draw(st.booleans()):
        found["restrictions"] = draw(windows)
    if draw(st.booleans()):
        found["timezone"] = draw(st.sampled_from(ZONES))
    return found


rotations = st.builds(lambda base, above: base | {"layers": above}, layers(), st.lists(layers(), max_size=2))
zones = st.sampled_from(ZONES)
# The nights in 2026 on which clocks change in the zones above, and any other time near.
instants = st.one_of(
    st.sampled_from(["2026-03-08", "2026-03-29", "2026-04-04", "2026-10-03", "2026-10-25", "2026-11-01"]).flatmap(
        lambda day: st.integers(-720, 1440).map(
            lambda minutes: datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=minutes)
        )
    ),
    st.tuples(days, st.integers(0, 86_399)).map(
        lambda pair: datetime.combine(pair[0], datetime.min.time(), UTC) + timedelta(seconds=pair[1])
    ),
)
lengths = st.integers(1, 40 * 86_400).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def some_overrides(draw):
    found = []
    for number in range(draw(st.integers(0, 4))):
        starts_at = draw(instants)
        found.append(
            override(
                draw(st.sampled_from(["m3", "m4"])),
                said(starts_at),
                said(starts_at + timedelta(minutes=draw(st.integers(1, 20_000)))),
                draw(st.sampled_from([None, "m0", "m1"])),
                id=str(number),
                rotation=draw(st.sampled_from(["oncall", "oncall", "other"])),
                created_at=datetime(2026, 1, 1, tzinfo=UTC)
                + timedelta(minutes=draw(st.integers(0, 99)), seconds=number),
            )
        )
    return found
