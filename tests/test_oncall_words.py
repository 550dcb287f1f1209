"""How page and terminal say who is on call: by the rotation's clock, with weekday, and on nights that clocks change."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core.oncall_words import (
    following,
    moment,
    one_of_each,
    origin,
    override_line,
    rotation_line,
    shift_line,
    timeline_lines,
)
from tests.samples import T0

BERLIN = ZoneInfo("Europe/Berlin")


def entry(member, start=None, end=None, name=None, override=None):
    return {"member": member, "name": name or member, "from": start, "to": end, "override": override}


def said(current, after):
    view = {"rotation": "db", "timezone": "Europe/Berlin", "on_call": current, "next": after}
    return rotation_line(view, T0)


def override(start="2026-11-25T17:00:00Z", end="2026-11-26T08:00:00Z", **fields):
    fields = {"id": "7", "member": "alice", "instead_of": None, "by": "bob", "note": "", "swap": None} | fields
    return {"from": start, "to": end, **fields}


HALVES = [
    override(member="bob", instead_of="alice", swap="8"),
    override(id="8", member="alice", instead_of="bob", swap="7"),
]


@pytest.mark.parametrize(
    ("current", "after", "line"),
    [
        (
            entry("alice", end="2026-11-30T08:00:00Z", name="Alice A"),
            entry("bob", "2026-11-30T08:00:00Z"),
            "db: Alice A (alice) until Mon 30 Nov 09:00 CET, then bob",
        ),
        (
            entry("alice", end="2026-11-23T16:00:00Z"),
            entry("alice", "2026-11-24T08:00:00Z"),
            "db: alice until Mon 23 Nov 17:00 CET, next alice from Tue 24 Nov 09:00 CET",
        ),
        (
            entry(None, end="2026-11-24T08:00:00Z"),
            entry("bob", "2026-11-24T08:00:00Z"),
            "db: nobody until Tue 24 Nov 09:00 CET, then bob",
        ),
        (entry("alice"), None, "db: alice for 26 weeks and longer"),
        (entry(None), None, "db: nobody for 26 weeks and longer"),
        (
            entry("alice", end="2026-11-30T08:00:00Z"),
            None,
            "db: alice until Mon 30 Nov 09:00 CET, then nobody for 26 weeks and longer",
        ),
    ],
)
def test_a_rotation_is_said_in_a_line(current, after, line):
    assert said(current, after) == line


def test_a_page_may_name_people_in_its_own_way():
    view = {"timezone": "UTC", "on_call": entry("a", end="x"), "next": entry("bob", "x", name="Bob B")}
    assert following(view, T0, lambda after: after["name"]) == "then Bob B"


def test_the_year_is_said_unless_it_cannot_be_mistaken():
    assert moment(T0, BERLIN) == "Mon 23 Nov 2026 11:00 CET"
    assert moment(T0, BERLIN, T0 - timedelta(days=299)) == "Mon 23 Nov 11:00 CET"
    assert moment(T0, BERLIN, T0 - timedelta(days=300)) == "Mon 23 Nov 2026 11:00 CET"
    assert moment(T0, BERLIN, T0 + timedelta(days=300)) == "Mon 23 Nov 2026 11:00 CET"


@pytest.mark.parametrize(
    ("start", "end", "line"),
    [
        ("2026-11-23T08:00:00Z", "2026-11-30T08:00:00Z", "Mon 23 Nov 09:00 to Mon 30 Nov 09:00 CET: alice"),
        ("2026-11-23T08:00:00Z", "2026-11-23T16:00:00Z", "Mon 23 Nov 09:00 to 17:00 CET: alice"),
        ("2026-10-24T22:00:00Z", "2026-10-25T22:00:00Z", "Sun 25 Oct 00:00 CEST to 23:00 CET: alice"),
        ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "Sun 25 Oct 02:30 CEST to 02:30 CET: alice"),
        ("2026-10-19T07:00:00Z", "2026-10-26T08:00:00Z", "Mon 19 Oct 09:00 CEST to Mon 26 Oct 09:00 CET: alice"),
        (None, "2026-11-30T08:00:00Z", "long ago to Mon 30 Nov 09:00 CET: alice"),
        ("2026-11-23T08:00:00Z", None, "Mon 23 Nov 09:00 CET to 26 weeks and longer: alice"),
        ("2026-12-31T08:00:00Z", "2027-01-01T08:00:00Z", "Thu 31 Dec 09:00 to Fri 01 Jan 09:00 CET: alice"),
    ],
)
def test_a_shift_is_said_by_the_rotations_clock(start, end, line):
    assert shift_line(entry("alice", start, end), BERLIN, T0) == line


def test_a_shift_names_its_override_and_a_gap_is_nobodys():
    shift = entry("alice", "2026-11-23T08:00:00Z", "2026-11-23T16:00:00Z", override="7")
    assert shift_line(shift, BERLIN, T0) == "Mon 23 Nov 09:00 to 17:00 CET: alice, override 7"
    assert shift_line(shift | {"member": None, "name": None, "override": None}, BERLIN, T0).endswith("CET: nobody")


def test_an_override_is_said_with_whom_it_replaces_when_and_why():
    assert override_line(override(), BERLIN, T0) == "alice, Wed 25 Nov 18:00 to Thu 26 Nov 09:00 CET"
    one = override(instead_of="bob", note="dentist,\n  back soon")
    names = {"alice": "Alice A", "bob": "Bob B"}
    assert override_line(one, BERLIN, names=names) == (
        "Alice A instead of Bob B, Wed 25 Nov 2026 18:00 to Thu 26 Nov 2026 09:00 CET"
    )
    assert origin(one) == "override 7 by bob: dentist, back soon"
    assert origin(one, names) == "override 7 by Bob B: dentist, back soon"


def test_a_swap_is_said_once():
    other = override(id="9")
    assert one_of_each([HALVES[0], other, HALVES[1]]) == [HALVES[0], other]
    assert override_line(HALVES[0], BERLIN, T0) == "alice and bob swap, Wed 25 Nov 18:00 to Thu 26 Nov 09:00 CET"
    assert origin(HALVES[0]) == "overrides 7 and 8 by bob"


def test_a_timeline_says_what_was_ordered():
    at = "2026-11-23T10:00:00Z"
    events = [
        {"at": at, "event": "override_added", "by": "bob", "via": "api", "overrides": [override(note="dentist")]},
        {"at": at, "event": "override_removed", "by": "ada", "via": "page", "overrides": HALVES},
    ]
    window = "Wed 25 Nov 2026 18:00 to Thu 26 Nov 2026 09:00 CET"
    assert timeline_lines(events, BERLIN, {"bob": "Bob B"}) == [
        {"at": at, "what": "override added by Bob B", "details": f"alice, {window}", "note": "dentist"},
        {"at": at, "what": "swap removed by ada", "details": f"alice and Bob B swap, {window}", "note": ""},
    ]
